"""Shortest ways along drawn streets, as lines: what a map shows of a trip.

How long a trip takes is a matter of `Skims` and `Router`; these lines only say where it leads.
They come from the pieces of street that a map draws, so that a finished run, which keeps these
and no network, shows the same ways as the model did.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["StreetPaths"]


class StreetPaths:
    """Shortest ways between points, along the largest connected part of some streets.

    Ways to all junctions from one of them are found together and kept (a "tree"), since people
    leave from and come back to the same places.

    Parameters
    ----------
    pieces : ndarray of float64, shape (m, 4)
        Pieces of street from (x, y) to (x, y), in metres; pieces meet where their ends are equal
        to the centimetre.
    tolerance_m : float, default 2.0
        Points of a way this close to the line of their neighbours are left out, in metres.
    kept : int, default 16,000,000
        Numbers of four bytes that trees may hold in memory; the oldest are forgotten.

    Examples
    --------
    >>> square = [[0, 0, 100, 0], [100, 0, 100, 100], [0, 0, 0, 300], [0, 300, 100, 100]]
    >>> paths = StreetPaths(np.array(square, dtype=float))
    >>> lines, found = paths.between(np.array([[0.0, -5.0, 105.0, 100.0]]))
    >>> lines.points.tolist(), found.tolist()
    ([[0.0, -5.0], [0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [105.0, 100.0]], [True])
    """

    def __init__(self, pieces: Float, *, tolerance_m: float = 2.0, kept: int = 16_000_000) -> None:
        self._tolerance_m = tolerance_m
        self._xy, self._graph = _connected(pieces)
        self._tree = cKDTree(self._xy)
        count = len(self._xy)
        room = min(max(kept // max(count, 1), 1), count)
        # Junctions before each junction on the way from a root, a row for each tree; memory is
        # taken when a row is written.
        self._before: NDArray[np.int32] = np.empty((room, count), dtype=np.int32)
        # Roots and their rows, the oldest first, and the row of each junction, -1 for none.
        self._slots: dict[int, int] = {}
        self._slot: NDArray[np.int32] = np.full(count, -1, dtype=np.int32)

    def __len__(self) -> int:
        """Return the number of junctions and bends."""
        return len(self._xy)

    def between(self, ends: Float, *, most_steps: int | None = None) -> tuple[Polylines, Bool]:
        """Return the shortest ways between pairs of points.

        Parameters
        ----------
        ends : ndarray of float64, shape (n, 4)
            From (x, y) to (x, y) in metres. A way leads from a point to the street, along the
            streets, and from there to the other point.
        most_steps : int, optional
            How many junctions may be visited to find ways that are not known yet, so that the
            time is bounded; ways from at least one junction are found. All are found by default.

        Returns
        -------
        lines : Polylines
            n lines; straight where there is no street between the points, and where the way
            was not looked for.
        found : ndarray of bool, shape (n,)
            False where it was not looked for; ask again.
        """
        parts, missing = [Polylines.straight(ends)], np.arange(len(ends))
        order = np.arange(len(ends))
        while len(missing) and len(self):
            lines, is_found = self._some(ends[missing], most_steps)
            order[missing] = np.sum([len(one) for one in parts], dtype=int) + np.arange(len(lines))
            parts.append(lines)
            missing = missing[~is_found]
            if most_steps is not None:
                break
        found = np.ones(len(ends), dtype=np.bool_)
        found[missing] = not len(self)
        return Polylines.joined(parts).take(order), found

    def prepare(self, points: Float, *, most_steps: int) -> None:
        """Find the ways from some points that are not known yet, to have them when they are needed.

        Nothing is forgotten for it, and nothing is done in a network so large that the ways from
        one junction take more steps.

        Parameters
        ----------
        points : ndarray of float64, shape (n, 2)
            Points in metres; those first that are the most important.
        most_steps : int
            How many junctions may be visited.
        """
        if not len(self) or most_steps < len(self) or not len(points):
            return
        room = min(most_steps // len(self), len(self._before) - len(self._slots))
        nodes = np.asarray(self._tree.query(points)[1]).tolist()
        missing = dict.fromkeys(one for one in nodes if one not in self._slots)
        self._grow(list(missing)[:room])

    def _some(self, ends: Float, most_steps: int | None) -> tuple[Polylines, Bool]:
        """Return the ways that are known, or become so within so many steps."""
        nodes = np.asarray(self._tree.query(ends.reshape(-1, 2))[1]).reshape(-1, 2)
        apart = np.flatnonzero(nodes[:, 0] != nodes[:, 1])
        roots = self._rooted(nodes[apart], most_steps)
        walked = np.flatnonzero(roots >= 0)
        rows = apart[walked]
        lines = _with_ends(self._walked(nodes[rows], roots[walked]), ends[rows])
        found = np.ones(len(ends), dtype=np.bool_)
        found[apart[roots < 0]] = False
        order = np.arange(len(ends))
        order[rows] = len(ends) + np.arange(len(rows))
        whole = [Polylines.straight(ends), lines.simplified(self._tolerance_m)]
        return Polylines.joined(whole).take(order), found

    def _rooted(self, pairs: Int, most_steps: int | None) -> Int:
        """Return the end of each pair from which ways are known, -1 where there is none."""
        is_open = np.all(self._slot[pairs] < 0, axis=1)
        if is_open.any():
            wanted = Counter(chain.from_iterable(pairs.tolist()))
            # The most frequent end first: a home that many leave, a school that many go to.
            needed = dict.fromkeys(
                a if wanted[a] >= wanted[b] else b for a, b in pairs[is_open].tolist()
            )
            room = len(self._before)
            most = room if most_steps is None else min(max(most_steps // len(self), 1), room)
            self._grow(list(needed)[:most])
        known = self._slot[pairs] >= 0
        begun: Int = np.where(known[:, 0], pairs[:, 0], np.where(known[:, 1], pairs[:, 1], -1))
        return begun

    def _grow(self, roots: list[int]) -> None:
        """Find the ways from some junctions to all, and keep them in place of the oldest."""
        if not roots:
            return
        _, before = dijkstra(self._graph, indices=roots, return_predecessors=True)
        for root, junctions in zip(roots, before, strict=True):
            slot = len(self._slots)
            if slot == len(self._before):
                oldest = next(iter(self._slots))
                slot, self._slot[oldest] = self._slots.pop(oldest), -1
            self._slots[root] = self._slot[root] = slot
            self._before[slot] = junctions
            # Whoever has come to the root stays there while others are still on their way.
            self._before[slot, root] = root

    def _walked(self, pairs: Int, roots: Int) -> Polylines:
        """Return the ways between pairs of junctions, each of which has an end at its root."""
        is_back = pairs[:, 0] == roots
        here = np.where(is_back, pairs[:, 1], pairs[:, 0])
        trees = self._slot[roots]
        # All walk towards their roots at once, a junction at a time.
        walk = [here]
        while (here != roots).any():
            here = self._before[trees, here]
            walk.append(here)
        ways = np.column_stack(walk)
        steps = (ways != roots[:, None]).sum(axis=1)
        first = np.concatenate([[0], np.cumsum(steps + 1)])
        line = np.repeat(np.arange(len(ways)), steps + 1)
        place = np.arange(first[-1]) - first[line]
        place = np.where(is_back[line], steps[line] - place, place)
        return Polylines(self._xy.take(ways[line, place], axis=0), first)


def _connected(pieces: Float) -> tuple[Float, csr_array]:
    """Return junctions and the streets between them, of the largest connected part."""
    ends = np.round(pieces.reshape(-1, 2), 2)
    xy, row = np.unique(ends, axis=0, return_inverse=True)
    begin, end = row.reshape(-1, 2).T
    if not len(xy):
        return xy, csr_array((0, 0))
    length = np.hypot(*(xy[begin] - xy[end]).T)
    # Of parallel pieces the shortest counts; where both ends are the same there is no street.
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    order = np.lexsort((length, high, low))
    order = order[low[order] != high[order]]
    _, some = np.unique(np.column_stack([low, high])[order], axis=0, return_index=True)
    chosen = order[some]
    shape = (len(xy), len(xy))
    links = csr_array((length[chosen], (low[chosen], high[chosen])), shape=shape)
    _, part = connected_components(links, directed=False)
    kept = np.flatnonzero(part == np.argmax(np.bincount(part)))
    return xy[kept], csr_array(links + links.T)[kept][:, kept]


def _with_ends(lines: Polylines, ends: Float) -> Polylines:
    """Return lines that begin and end at points beside the street.

    Somebody who leaves a house between two junctions steps onto the street there, and does not
    walk back to the nearer junction first.
    """
    points = lines.points.copy()
    first, last = lines.first[:-1], lines.first[1:] - 1
    points[first] = _nearest(ends[:, :2], lines.points[first], lines.points[first + 1])
    points[last] = _nearest(ends[:, 2:], lines.points[last], lines.points[last - 1])
    sizes = lines.sizes + 2
    starts = np.concatenate([[0], np.cumsum(sizes)])
    whole = np.empty((starts[-1], 2))
    whole[starts[:-1]], whole[starts[1:] - 1] = ends[:, :2], ends[:, 2:]
    whole[np.arange(len(points)) + 1 + 2 * lines.line] = points
    return Polylines(whole, starts)


def _nearest(point: Float, begin: Float, end: Float) -> Float:
    """Return the point of each piece that is nearest to another point."""
    chord, gap = end - begin, point - begin
    chord_x, chord_y = chord.T
    square = chord_x * chord_x + chord_y * chord_y
    along = gap[:, 0] * chord_x + gap[:, 1] * chord_y
    share = np.clip(along / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
    nearest: Float = begin + share[:, None] * chord
    return nearest
