"""Who is where, as loops over rows that are compiled (see `kernels`).

At home only the household is company, so its members are looked up there; all others who can be
met are put together by place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.values import Bool, Int

__all__ = ["Gatherings", "Homes", "Spots", "fill_spots", "gather", "take_company"]


class Spots(NamedTuple):
    """Columns of n rows that say where each is, and can be met.

    `place`, `home`, `house` and `spot` as in `CrowdState` and `Acquainted`, `destination` of the
    trip, and `purpose` of what is done; `unaware` of shape (p,) tells during which purposes nobody
    can be met.
    """

    place: NDArray[np.int32]
    destination: NDArray[np.int32]
    purpose: NDArray[np.int8]
    home: NDArray[np.integer]
    house: NDArray[np.int32]
    spot: NDArray[np.int32]
    unaware: Bool


class Homes(NamedTuple):
    """Rows by household, and by id.

    Attributes
    ----------
    members : ndarray of int32, shape (n,)
        Rows, those of one household next to each other, by rising id within it.
    first : ndarray of int32, shape (h + 1,)
        Where the members of each household begin.
    order : ndarray of int64, shape (n,) or (0,)
        Rows by rising id; empty if the rows stand in this order.
    most : int
        Size of the greatest household.
    places : int
        Number of places, behind which the spots of households are numbered.
    """

    members: NDArray[np.int32]
    first: NDArray[np.int32]
    order: Int
    most: int
    places: int


class Gatherings(NamedTuple):
    """Rows that can be met at some of the places.

    Attributes
    ----------
    rows : ndarray of int32, shape (k,)
        The rows, those at one place next to each other, by rising id within it.
    first, size : ndarray of int32, shape (places,)
        Where those at a place begin, and how many they are.
    """

    rows: NDArray[np.int32]
    first: NDArray[np.int32]
    size: NDArray[np.int32]


def fill_spots(spots: Spots, rows: Int, apart: int) -> None:
    """Note where some rows can be met from now on.

    Parameters
    ----------
    spots : Spots
        The columns, of which `spot` is changed.
    rows : ndarray of int64, shape (m,)
        The rows.
    apart : int
        Spot of somebody who cannot be met.
    """
    for row in rows:
        if spots.destination[row] >= 0 or spots.unaware[spots.purpose[row]]:
            spots.spot[row] = apart
        elif spots.place[row] == spots.home[row]:
            spots.spot[row] = spots.house[row]
        else:
            spots.spot[row] = spots.place[row]


def gather(spots: Spots, order: Int, asked: Bool) -> Gatherings:
    """Return who can be met at some of the places.

    Parameters
    ----------
    spots : Spots
        Where rows can be met.
    order : ndarray of int64
        As in `Homes`.
    asked : ndarray of bool, shape (places,)
        Which places.
    """
    first, size = np.zeros(len(asked), np.int32), np.zeros(len(asked), np.int32)
    is_ordered = len(order) == 0
    found, count = np.empty(len(spots.spot), np.int32), 0
    for turn in range(len(spots.spot) if asked.any() else 0):
        row = turn if is_ordered else order[turn]
        at = spots.spot[row]
        if 0 <= at < len(asked) and asked[at]:
            found[count] = row
            size[at] += 1
            count += 1
    end = 0
    for at in range(len(asked)):
        first[at] = end
        end += size[at]
    rows = np.empty(count, np.int32)
    for turn in range(count):
        at = spots.spot[found[turn]]
        rows[first[at]] = found[turn]
        first[at] += 1
    first -= size
    return Gatherings(rows, first, size)


def take_company(  # noqa: PLR0917 - compiled functions take no keywords
    spots: Spots,
    homes: Homes,
    there: Gatherings,
    ids: Int,
    row: int,
    seed: np.uint64,
    minute: int,
    word: np.uint64,
    household: NDArray[np.int32],
    seen: Int,
) -> int:
    """Fill in of whom a row takes notice, and return how many they are (see `company_sample`).

    Parameters
    ----------
    spots, homes, there
        Who is where.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    row : int
        The row, which stays somewhere.
    seed : uint64
        Seed of what it draws now.
    minute : int
        Now.
    word : uint64
        Address of the draw for the company.
    household : ndarray of int32
        Is written to; as long as the greatest household.
    seen : ndarray of int64, shape (most,)
        Is filled from the front with rising ids.
    """
    at, most = spots.place[row], len(seen)
    if at == spots.home[row]:
        rows, low = household, 0
        high = _household(spots, homes, row, household)
    else:
        rows, low, high = there.rows, there.first[at], there.first[at] + there.size[at]
    own = _first_not_below(rows, ids, low, high, ids[row])
    is_here = own < high and rows[own] == row
    count = high - low - (1 if is_here else 0)
    draw = uniform_at(seed, ids[row], minute, word) if count > most else 0.0
    for turn in range(min(count, most)):
        position = turn
        if count > most:
            position = min(int((turn + draw) / most * count), count - 1)
        if is_here and low + position >= own:
            position += 1
        seen[turn] = ids[rows[low + position]]
    return min(count, most)


def _household(spots: Spots, homes: Homes, row: int, household: NDArray[np.int32]) -> int:
    """Fill in which rows of a household can be met at home, and return how many they are."""
    at, count = spots.house[row], 0
    home = at - homes.places
    for turn in range(homes.first[home], homes.first[home + 1]):
        member = homes.members[turn]
        if spots.spot[member] == at:
            household[count] = member
            count += 1
    return count


def _first_not_below(rows: NDArray[np.int32], ids: Int, low: int, high: int, person: int) -> int:
    """Return the first position of rows, which stand by rising id, whose id is not below one."""
    while low < high:
        middle = (low + high) // 2
        if ids[rows[middle]] < person:
            low = middle + 1
        else:
            high = middle
    return low
