"""Stations, at which trains and other modes between stations stop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from mesa_llm_city.core.values import Float, Int

__all__ = ["Stations"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stations:
    """Railway stations.

    Parameters
    ----------
    names : tuple of str, length n
        Their names.
    x, y : ndarray of float64, shape (n,)
        Positions in metres of the city's reference system.
    entries : ndarray of float64, shape (n,), optional
        How many people enter the station, in any unit; NaN where it is unknown.

    Examples
    --------
    >>> line = Stations(names=("West", "East"), x=np.array([0.0, 900.0]), y=np.zeros(2))
    >>> line.nearest(np.array([700.0]), np.array([0.0]))
    (array([1]), array([200.]))
    """

    names: tuple[str, ...]
    x: Float
    y: Float
    entries: Float | None = None

    def __len__(self) -> int:
        """Return the number of stations."""
        return len(self.names)

    def nearest(self, x: Float, y: Float) -> tuple[Int, Float]:
        """Return the nearest station of each point and its straight-line distance in metres.

        Without any station the numbers are -1 and the distances infinite.
        """
        if not len(self):
            return np.full(len(x), -1), np.full(len(x), np.inf)
        distance, station = self._tree.query(np.column_stack([x, y]))
        return np.asarray(station, dtype=np.int64), np.asarray(distance, dtype=np.float64)

    def merged(self, within_m: float) -> Stations:
        """Return the stations, with those of one name close to each other made one.

        Timetables list platforms and entrances one by one. The merged station lies
        in their middle, and has the row of the first of them.

        Parameters
        ----------
        within_m : float
            Greatest distance between two of them in metres
            (``parameters.city.travel.same_station_m``).
        """
        pairs = self._tree.query_pairs(within_m, output_type="ndarray") if len(self) else None
        if pairs is None or not len(pairs):
            return self
        alike = np.array([self.names[a] == self.names[b] for a, b in pairs.tolist()])
        first, second = pairs[alike].T
        links = coo_array((np.ones(len(first)), (first, second)), shape=(len(self),) * 2)
        _, group = connected_components(links, directed=False)
        _, leader, label = np.unique(group, return_index=True, return_inverse=True)
        size = np.bincount(label)
        x, y = np.bincount(label, self.x) / size, np.bincount(label, self.y) / size
        order = np.argsort(leader)
        names = tuple(self.names[row] for row in leader[order])
        entries = None if self.entries is None else _summed(self.entries, label)[order]
        return Stations(names=names, x=x[order], y=y[order], entries=entries)

    def kept(self, mask: NDArray[np.bool_]) -> Stations:
        """Return the stations where `mask` (shape (n,)) is true."""
        names = tuple(name for name, is_kept in zip(self.names, mask, strict=True) if is_kept)
        entries = None if self.entries is None else self.entries[mask]
        return Stations(names=names, x=self.x[mask], y=self.y[mask], entries=entries)

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(np.column_stack([self.x, self.y]))


def _summed(entries: Float, label: Int) -> Float:
    """Return the sum of what is known for each label; NaN where nothing is."""
    known = ~np.isnan(entries)
    total = np.bincount(label, np.where(known, entries, 0.0))
    summed: Float = np.where(np.bincount(label, known) > 0.0, total, np.nan)
    return summed
