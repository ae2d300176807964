"""Choice columns: the places that many persons choose among, in columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["ChoiceColumns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceColumns:
    """Places to choose among for each of m persons, w each, of which not all are possible.

    Parameters
    ----------
    places : ndarray of int32, shape (m, w)
        Ids in the city, first those that come into question from where the person is, then
        those that the person knows; -1 for none.
    distance_m : ndarray of float64, shape (m, w)
        Length of the way in metres.
    possible : ndarray of bool, shape (m, w)
        Which of them come into question. The other columns have any values elsewhere.
    correction : ndarray of float32, shape (m, w)
        How many places each stands for (see `ChoiceSet`).
    boost : ndarray of float64, shape (m, w), or None
        Factor on the weight of a place by events; None if there is none.
    """

    places: NDArray[np.int32]
    distance_m: Float
    possible: Bool
    correction: NDArray[np.float32]
    boost: Float | None = None

    def only(self, keep: Bool) -> Self:
        """Return the same places, of which no others are possible than in `keep`, (m, w)."""
        return replace(self, possible=self.possible & keep)

    def take(self, rows: Int) -> Self:
        """Return what some of the persons choose among."""
        return replace(
            self,
            places=self.places[rows],
            distance_m=self.distance_m[rows],
            possible=self.possible[rows],
            correction=self.correction[rows],
            boost=None if self.boost is None else self.boost[rows],
        )
