"""Slots for places: a bounded number of places that a person knows, in columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int

__all__ = ["MOST_VISITS", "NO_PLACE", "slot_of"]

MOST_VISITS = np.iinfo(np.uint8).max
"""Visits to a place that are counted, so that a count takes a byte."""

NO_PLACE = -1
"""Stands for no place in columns of place ids."""


def slot_of(
    place: NDArray[np.integer],
    visits: NDArray[np.integer],
    minute: NDArray[np.integer],
    wanted: Int,
) -> tuple[Int, Bool]:
    """Return the slot of a place for each of m persons, and whether they know it already.

    A place that is not known takes an empty slot, or else that of the place that matters
    least: the one with the fewest visits, among these the one visited longest ago.

    Parameters
    ----------
    place : ndarray of int, shape (m, S)
        Ids of the known places, `NO_PLACE` in empty slots.
    visits : ndarray of int, shape (m, S)
        How often each was visited; 0 in empty slots only.
    minute : ndarray of int, shape (m, S)
        Time of the last visit to each, or any other numbers in the order of time, at least 0.
    wanted : ndarray of int64, shape (m,)
        The place that each person asks about.

    Returns
    -------
    slot : ndarray of int64, shape (m,)
    is_known : ndarray of bool, shape (m,)

    Examples
    --------
    >>> one = [np.array([row]) for row in ([4, 9, 6], [2, 1, 1], [50, 70, 60])]
    >>> [slot_of(*one, np.array([place]))[0].item() for place in (4, 11)]
    [0, 2]
    """
    hit = place == wanted[:, np.newaxis]
    is_known = hit.any(axis=1)
    # Both numbers have 32 bits at most, so that the visits come first in the order of one number.
    matters = (visits.astype(np.int64) << 32) + minute
    return np.where(is_known, hit.argmax(axis=1), matters.argmin(axis=1)), is_known
