"""The street network: junctions, streets and shortest ways between them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from mesa_llm_city.city.network_loops import Streets, fill_cheapest
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import StreetParameters

__all__ = ["Network", "largest_part", "parts"]

_CELLS = 2**22  # lengths of ways in memory at once
_STREETS_ACROSS = 3  # mean streets along a square whose junctions lie together in memory
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
    unjoined : ndarray of float64, shape (j, 2, 2), optional
        Pieces of the streets that were left out, since no street joins them to the others.
    unjoined_part : ndarray of int64, shape (j,), optional
        Which connected part each of these pieces belongs to.

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
    unjoined: Float = field(default_factory=lambda: np.empty((0, 2, 2)))
    unjoined_part: Int = field(default_factory=lambda: np.empty(0, dtype=np.int64))

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
        street_of_segment: Int | None = None,
        near: tuple[Float, Float] | None = None,
    ) -> Network:
        """Make a network of junctions and streets, and keep one connected part of it.

        Parameters
        ----------
        x, y : ndarray of float64, shape (n,)
            Junctions in metres.
        start, end : ndarray of int64, shape (m,)
            The junctions that each street joins; streets keep their order.
        length_m : ndarray of float64, shape (m,), optional
            Lengths; straight lines by default.
        speed_km_h : ndarray of float64, shape (m,), optional
            Speeds; those of streets without a class (`StreetParameters.other_km_h`) by default.
        segments : ndarray of float64, shape (k, 2, 2), optional
            Pieces of line to draw; straight streets by default.
        street_of_segment : ndarray of int64, shape (k,), optional
            The street of each piece.
        near : tuple of ndarray of float64, optional
            Points, x and y: the part nearest to most of them is kept, and of equal ones the
            longest. By default the longest of all is kept.
        """
        chords = np.stack(
            [np.column_stack([x[start], y[start]]), np.column_stack([x[end], y[end]])], axis=1
        )
        straight = np.hypot(x[end] - x[start], y[end] - y[start])
        length = np.maximum(straight if length_m is None else length_m, _SHORTEST_M)
        usual = np.full(len(start), StreetParameters().other_km_h)
        speed = usual if speed_km_h is None else speed_km_h
        part = parts(start, end)
        kept = part == _main_part(part, length, chords, near)
        pieces = chords if segments is None else segments
        of_street = np.arange(len(start)) if segments is None else street_of_segment
        joined = np.ones(len(pieces), dtype=np.bool_) if of_street is None else kept[of_street]
        nodes, ends = np.unique(np.stack([start[kept], end[kept]]), return_inverse=True)
        return cls(
            x=x[nodes],
            y=y[nodes],
            start=ends[0],
            end=ends[1],
            length_m=length[kept],
            speed_km_h=speed[kept],
            segments=pieces[joined],
            share_kept=float(np.sum(length[kept]) / np.sum(length)) if len(length) else 1.0,
            unjoined=pieces[~joined],
            unjoined_part=(part if of_street is None else part[of_street])[~joined],
        )

    def without(self, streets: Collection[int], near: tuple[Float, Float]) -> Network:
        """Return the network without some streets, as far as the rest is connected.

        Parameters
        ----------
        streets : collection of int
            Rows of the streets that are left out.
        near : tuple of ndarray of float64
            Points, x and y: the part nearest to most of them is kept.

        Raises
        ------
        ConfigError
            If no street is left.
        """
        kept = ~np.isin(np.arange(len(self)), list(streets))
        if not kept.any():
            message = "no street is left; close fewer"
            raise ConfigError(message)
        return Network.of_edges(
            self.x,
            self.y,
            start=self.start[kept],
            end=self.end[kept],
            length_m=self.length_m[kept],
            speed_km_h=self.speed_km_h[kept],
            near=near,
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
        return self._cheapest(self.length_m, sources, targets)

    def fastest_min(self, sources: Int, targets: Int) -> Float:
        """Return the free-flow minutes of the fastest car ways, shape (s, t)."""
        minutes = self.length_m / (self.speed_km_h * 1000.0 / 60.0)
        return self._cheapest(minutes, sources, targets)

    def _cheapest(self, weight: Float, sources: Int, targets: Int) -> Float:
        """Return the sum of weights along the cheapest ways, shape (s, t)."""
        cost = np.empty((len(sources), len(targets)))
        # Junctions in the order of squares, since neighbours in memory are found faster.
        square_m = _STREETS_ACROSS * self.length_m.mean()
        order = np.lexsort((self.x // square_m, self.y // square_m))
        number = np.empty(len(order), dtype=np.int32)
        number[order] = np.arange(len(order))
        graph = self.graph(weight)
        both = csr_array(graph + graph.T)[order][:, order]
        begin, end = number[sources], number[targets]
        loop = compiled(fill_cheapest)
        if loop is not None:
            first, to = both.indptr.astype(np.int32), both.indices.astype(np.int32)
            loop(begin, end, Streets(first, to, both.data), float(weight.mean()), cost)
            return cost
        # A way leads to every junction, and of those only the targets are kept.
        step = max(1, _CELLS // max(len(self.x), 1))
        for row in range(0, len(sources), step):
            some = slice(row, row + step)
            cost[some] = dijkstra(both, indices=begin[some])[:, end]
        return cost

    def nearest_node(self, x: Float, y: Float) -> Int:
        """Return the junction nearest to each point, shape (n,)."""
        return np.asarray(self._tree.query(np.column_stack([x, y]))[1], dtype=np.int64)

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(np.column_stack([self.x, self.y]))


def parts(start: Int, end: Int) -> Int:
    """Return the number of the connected part of each street.

    Parameters
    ----------
    start, end : ndarray of int64, shape (m,)
        The junctions that each street joins.

    Examples
    --------
    >>> parts(np.array([0, 1, 7]), np.array([1, 2, 8])).tolist()
    [0, 0, 5]
    """
    if not len(start):
        return np.zeros(0, dtype=np.int64)
    n = int(max(start.max(), end.max())) + 1
    links = csr_array((np.ones(len(start)), (start, end)), shape=(n, n))
    _, part = connected_components(links, directed=False)
    return np.asarray(part, dtype=np.int64)[start]


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
    part = parts(start, end)
    kept: NDArray[np.bool_] = part == _main_part(part, length_m, np.empty((0, 2, 2)), None)
    return kept


def _main_part(part: Int, length_m: Float, chords: Float, near: tuple[Float, Float] | None) -> int:
    """Return the part that lies nearest to most points, and of equal ones the longest."""
    if not len(part):
        return -1
    total = np.bincount(part, length_m)
    served = np.zeros(len(total), dtype=np.int64)
    if near is not None and np.count_nonzero(total) > 1:
        ends = cKDTree(chords.reshape(-1, 2))
        row = ends.query(np.column_stack(near))[1]
        served = np.bincount(np.repeat(part, 2)[row], minlength=len(total))
    return int(np.lexsort((-np.arange(len(total)), total, served))[-1])
