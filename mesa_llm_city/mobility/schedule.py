"""Fitting activities into the empty blocks of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import Activity
from mesa_llm_city.mobility.free_pieces import closest_of_one

__all__ = [
    "BLOCK_MIN",
    "Plan",
    "fit",
    "fit_parts",
    "merged",
    "outline",
    "overlay",
    "round_to_block",
    "split",
]

BLOCK_MIN = 5
"""Shortest block, in minutes (CitySim, appendix A)."""

Plan: TypeAlias = tuple[Activity, ...]
"""Blocks in order of time, without gap or overlap."""


def round_to_block(minutes: float) -> int:
    """Round to whole blocks of five minutes.

    Examples
    --------
    >>> round_to_block(62.6)
    65
    """
    return BLOCK_MIN * round(minutes / BLOCK_MIN)


def split(block: Activity, activity: Activity) -> Plan:
    """Subdivide `block` around an `activity` that lies within it.

    Examples
    --------
    >>> empty = Activity(purpose=None, start_min=0, end_min=60)
    >>> lunch = Activity(purpose="meal", start_min=20, end_min=60)
    >>> [(one.purpose, one.minutes) for one in split(empty, lunch)]
    [(None, 20), ('meal', 40)]
    """
    before = _part(block, block.start_min, activity.start_min)
    after = _part(block, activity.end_min, block.end_min)
    return (*before, activity, *after)


def _part(block: Activity, start_min: int, end_min: int) -> Plan:
    if end_min <= start_min:
        return ()
    return (
        Activity(
            purpose=block.purpose,
            start_min=start_min,
            end_min=end_min,
            place=block.place,
            fixed=block.fixed,
        ),
    )


def overlay(plan: Sequence[Activity], activity: Activity) -> Plan:
    """Put a mandatory `activity` into the empty block of `plan` in which it begins.

    It ends with that block at the latest, and is left out if no empty block is there.
    """
    for row, block in enumerate(plan):
        if block.purpose is None and block.start_min <= activity.start_min < block.end_min:
            (cut,) = _part(activity, activity.start_min, min(activity.end_min, block.end_min))
            return (*plan[:row], *split(block, cut), *plan[row + 1 :])
    return tuple(plan)


def outline(plan: Sequence[Activity]) -> str:
    """Write a plan in a line.

    Examples
    --------
    >>> outline([Activity(purpose="meal", start_min=450, end_min=470)])
    '07:30 meal'
    """
    return ", ".join(f"{clock_time(one.start_min)} {one.purpose or 'free'}" for one in plan)


def fit(
    plan: Sequence[Activity],
    purpose: str,
    *,
    minutes: int,
    near_min: int,
    within: tuple[int, int],
    place: int | None = None,
    shorten: bool = True,
) -> Plan:
    """Put an activity into the empty block where it begins closest to the time wished for.

    Parameters
    ----------
    plan : sequence of Activity
        Blocks in order of time.
    purpose : str
        What to fit in.
    minutes : int
        How long it takes.
    near_min : int
        When it should begin, in minutes of the run.
    within : tuple of int
        Earliest begin and latest end, in minutes of the run.
    place : int, optional
        Where, if that is settled.
    shorten : bool, default True
        Whether half of its length is tried if it fits nowhere; then it is left out.

    Returns
    -------
    tuple of Activity
        The plan with the block subdivided (CitySim, appendix A.1.1, step 2).
    """
    for length in (minutes, round_to_block(minutes / 2))[: 1 + shorten]:
        found = _closest(plan, length, near_min, within) if length >= BLOCK_MIN else None
        if found is not None:
            row, start = found
            activity = Activity(
                purpose=purpose, start_min=start, end_min=start + length, place=place
            )
            return (*plan[:row], *split(plan[row], activity), *plan[row + 1 :])
    return tuple(plan)


def fit_parts(
    plan: Sequence[Activity],
    purpose: str,
    *,
    minutes: int,
    longest_min: int,
    near_min: Sequence[int],
    within: tuple[int, int],
    place: int | None = None,
) -> Plan:
    """Put an activity into empty blocks in as many parts as it takes.

    Parameters
    ----------
    plan, purpose, within, place
        As in `fit`.
    minutes : int
        How long it takes in all; what fits nowhere is left out.
    longest_min : int
        Longest part.
    near_min : sequence of int
        When the parts should begin, in turn; the last holds for all further parts.

    Returns
    -------
    tuple of Activity
        The plan with the blocks subdivided.

    Examples
    --------
    >>> empty = Activity(purpose=None, start_min=0, end_min=200)
    >>> parts = fit_parts([empty], "housework", minutes=90, longest_min=60,
    ...                   near_min=[20, 150], within=(0, 200))
    >>> [(one.start_min, one.minutes) for one in parts if one.purpose]
    [(20, 60), (150, 30)]
    """
    left, longest, part = minutes, longest_min, 0
    while left >= BLOCK_MIN and longest >= BLOCK_MIN:
        length = min(left, longest)
        near = near_min[min(part, len(near_min) - 1)]
        found = _closest(plan, length, near, within)
        if found is None:
            longest = round_to_block(length / 2)
            continue
        row, start = found
        activity = Activity(purpose=purpose, start_min=start, end_min=start + length, place=place)
        plan = (*plan[:row], *split(plan[row], activity), *plan[row + 1 :])
        left, part = left - length, part + 1
    return tuple(plan)


def merged(plan: Sequence[Activity]) -> Plan:
    """Join blocks for the same purpose at the same place that follow one another.

    Duties and nights, which are fixed, and what is done at a place yet to be chosen stay apart.

    Examples
    --------
    >>> empty = [Activity(purpose=None, start_min=at, end_min=at + 5) for at in (0, 5)]
    >>> [(one.start_min, one.end_min) for one in merged(empty)]
    [(0, 10)]
    """
    blocks: list[Activity] = []
    for one in plan:
        if blocks and _is_more_of(blocks[-1], one):
            blocks[-1] = replace(blocks[-1], end_min=one.end_min)
        else:
            blocks.append(one)
    return tuple(blocks)


def _is_more_of(before: Activity, after: Activity) -> bool:
    if after.purpose is None:
        return before.purpose is None
    same = before.purpose == after.purpose and before.place == after.place
    return same and after.place is not None and not before.fixed and not after.fixed


def _closest(
    plan: Sequence[Activity], minutes: int, near_min: int, within: tuple[int, int]
) -> tuple[int, int] | None:
    rows = [row for row, one in enumerate(plan) if one.purpose is None]
    found = closest_of_one(
        [(plan[row].start_min, plan[row].end_min) for row in rows],
        minutes,
        near_min=near_min,
        low_min=within[0],
        high_min=within[1],
    )
    return None if found is None else (rows[found[0]], found[1])
