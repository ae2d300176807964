"""Plans of rows change as the draft of one person does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.citizen.draft import Draft
from mesa_llm_city.core import kernels
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Activity
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.plan_store import PlanStore
from mesa_llm_city.mobility.plan_blocks import PlanBlocks
from mesa_llm_city.parameters import CityParameters
from tests.loops import FORMS, loops

TREE = CityParameters()
NAMES = tuple(TREE.purposes)
DRAWN = np.random.default_rng(12)
HOME, WORK = 3, 8


def made(count: int, width: int) -> PlanStore:
    home, work = np.full(count, HOME), np.full(count, WORK)
    return PlanStore(home, work, width=width, purposes=len(NAMES))


def random_plan() -> tuple[Activity, ...]:
    start, plan = 400 + 5 * int(DRAWN.integers(10)), []
    for _ in range(int(DRAWN.integers(1, 9))):
        end = start + 5 * int(DRAWN.integers(1, 20))
        free = DRAWN.random() < 0.4
        plan.append(
            Activity(
                purpose=None if free else NAMES[int(DRAWN.integers(len(NAMES)))],
                start_min=start,
                end_min=end,
                place=None if free or DRAWN.random() < 0.3 else int(DRAWN.integers(2, 9)),
                fixed=not free and bool(DRAWN.random() < 0.3),
            )
        )
        start = end
    return tuple(plan)


def columns(blocks: list[Activity]) -> Blocks:
    return Blocks(
        np.array([one.start_min for one in blocks]),
        np.array([one.end_min for one in blocks]),
        np.array([FREE if one.purpose is None else NAMES.index(one.purpose) for one in blocks]),
        np.array([NOWHERE if one.place is None else one.place for one in blocks]),
        np.array([one.fixed for one in blocks]),
    )


def rows_of(blocks: Blocks) -> list[tuple[object, ...]]:
    named = (blocks.start, blocks.end, blocks.purpose, blocks.place, blocks.fixed)
    return list(zip(*(one.tolist() for one in named), strict=True))


def ahead(store: PlanStore, row: int) -> list[tuple[object, ...]]:
    found, rows = [], np.array([row])
    while store.exists(rows)[0]:
        found += rows_of(store.front(rows))
        store.take(rows, store.front(rows).start)
    return found


def test_taking_prolonging_and_putting_back_are_those_of_a_draft() -> None:
    plans = [random_plan() for _ in range(300)]
    drafts = [Draft(list(one), 0, None, resting=False) for one in plans]
    store = made(len(plans), 32)
    rows = np.arange(len(plans))
    store.replace(rows, PlanBlocks.of(plans, TREE))
    minute = np.array([one[0].start_min for one in plans])
    for _ in range(12):
        minute = minute + 5 * DRAWN.integers(0, 12, size=len(plans)) + DRAWN.integers(0, 5)
        block, found = store.take(rows, minute)
        taken = [draft.take(at) for draft, at in zip(drafts, minute.tolist(), strict=True)]
        assert [one is not None for one in taken] == found.tolist()
        assert rows_of(block.take(found)) == rows_of(columns([one for one in taken if one]))
        late = DRAWN.integers(0, 30, size=len(plans))
        back = np.flatnonzero(found & (DRAWN.random(len(plans)) < 0.4))
        part = block.take(back)
        store.prolong(back, part, late[back])
        store.put_back(back, part, part.start + 10)
        for row in back.tolist():
            longer = drafts[row].prolong(taken[row] or plans[row][0], int(late[row]))
            drafts[row].put_back(longer, longer.start_min + 10)
    for row, draft in enumerate(drafts):
        assert ahead(store, row) == rows_of(columns(draft.plan))


def test_a_planned_meal_is_given_up_as_in_a_draft() -> None:
    plans = [random_plan() for _ in range(300)]
    drafts = [Draft(list(one), 0, None, resting=False) for one in plans]
    store = made(len(plans), 32)
    rows, meal = np.arange(len(plans)), NAMES.index("meal")
    store.replace(rows, PlanBlocks.of(plans, TREE))
    fixed = [min((one.start_min for one in plan if one.fixed), default=7) for plan in plans]
    assert store.next_fixed(rows, np.full(len(plans), 7)).tolist() == fixed
    meals = [
        min((one.start_min for one in plan if one.purpose == "meal"), default=9) for plan in plans
    ]
    assert store.next_start(rows, meal, 9).tolist() == meals
    minutes = store.give_up(rows, np.full(len(plans), meal), np.full(len(plans), 700))
    assert minutes.tolist() == [draft.give_up("meal", before_min=700) for draft in drafts]
    for row, draft in enumerate(drafts):
        assert ahead(store, row) == rows_of(columns(draft.plan))


def test_what_is_put_in_front_of_a_full_plan_finds_room() -> None:
    plan = random_plan()
    store, rows = made(1, 12), np.array([0])
    store.replace(rows, PlanBlocks.of([plan], TREE))
    first = replace(plan[0], purpose="meal", place=3, fixed=False)
    pushed = [replace(first, start_min=first.start_min - 5 * count) for count in range(7)]
    for one in pushed:
        store.push(rows, columns([one]))
    assert ahead(store, 0)[:7] == rows_of(columns(pushed[::-1]))


def test_a_plan_that_grows_too_long_is_refused() -> None:
    store, rows = made(1, 4), np.array([0])
    block = columns([Activity(purpose="meal", start_min=500, end_min=520, place=3)])
    for _ in range(6):
        store.push(rows, block)
    with pytest.raises(DataError, match="more than 6 blocks"):
        store.push(rows, block)


def at_places(count: int) -> tuple[Activity, ...]:
    return tuple(
        Activity(
            purpose="shopping", start_min=400 + 30 * one, end_min=430 + 30 * one, place=20 + one
        )
        for one in range(count)
    )


@pytest.mark.parametrize("compiles", [None, *FORMS])
def test_a_plan_keeps_four_places_beside_home_and_work(*, compiles: bool | None) -> None:
    with kernels.use(wanted=False) if compiles is None else loops(compiles=bool(compiles)):
        store, rows, plan = made(2, 12), np.array([1]), at_places(9)
        store.replace(rows, PlanBlocks.of([plan[1:5]], TREE))
        store.push(rows, columns([replace(plan[0], place=HOME)]))
        with pytest.raises(DataError, match="at more than 4 places"):
            store.push(rows, columns([plan[0]]))
        with pytest.raises(DataError, match="at more than 4 places"):
            store.replace(rows, PlanBlocks.of([plan], TREE))
        store.replace(rows, PlanBlocks.of([plan[:4]], TREE))
        for one in plan[:3]:
            store.take(rows, np.array([one.start_min]))
        # The place of what is over makes room for another one.
        store.push(rows, columns([plan[7]]))
        assert ahead(store, 1) == rows_of(columns([plan[7], plan[3]]))


def test_the_next_block_moves_to_another_place_and_stays_what_it_is() -> None:
    store, rows, plan = made(3, 12), np.array([2, 0]), at_places(2)
    store.replace(rows, PlanBlocks.of([plan, (replace(plan[0], fixed=True),)], TREE))
    store.move_front(rows, np.array([HOME, 40]))
    assert ahead(store, 2) == rows_of(columns([replace(plan[0], place=HOME), plan[1]]))
    assert ahead(store, 0) == rows_of(columns([replace(plan[0], place=40, fixed=True)]))
    store.replace(rows[:1], PlanBlocks.of([at_places(4)], TREE))
    with pytest.raises(DataError, match="at more than 4 places"):
        store.move_front(rows[:1], np.array([90]))


@pytest.mark.parametrize("compiles", [None, *FORMS])
def test_a_plan_of_many_days_is_refused(*, compiles: bool | None) -> None:
    long = (*at_places(2), Activity(purpose="sleep", start_min=460, end_min=40_000, place=HOME))
    with kernels.use(wanted=False) if compiles is None else loops(compiles=bool(compiles)):
        store = made(2, 12)
        with pytest.raises(DataError, match="more than 32767 minutes"):
            store.replace(np.array([1]), PlanBlocks.of([long], TREE))


def test_many_purposes_are_kept_too() -> None:
    home, work = np.array([HOME]), np.array([WORK])
    store, rows = PlanStore(home, work, width=4, purposes=40), np.array([0])
    one, none = np.array([5]), np.array([NOWHERE])
    store.push(rows, Blocks(one, one + 20, np.array([39]), none, np.array([True])))
    assert rows_of(store.ahead(0)) == [(5, 25, 39, NOWHERE, True)]
