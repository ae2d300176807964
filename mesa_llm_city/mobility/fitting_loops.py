"""How activities are fitted into days, as loops over days that are compiled (see `kernels`).

They do what `OpenDays` does in NumPy: the same pieces of free time are taken in the same order.
"""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = ["BEFORE", "BITS", "NONE", "fit_days", "fit_parts_of_days"]

BITS = 20
"""Bits of each of the numbers that a settled block is (see `OpenDays`)."""
BEFORE = 2**18
"""Keeps minutes before midnight positive."""
NONE = -(2**31)
"""Begin of what fits nowhere."""


def _place(  # noqa: PLR0917 - compiled loops take no keywords
    row: int,
    length: int,
    near: int,
    low: int,
    high: int,
    free_start: Minutes,
    free_end: Minutes,
    pieces: Minutes,
) -> int:
    """Return where something of a length begins in a day, of which it takes the time, or `NONE`."""
    best, begin, least = -1, 0, 0
    for piece in range(pieces[row]):
        earliest = max(free_start[piece, row], low)
        latest = min(free_end[piece, row], high) - length
        if earliest <= latest:
            start = min(max(near, earliest), latest)
            # Of two begins as close to the wish the earlier one.
            rank = 2 * abs(start - near) - (1 if start < near else 0)
            if best < 0 or rank < least:
                best, begin, least = piece, start, rank
    if best < 0:
        return NONE
    stop, until, other = begin + length, free_end[best, row], best
    free_end[best, row] = begin
    if begin > free_start[best, row]:
        other = pieces[row]
        pieces[row] += 1 if stop < until else 0
    free_start[other, row], free_end[other, row] = stop, until
    return int(begin)


def _settle(  # noqa: PLR0917 - compiled loops take no keywords
    row: int, begin: int, stop: int, code: int, keys: Int, blocks: Minutes
) -> None:
    """Write down a block that is settled."""
    key = ((begin + BEFORE) << BITS) | (stop + BEFORE)
    keys[blocks[row], row] = (key << BITS) | code
    blocks[row] += 1


def _half(length: int) -> int:
    return int(np.rint(length / 2.0 / BLOCK_MIN)) * BLOCK_MIN


def fit_days(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int,
    minutes: Int,
    near: Int,
    low: Int,
    high: Int,
    code: Int,
    shorten: bool,  # noqa: FBT001 - likewise
    free_start: Minutes,
    free_end: Minutes,
    pieces: Minutes,
    keys: Int,
    blocks: Minutes,
    begins: Minutes,
    lasts: Minutes,
    first: int,
) -> int:
    """Fit one activity into each of k days (see `OpenDays.fit`).

    Parameters
    ----------
    rows : ndarray of int64, shape (k,)
        The days.
    minutes, near, low, high, code : ndarray of int64, shape (k,)
        As in `OpenDays.fit`; a negative code keeps time free.
    shorten : bool
        Whether half of the length is tried if the whole fits nowhere.
    free_start, free_end : ndarray of int32, shape (p, m)
        Pieces of free time, which are changed.
    pieces, blocks : ndarray of int32, shape (m,)
        How many pieces and settled blocks each day has.
    keys : ndarray of int64, shape (b, m)
        Settled blocks.
    begins, lasts : ndarray of int32, shape (k,)
        Are filled: when each begins, and how long it takes; 0 for what is left out.
    first : int
        Position in `rows` of the first that is dealt with.

    Returns
    -------
    int
        Position of the first day that has no room for another piece or block; k for none.
    """
    for at in range(first, len(rows)):
        row, length = rows[at], minutes[at]
        begins[at] = lasts[at] = 0
        tries = 2 if shorten else 1
        if pieces[row] >= len(free_start) or blocks[row] >= len(keys):
            return at
        while tries and length >= BLOCK_MIN:
            begin = _place(row, length, near[at], low[at], high[at], free_start, free_end, pieces)
            if begin == NONE:
                tries, length = tries - 1, _half(length)
                continue
            if code[at] >= 0:
                _settle(row, begin, begin + length, code[at], keys, blocks)
            begins[at], lasts[at] = begin, length
            break
    return len(rows)


def fit_parts_of_days(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int,
    near: Int,
    low: Int,
    high: Int,
    code: Int,
    free_start: Minutes,
    free_end: Minutes,
    pieces: Minutes,
    keys: Int,
    blocks: Minutes,
    left: Int,
    longest: Int,
    part: Int,
    first: int,
) -> int:
    """Fit an activity into each of k days, in as many parts as it takes (`OpenDays.fit_parts`).

    Parameters
    ----------
    rows, low, high, code, free_start, free_end, pieces, keys, blocks, first
        As in `fit_days`.
    near : ndarray of int64, shape (n, k)
        When the parts should begin, in turn; the last holds for all further parts.
    left, longest, part : ndarray of int64, shape (k,)
        Minutes to be fitted in, those of the longest part, and parts so far; they are changed.

    Returns
    -------
    int
        As of `fit_days`; it may be called again from there on.
    """
    for at in range(first, len(rows)):
        row = rows[at]
        while left[at] >= BLOCK_MIN and longest[at] >= BLOCK_MIN:
            if pieces[row] >= len(free_start) or blocks[row] >= len(keys):
                return at
            length = min(left[at], longest[at])
            wish = near[min(part[at], len(near) - 1), at]
            begin = _place(row, length, wish, low[at], high[at], free_start, free_end, pieces)
            if begin == NONE:
                longest[at] = _half(length)
                continue
            _settle(row, begin, begin + length, code[at], keys, blocks)
            left[at] -= length
            part[at] += 1
    return len(rows)
