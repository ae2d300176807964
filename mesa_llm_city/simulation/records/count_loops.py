"""Compiled loop of `counts.HourBlocks`."""

from __future__ import annotations

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Int

__all__ = ["add_minutes"]

_DAY_H = DAY_MIN // HOUR_MIN


def add_minutes(counts: Int, day: int, start: Int, end: Int, cell: Int) -> int:
    """Add what spans of time add to the hours of a day (see `HourBlocks.add_spans`).

    Parameters
    ----------
    counts : ndarray of int64, shape (24 * width,)
        Numbers of the day, hour after hour; changed in place.
    day : int
        The day.
    start, end : ndarray of int64, shape (n,)
        From and to, in minutes since midnight of the first day.
    cell : ndarray of int64, shape (n,)
        Cells, below the width.

    Returns
    -------
    int
        How many spans begin or end on that day, or in the hour before it.
    """
    width = len(counts) // _DAY_H
    begin, after = day * DAY_MIN - HOUR_MIN, (day + 1) * DAY_MIN
    found = 0
    for row in range(len(start)):
        if begin <= start[row] < after:
            _add(counts, day, width, start[row], cell[row], 1)
            found += 1
        if begin <= end[row] < after:
            _add(counts, day, width, end[row], cell[row], -1)
            found += 1
    return found


def _add(  # noqa: PLR0917 - a loop takes arguments by position
    counts: Int, day: int, width: int, minute: int, cell: int, sign: int
) -> None:
    hour = minute // HOUR_MIN
    gone, within = minute - hour * HOUR_MIN, hour - day * _DAY_H
    if within >= 0:
        counts[within * width + cell] += sign * (HOUR_MIN - gone)
    if within + 1 < _DAY_H:
        counts[(within + 1) * width + cell] += sign * gone
