"""Where an activity begins in the free time of a day: the rule of `fit`, for many days at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool

__all__ = ["MOST_PIECES", "Found", "Minutes", "closest", "closest_of_one"]

Minutes = NDArray[np.int32]
"""Minutes from the midnight at which a day begins, or lengths in minutes."""

_SLOT_BITS = 7
MOST_PIECES = 2**_SLOT_BITS
"""Pieces of free time that one day can have."""

_NOWHERE = np.int32(2**31 - 1)
_SIGN = 31


class Found(NamedTuple):
    """Where an activity fits, for each of k days; arrays of shape (k,).

    Attributes
    ----------
    is_found : ndarray of bool
        Whether it fits anywhere; the rest means nothing where it does not.
    piece : ndarray of int32
        Row of the piece of free time.
    start_min : ndarray of int32
        When it begins.
    """

    is_found: Bool
    piece: Minutes
    start_min: Minutes


def closest(
    start: Minutes,
    end: Minutes,
    minutes: Minutes,
    *,
    near_min: Minutes | np.int32,
    low_min: Minutes | np.int32,
    high_min: Minutes | np.int32,
) -> Found:
    """Return where an activity begins closest to the time wished for.

    Parameters
    ----------
    start, end : ndarray of int32, shape (p, k)
        Begin and end of p pieces of free time of k days, in any order; a piece that ends where
        it begins is none. At most `MOST_PIECES`.
    minutes : ndarray of int32, shape () or (k,)
        How long it takes; above 0.
    near_min : ndarray of int32, shape () or (k,)
        When it should begin, in minutes from a midnight near the day.
    low_min, high_min : ndarray of int32, shape () or (k,)
        Earliest begin and latest end.

    Returns
    -------
    Found
        Of two begins as close to the wish the earlier one.

    Examples
    --------
    >>> free = np.array([[400], [800]], dtype=np.int32), np.array([[600], [900]], dtype=np.int32)
    >>> lasts, near, low, high = (np.array([one], dtype=np.int32) for one in (60, 700, 0, 1440))
    >>> closest(*free, lasts, near_min=near, low_min=low, high_min=high).start_min
    array([800], dtype=int32)
    """
    earliest = np.maximum(start, low_min)
    latest = np.minimum(end, high_min)
    latest -= minutes
    late = np.minimum(np.maximum(earliest, near_min), latest)
    late -= near_min
    # One number tells distance, side and piece, so that the least one is the answer: twice
    # the distance, less one where the begin is earlier than wished for.
    rank = late << 1
    rank ^= late >> _SIGN
    rank <<= _SLOT_BITS
    rank += np.arange(len(start), dtype=np.int32)[:, np.newaxis]
    np.putmask(rank, earliest > latest, _NOWHERE)
    best = rank.min(axis=0)
    twice = best >> _SLOT_BITS
    begin = (twice >> 1) ^ -(twice & 1)
    begin += near_min
    return Found(best != _NOWHERE, best & (MOST_PIECES - 1), begin)


def closest_of_one(
    pieces: Iterable[tuple[int, int]],
    minutes: int,
    *,
    near_min: int,
    low_min: int,
    high_min: int,
) -> tuple[int, int] | None:
    """Return what `closest` does, for the pieces of one day.

    Parameters
    ----------
    pieces : iterable of tuple of int
        Begin and end of pieces of free time.
    minutes, near_min, low_min, high_min : int
        As in `closest`.

    Returns
    -------
    tuple of int, or None
        Number of the piece and begin; None if it fits nowhere.

    Examples
    --------
    >>> closest_of_one([(400, 600), (800, 900)], 60, near_min=700, low_min=0, high_min=1440)
    (1, 800)
    """
    found, least = None, 0
    for piece, (start, end) in enumerate(pieces):
        earliest, latest = max(start, low_min), min(end, high_min) - minutes
        if earliest > latest:
            continue
        begin = min(max(near_min, earliest), latest)
        # Of two begins as close to the wish the earlier one.
        rank = 2 * abs(begin - near_min) - (begin < near_min)
        if found is None or rank < least:
            found, least = (piece, begin), rank
    return found
