"""The loop over persons finds the outings that columns of persons want."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.day_plans import day_traits
from mesa_llm_city.mobility.drawn_day import DrawnDays, PersonDays, drawn_days
from mesa_llm_city.mobility.wanted_outings import Wanted, outing_names, wanted_outings
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import time_use_table
from tests.loops import FORMS, loops
from tests.mobility.new_kinds import with_new_kinds
from tests.population.random_people import random_people

DEFAULT = CityParameters()
# Everybody does what is civic, and some purposes have a chance of 1.
MANY = DEFAULT.with_("mobility.free_time.outings_per_liking", 0.9)
PEOPLE, ROWS = random_people(60, seed=5), np.random.default_rng(2).permutation(60)[:40]
DAY, STREAMS = 5, ColumnStreams(7, PEOPLE.ids[ROWS])


@cache
def drawn() -> DrawnDays:
    """Return what is drawn from the table of time use."""
    people, commute, parameters = PEOPLE.view(ROWS), np.zeros(len(ROWS)), DEFAULT
    traits = day_traits(people, streams=STREAMS, commute_min=commute, parameters=parameters)
    table = time_use_table(parameters.population.time_use.table)
    assert traits is not None
    assert table is not None
    known = PersonDays(people, Clock(), STREAMS, commute, traits, table, parameters)
    return drawn_days(known, DAY)[0]


def wanted(parameters: CityParameters, *, leans: bool) -> Wanted:
    random, shape = np.random.default_rng(3), (len(ROWS), len(parameters.purposes))
    relief, leanings = random.uniform(0.0, 0.6, shape), random.choice([0.0, 0.5, -0.3], shape)
    facts = DayFacts(
        PEOPLE.view(ROWS),
        DAY,
        Clock(),
        STREAMS,
        np.zeros(len(ROWS)),
        leanings if leans else None,
        None,
        relief,
        parameters,
    )
    goes = drawn().draws.leaves_home & (PEOPLE.age[ROWS] >= 14)
    return wanted_outings(facts, drawn(), goes)


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize(
    ("parameters", "leans"),
    [(DEFAULT, False), (DEFAULT, True), (MANY, False), (with_new_kinds(), True)],
    ids=["few", "goals", "many", "new kinds"],
)
def test_outings_are_those_of_columns(
    parameters: CityParameters, *, leans: bool, compiles: bool
) -> None:
    with kernels.use(wanted=False):
        expected = wanted(parameters, leans=leans)
    with loops(compiles=compiles):
        found = wanted(parameters, leans=leans)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()
    assert len(ROWS) > expected.is_wanted.any(axis=0).sum() > 5
    civic = drawn().draws.away_min("civic")[expected.minutes.any(axis=0)]
    assert 0 < np.count_nonzero(civic) < len(civic)
    assert outing_names(parameters)[0] == "sport"
    assert expected.is_wanted[0].any()
