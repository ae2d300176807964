"""Loops over rows change and read plans as the operations on columns do."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.values import Activity
from mesa_llm_city.crowd.plan_store import PlanStore
from mesa_llm_city.crowd.state_arrays import arrays_of
from mesa_llm_city.mobility.plan_blocks import PlanBlocks
from mesa_llm_city.parameters import CityParameters
from tests.loops import FORMS, loops

TREE = CityParameters()
NAMES = tuple(TREE.purposes)
ROWS, NEVER = 60, 10**9


def random_plan(drawn: np.random.Generator) -> tuple[Activity, ...]:
    bounds = 400 + 5 * np.cumsum(drawn.integers(1, 15, 10))
    free = drawn.random(9) < 0.5
    return tuple(
        Activity(
            purpose=None if free[at] else NAMES[int(drawn.integers(5))],
            start_min=int(bounds[at]),
            end_min=int(bounds[at + 1]),
            place=None if free[at] else int(drawn.choice([3, 7, 7, 11])),
            fixed=bool(not free[at] and drawn.random() < 0.3),
        )
        for at in range(9)
    )


def made() -> PlanStore:
    home, work = np.arange(ROWS) + 5, np.full(ROWS, 3)
    return PlanStore(home, work, width=12, purposes=len(NAMES))


def lived() -> list[list[object]]:
    """Take blocks off plans at rising minutes, and return what was found."""
    drawn, told = np.random.default_rng(6), []
    store, every = made(), np.arange(ROWS)
    store.replace(every, PlanBlocks.of([random_plan(drawn) for _ in every], TREE, most=12))
    minute = np.full(ROWS, 380)
    for _ in range(14):
        rows = np.flatnonzero(drawn.random(ROWS) < 0.8)
        wanted = drawn.integers(0, 5, len(rows))
        told.append(store.next_start(rows, wanted, NEVER).tolist())
        told.append(store.next_fixed(rows, minute[rows] + 1440).tolist())
        blocks, found = store.take(rows, minute[rows])
        columns = blocks.start, blocks.end, blocks.purpose, blocks.place, blocks.fixed
        told += [found.tolist(), *(one[found].tolist() for one in columns)]
        told.append(store.front_place(rows).tolist())
        back = drawn.random(len(rows)) < 0.3
        back &= found
        store.put_back(rows[back], blocks.take(back), blocks.start[back] + 5)
        given = drawn.integers(0, 5, len(rows))
        told.append(store.give_up(rows, given, minute[rows] + 60).tolist())
        ends = np.where(found, blocks.end, minute[rows])
        minute[rows] = ends + drawn.integers(-4, 12, len(rows))
    return [*told, *(one.tolist() for _, one in arrays_of(store))]


@pytest.mark.parametrize("compiles", FORMS)
def test_blocks_are_taken_and_found_as_by_columns(*, compiles: bool) -> None:
    with kernels.use(wanted=False):
        expected = lived()
    with loops(compiles=compiles):
        assert lived() == expected
