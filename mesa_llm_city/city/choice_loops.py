"""Which places persons choose among, as a loop over persons that is compiled (see `kernels`).

It does what `find_choices` does in NumPy, in the same order of places and operations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.candidate_loops import Lists
from mesa_llm_city.core.values import Float, Int

__all__ = ["Found", "Going", "Reach", "add_known", "add_near", "fill_choices"]


class Reach(NamedTuple):
    """What is known of the city: places, detours, and candidates of squares.

    Attributes
    ----------
    x, y : ndarray of float64, shape (n,)
        Positions of places.
    zone : ndarray of int, shape (n,)
        Their zones.
    hours : ndarray of int, shape (n,)
        Numbers of their opening hours.
    detour : ndarray of float64, shape (z, z)
        Length of ways between zones over the straight line.
    lists : Lists
        Candidates of squares.
    """

    x: Float
    y: Float
    zone: NDArray[np.integer]
    hours: NDArray[np.integer]
    detour: Float
    lists: Lists


class Going(NamedTuple):
    """What one person goes out for.

    Attributes
    ----------
    here : int
        Id of the place where the person is.
    purpose : int
        Number of the purpose among those of the candidates.
    within : float
        Squared radius, in square metres.
    end : int
        Until when a place has to be open, in minutes of the day on which the person comes.
    """

    here: int
    purpose: int
    within: float
    end: int


class Found(NamedTuple):
    """Places to choose among: columns of `ChoiceColumns`, longer than needed."""

    place: Int
    slot: Int
    distance_m: Float
    correction: Float

    @classmethod
    def room_for(cls, count: int) -> Found:
        """Return columns with room for some places."""
        place, slot = np.empty((2, count), dtype=np.int64)
        distance_m, correction = np.empty((2, count))
        return cls(place, slot, distance_m, correction)


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
    count, always = 0, np.zeros(reach.hours.max() + 1, dtype=np.int16)
    for person in range(len(origin)):
        first = count
        going = Going(origin[person], purpose, within[person], 0)
        count = add_near(going, known[person], always, reach, found, count)
        count = add_known(going, known[person], always, reach, found, count)
        for at in range(first, count):
            row[at] = person
    return count


def add_near(  # noqa: PLR0917 - compiled loops take no keywords
    going: Going,
    known: NDArray[np.integer],
    until: NDArray[np.int16],
    reach: Reach,
    found: Found,
    count: int,
) -> int:
    """Add the candidates of a square that one person does not know, and return the new count.

    Parameters
    ----------
    going : Going
        What the person goes out for.
    known : ndarray of int, shape (S,)
        Ids of the places that the person knows, -1 for none.
    until : ndarray of int16, shape (h,)
        Until when places with each opening hours are open that are open on arrival; -1 for those
        that are closed.
    reach : Reach
        The city.
    found : Found
        Is filled from `count` on.
    count : int
        How many there are already.
    """
    lists, here = reach.lists, going.here
    begin = lists.begin[going.purpose, lists.square[here]]
    for at in range(begin, begin + lists.width[going.purpose]):
        place = lists.places[at]
        if place < 0:
            break
        away = _squared_m(here, place, reach)
        if away > going.within or place == here or until[reach.hours[place]] < going.end:
            continue
        is_known = False
        for slot in range(len(known)):
            is_known |= known[slot] == place
        if not is_known:
            _add(here, place, -1, away, reach, found, count)
            found.correction[count] = lists.stands_for[at]
            count += 1
    return count


def add_known(  # noqa: PLR0917 - compiled loops take no keywords
    going: Going,
    known: NDArray[np.integer],
    until: NDArray[np.int16],
    reach: Reach,
    found: Found,
    count: int,
) -> int:
    """Add the places in reach that one person knows; see `add_near`."""
    here = going.here
    for slot in range(len(known)):
        place = known[slot]
        if place < 0 or place == here or not reach.lists.offers[going.purpose, place]:
            continue
        if until[reach.hours[place]] < going.end:
            continue
        away = _squared_m(here, place, reach)
        if away <= going.within:
            _add(here, place, slot, away, reach, found, count)
            found.correction[count] = 1.0
            count += 1
    return count


def _squared_m(here: int, place: int, reach: Reach) -> float:
    """Return the squared distance between two places, in square metres."""
    dx, dy = reach.x[place] - reach.x[here], reach.y[place] - reach.y[here]
    return dx * dx + dy * dy


def _add(  # noqa: PLR0917 - compiled loops take no keywords
    here: int, place: int, slot: int, away: float, reach: Reach, found: Found, count: int
) -> None:
    """Note a place with the length of the way to it."""
    found.place[count], found.slot[count] = place, slot
    way = reach.detour[reach.zone[here], reach.zone[place]]
    found.distance_m[count] = math.sqrt(away) * way
