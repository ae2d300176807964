"""Who is where, as loops over rows that are compiled (see `kernels`).

At home only the household is company, so its members are looked up there; all others who can be
met are kept together by place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.prefetch import AHEAD, prefetch
from mesa_llm_city.core.unsigned import unsigned
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

_LEAST_ROOM = 2  # at a place where somebody comes


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
    """Who can be met at each place, kept as people come and go (see `gather` and `fill_spots`).

    Attributes
    ----------
    people : ndarray of int, shape (q,)
        Ids, those at one place next to each other, rising within it.
    first, size, room : ndarray of int32, shape (places,)
        Where those at a place begin, how many they are, and how many there is room for.
    end : ndarray of int64, shape (1,)
        Behind the rooms of all places.
    """

    people: Whole
    first: NDArray[np.int32]
    size: NDArray[np.int32]
    room: NDArray[np.int32]
    end: Int

    @classmethod
    def empty(cls, places: int, count: int, kind: np.dtype[np.integer]) -> Gatherings:
        """Return room for `count` rows, of whom nobody can be met; ids are kept as a type."""
        first, size, room = np.zeros((3, places), np.int32)
        people = np.empty(_LEAST_ROOM + 2 * count, kind)
        return cls(people, first, size, room, np.zeros(1, np.int64))


def fill_spots(  # noqa: PLR0917 - compiled loops take no keywords
    spots: Spots, ids: Int, order: Whole, there: Gatherings, rows: Int, apart: int
) -> None:
    """Note where some rows can be met from now on.

    Parameters
    ----------
    spots : Spots
        The columns, of which `spot` is changed.
    ids, order : ndarray of int
        As of `gather`.
    there : Gatherings
        Who can be met where; is changed.
    rows : ndarray of int64, shape (m,)
        The rows.
    apart : int
        Spot of somebody who cannot be met.
    """
    place, destination, purpose, home, house, spot, unaware = spots
    places = len(there.first)
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            later = rows[at + AHEAD]
            prefetch(place, later)
            prefetch(destination, later)
            prefetch(purpose, later)
            prefetch(home, later)
            prefetch(house, later)
            prefetch(spot, later)
        row = unsigned(rows[at])
        before = spot[row]
        if destination[row] >= 0 or unaware[purpose[row]]:
            now = apart
        elif place[row] == home[row]:
            now = house[row]
        else:
            now = place[row]
        if now == before:
            continue
        spot[row] = now
        if 0 <= before < places:
            _leave(there, before, ids[row])
        if 0 <= now < places and not _join(there, now, ids[row]):
            gather(spot, ids, order, there)


def gather(spot: NDArray[np.int32], ids: Int, order: Whole, there: Gatherings) -> None:
    """Find who can be met at each place, from where all rows can be met.

    Parameters
    ----------
    spot : ndarray of int32, shape (n,)
        Where rows can be met.
    ids : ndarray of int64, shape (n,)
        Ids of rows.
    order : ndarray of int64
        As in `Homes`.
    there : Gatherings
        Is filled.
    """
    people, first, size, room, end = there
    places, is_ordered = len(first), len(order) == 0
    size[:] = 0
    for row in range(len(spot)):
        if 0 <= spot[row] < places:
            size[spot[row]] += 1
    begin = 0
    for place in range(places):
        first[place], room[place] = begin, size[place] + size[place] // 2
        begin += room[place]
        size[place] = 0
    end[0] = begin
    for turn in range(len(spot)):
        row = turn if is_ordered else order[turn]
        at = spot[row]
        if 0 <= at < places:
            people[first[at] + size[at]] = ids[row]
            size[at] += 1


def _leave(there: Gatherings, place: int, person: int) -> None:
    """Take a person off those who can be met at a place."""
    people, low, size = there.people, there.first[place], there.size[place]
    own = _first_not_below(people, low, low + size, person)
    for turn in range(own, low + size - 1):
        people[turn] = people[turn + 1]
    there.size[place] = size - 1


def _join(there: Gatherings, place: int, person: int) -> bool:
    """Add a person to those who can be met at a place, and tell whether there has been room."""
    people, low, size = there.people, there.first[place], there.size[place]
    if size == there.room[place]:
        to, room = there.end[0], 2 * size + _LEAST_ROOM
        if to + room > len(people):
            return False
        for turn in range(size):
            people[to + turn] = people[low + turn]
        there.first[place], there.room[place], there.end[0] = to, room, to + room
        low = to
    own = _first_not_below(people, low, low + size, person)
    for turn in range(low + size, own, -1):
        people[turn] = people[turn - 1]
    people[own], there.size[place] = person, size + 1
    return True


def fill_household(  # noqa: PLR0917 - compiled functions take no keywords
    members: NDArray[np.int32],
    spot: NDArray[np.int32],
    ids: Int,
    house: int,
    low: int,
    high: int,
    people: Whole,
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
    people : ndarray of int
        Is filled from the front with rising ids.
    """
    count = 0
    for turn in range(low, high):
        if spot[members[turn]] == house:
            people[count] = ids[members[turn]]
            count += 1
    return count


def take_company(  # noqa: PLR0917 - compiled functions take no keywords
    people: Whole,
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
    people : ndarray of int
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


def _first_not_below(people: Whole, low: int, high: int, person: int) -> int:
    """Return the first position between two of rising ids at which one is not below another."""
    while low < high:
        middle = (low + high) // 2
        if people[middle] < person:
            low = middle + 1
        else:
            high = middle
    return low
