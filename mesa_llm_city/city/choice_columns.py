"""Choice columns: the places that many persons choose among, as one flat table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["ChoiceColumns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceColumns:
    """Places to choose among, n in all, of m persons; a person may have none.

    Parameters
    ----------
    row : ndarray of int64, shape (n,)
        Whose place it is, from 0 to m - 1, in rising order. Of each person first come the
        candidates from where the person is, then places that the person knows.
    place : ndarray of int64, shape (n,)
        Ids in the city.
    slot : ndarray of int64, shape (n,)
        Column of a known place among those that the person knows, -1 for a candidate.
    distance_m : ndarray of float64, shape (n,)
        Length of the way in metres.
    correction : ndarray of float64, shape (n,)
        How many places each stands for (see `ChoiceSet`).
    boost : ndarray of float64, shape (n,), optional
        Factor on the weight of a place by events; None if there is none.
    """

    row: Int
    place: Int
    slot: Int
    distance_m: Float
    correction: Float
    boost: Float | None = None

    def __len__(self) -> int:
        """Return the number of places n."""
        return len(self.row)

    def only(self, keep: Bool) -> Self:
        """Return the places where `keep` (shape (n,)) is true."""
        if keep.all():
            return self
        kept = np.flatnonzero(keep)
        return replace(
            self,
            row=self.row[kept],
            place=self.place[kept],
            slot=self.slot[kept],
            distance_m=self.distance_m[kept],
            correction=self.correction[kept],
            boost=None if self.boost is None else self.boost[kept],
        )

    def of(self, rows: Int) -> Self:
        """Return what some of the persons (in rising order) choose among, numbered from 0."""
        number = np.full(int(max(self.row.max(initial=0), rows.max(initial=0))) + 1, -1)
        number[rows] = np.arange(len(rows))
        renumbered = number[self.row]
        return replace(self, row=renumbered).only(renumbered >= 0)
