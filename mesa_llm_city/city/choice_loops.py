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

__all__ = ["Found", "Reach", "add_known", "add_near", "fill_choices"]


class Reach(NamedTuple):
    """What is known of the city: places, detours, and candidates of squares.

    Attributes
    ----------
    x, y : ndarray of float64, shape (n,)
        Positions of places.
    zone : ndarray of int, shape (n,)
        Their zones.
    detour : ndarray of float64, shape (z, z)
        Length of ways between zones over the straight line.
    lists : Lists
        Candidates of squares.
    """

    x: Float
    y: Float
    zone: NDArray[np.integer]
    detour: Float
    lists: Lists


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
    count = 0
    for person in range(len(origin)):
        first = count
        given = origin[person], purpose, within[person], known[person]
        count = add_near(*given, reach, found, count)
        count = add_known(*given, reach, found, count)
        for at in range(first, count):
            row[at] = person
    return count


def add_near(  # noqa: PLR0917 - compiled loops take no keywords
    here: int,
    purpose: int,
    within: float,
    known: NDArray[np.integer],
    reach: Reach,
    found: Found,
    count: int,
) -> int:
    """Add the candidates of a square that one person does not know, and return the new count.

    Parameters
    ----------
    here, purpose, within
        As in `fill_choices`, of the person.
    known : ndarray of int, shape (S,)
        Ids of the places that the person knows, -1 for none.
    reach : Reach
        The city.
    found : Found
        Is filled from `count` on.
    count : int
        How many there are already.
    """
    lists = reach.lists
    begin = lists.begin[purpose, lists.square[here]]
    for at in range(begin, begin + lists.width[purpose]):
        place = lists.places[at]
        if place < 0:
            break
        away = _squared_m(here, place, reach)
        if away > within or place == here:
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
    here: int,
    purpose: int,
    within: float,
    known: NDArray[np.integer],
    reach: Reach,
    found: Found,
    count: int,
) -> int:
    """Add the places in reach that one person knows; see `add_near`."""
    for slot in range(len(known)):
        place = known[slot]
        if place < 0 or place == here or not reach.lists.offers[purpose, place]:
            continue
        away = _squared_m(here, place, reach)
        if away <= within:
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
