"""The plan of one row, in a form that loops over rows call (see `kernels`).

They do what `PlanStore` does in NumPy.
"""

from __future__ import annotations

from mesa_llm_city.crowd.blocks import FREE, NOWHERE
from mesa_llm_city.crowd.plan_loops import Columns, push_block
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = ["give_up_block", "next_fixed_of", "next_start_of", "put_back_block"]


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


def give_up_block(plans: Columns, row: int, purpose: int, before: float) -> int:
    """Free the next block for a purpose before a minute, and return its length; else 0."""
    base = plans.base[row]
    for at in range(plans.head[row], plans.tail[row]):
        if plans.purpose[row, at] != purpose or plans.fixed[row, at]:
            continue
        if base + plans.start[row, at] < before:
            minutes = int(plans.end[row, at]) - int(plans.start[row, at])
            plans.purpose[row, at], plans.place[row, at] = FREE, NOWHERE
            return minutes
    return 0


def next_start_of(plans: Columns, row: int, purpose: int, otherwise: int) -> int:
    """Return when the next block for a purpose begins in a row, or `otherwise`."""
    # What has been prolonged may be put back before blocks that begin earlier.
    soonest, is_found = otherwise, False
    for at in range(plans.head[row], plans.tail[row]):
        if plans.purpose[row, at] == purpose:
            begins = int(plans.base[row] + plans.start[row, at])
            soonest, is_found = min(soonest, begins) if is_found else begins, True
    return soonest


def next_fixed_of(plans: Columns, row: int, otherwise: int) -> int:
    """Return when the next night or duty begins in a row, or `otherwise`."""
    soonest, is_found = otherwise, False
    for at in range(plans.head[row], plans.tail[row]):
        if plans.fixed[row, at]:
            begins = int(plans.base[row] + plans.start[row, at])
            soonest, is_found = min(soonest, begins) if is_found else begins, True
    return soonest
