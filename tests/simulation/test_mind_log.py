"""What goes on in people's minds is written down as it changes, and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import MIND_COLUMNS, RecordOptions
from tests.town import small_town, townspeople

_HALF_DAY = 144


def town(minds: int = 100, **more: Any) -> CityModel:  # noqa: ANN401 - options of records
    """Return a model of a small town that keeps the minds of some persons."""
    records = RecordOptions(minds=minds, **more)
    return CityModel(small_town(), townspeople(), rng=7, records=records)


def lived(model: CityModel, steps: int = _HALF_DAY) -> CityModel:
    """Let a model live for some steps of five minutes."""
    for _ in range(steps):
        model.step()
    return model


@pytest.fixture(scope="module")
def model() -> CityModel:
    """Return a model after a day and a half."""
    return lived(town(), 3 * _HALF_DAY)


def test_nothing_is_kept_unless_it_is_asked_for() -> None:
    assert lived(CityModel(small_town(), townspeople(), rng=7), 2).minds() == {}


def test_what_people_do_does_not_depend_on_it(model: CityModel) -> None:
    other = lived(CityModel(small_town(), townspeople(), rng=7), 3 * _HALF_DAY)
    assert other.digest() == model.digest()


def test_all_tables_are_there_with_their_columns(model: CityModel) -> None:
    tables = model.minds()
    assert {name: tuple(frame) for name, frame in tables.items()} == {
        name: tuple(columns) for name, columns in MIND_COLUMNS.items()
    }
    assert all(len(frame) for frame in tables.values())


def test_every_memory_is_written_once_with_the_minute_at_which_it_was_made(
    model: CityModel,
) -> None:
    frame = model.minds()["mind_memories"]
    for agent in model.citizens:
        mine = frame[frame["person"] == agent.person]
        memory = agent.citizen.components.memory
        assert memory is not None
        assert mine["number"].tolist() == list(range(1, memory.latest + 1))
        assert (mine["time"] >= mine["start"]).all()
        lasted = (mine["time"] - mine["start"]).dt.total_seconds() / 60
        assert np.median(np.abs(lasted - mine["minutes"])) == 0


def test_the_last_row_of_a_belief_is_what_is_believed(model: CityModel) -> None:
    frame = model.minds()["mind_beliefs"].drop_duplicates(["person", "place"], keep="last")
    for agent in model.citizens:
        mine = frame[(frame["person"] == agent.person) & (frame["visits"] > 0)]
        beliefs = agent.citizen.components.beliefs
        assert beliefs is not None
        state = beliefs.state()
        assert sorted(mine["place"]) == sorted(state["place"])
        believed = mine[["price", "atmosphere", "satisfaction", "convenience"]].to_numpy()
        for place, means in zip(mine["place"].tolist(), believed, strict=True):
            at = state["place"].index(place)
            np.testing.assert_allclose(means, state["mean"][at], atol=1e-6)


def test_time_stamps_lie_within_the_run_and_never_go_back_for_a_person(model: CityModel) -> None:
    end = pd.Timestamp(model.clock.at(model.minute))
    for frame in model.minds().values():
        assert (frame["time"] < end).all()
        assert frame.groupby("person")["time"].apply(lambda one: one.is_monotonic_increasing).all()


def test_of_more_people_a_sample_is_kept() -> None:
    some = lived(town(minds=4), 2)
    people = set(some.minds()["mind_moods"]["person"])
    assert 0 < len(people) < len(some.citizens)
    smaller = lived(town(minds=100, sample=0.5), 2)
    kept = smaller.records.sample
    assert kept is not None
    found = smaller.minds()["mind_moods"]["person"].unique()
    assert kept.keeps(found.astype(np.int64)).all()


def test_a_number_below_zero_is_refused() -> None:
    with pytest.raises(ConfigError, match="minds must be a number of persons"):
        RecordOptions(minds=-1)


def test_a_saved_model_goes_on_writing(tmp_path: Path) -> None:
    model = lived(town(), 100)
    model.save(tmp_path / "save")
    again = CityModel.load(tmp_path / "save")
    before, after = model.minds()["mind_memories"], again.minds()["mind_memories"]
    pd.testing.assert_frame_equal(before, after)
    lived(again, 40)
    assert len(again.minds()["mind_memories"]) > len(after)


def test_rows_are_streamed_with_those_of_the_other_tables(tmp_path: Path) -> None:
    model = lived(town(stream=tmp_path / "rows", chunk_rows=20), _HALF_DAY)
    written = sorted(one.name for one in (tmp_path / "rows").glob("mind_*"))
    assert "mind_memories" in written
    whole = lived(town(), _HALF_DAY)
    for name, frame in model.minds().items():
        pd.testing.assert_frame_equal(frame, whole.minds()[name])


def test_a_day_of_a_person_takes_less_than_three_kilobytes(tmp_path: Path) -> None:
    model = town()
    model.run_days(3)
    size = 0
    for name, frame in model.minds().items():
        frame.to_parquet(tmp_path / name, index=False)
        size += (tmp_path / name).stat().st_size
    assert size / len(model.citizens) / (model.minute // DAY_MIN) < 3000
