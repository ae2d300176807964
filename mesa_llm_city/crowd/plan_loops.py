"""What is done at the front of plans, as loops over rows that are compiled (see `kernels`).

They do what `PlanStore` does in NumPy.
"""

from __future__ import annotations

from mesa_llm_city.core.prefetch import AHEAD
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, BlockColumns
from mesa_llm_city.crowd.plan_row_loops import (
    Columns,
    ask_for_plan,
    front_place_at,
    give_up_block,
    is_fixed_in,
    next_fixed_of,
    next_start_of,
    place_in,
    prolong_by,
    purpose_in,
    push_block,
    put_first,
)
from mesa_llm_city.mobility.layout_loops import Laid
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = [
    "LATEST",
    "fill_front_places",
    "find_next",
    "give_up_blocks",
    "push_blocks",
    "put_plans",
    "take_blocks",
]

LATEST = 2**15 - 1
"""Last minute of a plan, from its begin."""


def put_plans(plans: Columns, rows: Int, laid: Laid) -> int:
    """Replace the plans of m rows (see `PlanStore.replace`).

    Parameters
    ----------
    plans : Columns
        The plans, which are changed.
    rows : ndarray of int64, shape (m,)
        The rows.
    laid : Laid
        Their new plans.

    Returns
    -------
    int
        How many were replaced: m, or the position of the first that cannot be kept.
    """
    width = plans.code.shape[1]
    for at in range(len(rows)):
        row, size = rows[at], laid.size[at]
        base = laid.start[at, 0] if size else 0
        if size > width or (size and laid.end[at, size - 1] - base > LATEST):
            return at
        plans.base[row], plans.head[row] = base, width
        for block in range(size - 1, -1, -1):
            begins, ends = laid.start[at, block] - base, laid.end[at, block] - base
            purpose, place = laid.purpose[at, block], laid.place[at, block]
            if not put_first(plans, row, begins, ends, purpose, place, laid.fixed[at, block]):
                return at
    return len(rows)


def push_blocks(plans: Columns, rows: Int, blocks: BlockColumns) -> int:
    """Put a block in front of the plan of each of m rows (see `PlanStore.push`).

    Returns
    -------
    int
        How many were put there: m, or the position of the first for which there is no room.
    """
    for at in range(len(rows)):
        begins, ends, purpose = blocks.start[at], blocks.end[at], blocks.purpose[at]
        place, is_fixed = blocks.place[at], blocks.fixed[at]
        if not push_block(plans, rows[at], begins, ends, purpose, place, is_fixed):
            return at
    return len(rows)


def take_blocks(plans: Columns, rows: Int, minute: Int, blocks: BlockColumns, found: Bool) -> None:
    """Take the block of a minute off the plan of each of m rows (see `PlanStore.take`).

    Parameters
    ----------
    plans : Columns
        The plans, which are changed.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    blocks : BlockColumns
        Are filled with the blocks where there is one.
    found : ndarray of bool, shape (m,)
        Is filled with whether there is one.
    """
    width = plans.code.shape[1]
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            ask_for_plan(plans, rows[at + AHEAD])
        row, now = unsigned(rows[at]), minute[at]
        base, head = int(plans.base[row]), int(plans.head[row])
        while head < width and base + plans.end[row, head] - now < BLOCK_MIN:
            head += 1
        plans.head[row] = head
        found[at] = head < width
        if head >= width:
            continue
        begins, until = base + plans.start[row, head], base + plans.end[row, head]
        blocks.start[at] = now
        if begins > now:
            blocks.end[at], blocks.purpose[at] = begins, FREE
            blocks.place[at], blocks.fixed[at] = NOWHERE, False
            continue
        code = plans.code[row, head]
        purpose, is_fixed = purpose_in(code), is_fixed_in(code)
        blocks.purpose[at], blocks.fixed[at] = purpose, is_fixed
        blocks.place[at] = place_in(plans, row, code)
        plans.head[row] = head + 1
        if now > begins and not is_fixed and purpose != FREE:
            until += prolong_by(plans, row, now - begins)
        blocks.end[at] = until


def give_up_blocks(plans: Columns, rows: Int, purpose: Int, before: Int, minutes: Int) -> None:
    """Free the next block for a purpose of each of m rows (see `PlanStore.give_up`).

    Parameters
    ----------
    plans : Columns
        The plans, which are changed.
    rows, purpose, before : ndarray of int64, shape (m,)
        The rows, the purpose, and the minute before which the block begins.
    minutes : ndarray of int64, shape (m,)
        Is filled with the lengths of the blocks, 0 where there is none.
    """
    for at in range(len(rows)):
        minutes[at] = give_up_block(plans, rows[at], purpose[at], before[at])


def fill_front_places(plans: Columns, rows: Int, place: Int) -> None:
    """Fill where the next block of each of m rows is (see `PlanStore.front_place`)."""
    for at in range(len(rows)):
        place[at] = front_place_at(plans, rows[at])


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
        row, none = rows[at], otherwise[at]
        if any_fixed:
            soonest[at] = next_fixed_of(plans, row, none)
        else:
            soonest[at] = next_start_of(plans, row, purpose[at], none)
