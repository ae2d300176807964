"""Who is where, as loops over rows that are compiled (see `kernels`).

At home only the household is company, so its members are looked up there; all others who can be
met are put together by place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.prefetch import AHEAD, prefetch
from mesa_llm_city.core.values import Bool, Int, Whole

__all__ = [
    "Gatherings",
    "Homes",
    "Spots",
    "fill_household",
    "fill_spots",
    "gather",
    "take_company",
]


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
    order : ndarray of int, shape (n,) or (0,)
        Rows by rising id; empty if the rows stand in this order.
    most : int
        Size of the greatest household.
    places : int
        Number of places, behind which the spots of households are numbered.
    """

    members: NDArray[np.int32]
    first: NDArray[np.int32]
    order: Whole
    most: int
    places: int


class Gatherings(NamedTuple):
    """Room for who can be met at some of the places (see `gather`).

    Attributes
    ----------
    asked : ndarray of bool, shape (places,)
        Which places.
    people : ndarray of int64, shape (n,)
        Ids, those at one place next to each other, rising within it.
    first, size : ndarray of int32, shape (places,)
        Where those at a place begin, and how many they are.
    found : ndarray of int32, shape (n,)
        Their rows in the order of ids.
    """

    asked: Bool
    people: Int
    first: NDArray[np.int32]
    size: NDArray[np.int32]
    found: NDArray[np.int32]

    @classmethod
    def room(cls, places: int, count: int) -> Gatherings:
        """Return room for `count` rows, of whom nobody is asked for."""
        return cls(
            np.zeros(places, np.bool_),
            np.empty(count, np.int64),
            np.zeros(places, np.int32),
            np.zeros(places, np.int32),
            np.empty(count, np.int32),
        )


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
    place, destination, purpose, home, house, spot, unaware = spots
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            later = rows[at + AHEAD]
            prefetch(place, later)
            prefetch(destination, later)
            prefetch(purpose, later)
            prefetch(home, later)
            prefetch(house, later)
            prefetch(spot, later)
        row = rows[at]
        if destination[row] >= 0 or unaware[purpose[row]]:
            spot[row] = apart
        elif place[row] == home[row]:
            spot[row] = house[row]
        else:
            spot[row] = place[row]


def gather(spot: NDArray[np.int32], ids: Int, order: Int, there: Gatherings) -> None:
    """Find who can be met at some of the places.

    Parameters
    ----------
    spot : ndarray of int32, shape (n,)
        Where rows can be met.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    order : ndarray of int64
        As in `Homes`.
    there : Gatherings
        Tells which places; is filled.
    """
    asked, people, first, size, found = there
    count, places, is_ordered = 0, len(asked), len(order) == 0
    for turn in range(len(spot)):
        row = turn if is_ordered else order[turn]
        at = spot[row]
        # Written at each turn, and kept or not: who is asked for cannot be foretold.
        found[count] = row
        count += (at >= 0) & (at < places) & asked[min(max(at, 0), places - 1)]
    for turn in range(count):
        first[spot[found[turn]]] += 1
    end = 0
    for turn in range(count):
        row = found[turn]
        at = spot[row]
        if size[at] == 0:
            first[at], end = end, end + first[at]
        people[first[at] + size[at]] = ids[row]
        size[at] += 1


def fill_household(  # noqa: PLR0917 - compiled functions take no keywords
    members: NDArray[np.int32],
    spot: NDArray[np.int32],
    ids: Int,
    house: int,
    low: int,
    high: int,
    people: Int,
) -> int:
    """Fill in which members of a household can be met at home, and return how many they are.

    Parameters
    ----------
    members : ndarray of int32
        Rows by household, of which those from `low` to `high` are asked for.
    spot, ids : ndarray of int, shape (n,)
        Where rows can be met, and their ids.
    house : int
        The spot of the household.
    low, high : int
        As above.
    people : ndarray of int64
        Is filled from the front with rising ids.
    """
    count = 0
    for turn in range(low, high):
        if spot[members[turn]] == house:
            people[count] = ids[members[turn]]
            count += 1
    return count


def take_company(  # noqa: PLR0917 - compiled functions take no keywords
    people: Int,
    low: int,
    high: int,
    person: int,
    seed: np.uint64,
    minute: int,
    word: np.uint64,
    seen: Int,
) -> int:
    """Fill in of whom a person takes notice, and return how many they are (see `company_sample`).

    Parameters
    ----------
    people : ndarray of int64
        Rising ids, of which those from `low` to `high` can be met where the person is.
    low, high : int
        As above.
    person : int
        Id of the person, which may be among them.
    seed : uint64
        Seed of what the person draws now.
    minute : int
        Now.
    word : uint64
        Address of the draw for the company.
    seen : ndarray of int64, shape (most,)
        Is filled from the front with rising ids.
    """
    most = len(seen)
    own = _first_not_below(people, low, high, person)
    is_here = own < high and people[own] == person
    count = high - low - (1 if is_here else 0)
    draw = uniform_at(seed, person, minute, word) if count > most else 0.0
    for turn in range(min(count, most)):
        position = turn
        if count > most:
            position = min(int((turn + draw) / most * count), count - 1)
        if is_here and low + position >= own:
            position += 1
        seen[turn] = people[low + position]
    return min(count, most)


def _first_not_below(people: Int, low: int, high: int, person: int) -> int:
    """Return the first position between two of rising ids at which one is not below another."""
    while low < high:
        middle = (low + high) // 2
        if people[middle] < person:
            low = middle + 1
        else:
            high = middle
    return low
