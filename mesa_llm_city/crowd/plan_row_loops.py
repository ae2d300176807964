"""The plan of one row: how it is kept, and what is done with it, in a form that loops call.

They do what `PlanStore` does in NumPy.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.prefetch import prefetch, prefetch_all
from mesa_llm_city.core.values import Whole
from mesa_llm_city.crowd.blocks import FREE, NOWHERE
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = [
    "AT_HOME",
    "AT_WORK",
    "ELSEWHERE",
    "NO_ROOM",
    "Codes",
    "Columns",
    "ask_for_plan",
    "front_place_at",
    "give_up_block",
    "is_fixed_in",
    "kind_of_place",
    "next_fixed_of",
    "next_start_of",
    "place_in",
    "prolong_by",
    "purpose_in",
    "push_block",
    "put_back_block",
    "put_first",
]

AT_HOME, AT_WORK, ELSEWHERE = 1, 2, 3
"""Where a block is: at home, at work, or at the first of the other places; 0 to be chosen."""
NO_ROOM = -1
"""Stands for a place that cannot be kept."""


Codes = NDArray[np.unsignedinteger[Any]]
"""What blocks are, as whole numbers without a sign (see `Columns`)."""


class Columns(NamedTuple):
    """The columns of plans of n rows, with room for w blocks each.

    Attributes
    ----------
    base : ndarray of int32, shape (n,)
        Minute of the run from which those of the plan count.
    start, end : ndarray of int16, shape (n, w)
        From and to.
    code : ndarray of uint8 or uint16, shape (n, w)
        What for, from 1 on and 0 for free time, in the upper bits; where, in three bits; and
        whether the end is binding, in one.
    head : ndarray of int8, shape (n,)
        Column of the next block; the last one is in the last column.
    other : ndarray of int32, shape (n, o)
        Places that blocks are at beside home and work; `NOWHERE` for none.
    home, work : ndarray of int, shape (n,)
        Where each lives, and works or learns.
    """

    base: NDArray[np.int32]
    start: NDArray[np.int16]
    end: NDArray[np.int16]
    code: Codes
    head: NDArray[np.int8]
    other: NDArray[np.int32]
    home: Whole
    work: Whole


def ask_for_plan(plans: Columns, row: int) -> None:
    """Ask for the plan of a row, before it is needed (see `prefetch`)."""
    prefetch(plans.base, row)
    prefetch(plans.head, row)
    prefetch_all(plans.start, row)
    prefetch_all(plans.end, row)
    prefetch_all(plans.code, row)
    prefetch(plans.home, row)
    prefetch(plans.work, row)


def purpose_in(code: int) -> int:
    """Return what a block is for, by its code; `FREE` for free time."""
    return (int(code) >> 4) - 1


def is_fixed_in(code: int) -> bool:
    """Tell whether the end of a block is binding, by its code."""
    return int(code) & 1 == 1


def place_in(plans: Columns, row: int, code: int) -> int:
    """Return where a block of a row is, by its code; `NOWHERE` if that is to be chosen."""
    kind = int(code) >> 1 & 7
    if kind == AT_HOME:
        return int(plans.home[row])
    if kind == AT_WORK:
        return int(plans.work[row])
    return int(plans.other[row, kind - ELSEWHERE]) if kind >= ELSEWHERE else NOWHERE


def kind_of_place(plans: Columns, row: int, place: int) -> int:
    """Return what stands for a place in codes of a row, which keeps it from now on.

    Returns
    -------
    int
        `NO_ROOM` if blocks ahead are at as many other places as can be kept.
    """
    if place == NOWHERE:
        return 0
    if place == plans.home[row]:
        return AT_HOME
    if place == plans.work[row]:
        return AT_WORK
    for at in range(plans.other.shape[1]):
        if plans.other[row, at] == place:
            return ELSEWHERE + at
    for at in range(plans.other.shape[1]):
        if not _is_ahead(plans, row, ELSEWHERE + at):
            plans.other[row, at] = place
            return ELSEWHERE + at
    return NO_ROOM


def _is_ahead(plans: Columns, row: int, kind: int) -> bool:
    """Tell whether any block of a row is at a place."""
    for at in range(plans.head[row], plans.code.shape[1]):
        if int(plans.code[row, at]) >> 1 & 7 == kind:
            return True
    return False


def put_first(  # noqa: PLR0917 - compiled loops take no keywords
    plans: Columns,
    row: int,
    start: int,
    end: int,
    purpose: int,
    place: int,
    fixed: bool,  # noqa: FBT001 - likewise
) -> bool:
    """Put a block before the others of a row, in minutes from where its plan counts.

    Returns
    -------
    bool
        False if there is no room for it; then nothing is changed.
    """
    kind, head = kind_of_place(plans, row, place), int(plans.head[row]) - 1
    if kind == NO_ROOM or head < 0:
        return False
    plans.head[row] = head
    plans.start[row, head], plans.end[row, head] = start, end
    plans.code[row, head] = (purpose + 1 << 4) | (kind << 1) | (1 if fixed else 0)
    return True


def push_block(  # noqa: PLR0917 - compiled loops take no keywords
    plans: Columns,
    row: int,
    start: int,
    end: int,
    purpose: int,
    place: int,
    fixed: bool,  # noqa: FBT001 - likewise
) -> bool:
    """Put a block in front of the plan of one row (see `PlanStore.push`).

    Parameters
    ----------
    plans : Columns
        The plans, which are changed.
    row : int
        The row.
    start, end, purpose, place, fixed
        The block, in minutes of the run.

    Returns
    -------
    bool
        False if the plan has no room for another block; then nothing is changed.
    """
    if plans.head[row] >= plans.code.shape[1]:
        plans.base[row] = start
    base = int(plans.base[row])
    return put_first(plans, row, start - base, end - base, purpose, place, fixed)


def put_back_block(  # noqa: PLR0917 - compiled loops take no keywords
    plans: Columns,
    row: int,
    start: int,
    end: int,
    purpose: int,
    place: int,
    fixed: bool,  # noqa: FBT001 - likewise
) -> bool:
    """Put back what remains of a block from `start` on (see `PlanStore.put_back`).

    Returns
    -------
    bool
        False if the plan has no room for it.
    """
    if end - start < BLOCK_MIN:
        return True
    return push_block(plans, row, start, end, purpose, place, fixed)


def prolong_by(plans: Columns, row: int, late: int) -> int:
    """Return how much later the block before those of a row may end (see `PlanStore.prolong`).

    Free time that follows begins as much later. The block has a purpose and no fixed end.
    """
    head = int(plans.head[row])
    if head >= plans.code.shape[1] or purpose_in(plans.code[row, head]) != FREE:
        return 0
    free = int(plans.end[row, head]) - int(plans.start[row, head])
    by = min(late, free)
    plans.start[row, head] += by
    if by == free:
        plans.head[row] = head + 1
    return by


def front_place_at(plans: Columns, row: int) -> int:
    """Return where the next block of a row is (see `PlanStore.front_place`)."""
    head = plans.head[row]
    if head >= plans.code.shape[1]:
        return NOWHERE
    return place_in(plans, row, plans.code[row, head])


def give_up_block(plans: Columns, row: int, purpose: int, before: float) -> int:
    """Free the next block for a purpose before a minute, and return its length; else 0."""
    base = plans.base[row]
    for at in range(plans.head[row], plans.code.shape[1]):
        code = plans.code[row, at]
        if purpose_in(code) != purpose or is_fixed_in(code):
            continue
        if base + plans.start[row, at] < before:
            plans.code[row, at] = 0
            return int(plans.end[row, at]) - int(plans.start[row, at])
    return 0


def next_start_of(plans: Columns, row: int, purpose: int, otherwise: int) -> int:
    """Return when the next block for a purpose begins in a row, or `otherwise`."""
    # What has been prolonged may be put back before blocks that begin earlier.
    soonest, is_found = otherwise, False
    for at in range(plans.head[row], plans.code.shape[1]):
        if purpose_in(plans.code[row, at]) == purpose:
            begins = int(plans.base[row]) + int(plans.start[row, at])
            soonest, is_found = min(soonest, begins) if is_found else begins, True
    return soonest


def next_fixed_of(plans: Columns, row: int, otherwise: int) -> int:
    """Return when the next night or duty begins in a row, or `otherwise`."""
    soonest, is_found = otherwise, False
    for at in range(plans.head[row], plans.code.shape[1]):
        if is_fixed_in(plans.code[row, at]):
            begins = int(plans.base[row]) + int(plans.start[row, at])
            soonest, is_found = min(soonest, begins) if is_found else begins, True
    return soonest
