"""Days that one loop plans into the store of a crowd are those planned step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.crowd.looped_planning import planned_in_loops
from mesa_llm_city.crowd.planning import _plan_day
from tests.crowd.some_rows import ROWS, Midday, midday
from tests.loops import FORMS, loops

MONDAY, SATURDAY = 0, 5


def planned(seed: int, day: int, *, goals: bool = False) -> Midday:
    """Return a crowd in which everybody has planned a day in the usual way."""
    crowd = midday(seed)
    if goals:
        drawn = np.random.default_rng(seed)
        crowd.life.state.goals.unmet[:] = drawn.integers(0, 32, ROWS)  # sets of five goals
    _plan_day(crowd.life.state, crowd.due, day, crowd.parameters)
    return crowd


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize(("day", "goals"), [(MONDAY, False), (SATURDAY, True)])
def test_plans_and_wishes_are_those_planned_step_by_step(
    day: int, *, goals: bool, compiles: bool
) -> None:
    with kernels.use(wanted=False):
        expected = planned(3, day, goals=goals)
    with loops(compiles=compiles):
        found = planned(3, day, goals=goals)
    assert found.columns() == expected.columns()
    # Everybody has a plan, and some have wishes.
    state = found.life.state
    assert state.plans.exists(found.due.rows).all()
    assert (state.wishes.size > 0).any()


def test_a_loop_plans_everybody_where_it_can() -> None:
    crowd = midday(3)
    state, due, parameters = crowd.life.state, crowd.due, crowd.parameters
    with loops(compiles=False):
        assert planned_in_loops(state, due, MONDAY, parameters) == ROWS
        alike = parameters.with_("population.schedules.sleep.need_sd_min", 0.0)
        assert planned_in_loops(state, due, MONDAY, alike) == 0
    with kernels.use(wanted=False):
        assert planned_in_loops(state, due, MONDAY, parameters) == 0


def test_who_can_travel_by_no_mode_is_named_as_an_error() -> None:
    names = midday(1).parameters.modes
    none: dict[str, Any] = {"modes": {name: {"least_age": 130} for name in names}}
    crowd = midday(1, **none)
    with loops(compiles=False), pytest.raises(ChoiceError, match="no way to make the trip"):
        planned_in_loops(crowd.life.state, crowd.due, MONDAY, crowd.parameters)


def test_the_rows_of_one_call_do_not_depend_on_each_other() -> None:
    with loops(compiles=False):
        together, apart = midday(3), midday(3)
        planned_in_loops(together.life.state, together.due, MONDAY, together.parameters)
        for row in range(ROWS):
            one = apart.due.take(np.array([row]))
            planned_in_loops(apart.life.state, one, MONDAY, apart.parameters)
    assert apart.columns() == together.columns()
