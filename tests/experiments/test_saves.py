"""Runs save themselves now and then, and go on from a save."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from mesa_llm_city.models.town_day.model import TownDay

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments import Progress, RunOptions, run
from mesa_llm_city.experiments.options import OptionsError
from mesa_llm_city.experiments.saves import continued, load_saved, saves_of, steps_left
from mesa_llm_city.experiments.simulate import run_days
from mesa_llm_city.simulation.saving import read_head
from tests.town import small_town, townspeople


class _Steps(Progress):
    """Keeps where a run began."""

    first = 0

    def begin(self, *, done: int = 0, **about: object) -> None:
        """Note how many steps were done before."""
        self.first = done
        super().begin(done=done, **about)  # type: ignore[arg-type]


def _town() -> TownDay:
    return TownDay(city=small_town(), people=townspeople(4), rng=5, days=1)


@cache
def _digest() -> str:
    """Return the digest of a whole day."""
    town = _town()
    run_days(town, 1, Progress())
    return str(town.digest())


def _half_a_day(folder: Path) -> Path:
    town = _town()
    for _ in range(150):
        town.step()
    town.save(folder)
    return folder


def test_a_run_saves_itself_and_the_last_save_stays(tmp_path: Path) -> None:
    town = _town()
    run_days(town, 1, Progress(), save_every=600, save_to=tmp_path / "save")
    assert read_head(tmp_path / "save")["minute"] == 1200
    assert town.digest() == _digest()


def test_a_run_that_goes_on_ends_as_one_that_was_never_broken_off(tmp_path: Path) -> None:
    options = RunOptions(from_save=_half_a_day(tmp_path / "save"), days=1)
    town = load_saved(options, tmp_path / "save", None)
    progress = _Steps()
    run_days(town, 1, progress)
    assert progress.first == 150
    assert (town.minute, town.digest()) == (1440, _digest())


def test_options_of_a_save_hold_and_may_not_be_given(tmp_path: Path) -> None:
    folder = _half_a_day(tmp_path / "town.save")
    options = continued(RunOptions(from_save=folder))
    assert (options.seed, options.citizens, options.folder) == (5, 4, tmp_path / "town")
    with pytest.raises(OptionsError, match=r"seed: belongs to the save"):
        RunOptions(from_save=folder, seed=8, citizens=9)


def test_parameters_given_hold_from_then_on(tmp_path: Path) -> None:
    folder = _half_a_day(tmp_path / "save")
    slow = RunOptions(from_save=folder, parameters={"modes.walk.speed_km_h": 2.0})
    assert load_saved(slow, folder, None).parameters.modes["walk"].speed_km_h == 2.0


def test_a_save_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    folder = _half_a_day(tmp_path / "save")
    with pytest.raises(DataError, match=r"holds a TownDay, and ShibuyaWeek is another class"):
        load_saved(RunOptions(model="shibuya_week", from_save=folder), folder, None)
    town = TownDay.load(folder)
    run_days(town, 1, Progress())
    town.save(folder)
    assert steps_left(town, 1) == 0
    with pytest.raises(ConfigError, match=r"is of day 2 00:00, and day 1 is over"):
        load_saved(RunOptions(from_save=folder), folder, None)


@pytest.mark.parametrize(
    ("span", "minutes"), [("1d", 1440), ("6h", 360), ("30min", 30), (45, 45), ("2 D", 2880)]
)
def test_spans_between_saves(span: object, minutes: int) -> None:
    assert RunOptions(save_every=span).save_every == minutes


@pytest.mark.parametrize("span", ["7min", "soon", "0h", 3, "1w"])
def test_spans_that_are_none(span: object) -> None:
    with pytest.raises(OptionsError, match=r"save_every: must be"):
        RunOptions(save_every=span)


def test_saves_lie_beside_the_results() -> None:
    assert saves_of(Path("runs", "town_day-7")).name == "town_day-7.save"


@pytest.mark.slow
@pytest.mark.usefixtures("empty_pictures")
def test_a_whole_run_goes_on_from_its_save(tmp_path: Path) -> None:
    first = tmp_path / "first"
    run(RunOptions(citizens=10, days=1, save_every="1d", out=first))
    on = run(RunOptions(from_save=saves_of(first), days=2, out=tmp_path / "on"))
    whole = run(RunOptions(citizens=10, days=2, out=tmp_path / "whole"))
    told, expected = (json.loads((one / "manifest.json").read_text()) for one in (on, whole))
    assert told["digest"] == expected["digest"]
    assert told["from_save"]["moment"] == "2024-04-02 00:00:00"
    assert (told["seed"], told["people"]) == (expected["seed"], expected["people"])
