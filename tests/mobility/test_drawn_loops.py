"""The loop over persons draws the days that columns have, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.mobility.day_plans import day_traits
from mesa_llm_city.mobility.drawn_day import DrawnDays, PersonDays, drawn_days
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import time_use_table
from tests.loops import FORMS, loops
from tests.population.random_people import random_people

DEFAULT = CityParameters()
# Work on days off, meals that are left out, and longest times that matter.
OTHER = (
    DEFAULT.with_("population.time_use.table", "us")
    .with_("mobility.planner.least_meal_min", 25)
    .with_("population.time_use.long_duty_min", 200.0)
    .with_("population.time_use.least_min", 20.0)
    .with_("population.time_use.duties.most_attendance", 0.5)
)
PEOPLE, ROWS = random_people(70, seed=4), np.random.default_rng(2).permutation(70)[:50]
HOLIDAY = Clock(holidays=["2024-04-04"])


def arrays(value: object) -> Iterator[NDArray[Any]]:
    """Yield the arrays of nested tuples."""
    if isinstance(value, tuple):
        for one in value:
            yield from arrays(one)
    else:
        yield np.asarray(value)


def drawn(day: int, parameters: CityParameters) -> tuple[DrawnDays, NDArray[np.int32]]:
    people = PEOPLE.view(ROWS)
    streams = ColumnStreams(7, people.ids, (Reseeding(8, 1440, 0),))
    commute = np.random.default_rng(3).uniform(0.0, 130.0, len(ROWS))
    traits = day_traits(people, streams=streams, commute_min=commute, parameters=parameters)
    table = time_use_table(parameters.population.time_use.table)
    assert traits is not None
    assert table is not None
    known = PersonDays(people, HOLIDAY, streams, commute, traits, table, parameters)
    return drawn_days(known, day)


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize(
    ("day", "parameters"),
    [(-1, DEFAULT), (2, OTHER), (5, OTHER)],
    ids=["before the run", "before a holiday", "Saturday"],
)
def test_days_are_those_of_columns(day: int, parameters: CityParameters, *, compiles: bool) -> None:
    with kernels.use(wanted=False):
        expected = list(arrays(drawn(day, parameters)))
    with loops(compiles=compiles):
        found = list(arrays(drawn(day, parameters)))
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()


def test_the_days_reach_every_case() -> None:
    with kernels.use(wanted=False):
        days = [drawn(0, DEFAULT)[0], *(drawn(day, OTHER)[0] for day in (2, 5))]
    duties = days[0].draws.bounds.duties
    assert (duties.has & duties.is_school).sum() > 5
    assert 5 < (duties.has & ~duties.is_school).sum() < len(ROWS) - 5
    assert duties.at_home.any()
    assert days[0].draws.bounds.is_long.any()
    assert (days[0].meals == 0).any()
    assert days[0].draws.of("education").any()
    # Somebody works on a day off.
    weekend = [one.draws.bounds.duties for one in days[1:]]
    assert any((one.has & ~one.is_usual & ~one.is_school).any() for one in weekend)
