"""What experiments show of a run that is compared with nothing, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesa_llm_city.experiments.observed import Observed
from mesa_llm_city.experiments.paper.density import density_alone
from mesa_llm_city.experiments.paper.lived import Lived
from mesa_llm_city.experiments.paper.popularity import visits_alone
from mesa_llm_city.experiments.paper.time_use import shares_by_age
from mesa_llm_city.experiments.paper.travel import hourly_rates, shares_of_modes
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.measure import Family
from tests.experiments.lives import CAFE, HOME, PARK, SHOP, WORK, lives

PEOPLE = 5
DAY = (
    (0.0, 12.0, "sleep", HOME),
    (12.0, 18.0, "work", WORK),
    (18.0, 20.0, "social", CAFE),
    (20.0, 24.0, "rest", HOME),
)
WAYS = (
    (8.0, HOME, WORK, "work", "walk"),
    (18.0, WORK, CAFE, "social", "car"),
    (20.5, CAFE, HOME, "rest", "walk"),
    (21.5, HOME, SHOP, "shopping", "walk"),
)


@pytest.fixture
def monday() -> Lived:
    """Return a Monday on which five people do the same; the first also goes to the park."""
    stays = [(one, *stay) for one in range(PEOPLE) for stay in DAY]
    stays[3] = (0, 20.0, 24.0, "leisure", PARK)
    ways = [(one, *way) for one in range(PEOPLE) for way in WAYS]
    tables = lives(stays, days=1, ways=ways, people=[{}] * PEOPLE)
    return Lived(
        folder=Path(),
        manifest={},
        everybody=tables,
        tables=tables,
        observed=Observed(),
        bootstrap=Bootstrap(PEOPLE, draws=3),
        of_all=Bootstrap(PEOPLE, draws=3),
    )


def _value(family: Family, name: str) -> float:
    return next(one.value for one in family.measures if one.name == name)


def test_shares_of_the_day_add_up_by_age_and_for_everybody(monday: Lived) -> None:
    family = shares_by_age(monday)
    assert _value(family, "everybody: work") == pytest.approx(25.0)
    assert _value(family, "everybody: sleep and care") == pytest.approx(50.0)
    assert sum(one.value for one in family.measures) == pytest.approx(100.0)
    # All are 40 years old; other age groups have too few people.
    assert [cell["age"] for cell in family.details["cells"]] == ["all", "35-44"]
    assert "there is no time_use.csv" in family.notes[0]


def test_trips_by_hour_are_those_of_a_hundred_people(monday: Lived) -> None:
    family = hourly_rates(monday)
    assert _value(family, "trips a weekday") == pytest.approx(4.0)
    curve = family.details["weekday"]["trips"]
    assert [curve[8], curve[18], curve[20], curve[3]] == pytest.approx([100.0, 100.0, 100.0, 0.0])
    assert "weekend" not in family.details


def test_shares_of_modes_by_length(monday: Lived) -> None:
    family = shares_of_modes(monday)
    assert _value(family, "share of trips: walk") == pytest.approx(75.0)
    bands = {one["trips"]: one for one in family.details["bands"]}
    # Home to work is 5 km; work to the cafe 4.47 km; the other two ways are 1 km.
    assert {name: one["n"] for name, one in bands.items()} == {"1 to 3 km": 10, "3 to 10 km": 10}
    modes = family.details["modes"]
    assert bands["3 to 10 km"]["run"][modes.index("car")] == pytest.approx(0.5)


def test_places_that_nobody_visits_are_left_out(monday: Lived) -> None:
    family = visits_alone(monday)
    assert family.details["visits"] == [5, 1]
    # Five visits and one: the Gini coefficient is (5 - 1) / (2 * 6).
    assert _value(family, "Gini coefficient of visits by visited place") == pytest.approx(1 / 3)


def test_people_present_are_counted_in_cells(monday: Lived) -> None:
    family = density_alone(monday, cell_m=500.0)
    at_ten = family.details["present at 10:00"]["run"]
    assert [one for one in at_ten if one] == [5.0]
    arrivals = family.details["arrivals"]["run"]
    assert sorted(one for one in arrivals if one) == [5.0, 5.0, 5.0]
