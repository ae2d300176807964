"""Spread between persons and within them, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.variation import spread, variation, work_departures
from tests.experiments.lives import HOME, SHOP, WORK, Stay, lives


def _night(person: int, day: int, hours: float) -> list[Stay]:
    begin = 24.0 * day
    return [
        (person, begin, begin + hours, "sleep", HOME),
        (person, begin + hours, begin + 24.0, "rest", HOME),
    ]


def test_sleep_of_two_persons_by_hand() -> None:
    # One sleeps 6 and 8 hours, the other 10 and 12: within 60 min, between 120 min.
    hours = {0: (6.0, 8.0), 1: (10.0, 12.0)}
    stays = [
        row for person in hours for day in (0, 1) for row in _night(person, day, hours[person][day])
    ]
    found = variation(lives(stays, days=2, people=[{}, {}]), None, Bootstrap(2, draws=2))
    values = {one.name: one.value for one in found.measures}
    assert values["sleep: SD within persons"] == pytest.approx(60.0)
    assert values["sleep: SD between persons"] == pytest.approx(120.0)
    assert values["sleep: SD between person-days"] == pytest.approx(np.hypot(60.0, 120.0))
    assert values["eating: SD between person-days"] == 0.0


def test_children_are_left_out() -> None:
    stays = [*_night(0, 0, 7.0), *_night(1, 0, 12.0)]
    found = variation(lives(stays, days=1, people=[{}, {"age": 6}]), None, Bootstrap(2, draws=2))
    assert found.measures[0].value == 0.0
    assert found.measures[0].n == 1


def test_weekend_days_have_half_of_the_weight() -> None:
    # Friday 6 h, Saturday and Sunday 9 h: with half of the weight each the spread is 90 min.
    stays = [*_night(0, 0, 6.0), *_night(0, 1, 9.0), *_night(0, 2, 9.0)]
    tables = lives(stays, days=3, start=date(2024, 4, 5))
    found = variation(tables, None, Bootstrap(1, draws=2))
    assert found.measures[0].value == pytest.approx(90.0)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1440)), min_size=1, max_size=30))
def test_the_variance_of_days_is_that_between_and_within(rows: list[tuple[int, float]]) -> None:
    person = np.array([one for one, _ in rows])
    values = np.array([[minutes] for _, minutes in rows])
    found = spread(values, person, np.ones(len(rows)), 4)
    assert found.days[0] == pytest.approx(values.std(), abs=1e-6)
    assert found.days[0] == pytest.approx(np.hypot(found.between[0], found.within[0]), abs=1e-6)


def test_leaving_for_work_is_the_first_way_from_home_to_work_of_a_day() -> None:
    ways = [
        (0, 8.0, HOME, WORK, "work", "bus"),
        (0, 13.0, SHOP, WORK, "work", "walk"),  # back from lunch
        (0, 14.0, HOME, WORK, "work", "walk"),  # once more from home
        (0, 24 + 9.0, HOME, WORK, "work", "bus"),
    ]
    tables = lives([*_night(0, 0, 8.0), *_night(0, 1, 8.0)], ways=ways, days=2)
    person, minute = work_departures(tables)
    assert person.tolist() == [0, 0]
    assert minute.tolist() == [480.0, 540.0]
    found = {one.name: one for one in variation(tables, None, Bootstrap(1, draws=2)).measures}
    # Two days that differ by an hour: sample standard deviation 60 / sqrt(2).
    within = found["leaving for work: SD within persons, mean"]
    assert within.value == pytest.approx(60.0 / np.sqrt(2.0))
    assert within.n == 2
