"""Which places persons choose among, as a loop over persons that is compiled (see `kernels`).

It does what `find_choices` does in NumPy, in the same order of places and operations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["Found", "Reach", "fill_choices"]


class Reach(NamedTuple):
    """What is known of the city: places, candidates of squares, and detours.

    Attributes
    ----------
    x, y : ndarray of float64, shape (n,)
        Positions of places.
    zone : ndarray of int, shape (n,)
        Their zones.
    detour : ndarray of float64, shape (z, z)
        Length of ways between zones over the straight line.
    offers : ndarray of bool, shape (n + 1,)
        Which places serve the purpose.
    places, correction, near_x, near_y
        Columns of `Near` for all squares.
    """

    x: Float
    y: Float
    zone: NDArray[np.integer]
    detour: Float
    offers: Bool
    places: NDArray[np.int32]
    correction: Float
    near_x: Float
    near_y: Float


class Found(NamedTuple):
    """Columns of `ChoiceColumns`, longer than needed."""

    row: Int
    place: Int
    slot: Int
    distance_m: Float
    correction: Float

    @classmethod
    def room_for(cls, count: int) -> Found:
        """Return columns with room for some places."""
        row, place, slot = np.empty((3, count), dtype=np.int64)
        distance_m, correction = np.empty((2, count))
        return cls(row, place, slot, distance_m, correction)


def fill_choices(  # noqa: PLR0917 - compiled loops take no keywords
    origin: NDArray[np.integer],
    square: Int,
    within: Float,
    known: NDArray[np.integer],
    reach: Reach,
    found: Found,
) -> int:
    """Fill the places that each of m persons chooses among, and return how many they are.

    Parameters
    ----------
    origin : ndarray of int, shape (m,)
        Where they are.
    square : ndarray of int64, shape (m,)
        Rows of the candidates of their squares.
    within : ndarray of float64, shape (m,)
        Squared radius of each.
    known : ndarray of int, shape (m, S)
        Ids of the places that they know, -1 for none.
    reach : Reach
        The city.
    found : Found
        Is filled from the front.
    """
    count = 0
    for row in range(len(origin)):
        here, at = origin[row], square[row]
        for column in range(reach.places.shape[1]):
            place = reach.places[at, column]
            dx = reach.near_x[at, column] - reach.x[here]
            dy = reach.near_y[at, column] - reach.y[here]
            away = dx * dx + dy * dy
            if away <= within[row] and place != here:
                is_known = False
                for slot in range(known.shape[1]):
                    is_known |= known[row, slot] == place
                if not is_known:
                    found.row[count], found.place[count], found.slot[count] = row, place, -1
                    way = reach.detour[reach.zone[here], reach.zone[place]]
                    found.distance_m[count] = np.sqrt(away) * way
                    found.correction[count] = reach.correction[at, column]
                    count += 1
        for slot in range(known.shape[1]):
            place = known[row, slot]
            if place < 0 or place == here or not reach.offers[place]:
                continue
            dx, dy = reach.x[place] - reach.x[here], reach.y[place] - reach.y[here]
            away = dx * dx + dy * dy
            if away <= within[row]:
                found.row[count], found.place[count], found.slot[count] = row, place, slot
                way = reach.detour[reach.zone[here], reach.zone[place]]
                found.distance_m[count] = np.sqrt(away) * way
                found.correction[count] = 1.0
                count += 1
    return count
