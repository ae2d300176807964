"""The loop over persons finds the outings that columns of persons want."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.mobility.day_plans import plan_days
from mesa_llm_city.parameters import CityParameters
from tests.loops import FORMS, loops
from tests.mobility.new_kinds import with_new_kinds
from tests.population.random_people import random_people

MANY = CityParameters().with_("mobility.free_time.outings_per_liking", 0.9)
PEOPLE, ROWS = random_people(60, seed=5), np.random.default_rng(2).permutation(60)[:40]


def planned(day: int, parameters: CityParameters) -> list[NDArray[Any]]:
    """Return the columns of the wishes and the blocks of a day."""
    people, rng = PEOPLE.view(ROWS), np.random.default_rng(3)
    plans = plan_days(
        people,
        day,
        clock=Clock(),
        streams=ColumnStreams(7, people.ids),
        commute_min=rng.uniform(0.0, 60.0, len(ROWS)),
        relief=rng.uniform(0.0, 0.6, (len(ROWS), len(parameters.purposes))),
        parameters=parameters,
    )
    wishes = [getattr(plans.wishes, one.name) for one in fields(plans.wishes)]
    return [*wishes, plans.blocks.start, plans.blocks.purpose]


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize(
    ("day", "parameters"),
    [(0, CityParameters()), (5, MANY), (6, with_new_kinds())],
    ids=["few", "many", "kinds with hours"],
)
def test_outings_are_those_of_columns(
    day: int, parameters: CityParameters, *, compiles: bool
) -> None:
    with kernels.use(wanted=False):
        expected = planned(day, parameters)
    with loops(compiles=compiles):
        found = planned(day, parameters)
    for one, other in zip(found, expected, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()
    assert (expected[4] > 0).sum() > 5
