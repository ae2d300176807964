"""A row of a crowd lives as the same person does as a citizen."""

from __future__ import annotations

import pandas as pd
import pytest

from mesa_llm_city import City, Clock, Population
from mesa_llm_city.parameters import CityParameters
from tests.crowd.living import Lived, as_citizens, as_rows

# Goals are set on the second day, and in the village on each day after that.
EARLY = CityParameters().with_("mind.goals.first_days", 1)
PEOPLE = 100
RAINY = EARLY.with_({"mobility.free_time.whim": 0.4, "mind.goals.every_days": 1})


@pytest.fixture(
    scope="module",
    params=[(3, 1500, EARLY, "2024-05-03"), (8, 600, RAINY, "2024-12-23")],
    ids=["town", "village"],
)
def lives(request: pytest.FixtureRequest) -> tuple[Lived, Lived]:
    seed, places, parameters, start = request.param
    city = City.synthetic(rng=seed, places=places, parameters=parameters)
    people = Population.synthesize(PEOPLE, city=city, rng=seed, parameters=parameters)
    clock = Clock(start=start)
    rows, _ = as_rows(city, people, seed=seed, days=3, clock=clock)
    return rows, as_citizens(city, people, seed=seed, days=3, clock=clock)


@pytest.mark.parametrize("table", Lived._fields)
def test_rows_do_what_citizens_do(lives: tuple[Lived, Lived], table: str) -> None:
    rows, citizens = (getattr(one, table) for one in lives)
    pd.testing.assert_frame_equal(rows, citizens, check_exact=True, check_dtype=False)
    assert len(rows) >= PEOPLE


def test_goals_differ_and_are_set_anew(lives: tuple[Lived, Lived]) -> None:
    goals = lives[0].goals
    assert goals["goals"].nunique() > 4
    assert (goals["revised"] >= 1440).all()
