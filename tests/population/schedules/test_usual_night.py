"""How long people sleep as a rule: the same alone and among many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import sleep_need, sleep_needs
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.mobility.people import clerk, pensioner, pupil

SCHEDULES = CityParameters().population.schedules


def test_many_have_the_need_that_each_has_alone() -> None:
    kinds = [
        replace(one, age=8 + number % 70) for number in range(300) for one in (clerk(), pupil())
    ]
    commute = np.linspace(0.0, 90.0, len(kinds))
    needs = sleep_needs(PeopleColumns.of(kinds), commute, SCHEDULES)
    some = range(0, len(kinds), 50)
    assert [sleep_need(kinds[at], float(commute[at]), SCHEDULES) for at in some] == [
        needs[at] for at in some
    ]
    assert needs.std() > 0.1


def test_who_goes_to_bed_later_needs_less_sleep() -> None:
    usual, late = (
        replace(pensioner(), habits=replace(pensioner().habits, bed_min=bed))
        for bed in (pensioner().habits.bed_min, pensioner().habits.bed_min + 30)
    )
    spread = SCHEDULES.sleep.need_sd_min
    less = sleep_need(usual, 0.0, SCHEDULES) - sleep_need(late, 0.0, SCHEDULES)
    assert np.isclose(less, 30.0 / spread)
    alike = CityParameters().with_("population.schedules.sleep.need_sd_min", 0.0)
    assert sleep_need(usual, 0.0, alike.population.schedules) == 0.0
