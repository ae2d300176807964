"""Which trips a map has not been told yet: each is sent once."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.ui.views.protocols import UnderWay

__all__ = ["TripsOnce"]

_LONGEST_RUN_MIN = 2**30
"""Above any minute, so that an id and a minute make one number."""


class TripsOnce:
    """The trips that a map was told of last; another map has another one."""

    __slots__ = ("_told",)

    def __init__(self) -> None:
        self._told: Int = np.empty(0, dtype=np.int64)

    def new(self, trips: UnderWay) -> UnderWay:
        """Return those of the trips that were not under way at the last call.

        Parameters
        ----------
        trips : UnderWay
            All that are under way now.
        """
        now = trips.person * _LONGEST_RUN_MIN + trips.times[:, 0]
        told, self._told = self._told, now
        # Nobody makes two trips at once.
        is_known = np.isin(now, told, assume_unique=True)
        return trips.some(np.flatnonzero(~is_known))
