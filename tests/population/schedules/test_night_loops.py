"""The loop over persons finds the usual nights that columns have."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import sleep_needs
from tests.loops import FORMS, loops
from tests.population.random_people import random_people

DEFAULT = CityParameters().population.schedules
CUT = CityParameters().with_("population.schedules.sleep.most_sd", 0.6).population.schedules


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("schedules", [DEFAULT, CUT], ids=["default", "cut"])
def test_needs_are_those_of_columns(schedules: object, *, compiles: bool) -> None:
    assert isinstance(schedules, type(DEFAULT))
    people = random_people(150)
    rows = np.random.default_rng(2).permutation(150)[:120]
    commute = np.random.default_rng(3).uniform(0.0, 130.0, len(rows))
    with kernels.use(wanted=False):
        expected = sleep_needs(people.view(rows), commute, schedules)
    with loops(compiles=compiles):
        found = sleep_needs(people.view(rows), commute, schedules)
    assert found.tolist() == expected.tolist()
    at_night = people.work_start_min[rows] >= schedules.night_shift.starts_from_min
    assert 10 < at_night.sum() < len(rows) - 10
    assert len(np.unique(expected)) > 20


@pytest.mark.parametrize("compiles", FORMS)
def test_people_who_do_not_differ_in_it_have_no_need(*, compiles: bool) -> None:
    alike = CityParameters().with_("population.schedules.sleep.need_sd_min", 0.0)
    with loops(compiles=compiles):
        found = sleep_needs(
            random_people(4).view(np.arange(4)), np.zeros(4), alike.population.schedules
        )
    assert not found.any()
