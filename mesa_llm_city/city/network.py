"""The street network: junctions, streets and shortest ways between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import StreetParameters

__all__ = ["Network", "largest_part"]

_SHORTEST_M = 0.1
"""Streets are at least this long, since a length of 0 means "no street" in a sparse matrix."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """Streets as a graph; every street can be used in both directions.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Junctions in metres of the city's reference system.
    start, end : ndarray of int64, shape (m,)
        The junctions that each street joins.
    length_m : ndarray of float64, shape (m,)
        Length along the street.
    speed_km_h : ndarray of float64, shape (m,)
        Free-flow speed of cars.
    segments : ndarray of float64, shape (k, 2, 2)
        Pieces of line to draw: start and end, x and y.
    share_kept : float, default 1
        Share of the street length that was kept as one connected network.

    Examples
    --------
    >>> xy = np.array([0.0, 300.0, 300.0]), np.array([0.0, 0.0, 400.0])
    >>> net = Network.of_edges(*xy, start=np.array([0, 1]), end=np.array([1, 2]))
    >>> net.shortest_m(np.array([0]), np.array([2]))
    array([[700.]])
    """

    x: Float
    y: Float
    start: Int
    end: Int
    length_m: Float
    speed_km_h: Float
    segments: Float
    share_kept: float = 1.0

    @classmethod
    def of_edges(
        cls,
        x: Float,
        y: Float,
        *,
        start: Int,
        end: Int,
        length_m: Float | None = None,
        speed_km_h: Float | None = None,
        segments: Float | None = None,
    ) -> Network:
        """Make a network of junctions and streets, and keep its largest connected part.

        Streets keep their order. Lengths are straight lines and speeds those of streets
        without a class (`StreetParameters.other_km_h`) unless given; the segments to draw
        are the streets unless given.
        """
        chords = np.stack(
            [np.column_stack([x[start], y[start]]), np.column_stack([x[end], y[end]])], axis=1
        )
        straight = np.hypot(x[end] - x[start], y[end] - y[start])
        length = np.maximum(straight if length_m is None else length_m, _SHORTEST_M)
        usual = np.full(len(start), StreetParameters().other_km_h)
        speed = usual if speed_km_h is None else speed_km_h
        kept = largest_part(start, end, length)
        nodes, joined = np.unique(np.stack([start[kept], end[kept]]), return_inverse=True)
        return cls(
            x=x[nodes],
            y=y[nodes],
            start=joined[0],
            end=joined[1],
            length_m=length[kept],
            speed_km_h=speed[kept],
            segments=chords[kept] if segments is None else segments,
            share_kept=float(np.sum(length[kept]) / np.sum(length)) if len(length) else 1.0,
        )

    def __len__(self) -> int:
        """Return the number of streets between junctions."""
        return len(self.start)

    @property
    def total_km(self) -> float:
        """Length of all streets in kilometres."""
        return float(np.sum(self.length_m)) / 1000.0

    def graph(self, weight: Float | None = None) -> csr_array:
        """Return the adjacency matrix, shape (n, n), of lengths or of another weight.

        Of parallel streets the cheapest counts.
        """
        cost = self.length_m if weight is None else weight
        low, high = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        order = np.lexsort((cost, high, low))
        low, high, cost = low[order], high[order], cost[order]
        first = np.ones(len(low), dtype=np.bool_)
        first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
        shape = (len(self.x), len(self.x))
        return csr_array((cost[first], (low[first], high[first])), shape=shape)

    def shortest_m(self, sources: Int, targets: Int) -> Float:
        """Return the length of the shortest ways between junctions.

        Parameters
        ----------
        sources : ndarray of int64, shape (s,)
        targets : ndarray of int64, shape (t,)
            Rows of junctions.

        Returns
        -------
        ndarray of float64, shape (s, t)
            Metres.
        """
        ways = dijkstra(self.graph(), directed=False, indices=sources)
        return np.asarray(ways[:, targets], dtype=np.float64)

    def fastest_min(self, sources: Int, targets: Int) -> Float:
        """Return the free-flow minutes of the fastest car ways, shape (s, t)."""
        minutes = self.length_m / (self.speed_km_h * 1000.0 / 60.0)
        ways = dijkstra(self.graph(minutes), directed=False, indices=sources)
        return np.asarray(ways[:, targets], dtype=np.float64)

    def nearest_node(self, x: Float, y: Float) -> Int:
        """Return the junction nearest to each point, shape (n,)."""
        return np.asarray(self._tree.query(np.column_stack([x, y]))[1], dtype=np.int64)

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(np.column_stack([self.x, self.y]))


def largest_part(start: Int, end: Int, length_m: Float) -> NDArray[np.bool_]:
    """Return which streets belong to the longest connected part.

    Parameters
    ----------
    start, end : ndarray of int64, shape (m,)
        The junctions that each street joins.
    length_m : ndarray of float64, shape (m,)
        Their lengths.

    Examples
    --------
    >>> largest_part(np.array([0, 1, 7]), np.array([1, 2, 8]), np.array([5.0, 5.0, 6.0]))
    array([ True,  True, False])
    """
    if not len(start):
        return np.zeros(0, dtype=np.bool_)
    n = int(max(start.max(), end.max())) + 1
    links = csr_array((np.ones(len(start)), (start, end)), shape=(n, n))
    _, part = connected_components(links, directed=False)
    total = np.bincount(part[start], length_m)
    kept: NDArray[np.bool_] = part[start] == int(np.argmax(total))
    return kept
