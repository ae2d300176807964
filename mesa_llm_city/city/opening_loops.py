"""Whether a place stays open, in a form that is compiled (see `kernels`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Int

__all__ = ["OpenUntil", "opens_for"]


class OpenUntil(NamedTuple):
    """Until when places are open on two days.

    Attributes
    ----------
    hours : ndarray of int64, shape (n,)
        Row of the opening hours of each place.
    first_day : int
        Number of the first of the two days.
    today, tomorrow : ndarray of int16, shape (1440, h)
        Until when all hours are open on each of them (see `OpeningTimes.until`).
    """

    hours: Int
    first_day: int
    today: NDArray[np.int16]
    tomorrow: NDArray[np.int16]


def opens_for(place: int, start_min: int, end_min: int, until: OpenUntil) -> int:
    """Return 1 if a place is open from start to end, 0 if not, -1 for starts on other days.

    Parameters
    ----------
    place : int
        Id of the place.
    start_min, end_min : int
        In minutes of the run.
    until : OpenUntil
        The opening times.
    """
    day = start_min // DAY_MIN
    begin, hours = day * DAY_MIN, until.hours[place]
    if day == until.first_day:
        is_open = until.today[start_min - begin, hours] >= end_min - begin
    elif day == until.first_day + 1:
        is_open = until.tomorrow[start_min - begin, hours] >= end_min - begin
    else:
        return -1
    return 1 if is_open else 0
