"""Zones of a city as areas to count in: which places belong to each, and where people are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from mesa_llm_city.core.values import Float, Int

__all__ = ["Areas"]


@dataclass(frozen=True, eq=False)
class Areas:
    """Zones and their places.

    Parameters
    ----------
    names : tuple of str, length z
        Names of the zones.
    of_place : ndarray of int64, shape (p,)
        Zone of each place, -1 for none.
    places : ndarray of float64, shape (p, 2)
        Places in metres.
    """

    names: tuple[str, ...]
    of_place: Int
    places: Float

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self.names)

    @cached_property
    def centre(self) -> Float:
        """Middle of the places of each zone in metres, shape (z, 2); NaN without places."""
        return np.column_stack([self.mean(self.of_place, axis) for axis in self.places.T])

    def of_points(self, points: Float) -> Int:
        """Return the zone of the place nearest to each point, shape (n,).

        Parameters
        ----------
        points : ndarray of float64, shape (n, 2)
            Points in metres.
        """
        if not len(self.places):
            return np.full(len(points), -1)
        nearest: Int = self.of_place[self._tree.query(points)[1]]
        return nearest

    def count(self, zones: Int) -> Float:
        """Return how often each zone occurs, shape (z,).

        Parameters
        ----------
        zones : ndarray of int64, shape (n,)
            Zones, -1 for none.
        """
        return np.bincount(zones[zones >= 0], minlength=len(self)).astype(np.float64)

    def mean(self, zones: Int, values: Float) -> Float:
        """Return the mean of values in each zone, shape (z,), NaN where there is none.

        Parameters
        ----------
        zones : ndarray of int64, shape (n,)
            Zone of each value, -1 for none.
        values : ndarray of float64, shape (n,)
            Values; NaN are left out.
        """
        known = (zones >= 0) & np.isfinite(values)
        total = np.bincount(zones[known], values[known], minlength=len(self))
        often = self.count(zones[known])
        means: Float = np.full(len(self), np.nan)
        np.divide(total, often, out=means, where=often > 0)
        return means

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.places)
