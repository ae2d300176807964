"""What is done at the front of plans, as loops over rows that are compiled (see `kernels`).

They do what `PlanStore` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.crowd.blocks import FREE, NOWHERE
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = ["Columns", "find_next", "front_place_at", "prolong_by", "take_blocks"]


class Columns(NamedTuple):
    """The columns of plans of n rows, with room for w blocks each (see `PlanStore`)."""

    base: NDArray[np.int32]
    start: NDArray[np.int16]
    end: NDArray[np.int16]
    purpose: NDArray[np.int8]
    place: NDArray[np.int32]
    fixed: Bool
    head: NDArray[np.int8]
    tail: NDArray[np.int8]


def take_blocks(  # noqa: PLR0917 - compiled loops take no keywords
    plans: Columns,
    rows: Int,
    minute: Int,
    start: Int,
    end: Int,
    purpose: Int,
    place: Int,
    fixed: Bool,
    found: Bool,
) -> None:
    """Take the block of a minute off the plan of each of m rows (see `PlanStore.take`).

    Parameters
    ----------
    plans : Columns
        The plans, which are changed.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    start, end, purpose, place : ndarray of int64, shape (m,)
        Are filled with the blocks where there is one.
    fixed, found : ndarray of bool, shape (m,)
        Are filled likewise, and with whether there is one.
    """
    for at in range(len(rows)):
        row, now = rows[at], minute[at]
        base, head, tail = plans.base[row], plans.head[row], plans.tail[row]
        while head < tail and base + plans.end[row, head] - now < BLOCK_MIN:
            head += 1
        plans.head[row] = head
        found[at] = head < tail
        if head >= tail:
            continue
        begins, until = base + plans.start[row, head], base + plans.end[row, head]
        if begins > now:
            end[at], purpose[at], place[at], fixed[at] = begins, FREE, NOWHERE, False
        else:
            kind, is_fixed = plans.purpose[row, head], plans.fixed[row, head]
            purpose[at], place[at], fixed[at] = kind, plans.place[row, head], is_fixed
            head += 1
            late = now - begins
            may = late > 0 and not is_fixed and kind != FREE and head < tail
            if may and plans.purpose[row, head] == FREE:
                free = plans.end[row, head] - plans.start[row, head]
                by = min(late, free)
                plans.start[row, head] += by
                until += by
                if by == free:
                    head += 1
            end[at] = until
            plans.head[row] = head
        start[at] = now


def find_next(  # noqa: PLR0917 - compiled loops take no keywords
    plans: Columns,
    rows: Int,
    purpose: Int,
    any_fixed: bool,  # noqa: FBT001 - likewise
    otherwise: Int,
    soonest: Int,
) -> None:
    """Fill when the next block of a kind begins in each of m rows.

    Parameters
    ----------
    plans : Columns
        The plans.
    rows : ndarray of int64, shape (m,)
        The rows.
    purpose : ndarray of int64, shape (m,)
        Position of the purpose that is looked for in each.
    any_fixed : bool
        Whether a night or duty is looked for instead.
    otherwise : ndarray of int64, shape (m,)
        What is filled in where there is none.
    soonest : ndarray of int64, shape (m,)
        Is filled with minutes.
    """
    for at in range(len(rows)):
        row = rows[at]
        soonest[at] = otherwise[at]
        is_found = False
        for block in range(plans.head[row], plans.tail[row]):
            fits = (
                plans.fixed[row, block] if any_fixed else plans.purpose[row, block] == purpose[at]
            )
            if fits:
                begins = plans.base[row] + plans.start[row, block]
                if not is_found or begins < soonest[at]:
                    soonest[at], is_found = begins, True


def front_place_at(plans: Columns, row: int) -> int:
    """Return where the next block of a row is (see `PlanStore.front_place`)."""
    head = plans.head[row]
    return plans.place[row, head] if head < plans.tail[row] else NOWHERE


def prolong_by(plans: Columns, row: int, late: int) -> int:
    """Return how much later the block before those of a row may end (see `PlanStore.prolong`).

    Free time that follows begins as much later. The block has a purpose and no fixed end.
    """
    head = plans.head[row]
    if head >= plans.tail[row] or plans.purpose[row, head] != FREE:
        return 0
    free = plans.end[row, head] - plans.start[row, head]
    by: int = min(late, free)
    plans.start[row, head] += by
    if by == free:
        plans.head[row] = head + 1
    return by
