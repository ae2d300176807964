"""Runs that outlast their server: kept in a folder, and taken up by the same browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import RunOptions
from mesa_llm_city.llm import LLM
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.keeping import Keeper, KeptRun, class_of, folder_of
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.sessions import Session, Sessions
from mesa_llm_city.ui.page.sources import Source
from tests.town import small_town, townspeople

_LONG_S = 30.0


@pytest.fixture(autouse=True)
def without_collections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out garbage collections, which take long beside many other tests."""
    for name in ("settle", "settle_later"):
        monkeypatch.setattr(f"mesa_llm_city.ui.page.sessions.{name}", lambda *_: None)


class SmallSource(Source):
    """A source of small cities of the class `CityModel` itself."""

    def make(self, **changes: int) -> CityModel:
        """Return a small city."""
        return CityModel(small_town(), townspeople(), rng=changes.get("seed", 7))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SmallSource:
    """Return a source of small cities that are kept."""
    monkeypatch.setattr("mesa_llm_city.ui.page.keeping.load_model", lambda _: CityModel)
    return SmallSource(options=RunOptions(citizens=30), keep=tmp_path / "kept")


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.005)


def _built(session: Session) -> CityModel:
    _until(lambda: not session.is_building)
    assert isinstance(session.city, CityModel)
    return session.city


def _step(session: Session, steps: int = 1) -> None:
    assert session.runner is not None
    for _ in range(steps):
        session.runner.step()
        assert session.runner.wait(_LONG_S)


def test_a_run_goes_on_after_a_restart_as_if_there_had_been_none(small: SmallSource) -> None:
    first = Sessions()
    session = first.of("a browser", small)
    city = _built(session)
    _step(session, 2)
    session.select(city.citizens[4].person)
    first.end()
    assert len(first) == 0
    again = Sessions().of("a browser", small)
    taken = _built(again)
    assert taken is not city
    assert (taken.minute, again.person) == (10, city.citizens[4].person)
    city.step()
    _step(again)
    assert taken.digest() == city.digest()
    other = Sessions().of("another browser", small)
    assert _built(other).minute == 0


def test_a_step_under_way_is_finished_before_the_run_is_kept(small: SmallSource) -> None:
    sessions = Sessions()
    session = sessions.of("a browser", small)
    _built(session)
    assert session.runner is not None
    session.runner.play()
    _until(lambda: session.city is not None and session.city.minute >= 10)
    sessions.end()
    again = _built(Sessions().of("a browser", small))
    assert again.minute >= 10
    straight = CityModel(small_town(), townspeople(), rng=7)
    while straight.minute < again.minute:
        straight.step()
    assert again.digest() == straight.digest()


def test_a_run_that_stands_still_is_kept_without_being_asked(tmp_path: Path) -> None:
    model, kept = CityModel(small_town(), townspeople(), rng=7), KeptRun(tmp_path / "run")
    runner = Runner(model)
    keeper = Keeper(kept, runner, changes={"seed": 7}, person=lambda: 3, still_s=0.05)
    runner.step()
    _until(lambda: kept.is_there)
    keeper.leave()
    runner.close()
    assert keeper.trouble == ""


def test_what_was_done_after_the_last_step_is_kept(tmp_path: Path) -> None:
    model, kept = CityModel(small_town(), townspeople(), rng=7), KeptRun(tmp_path / "run")
    runner = Runner(model)
    keeper = Keeper(kept, runner, changes={}, person=lambda: -1, still_s=0.05)
    runner.step()
    _until(lambda: kept.is_there)
    model.act({"kind": "close", "zone": 1}, who="a test")
    keeper.end()
    assert len(kept.load(CityModel, None).model.acts) == 1
    runner.close()


def test_a_run_that_plays_on_is_kept_now_and_then(tmp_path: Path) -> None:
    model, kept = CityModel(small_town(), townspeople(), rng=7), KeptRun(tmp_path / "run")
    runner = Runner(model, steps_per_s=20.0)
    keeper = Keeper(kept, runner, changes={}, person=lambda: -1, still_s=_LONG_S, playing_s=0.2)
    runner.play()
    _until(lambda: kept.is_there)
    assert runner.playing
    keeper.leave()
    runner.close()


def test_what_cannot_be_written_is_told_and_the_run_goes_on(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    model = CityModel(small_town(), townspeople(), rng=7)
    runner = Runner(model)
    keeper = Keeper(KeptRun(in_the_way / "run"), runner, changes={}, person=lambda: -1)
    runner.step()
    assert runner.wait(_LONG_S)
    keeper.end()
    assert "the run cannot be kept in" in keeper.trouble
    runner.close()


@pytest.mark.parametrize(
    ("file", "damage"),
    [("model/save.json", "{}"), ("session.json", '{"changes": {}, "person": null}')],
)
def test_a_save_that_cannot_be_taken_up_is_set_aside(
    small: SmallSource, file: str, damage: str
) -> None:
    sessions = Sessions()
    session = sessions.of("a browser", small)
    _built(session)
    _step(session)
    sessions.end()
    kept = small.kept_run("a browser")
    assert kept is not None
    (kept.folder / file).write_text(damage, encoding="utf-8")
    again = Sessions().of("a browser", small)
    assert _built(again).minute == 0
    aside = kept.folder.with_name(f"{kept.folder.name}.old-1")
    assert (aside / "session.json").is_file()
    assert f"lies in {aside}" in again.keeping_trouble


def test_a_new_run_takes_the_place_of_the_former_one(small: SmallSource) -> None:
    sessions = Sessions()
    session = sessions.of("a browser", small)
    _built(session)
    _step(session)
    session.begin(seed=8)
    _until(lambda: isinstance(session.city, CityModel) and session.city.run_seed == 8)
    sessions.end()
    again = Sessions().of("a browser", small)
    assert (_built(again).run_seed, again.changes) == (8, {"seed": 8})


def test_a_server_with_other_options_leaves_the_run_alone(tmp_path: Path) -> None:
    one = Source(options=RunOptions(citizens=20), keep=tmp_path).kept_run("a browser")
    other = Source(options=RunOptions(citizens=21), keep=tmp_path).kept_run("a browser")
    assert one is not None
    assert other is not None
    assert one.folder != other.folder
    assert "a browser" not in str(one.folder)
    assert folder_of(tmp_path, "b", "c").parent == tmp_path
    assert Source(options=RunOptions(citizens=20)).kept_run("a browser") is None


def test_a_kept_source_survives_the_way_to_the_server(tmp_path: Path) -> None:
    source = Source(options=RunOptions(citizens=20), keep=tmp_path)
    assert Source.from_json(source.to_json()) == source


def test_only_classes_of_models_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mesa_llm_city.ui.page.keeping.load_model", lambda _: lambda: None)
    with pytest.raises(ConfigError, match="leave --keep out"):
        class_of(RunOptions(citizens=20))


def test_what_was_paid_counts_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.llm.servers import LoopbackServer

    monkeypatch.setenv("A_KEY", "secret-of-a-test")
    with LoopbackServer() as server:
        options = RunOptions(
            mind="prompt", llm="m", api_base=server.base_url, key_env="A_KEY", citizens=12,
            prompts=("leisure",), max_calls=1000, price=(1.0, 1.0), skip_check=True,
        )  # fmt: skip
        source = Source(options=options, keep=tmp_path)
        spent, sent = [], []
        for _ in range(2):
            model = source.make()
            assert isinstance(model, CityModel)
            while model.minute < 720:
                model.step()
            assert isinstance(model.llm, LLM)
            spent.append(dict(model.llm.purse.spent))
            sent.append(len(server.stats.bodies))
            model.llm.close()
    assert spent[0]["calls"] > 0
    assert spent[0] == spent[1]
    assert sent[0] == sent[1]
