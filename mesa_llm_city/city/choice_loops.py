"""Which places persons choose among, as a loop over persons that is compiled (see `kernels`).

It does what `find_choices` does in NumPy, in the same order of places and operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.candidate_loops import Lists
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.prefetch import prefetch
from mesa_llm_city.core.values import Bool, Float, Int

__all__ = [
    "AREA",
    "ATTRACTION",
    "HOURS",
    "KIND",
    "ZONE",
    "Facts",
    "Found",
    "Going",
    "Reach",
    "add_known",
    "add_near",
    "fill_choices",
    "place_table",
]

Facts: TypeAlias = NDArray[np.uint16]
"""Whole numbers of places (see `Reach`)."""

_LAST_BIT = 63  # of a whole number

ATTRACTION = 2
"""Column of `Reach.at` with the attraction of places."""

ZONE, HOURS, KIND, AREA = 12, 13, 14, 15
"""Columns of `Reach.facts`."""

_NUMBERS, _LINE = 4, 64  # of a place; bytes of a line of the cache


class Reach(NamedTuple):
    """What is known of the city: places, detours, and candidates of squares.

    Attributes
    ----------
    at : ndarray of float64, shape (n, 4)
        What is needed of each place, in half a line of the cache: position, and attraction,
        raised to ``mobility.gravity.attraction``.
    facts : ndarray of uint16, shape (n, 16)
        The same memory as whole numbers: zone, number of opening hours, kind and area.
    detour : ndarray of float64, shape (z, z)
        Length of ways between zones over the straight line.
    lists : Lists
        Candidates of squares.
    """

    at: Float
    facts: Facts
    detour: Float
    lists: Lists


class Going(NamedTuple):
    """What one person goes out for.

    Attributes
    ----------
    here : int
        Id of the place where the person is.
    within : float
        Squared radius, in square metres.
    end : int
        Until when a place has to be open, in minutes of the day on which the person comes.
    """

    here: int
    within: float
    end: int


class Found(NamedTuple):
    """Places to choose among: columns of `ChoiceColumns`, longer than needed."""

    place: Int
    slot: Int
    distance_m: Float
    correction: Float


def place_table(
    x: Float,
    y: Float,
    *,
    zone: NDArray[np.integer],
    hours: NDArray[np.integer],
    kind: NDArray[np.integer] | None = None,
    area: NDArray[np.integer] | None = None,
    attraction: Float | None = None,
) -> tuple[Float, Facts]:
    """Return a table of n places, as real and as whole numbers (see `Reach`).

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Positions.
    zone, hours : ndarray of int, shape (n,)
        Zones and numbers of opening hours.
    kind, area : ndarray of int, shape (n,), optional
        Kinds and areas; 0 by default.
    attraction : ndarray of float64, shape (n,), optional
        How strongly each draws people; 0 by default.

    Raises
    ------
    DataError
        If there are more zones, opening hours, kinds or areas than the table can number.
    """
    room = np.zeros((len(x) + 2) * _NUMBERS)
    first = -room.ctypes.data % _LINE // room.itemsize
    at = room[first : first + len(x) * _NUMBERS].reshape(len(x), _NUMBERS)
    facts = at.view(np.uint16)
    at[:, 0], at[:, 1] = x, y
    if attraction is not None:
        at[:, ATTRACTION] = attraction
    columns = {"zones": zone, "opening hours": hours, "kinds": kind, "areas": area}
    for column, (name, numbers) in enumerate(columns.items(), start=ZONE):
        if numbers is not None:
            facts[:, column] = _narrowed(name, numbers)
    return at, facts


def _narrowed(name: str, numbers: NDArray[np.integer]) -> NDArray[np.uint16]:
    """Return numbers from 0 on in 16 bits."""
    most = np.iinfo(np.uint16).max
    if numbers.max(initial=0) > most:
        source, advice = f"{name} of the city", "divide it into fewer"
        defect = f"there are {numbers.max() + 1}, of which {most + 1} can be numbered"
        raise DataError.listing(source, [defect], advice=advice)
    return numbers.astype(np.uint16)


def fill_choices(  # noqa: PLR0917 - compiled loops take no keywords
    origin: NDArray[np.integer],
    purpose: int,
    within: Float,
    known: NDArray[np.integer],
    reach: Reach,
    row: Int,
    found: Found,
) -> int:
    """Fill the places that each of m persons chooses among, and return how many they are.

    Parameters
    ----------
    origin : ndarray of int, shape (m,)
        Where they are.
    purpose : int
        Number of the purpose among those of the candidates.
    within : ndarray of float64, shape (m,)
        Squared radius of each.
    known : ndarray of int, shape (m, S)
        Ids of the places that they know, -1 for none.
    reach : Reach
        The city.
    row : ndarray of int64, shape (n,)
        Is filled from the front with whose place each is.
    found : Found
        Is filled likewise.
    """
    at, facts, lists = reach.at, reach.facts, reach.lists
    offered, width = lists.offers[purpose], lists.width[purpose]
    count, always = 0, np.zeros(facts[:, HOURS].max() + 1, dtype=np.int16)
    for person in range(len(origin)):
        first, here, own = count, origin[person], known[person]
        going = Going(here, within[person], 0)
        detour = reach.detour[facts[here, ZONE]]
        begin = lists.begin[purpose, lists.square[here]]
        near = lists.places[begin : begin + width]
        stands_for = lists.stands_for[begin : begin + width]
        count = add_near(going, near, stands_for, own, always, at, facts, detour, found, count)
        count = add_known(going, own, offered, always, at, facts, detour, found, count)
        for one in range(first, count):
            row[one] = person
    return count


def add_near(  # noqa: PLR0917 - compiled loops take no keywords
    going: Going,
    near: NDArray[np.int32],
    stands_for: NDArray[np.int32],
    known: NDArray[np.integer],
    until: NDArray[np.int16],
    at: Float,
    facts: Facts,
    detour: Float,
    found: Found,
    count: int,
) -> int:
    """Add the candidates of a square that one person does not know, and return the new count.

    Parameters
    ----------
    going : Going
        What the person goes out for.
    near, stands_for : ndarray of int32, shape (k,)
        The candidates (see `Lists`).
    known : ndarray of int, shape (S,)
        Ids of the places that the person knows, -1 for none; these come last.
    until : ndarray of int16, shape (h,)
        Until when places with each opening hours are open that are open on arrival; -1 for those
        that are closed.
    at, facts
        Columns of `Reach`.
    detour : ndarray of float64, shape (z,)
        Row of `Reach.detour` for the zone where the person is.
    found : Found
        Is filled from `count` on.
    count : int
        How many there are already.
    """
    here, within, end, first = going.here, going.within, going.end, count
    x, y, last = at[here, 0], at[here, 1], _end_of(known)
    places, slots, distances, corrections = found
    # Bits by the ends of ids, by which most of those who are not known are told at once.
    bits = 0
    for slot in range(last):
        bits |= 1 << (int(known[slot]) & _LAST_BIT)
    for one in range(len(near)):
        place = near[one]
        if place < 0:
            break
        dx, dy = at[place, 0] - x, at[place, 1] - y
        away = dx * dx + dy * dy
        # Written at each turn, and kept or not: which are in reach cannot be foretold.
        places[count], slots[count] = place, -1
        distances[count], corrections[count] = away, stands_for[one]
        prefetch(detour, facts[place, ZONE])
        is_near = (away <= within) & (place != here) & (until[facts[place, HOURS]] >= end)
        if is_near & (bits >> (int(place) & _LAST_BIT) & 1 == 1):
            for slot in range(last):
                is_near &= known[slot] != place
        count += is_near
    for one in range(first, count):
        distances[one] = math.sqrt(distances[one]) * detour[facts[places[one], ZONE]]
    return count


def add_known(  # noqa: PLR0917 - compiled loops take no keywords
    going: Going,
    known: NDArray[np.integer],
    offered: Bool,
    until: NDArray[np.int16],
    at: Float,
    facts: Facts,
    detour: Float,
    found: Found,
    count: int,
) -> int:
    """Add the places in reach that one person knows, and return the new count.

    Parameters
    ----------
    offered : ndarray of bool, shape (n + 1,)
        Which places are gone to for the purpose.
    going, known, until, at, facts, detour, found, count
        As for `add_near`.
    """
    here = going.here
    x, y = at[here, 0], at[here, 1]
    places, slots, distances, corrections = found
    for slot in range(_end_of(known)):
        place = known[slot]
        if place == here or not offered[place] or until[facts[place, HOURS]] < going.end:
            continue
        dx, dy = at[place, 0] - x, at[place, 1] - y
        away = dx * dx + dy * dy
        if away <= going.within:
            places[count], slots[count], corrections[count] = place, slot, 1.0
            distances[count] = math.sqrt(away) * detour[facts[place, ZONE]]
            count += 1
    return count


def _end_of(known: NDArray[np.integer]) -> int:
    """Return behind which slot there are only empty ones."""
    end = len(known)
    while end > 0 and known[end - 1] < 0:
        end -= 1
    return end
