"""Which places come into question from squares of a city, as a loop over squares.

It is compiled (see `kernels`), and does what `Candidates` does in NumPy. Of the places within
reach only those are put in order whose ranks are drawn, so that a square costs little more than
a look at each place.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.libm import power_of_one
from mesa_llm_city.core.place_slots import NO_PLACE
from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["INDEX", "INDEX_BITS", "RANK_BITS", "Lists", "Ordered", "fill_candidates"]

RANK_BITS = 38
"""Bits of a squared distance, as a share of the greatest one."""
INDEX_BITS = 25
"""Bits of the position of a place, so that keys of places at one distance differ."""
INDEX = 2**INDEX_BITS - 1

_BUCKET_PLACES = 4  # in one group of neighbouring distances, on average
_FEW = 24  # up to so many are put in order by insertion


class Lists(NamedTuple):
    """Candidates of squares, one list after another, for each purpose all of one length.

    Attributes
    ----------
    square : ndarray of int64, shape (n,)
        Number of the square of each place.
    begin : ndarray of int64, shape (p, q)
        Where the list for a purpose from a square begins; -1 where it is not worked out yet.
    width : ndarray of int64, shape (p,)
        Length of the lists for each purpose.
    offers : ndarray of bool, shape (p, n + 1)
        Which places are gone to for each purpose; the last one stands for none.
    places : ndarray of int32, shape (k,)
        Ids in about the order of distance; -1 at the end of a list that is not full.
    stands_for : ndarray of int32, shape (k,)
        How many places each stands for, at least 1.
    """

    square: Int
    begin: Int
    width: Int
    offers: Bool
    places: NDArray[np.int32]
    stands_for: NDArray[np.int32]

    @classmethod
    def none(cls, purposes: int, squares: int, square: Int) -> Self:
        """Return no list, for some purposes and squares."""
        return cls(
            square,
            np.full((purposes, squares), -1, dtype=np.int64),
            np.ones(purposes, dtype=np.int64),
            np.zeros((purposes, len(square) + 1), dtype=np.bool_),
            np.empty(0, dtype=np.int32),
            np.empty(0, dtype=np.int32),
        )

    def with_one_more(self) -> Self:
        """Return the same lists with room for one more purpose."""
        more = self.none(1, self.begin.shape[1], self.square)
        pairs = zip((self.begin, self.width, self.offers), more[1:4], strict=True)
        begin, width, offers = (np.concatenate(pair) for pair in pairs)
        return self._replace(begin=begin, width=width, offers=offers)

    def with_room(self, count: int) -> Self:
        """Return the same lists with room for so many places in all."""
        known = len(self.places)
        if count <= known:
            return self
        more = max(count, known + known // 2) - known
        none, one = np.full(more, NO_PLACE, dtype=np.int32), np.ones(more, dtype=np.int32)
        return self._replace(
            places=np.concatenate([self.places, none]),
            stands_for=np.concatenate([self.stands_for, one]),
        )


class Ordered(NamedTuple):
    """The places for a purpose, in order of their northing (see `PlaceIndex`)."""

    ids: Int
    x: Float
    y: Float


def fill_candidates(  # noqa: PLR0917 - compiled loops take no keywords
    index: Ordered,
    middle: Float,
    within: float,
    most: int,
    near: int,
    draws: Float,
    places: NDArray[np.int32],
    stands_for: NDArray[np.int32],
) -> None:
    """Fill the candidates of each of r squares.

    Parameters
    ----------
    index : Ordered
        The places for the purpose.
    middle : ndarray of float64, shape (r, 2)
        Middle of each square, in metres.
    within : float
        Radius within which places come into question, in metres.
    most, near : int
        Greatest number of places, and how many of these are the nearest ones (see `strata`).
    draws : ndarray of float64, shape (r, most - near)
        Uniform numbers.
    places, stands_for : ndarray of int32, shape (r, w)
        Are filled from the front (see `Lists`).
    """
    every = len(index.ids)
    keys, ordered = np.empty(every, dtype=np.int64), np.empty(every, dtype=np.int64)
    ends = np.empty(every // _BUCKET_PLACES + 2, dtype=np.int64)
    for row in range(len(middle)):
        low = _first_from(index.y, middle[row, 1] - within)
        count = _keys_within(index, low, middle[row, 0], middle[row, 1], within, keys)
        buckets = count // _BUCKET_PLACES + 1
        _sort_into_buckets(keys, count, buckets, ends, ordered)
        bucket = done = wanted = 0
        bound, groups = near, most - near
        for one in range(min(most, count)):
            size = 1
            wanted = one
            if count > most and one >= near:
                part = one - near
                upto = _bound(count, near, groups, part + 1)
                size = upto - bound
                wanted = bound + int(draws[row, part] * size)
                bound = upto
            while ends[bucket] <= wanted:
                bucket += 1
            if done <= wanted:
                first = ends[bucket - 1] if bucket else 0
                _put_in_order(ordered, first, ends[bucket])
                done = ends[bucket]
            places[row, one] = index.ids[low + (ordered[wanted] & INDEX)]
            stands_for[row, one] = size


def _first_from(values: Float, value: float) -> int:
    """Return the position of the first of rising values that is not below a value."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def _keys_within(  # noqa: PLR0917 - compiled loops take no keywords
    index: Ordered, low: int, x: float, y: float, within: float, keys: Int
) -> int:
    """Fill the keys of the places in a circle, and return how many they are.

    A key has the squared distance, and the position from `low` on among those alike.
    """
    count, most, scale = 0, within * within, 2.0**RANK_BITS / (within * within)
    for at in range(low, len(index.ids)):
        if index.y[at] > y + within:
            break
        dx, dy = index.x[at] - x, index.y[at] - y
        squared = dx * dx + dy * dy
        if squared <= most:
            keys[count] = (int(squared * scale) << INDEX_BITS) | (at - low)
            count += 1
    return count


def _sort_into_buckets(keys: Int, count: int, buckets: int, ends: Int, ordered: Int) -> None:
    """Fill `ordered` with keys by groups of neighbouring distances, and `ends` with their ends."""
    for bucket in range(buckets):
        ends[bucket] = 0
    for at in range(count):
        ends[_bucket_of(keys[at], buckets)] += 1
    total = 0
    for bucket in range(buckets):
        total += ends[bucket]
        ends[bucket] = total
    # From behind, so that each end becomes the beginning, and then from there on again.
    for at in range(count - 1, -1, -1):
        bucket = _bucket_of(keys[at], buckets)
        ends[bucket] -= 1
        ordered[ends[bucket]] = keys[at]
    for bucket in range(buckets - 1):
        ends[bucket] = ends[bucket + 1]
    ends[buckets - 1] = count


def _bucket_of(key: int, buckets: int) -> int:
    """Return the group of a key: distances are divided evenly by their squares."""
    return min((key >> INDEX_BITS) * buckets >> RANK_BITS, buckets - 1)


def _put_in_order(keys: Int, first: int, end: int) -> None:
    """Put a part of some keys in rising order."""
    if end - first > _FEW:
        keys[first:end].sort()
        return
    for at in range(first + 1, end):
        key, to = keys[at], at
        while to > first and keys[to - 1] > key:
            keys[to] = keys[to - 1]
            to -= 1
        keys[to] = key


def _bound(count: int, near: int, groups: int, part: int) -> int:
    """Return the rank with which a group ends, of all groups up to a number (see `strata`)."""
    if part == groups:
        return count
    start = max(near, 1)
    rank = math.floor(start * power_of_one(count / start, part / groups))
    return max(int(rank), near + part)
