"""Plans as columns: each operation does what `schedule` does with one plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility import meals, plan_blocks, schedule
from mesa_llm_city.mobility.plan_blocks import NO_PLACE, UNUSED, BlockColumns, PlanBlocks
from mesa_llm_city.mobility.purpose_codes import FREE, purpose_codes
from mesa_llm_city.mobility.schedule import Plan
from mesa_llm_city.parameters import default_parameters

PARAMETERS = default_parameters()
CODES = purpose_codes(PARAMETERS).of
DAY = 5 * 1440
PURPOSES: Sequence[str | None] = (None, None, "meal", "work", "care", "shopping", "school")

blocks_of_a_day = st.tuples(
    st.sampled_from(PURPOSES),
    st.integers(1, 60),
    st.sampled_from([None, 3, 8]),
    st.booleans(),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    minute, plan = DAY + 5 * draw(st.integers(60, 120)), []
    for purpose, blocks, place, fixed in draw(st.lists(blocks_of_a_day, min_size=1, max_size=7)):
        end = minute + 5 * blocks
        plan.append(
            Activity(
                purpose=purpose,
                start_min=minute,
                end_min=end,
                place=place if purpose else None,
                fixed=fixed and purpose is not None,
            )
        )
        minute = end
    return tuple(plan)


some_plans = st.lists(plans(), min_size=1, max_size=4)
minutes_near = st.integers(60, 400).map(lambda blocks: DAY + 5 * blocks)


def columns(given_plans: Sequence[Plan], *, popped: bool = False) -> PlanBlocks:
    """Return plans as columns; `popped` ones had another block in front of them."""
    if not popped:
        return PlanBlocks.of(given_plans, PARAMETERS)
    before = Activity(purpose="sleep", start_min=0, end_min=DAY)
    blocks = PlanBlocks.of([(before, *one) for one in given_plans], PARAMETERS)
    blocks.pop_front(np.arange(len(blocks)))
    return blocks


def plain(blocks: PlanBlocks) -> list[Plan]:
    used = np.zeros(blocks.purpose.shape, dtype=bool)
    for row, (first, size) in enumerate(zip(blocks.first, blocks.size, strict=True)):
        used[row, first : first + size] = True
    assert ((blocks.purpose != UNUSED) == used).all()
    return [blocks.plan(row, PARAMETERS) for row in range(len(blocks))]


@settings(max_examples=25)
@given(some_plans)
def test_plans_come_back_from_columns_as_they_were(given_plans: list[Plan]) -> None:
    assert plain(columns(given_plans)) == given_plans
    assert plain(columns(given_plans, popped=True)) == given_plans


@settings(max_examples=25)
@given(
    given_plans=some_plans,
    length=st.integers(1, 40),
    near=minutes_near,
    window=st.integers(0, 60),
    shorten=st.booleans(),
    popped=st.booleans(),
)
def test_what_is_fitted_into_columns_is_what_is_fitted_into_each_plan(
    *, given_plans: list[Plan], length: int, near: int, window: int, shorten: bool, popped: bool
) -> None:
    within = (near - 5 * window, near + 5 * (window + length))
    found, is_found = plan_blocks.fit(
        columns(given_plans, popped=popped),
        CODES["meal"],
        minutes=5 * length,
        near_min=near,
        low_min=within[0],
        high_min=within[1],
        place=8,
        shorten=shorten,
    )
    alone = [
        schedule.fit(
            one, "meal", minutes=5 * length, near_min=near, within=within, place=8, shorten=shorten
        )
        for one in given_plans
    ]
    assert plain(found) == alone
    assert is_found.tolist() == [one != plan for one, plan in zip(alone, given_plans, strict=True)]


@settings(max_examples=25)
@given(some_plans, st.integers(1, 24), st.integers(4, 20), minutes_near, minutes_near)
def test_parts_are_fitted_as_into_each_plan(
    given_plans: list[Plan], total: int, longest: int, first: int, second: int
) -> None:
    within = (DAY, DAY + 2000)
    found = plan_blocks.fit_parts(
        columns(given_plans),
        CODES["housework"],
        minutes=5 * total,
        longest_min=5 * longest,
        near_min=np.array([[first, second]] * len(given_plans), dtype=np.int32),
        low_min=within[0],
        high_min=within[1],
    )
    assert plain(found) == [
        schedule.fit_parts(
            one,
            "housework",
            minutes=5 * total,
            longest_min=5 * longest,
            near_min=[first, second],
            within=within,
        )
        for one in given_plans
    ]


@settings(max_examples=25)
@given(given_plans=some_plans, popped=st.booleans())
def test_blocks_are_joined_as_in_each_plan(*, given_plans: list[Plan], popped: bool) -> None:
    found = plan_blocks.merged(columns(given_plans, popped=popped))
    assert plain(found) == [schedule.merged(one) for one in given_plans]


@settings(max_examples=25)
@given(some_plans, minutes_near, st.integers(1, 100))
def test_a_block_is_laid_over_each_plan(given_plans: list[Plan], start: int, length: int) -> None:
    count, end = len(given_plans), start + 5 * length
    found = plan_blocks.overlay(
        columns(given_plans), block(count, start, end, "work", place=3, fixed=1)
    )
    duty = Activity(purpose="work", start_min=start, end_min=end, place=3, fixed=True)
    assert plain(found) == [schedule.overlay(one, duty) for one in given_plans]


@settings(max_examples=25)
@given(
    given_plans=some_plans,
    start=minutes_near,
    length=st.integers(1, 12),
    out=st.booleans(),
)
def test_a_meal_interrupts_the_duties_that_it_interrupts_in_each_plan(
    *, given_plans: list[Plan], start: int, length: int, out: bool
) -> None:
    count = len(given_plans)
    found, is_found = plan_blocks.interrupt_duty(
        columns(given_plans),
        start_min=np.full(count, start, dtype=np.int32),
        minutes=np.full(count, 5 * length, dtype=np.int32),
        out=np.full(count, out),
        parameters=PARAMETERS,
    )
    alone = [
        meals.interrupt_duty(
            one, start_min=start, minutes=5 * length, out=out, parameters=PARAMETERS
        )
        for one in given_plans
    ]
    assert plain(found) == [one or plan for one, plan in zip(alone, given_plans, strict=True)]
    assert is_found.tolist() == [one is not None for one in alone]


def block(count: int, start: int, end: int, purpose: str | None, **told: int) -> BlockColumns:
    code = FREE if purpose is None else CODES[purpose]
    return BlockColumns(
        np.full(count, start, dtype=np.int32),
        np.full(count, end, dtype=np.int32),
        np.full(count, code, dtype=np.int16),
        np.full(count, told.get("place", NO_PLACE), dtype=np.int32),
        np.full(count, bool(told.get("fixed", 0))),
    )


MORNING: Plan = (
    Activity(purpose=None, start_min=400, end_min=500),
    Activity(purpose=Purpose.WORK, start_min=500, end_min=900, place=3, fixed=True),
)


def test_the_first_block_is_taken_off_and_another_put_in_front() -> None:
    blocks = PlanBlocks.of([MORNING, ()], PARAMETERS, most=3)
    rows = np.array([0, 1])
    taken = blocks.pop_front(rows)
    assert taken.purpose.tolist() == [FREE, UNUSED]
    assert (taken.start[0], taken.end[0]) == (400, 500)
    assert plain(blocks) == [MORNING[1:], ()]
    blocks.push_front(rows, block(2, 450, 500, None))
    blocks.push_front(rows, block(2, 400, 450, "meal", place=8))
    assert [len(one) for one in plain(blocks)] == [3, 2]
    assert [one.purpose for one in plain(blocks)[0]] == ["meal", None, "work"]
    assert blocks.head(rows).place.tolist() == [8, 8]


def test_blocks_are_replaced_and_deleted_where_they_stand() -> None:
    blocks = PlanBlocks.of([MORNING, MORNING], PARAMETERS)
    blocks.replace(np.array([1]), np.array([0]), block(1, 400, 500, "care", place=8))
    blocks.delete(np.array([0]), np.array([0]))
    assert [[one.purpose for one in plan] for plan in plain(blocks)] == [["work"], ["care", "work"]]


def test_rows_are_put_into_a_wider_table_and_taken_out_again() -> None:
    store = PlanBlocks.empty(4, most=6)
    store.put(np.array([2, 0]), PlanBlocks.of([MORNING, MORNING[1:]], PARAMETERS, most=2))
    assert plain(store) == [MORNING[1:], (), MORNING, ()]
    assert plain(store.take(np.array([2, 1]))) == [MORNING, ()]


def test_a_plan_without_room_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="has 2 blocks, and there is room for 1; make plans"):
        PlanBlocks.of([MORNING], PARAMETERS, most=1)
    with pytest.raises(ConfigError, match="room for 1"):
        PlanBlocks.empty(1, most=1).put(np.array([0]), PlanBlocks.of([MORNING], PARAMETERS))
    full = PlanBlocks.of([MORNING], PARAMETERS, most=2)
    with pytest.raises(ConfigError, match="room for 2"):
        full.push_front(np.array([0]), block(1, 300, 400, None))
    with pytest.raises(ConfigError, match="has 4 blocks"):
        plan_blocks.fit(full, CODES["meal"], minutes=20, near_min=450, low_min=0, high_min=900)
    assert plain(full) == [MORNING]
