"""Fitting activities into the empty blocks of a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import Activity

__all__ = ["BLOCK_MIN", "Plan", "fit", "outline", "overlay", "round_to_block", "split"]

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


def _closest(
    plan: Sequence[Activity], minutes: int, near_min: int, within: tuple[int, int]
) -> tuple[int, int] | None:
    starts = []
    for row, block in enumerate(plan):
        earliest = max(block.start_min, within[0])
        latest = min(block.end_min, within[1]) - minutes
        if block.purpose is None and earliest <= latest:
            start = min(max(near_min, earliest), latest)
            starts.append((abs(start - near_min), row, start))
    if not starts:
        return None
    _, row, start = min(starts)
    return row, start
