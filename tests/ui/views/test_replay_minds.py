"""A replay shows what people remembered, believed and felt, as the model did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments import RunOptions, run
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import MIND_COLUMNS, RecordOptions
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import InsightRow, PersonView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople

# Minutes just after minds are looked at, and one between.
_LOOKED_AT = (5, 360, 1080, 1440, 1620)


@pytest.fixture(scope="module")
def lived() -> tuple[CityModel, dict[int, list[PersonView]]]:
    """Return a model after some 27 hours, and its people at some minutes."""
    records = RecordOptions(minds=100)
    model = CityModel(small_town(), townspeople(), rng=7, records=records)
    view, seen = LiveView(model), {}
    while model.minute < _LOOKED_AT[-1]:
        model.step()
        if model.minute in _LOOKED_AT:
            seen[model.minute] = [view.person(one.person) for one in model.citizens]
    return model, seen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, empty_pictures: None) -> Path:
    """Return the folder of a run."""
    del empty_pictures
    return run(RunOptions(citizens=12, seed=3, out=tmp_path_factory.mktemp("minds") / "small"))


def without_strength(insights: tuple[InsightRow, ...]) -> list[InsightRow]:
    """Return insights as they are but for how sure they are, which is compared by itself."""
    return [one._replace(strength=0.0) for one in insights]


def test_people_remember_believe_and_know_what_they_did_in_the_model(
    lived: tuple[CityModel, dict[int, list[PersonView]]],
) -> None:
    model, moments = lived
    replay = Replay.of(model)
    for minute, people in moments.items():
        replay.go_to(minute)
        for live in people:
            past = replay.person(live.id)
            assert past.missing == ()
            assert past.memories == live.memories
            assert without_strength(past.insights) == without_strength(live.insights)
            known, lived_by = ([one.strength for one in seen.insights] for seen in (past, live))
            np.testing.assert_allclose(known, lived_by)
            assert past.goals == live.goals
            assert past.mood == live.mood
            assert live.thought.endswith(past.thought)
            pd.testing.assert_frame_equal(past.beliefs, live.beliefs, atol=1e-4)
            pd.testing.assert_frame_equal(past.ties, live.ties, atol=1e-4)


def test_a_finished_run_shows_minds_too(folder: Path) -> None:
    replay = Replay.read(folder)
    replay.go_to(20 * 60)
    seen = replay.person(3)
    assert seen.missing == ()
    assert seen.memories
    assert seen.mood
    assert len(seen.ties)
    early = Replay(replay.history, 60).person(3)
    assert len(early.memories) < len(seen.memories)


def test_a_run_that_kept_none_opens_and_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for file in folder.iterdir():
        if not file.stem.startswith("mind_"):
            (older / file.name).write_bytes(file.read_bytes())
    seen = Replay.read(older).person(3)
    assert {"memories", "beliefs", "ties"} <= set(seen.missing)
    assert (seen.memories, len(seen.beliefs), len(seen.ties)) == ((), 0, 0)


@pytest.mark.parametrize(
    ("name", "column", "value", "told"),
    [
        ("mind_ties", "relation", "nemesis", "no relation"),
        ("mind_beliefs", "price", 7.0, r"price must hold numbers in \[0, 1\]"),
        ("mind_memories", "company", "4 x", "company must hold numbers"),
        ("mind_moods", "mood_min", None, "a mood has no time"),
    ],
)
def test_what_was_changed_is_refused(
    folder: Path, name: str, column: str, value: object, told: str
) -> None:
    file = folder / f"{name}.parquet"
    kept = file.read_bytes()
    frame = pd.read_parquet(file).astype({column: object})
    frame[column] = [value, *frame[column].tolist()[1:]]
    kind = "Int32" if column == "mood_min" else "float32" if column == "price" else "category"
    spoilt = frame.astype({column: "str" if column == "company" else kind})
    try:
        spoilt.to_parquet(file, index=False)
        with pytest.raises(DataError, match=told):
            Replay.read(folder)
    finally:
        file.write_bytes(kept)


def test_somebody_outside_the_sample_is_not_known(tmp_path: Path) -> None:
    out = run(RunOptions(citizens=30, seed=3, minds=6, out=tmp_path / "sampled"))
    replay = Replay.read(out)
    replay.go_to(600)
    kept = [not replay.person(one).missing for one in range(30)]
    assert 0 < kept.count(True) < 30


def test_a_run_can_go_without_minds(tmp_path: Path) -> None:
    out = run(RunOptions(citizens=5, seed=3, minds=0, out=tmp_path / "none"))
    assert not [one for one in MIND_COLUMNS if (out / f"{one}.parquet").exists()]


def test_minds_of_a_streamed_run_lie_in_parts(folder: Path, tmp_path: Path) -> None:
    out = run(RunOptions(citizens=12, seed=3, stream=True, out=tmp_path / "streamed"))
    assert (out / "mind_ties" / "part-00000.parquet").is_file()
    streamed, whole = Replay.read(out), Replay.read(folder)
    for replay in (streamed, whole):
        replay.go_to(1300)
    assert streamed.person(3).memories == whole.person(3).memories
