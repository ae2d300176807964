"""Global parameters that are searched for, constants of modes, and the search itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.experiments.calibration.knobs import KNOBS, Knob, knobs_of, set_knobs
from mesa_llm_city.experiments.calibration.mode_step import constant_steps, next_constants
from mesa_llm_city.experiments.calibration.search import nelder_mead, start_of
from mesa_llm_city.experiments.observed.modes import read_modes
from mesa_llm_city.parameters import CityParameters
from tests.experiments.lives import HOME, SHOP, lives

PARAMETERS = CityParameters()


def test_both_ends_of_every_knob_are_accepted() -> None:
    for target in dict.fromkeys(knob.target for knob in KNOBS):
        knobs = knobs_of(target, PARAMETERS)
        assert knobs
        for place in (np.zeros(len(knobs)), np.ones(len(knobs))):
            set_knobs(knobs, PARAMETERS, place)


def test_a_knob_at_its_present_value_changes_nothing() -> None:
    for knob in knobs_of("departures", PARAMETERS):
        at = start_of((knob,), PARAMETERS)
        assert set_knobs((knob,), PARAMETERS, at) == PARAMETERS, knob.label


def test_a_shift_moves_all_entries_of_the_rows() -> None:
    start = "population.schedules.work.start_min"
    knob = Knob("departures", start, -60.0, 60.0, ("pupil", "shift_worker"))
    moved = set_knobs((knob,), PARAMETERS, np.array([0.75]))
    assert moved.get(start)["pupil"] == (540,)
    assert moved.get(start)["shift_worker"] == (390, 390, 870, 870, 1350)
    assert moved.get(start)["student"] == PARAMETERS.get(start)["student"]


def test_parameters_that_there_are_not_have_no_knob() -> None:
    unknown = Knob("popularity", "mobility.gravity.no_such", 0.0, 1.0)
    assert unknown not in knobs_of("popularity", PARAMETERS)


def test_the_search_spends_no_more_than_it_may_and_returns_the_best_it_saw() -> None:
    seen: list[float] = []

    def loss(place: np.ndarray) -> float:
        seen.append(float(((place - 0.4) ** 2).sum()))
        return seen[-1]

    best = nelder_mead(loss, np.array([0.9, 0.1]), evaluations=9)
    assert len(seen) <= 9
    assert float(((best - 0.4) ** 2).sum()) == min(seen)


def test_constants_follow_the_logarithm_of_shares_and_the_commonest_stays() -> None:
    counts, shares = np.array([[60.0, 40.0], [0.0, 100.0]]), np.array([[0.5, 0.5], [0.1, 0.9]])
    # Wanted are 50 + 10 trips by the first mode and 50 + 90 by the second: no change.
    assert constant_steps(counts, shares, damping=1.0) == pytest.approx([0.0, 0.0])
    swapped = constant_steps(counts[:1], np.array([[0.2, 0.8]]), damping=0.5)
    assert swapped == pytest.approx([0.5 * np.log((20 / 60) / (80 / 40)), 0.0])


def test_modes_that_a_survey_counts_together_change_together(tmp_path: Path) -> None:
    file = tmp_path / "modes.csv"
    file.write_text("mode,share\nwalk,0.25\nbus+train,0.75\n", encoding="utf-8")
    ways = [(0, hour, HOME, SHOP, "shopping", "walk") for hour in (8.0, 9.0, 10.0)]
    tables = lives(
        [(0, 0.0, 24.0, "rest", HOME)], days=1, ways=[*ways, (0, 11.0, HOME, SHOP, "meal", "bus")]
    )
    observed = read_modes(file, tuple(PARAMETERS.modes))
    after = next_constants(PARAMETERS, tables, observed, damping=1.0)
    # From 3 : 1 to 1 : 3, which walking alone carries: ln(1 / 9), cut at 1.5.
    assert after.changed() == {"modes.walk.constant": pytest.approx(0.6 - 1.5)}
