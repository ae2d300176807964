"""A loop over persons plans the days that columns plan."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.mobility import day_loops
from mesa_llm_city.mobility.day_plans import DayPlans, plan_days
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.loops import FORMS, loops
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.test_day_plans import people

TREE = CityParameters()
OWN = (
    with_new_kinds()
    .with_("purposes.worship.planned_per_day", 0.7)
    .with_("purposes.gaming.planned_per_day", 0.7)
    .with_("purposes.meal.least_min", 10)
)
# Short parts make days of many blocks, of which the shortest are given up.
PARTS = TREE.with_("mobility.planner.chores.longest_part_min", 15)
# Long days of duty and little sleep leave no time for a night.
NIGHTS = TREE.with_("mobility.planner.hours.least_awake_min", 1400)
SUNDAY = 6


def planned(parameters: CityParameters, day: int, rows: range, *, leans: bool = False) -> DayPlans:
    columns = PeopleColumns.of(people()).take(np.array(rows))
    drawn, count = np.random.default_rng(8), len(columns)
    shape = count, len(parameters.purposes)
    return plan_days(
        columns,
        day,
        clock=Clock(),
        streams=ColumnStreams(7, columns.ids + 300, (Reseeding(8, 5000, 3),)),
        commute_min=drawn.choice([0.0, 12.3, 47.6, 90.0], count),
        relief=drawn.uniform(0.0, 0.6, shape),
        leanings=drawn.choice([0.0, 0.5, 0.3, -1.0], shape) if leans else None,
        parameters=parameters,
    )


def told(plans: DayPlans, parameters: CityParameters) -> list[tuple[object, object]]:
    rows = range(len(plans.blocks))
    return [
        (plans.blocks.plan(row, parameters), plans.wishes.wishes(row, parameters)) for row in rows
    ]


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize(
    ("parameters", "day", "leans"),
    [
        (TREE, -1, False),
        (TREE, 4, True),
        (TREE, SUNDAY, False),
        (OWN, 3, True),
        (OWN, SUNDAY, False),
        (PARTS, 5, True),
        (NIGHTS, 2, False),
    ],
    ids=["before", "goals", "sunday", "own goals", "own sunday", "parts", "nights"],
)
def test_days_are_those_that_columns_plan(
    parameters: CityParameters, day: int, *, leans: bool, compiles: bool
) -> None:
    with kernels.use(wanted=False):
        expected = planned(parameters, day, range(48), leans=leans)
    with loops(compiles=compiles):
        found = planned(parameters, day, range(48), leans=leans)
    assert told(found, parameters) == told(expected, parameters)
    assert found.blocks.purpose.shape == expected.blocks.purpose.shape
    assert found.wishes.purpose.shape == expected.wishes.purpose.shape


def test_a_day_too_full_for_the_loop_is_planned_as_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with kernels.use(wanted=False):
        expected = planned(TREE, SUNDAY, range(12))
    monkeypatch.setattr(day_loops, "_MOST_BLOCKS", 6)
    with loops(compiles=False):
        assert told(planned(TREE, SUNDAY, range(12)), TREE) == told(expected, TREE)
