"""Populations change as fast in years of which only some days are lived."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Clock, Population
from mesa_llm_city.core.sampled_clock import SampledClock
from mesa_llm_city.parameters import CityParameters

CITY = City.synthetic(rng=1, places=300)
PEOPLE = Population.synthesize(40, city=CITY, rng=1)


def model(clock: Clock, **rates: float) -> CityModel:
    parameters = CityParameters().with_("population.demography", rates)
    return CityModel(CITY, PEOPLE, rng=3, clock=clock, parameters=parameters)


@pytest.mark.parametrize("per_year", [1, 2, 5])
def test_everybody_has_a_birthday_in_a_year_of_a_few_lived_days(per_year: int) -> None:
    town = model(SampledClock(days_per_year=per_year), birthdays=True)
    for day in range(per_year):
        town.residents.now = day * 1440
        town.demography.live_day(day)
    ages = {agent.person: agent.age for agent in town.citizens}
    assert [ages[one.id] - one.age for one in PEOPLE] == [1] * len(PEOPLE)


def test_a_lived_day_has_the_chances_of_all_days_that_it_stands_for() -> None:
    lives = [model(one).demography for one in (Clock(), SampledClock(days_per_year=2))]
    every_day, half_years = (float(one._chance(one._today(0), 1.0)) for one in lives)
    assert every_day == pytest.approx(1.0 - np.exp(-1.0 / 365.25))
    # From 1 April to 30 September 2024 there are 182 days.
    assert half_years == pytest.approx(1.0 - np.exp(-182.0 / 365.25))


def test_spells_have_the_dates_of_the_calendar() -> None:
    town = model(SampledClock(days_per_year=2))
    town.minute = town.residents.now = 1440
    family = town.citizens[0].persona.household.id
    town.move_out(family)
    spells = town.spells().query("household == @family")
    assert set(spells["until"].astype(str)) == {"2025-01-21"}
