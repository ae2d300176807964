"""A loop over rows fills free time as the operations on columns do."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import NamedTuple, cast

import numpy as np
import pytest

from mesa_llm_city import Clock
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core import kernels
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.core.values import Int, Weather
from mesa_llm_city.crowd.blocks import FREE, Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.planning import fill_blocks
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.mobility.free_time_columns import free_purposes
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Habits, Preferences
from mesa_llm_city.population.people_columns import PeopleColumns
from tests.loops import FORMS, loops
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk, pensioner, pupil

ROWS, MOMENTS = 70, 5
CLEAR, WET = Weather(), Weather(rain_mm_h=2.0)
LATER = (Reseeding(seed=2**64 - 1, minute=600, day=0),)
WITHOUT_REST = CityParameters(**tomllib.loads("[purposes.rest]\nfree_time = false"))


class Case(NamedTuple):
    """Parameters and weather of a crowd."""

    parameters: CityParameters
    weather: Weather = CLEAR
    later: tuple[Reseeding, ...] = ()


CASES = {
    "as usual": Case(CityParameters()),
    "in rain": Case(CityParameters(), WET),
    "with kinds of their own": Case(with_new_kinds()),
    "with rest that free time is not meant for": Case(WITHOUT_REST),
    "with everything coming to mind": Case(
        CityParameters().with_({"mobility.free_time.candidates": 9})
    ),
    "tired": Case(CityParameters().with_({"mobility.free_time.tired_gives_up": True})),
    "from another seed": Case(CityParameters(), CLEAR, LATER),
}


class Calendar(NamedTuple):
    """All of a world that free time reads."""

    clock: Clock


WORLD = cast("World", Calendar(Clock()))


def people(names: tuple[str, ...], drawn: np.random.Generator) -> PeopleColumns:
    kinds, rows = (clerk(), pensioner(), pupil(), replace(pupil(), age=4)), []
    for row in range(ROWS):
        some = drawn.permutation(names)[: drawn.integers(len(names))].tolist()
        liked = Preferences({name: drawn.random() for name in some})
        rows.append(replace(kinds[row % 4], id=row, habits=Habits(preferences=liked)))
    return PeopleColumns.of(rows)


def crowd(parameters: CityParameters, drawn: np.random.Generator) -> CrowdState:
    """Return rows who miss something, wish something, and are tired or not."""
    names, count = free_purposes(parameters), len(parameters.purposes)
    state = CrowdState.begin(people(names, drawn), np.zeros(ROWS), parameters)
    code = state.needs.level_code
    code[:] = coded_shares(drawn.random(code.shape))
    state.needs.purpose[:] = drawn.integers(-1, count, ROWS)
    state.goals.unmet[:] = drawn.integers(0, 32, ROWS)
    state.resting[:] = drawn.random(ROWS) < 0.3
    wishes = state.wishes
    size = drawn.integers(-1, 4, ROWS)
    slots = np.arange(wishes.purpose.shape[1])
    wished = drawn.integers(0, count, wishes.purpose.shape)
    some_of_free = drawn.choice([codes_of(parameters).names.index(one) for one in names], 3)
    wished[:, :3] = np.where(drawn.random((ROWS, 3)) < 0.8, some_of_free, wished[:, :3])
    wishes.purpose[:] = np.where(slots < size[:, None], wished, FREE)
    wishes.minutes[:] = 5 * drawn.integers(1, 30, wishes.purpose.shape)
    wishes.size[:] = size
    return state


def free_blocks(minute: Int, drawn: np.random.Generator) -> Blocks:
    blocks = Blocks.empty(len(minute))
    blocks.start, blocks.end = minute.copy(), minute + drawn.integers(5, 250, len(minute))
    busy = drawn.random(len(minute)) < 0.2
    blocks.purpose[busy], blocks.place[busy], blocks.fixed[busy] = 0, 7, True
    return blocks


def filled(case: Case) -> list[list[object]]:
    """Fill free blocks at some moments, and return what has become of them and of the crowd."""
    drawn, told = np.random.default_rng(8), []
    state = crowd(case.parameters, drawn)
    streams = ColumnStreams(5, np.arange(ROWS), case.later)
    for moment in range(MOMENTS):
        rows = np.flatnonzero(drawn.random(ROWS) < 0.7)
        minute = 400 + 150 * moment + drawn.integers(0, 5, len(rows))
        begin = minute[:, None] + drawn.integers(-90, 120, (len(rows), 1))
        state.wishes.from_min[rows], state.wishes.until_min[rows] = begin, begin + 60
        block = free_blocks(minute, drawn)
        due = Due(rows, minute, streams, WORLD, case.weather)
        fill_blocks(state, due, block, case.parameters)
        told += [one.tolist() for one in (block.start, block.end, block.purpose, block.place)]
        told.append(block.fixed.tolist())
    return [*told, *(one.tolist() for _, one in arrays_of(state))]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("compiles", FORMS)
def test_free_time_is_spent_as_by_columns(case: Case, *, compiles: bool) -> None:
    with kernels.use(wanted=False):
        expected = filled(case)
    with loops(compiles=compiles):
        assert filled(case) == expected


def test_a_moment_that_spans_midnight_is_filled_by_columns() -> None:
    drawn, tree = np.random.default_rng(1), CityParameters()
    state, rows = crowd(tree, drawn), np.arange(4)
    minute = np.array([DAY_MIN - 1, DAY_MIN, DAY_MIN, DAY_MIN + 1])
    due = Due(rows, minute, ColumnStreams(5, rows), WORLD, CLEAR)
    block = free_blocks(minute, drawn)
    with loops(compiles=False):
        fill_blocks(state, due, block, tree)
    assert (block.purpose != FREE).all()


@pytest.mark.parametrize("wanted", [False, True])
def test_a_plan_without_room_is_an_error_in_both_forms(*, wanted: bool) -> None:
    drawn, tree = np.random.default_rng(1), CityParameters()
    state, rows, minute = crowd(tree, drawn), np.arange(ROWS), np.full(ROWS, 600)
    plans = state.plans.columns
    plans.head[:] = 0
    due = Due(rows, minute, ColumnStreams(5, rows), WORLD, CLEAR)
    block = Blocks.empty(ROWS)
    block.start, block.end = minute.copy(), minute + 400
    with (
        kernels.use(wanted=wanted, compiles=False),
        np.errstate(over="ignore"),
        pytest.raises(DataError, match="let the person live as a citizen"),
    ):
        fill_blocks(state, due, block, tree)
