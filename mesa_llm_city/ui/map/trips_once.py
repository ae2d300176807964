"""Which trips a map has not been told yet: each is sent once."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.ui.views.protocols import UnderWay

__all__ = ["TripsOnce"]


class TripsOnce:
    """The trips that a map was told of last; another map has another one."""

    __slots__ = ("_told",)

    def __init__(self) -> None:
        self._told: Int = np.empty((0, 2), dtype=np.int64)

    def new(self, trips: UnderWay) -> UnderWay:
        """Return those of the trips that were not under way at the last call.

        Parameters
        ----------
        trips : UnderWay
            All that are under way now.
        """
        now = np.column_stack([trips.person, trips.times[:, 0]])
        _, both = np.unique(np.vstack([self._told, now]), axis=0, return_inverse=True)
        told, asked = both[: len(self._told)], both[len(self._told) :]
        self._told = now
        return trips.some(np.flatnonzero(~np.isin(asked, told)))
