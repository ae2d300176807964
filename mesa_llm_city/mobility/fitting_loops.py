"""How activities are fitted into days, as loops over days that are compiled (see `kernels`).

They do what `OpenDays` does in NumPy: the same pieces of free time are taken in the same order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = [
    "BEFORE",
    "BITS",
    "GIVEN_UP",
    "MASK",
    "NONE",
    "Space",
    "fit_days",
    "fit_in",
    "fit_parts_in",
    "fit_parts_of_days",
    "interrupt_in",
    "keep_ways_in",
    "new_space",
    "open_in",
    "overlay_in",
    "place_in",
    "settle_in",
    "take_from",
    "up_to_blocks",
    "whole_blocks",
]

BITS = 20
"""Bits of each of the numbers that a settled block is (see `OpenDays`)."""
BEFORE = 2**18
"""Keeps minutes before midnight positive."""
MASK = 2**BITS - 1
"""The bits of one of them."""
NONE = -(2**31)
"""Begin of what fits nowhere."""
GIVEN_UP = 2**62
"""Stands in place of a settled block that is none any more."""
_UNDER_HALF = 2.4


class Space(NamedTuple):
    """What m days hold while they are planned; loops change it (see `OpenDays`).

    Attributes
    ----------
    free_start, free_end : ndarray of int32, shape (p, m)
        Pieces of free time.
    pieces, blocks : ndarray of int32, shape (m,)
        How many pieces and settled blocks each day has.
    keys : ndarray of int64, shape (b, m)
        Settled blocks.
    """

    free_start: Minutes
    free_end: Minutes
    pieces: Minutes
    keys: Int
    blocks: Minutes


def whole_blocks(minutes: float) -> int:
    """Round to whole blocks of five minutes, as `to_blocks` does."""
    return int(np.rint(minutes / BLOCK_MIN)) * BLOCK_MIN


def up_to_blocks(minutes: float) -> int:
    """Round up to whole blocks of five minutes."""
    # Just under half a block is added, so that whole blocks stay as they are.
    return -whole_blocks(-minutes - _UNDER_HALF)


def place_in(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space, row: int, length: int, near: int, low: int, high: int
) -> int:
    """Return where something of a length begins in a day, of which it takes the time, or `NONE`.

    A day with no room for another piece of free time takes nothing.

    Parameters
    ----------
    space : Space
        The days.
    row : int
        The day.
    length, near, low, high : int
        How long it takes, when it should begin, its earliest begin and its latest end.
    """
    best, begin, least = -1, 0, 0
    if space.pieces[row] >= len(space.free_start):
        return NONE
    for piece in range(space.pieces[row]):
        earliest = max(space.free_start[piece, row], low)
        latest = min(space.free_end[piece, row], high) - length
        if earliest <= latest:
            start = min(max(near, earliest), latest)
            # Of two begins as close to the wish the earlier one.
            rank = 2 * abs(start - near) - (1 if start < near else 0)
            if best < 0 or rank < least:
                best, begin, least = piece, start, rank
    if best < 0:
        return NONE
    take_from(space, row, best, begin, begin + length)
    return int(begin)


def take_from(space: Space, row: int, piece: int, begin: int, stop: int) -> None:
    """Take time off a piece of free time of a day."""
    until, other = space.free_end[piece, row], piece
    space.free_end[piece, row] = begin
    if begin > space.free_start[piece, row]:
        other = space.pieces[row]
        space.pieces[row] += 1 if stop < until else 0
    space.free_start[other, row], space.free_end[other, row] = stop, until


def settle_in(space: Space, row: int, begin: int, stop: int, code: int) -> None:
    """Write down a block that is settled, if the day has room for another one."""
    if space.blocks[row] < len(space.keys):
        key = ((int(begin) + BEFORE) << BITS) | (int(stop) + BEFORE)
        space.keys[space.blocks[row], row] = (key << BITS) | code
        space.blocks[row] += 1


def fit_in(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space,
    row: int,
    code: int,
    minutes: int,
    near: int,
    low: int,
    high: int,
    shorten: bool,  # noqa: FBT001 - likewise
) -> tuple[int, int]:
    """Fit one activity into a day (see `OpenDays.fit`); a negative code keeps time free.

    Returns
    -------
    tuple of int
        When it begins, and how long it takes; 0 for what is left out.
    """
    length, tries = minutes, 2 if shorten else 1
    while tries and length >= BLOCK_MIN:
        begin = place_in(space, row, length, near, low, high)
        if begin != NONE:
            if code >= 0:
                settle_in(space, row, begin, begin + length, code)
            return begin, length
        tries, length = tries - 1, whole_blocks(length / 2.0)
    return 0, 0


def fit_parts_in(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space,
    row: int,
    code: int,
    minutes: int,
    longest: int,
    near: Int,
    low: int,
    high: int,
) -> None:
    """Fit an activity into a day in as many parts as it takes (see `OpenDays.fit_parts`).

    Parameters
    ----------
    space, row, code, low, high
        As in `fit_in`.
    minutes, longest : int
        How long it takes in all, and its longest part.
    near : ndarray of int64, shape (n,)
        When the parts should begin, in turn; the last holds for all further parts.
    """
    left, part = minutes, 0
    while left >= BLOCK_MIN and longest >= BLOCK_MIN:
        length = min(left, longest)
        begin = place_in(space, row, length, near[min(part, len(near) - 1)], low, high)
        if begin == NONE:
            longest = whole_blocks(length / 2.0)
            continue
        settle_in(space, row, begin, begin + length, code)
        left, part = left - length, part + 1


def new_space(pieces: int, blocks: int) -> Space:
    """Return a space for one day at a time (see `open_in`)."""
    return Space(
        np.zeros((pieces, 1), dtype=np.int32),
        np.zeros((pieces, 1), dtype=np.int32),
        np.zeros(1, dtype=np.int32),
        np.zeros((blocks, 1), dtype=np.int64),
        np.zeros(1, dtype=np.int32),
    )


def open_in(space: Space, row: int, start: int, end: int) -> None:
    """Let a day begin and end, of which nothing is settled."""
    space.free_start[0, row], space.free_end[0, row] = start, end
    space.pieces[row], space.blocks[row] = 1, 0


def overlay_in(space: Space, row: int, start: int, end: int, code: int) -> None:
    """Put a block into the piece of free time in which it begins (see `OpenDays.settle`)."""
    for piece in range(space.pieces[row]):
        if space.free_start[piece, row] <= start < space.free_end[piece, row]:
            until = min(end, space.free_end[piece, row])
            take_from(space, row, piece, start, until)
            settle_in(space, row, start, until, code)
            break


def interrupt_in(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space,
    row: int,
    start: int,
    minutes: int,
    among: Bool,
    before: int,
    after: int,
    code: int,
    leaves: int,
) -> bool:
    """Interrupt a settled block by another one (see `OpenDays.interrupt`).

    Parameters
    ----------
    space, row, start, minutes, among, before, after, code
        As there.
    leaves : int
        Purpose whose blocks the interruption is spent away from; -1 for none.
    """
    for block in range(space.blocks[row]):
        key = space.keys[block, row]
        begins, ends, what = (key >> 2 * BITS) - BEFORE, (key >> BITS & MASK) - BEFORE, key & MASK
        fits = begins + before <= start and start + minutes + after <= ends
        if key == GIVEN_UP or not fits or not among[what >> 3]:
            continue
        first = ((begins + BEFORE) << BITS | (start + BEFORE)) << BITS | what
        space.keys[block, row] = first if start > begins else GIVEN_UP
        place = 0 if what >> 3 == leaves else what >> 1 & 3
        settle_in(space, row, start, start + minutes, code + 2 * place)
        if start + minutes < ends:
            settle_in(space, row, start + minutes, ends, what)
        return True
    return False


def keep_ways_in(  # noqa: PLR0917 - compiled loops take no keywords
    space: Space, row: int, way: int, work_way: int, home: int, work: int
) -> None:
    """Keep time free after all blocks away from home (see `OpenDays.keep_ways`).

    Parameters
    ----------
    space, row
        As in `fit_in`.
    way, work_way : int
        How long after blocks elsewhere, and after work or school.
    home, work : int
        What stands for the two places.
    """
    for block in range(space.blocks[row]):
        key = space.keys[block, row]
        place, ends = key >> 1 & 3, (key >> BITS & MASK) - BEFORE
        if key == GIVEN_UP or place == home:
            continue
        for piece in range(space.pieces[row]):
            if space.free_start[piece, row] == ends:
                later = ends + (work_way if place == work else way)
                space.free_start[piece, row] = min(later, space.free_end[piece, row])


def fit_days(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int,
    minutes: Int,
    near: Int,
    low: Int,
    high: Int,
    code: Int,
    shorten: bool,  # noqa: FBT001 - likewise
    space: Space,
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
    space : Space
        The days, which are changed.
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
        row = rows[at]
        if space.pieces[row] >= len(space.free_start) or space.blocks[row] >= len(space.keys):
            return at
        begins[at], lasts[at] = fit_in(
            space, row, code[at], minutes[at], near[at], low[at], high[at], shorten
        )
    return len(rows)


def fit_parts_of_days(  # noqa: PLR0917 - compiled loops take no keywords
    rows: Int,
    near: Int,
    low: Int,
    high: Int,
    code: Int,
    space: Space,
    left: Int,
    longest: Int,
    part: Int,
    first: int,
) -> int:
    """Fit an activity into each of k days, in as many parts as it takes (`OpenDays.fit_parts`).

    Parameters
    ----------
    rows, low, high, code, space, first
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
            if space.pieces[row] >= len(space.free_start) or space.blocks[row] >= len(space.keys):
                return at
            length = min(left[at], longest[at])
            wish = near[min(part[at], len(near) - 1), at]
            begin = place_in(space, row, length, wish, low[at], high[at])
            if begin == NONE:
                longest[at] = whole_blocks(length / 2.0)
                continue
            settle_in(space, row, begin, begin + length, code[at])
            left[at] -= length
            part[at] += 1
    return len(rows)
