"""The five days are drawn, needs dip before meals, and the nurse's night is turned round."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.experiments import Progress
from mesa_llm_city.experiments.paper.needs import needs_family
from mesa_llm_city.experiments.paper.profiles import (
    DayOfNeeds,
    last_day_of_profiles,
    people_of_profiles,
)
from mesa_llm_city.parameters import CityParameters

NEEDS = list(CityParameters().needs)
HUNGER, ENERGY = NEEDS.index("hunger"), NEEDS.index("energy")


@pytest.fixture(scope="module")
def days() -> dict[str, DayOfNeeds]:
    """Return the second day of each profile."""
    city = City.synthetic()
    model = CityModel(city, Population(people_of_profiles(city)), rng=8)
    return {day.name: day for day in last_day_of_profiles(model, 2, Progress())}


@pytest.mark.slow
def test_there_are_five_days_of_five_minutes_each(days: dict[str, DayOfNeeds]) -> None:
    assert len(days) == 5
    for day in days.values():
        assert day.levels.shape == (288, 4)
        assert ((day.levels >= 0.0) & (day.levels <= 1.0)).all()


def test_hunger_dips_before_each_meal_and_rises_with_it(days: dict[str, DayOfNeeds]) -> None:
    for day in days.values():
        meals = [(begin, end) for what, begin, end in day.stays if what == Purpose.MEAL]
        assert len(meals) >= 2
        for begin, end in meals:
            if begin < 1.0 or end > 23.5:
                continue
            before, after = np.searchsorted(day.hours, [begin, end]) - [1, 0]
            # A meal after a long duty may begin with a level that has reached 0.
            level = day.levels[before, HUNGER]
            assert day.levels[before - 6, HUNGER] > level or level == 0.0
            assert day.levels[after, HUNGER] > day.levels[before, HUNGER] + 0.2


def test_the_nurse_has_most_energy_when_the_others_go_to_bed(days: dict[str, DayOfNeeds]) -> None:
    evening = np.searchsorted(days["office worker"].hours, 20.0)
    levels = {name: day.levels[evening, ENERGY] for name, day in days.items()}
    assert levels["night-shift nurse"] > levels["office worker"] + 0.3


def test_the_senior_has_company_at_home(days: dict[str, DayOfNeeds]) -> None:
    social = {name: float(day.levels[:, 3].mean()) for name, day in days.items()}
    assert social["retired senior"] > social["freelance designer"] + 0.2


def test_needs_are_summed_up_over_the_people() -> None:
    hours = np.array([12.0, 24.0])
    levels = {"low": [[0.1, 1.0, 1.0, 1.0]] * 2, "high": [[0.5, 1.0, 1.0, 1.0]] * 2}
    people = [DayOfNeeds(name, hours, np.array(one), []) for name, one in levels.items()]
    found = {one.name: one for one in needs_family(people, CityParameters(), draws=20).measures}
    assert found["hunger: lowest level"].value == pytest.approx(0.3)
    assert found["hunger: below its threshold"].value == pytest.approx(50.0)
    # The mean curve is 0.3, from which both are 0.2 away.
    apart = found["hunger: mean difference from the mean of all"]
    assert apart.value == pytest.approx(0.2)
    assert [*apart.naive.values()] == [0.0]
