"""Many lines of points in two arrays, and where somebody is who has gone a share of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mesa_llm_city.core.values import Float, Int

__all__ = ["Polylines"]


@dataclass(frozen=True, eq=False)
class Polylines:
    """Lines of two or more points, one after the other.

    Parameters
    ----------
    points : ndarray of float64, shape (k, 2)
        Points in metres.
    first : ndarray of int64, shape (n + 1,)
        Row of the first point of each line and, at the end, the number of points.

    Examples
    --------
    >>> corner = Polylines(np.array([[0.0, 0.0], [30.0, 0.0], [30.0, 10.0]]), np.array([0, 3]))
    >>> corner.length.tolist()
    [40.0]
    >>> corner.at(np.array([0.0])).tolist(), corner.at(np.array([0.875])).tolist()
    ([[0.0, 0.0]], [[30.0, 5.0]])
    """

    points: Float
    first: Int

    @classmethod
    def straight(cls, ends: Float) -> Polylines:
        """Return a straight line for each row.

        Parameters
        ----------
        ends : ndarray of float64, shape (n, 4)
            From (x, y) to (x, y) in metres.
        """
        return cls(ends.reshape(-1, 2), 2 * np.arange(len(ends) + 1))

    @classmethod
    def joined(cls, parts: Sequence[Polylines]) -> Polylines:
        """Return the lines of all parts, one part after the other."""
        sizes = [np.empty(0, dtype=np.int64), *(one.sizes for one in parts)]
        points = [np.empty((0, 2)), *(one.points for one in parts)]
        return cls(np.concatenate(points), _starts(np.concatenate(sizes)))

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self.first) - 1

    @property
    def sizes(self) -> Int:
        """Number of points of each line, shape (n,)."""
        return np.diff(self.first)

    @cached_property
    def line(self) -> Int:
        """Line of each point, shape (k,)."""
        return np.repeat(np.arange(len(self)), self.sizes)

    @cached_property
    def along(self) -> Float:
        """Metres from the beginning of its line to each point, shape (k,)."""
        steps = np.zeros(len(self.points))
        steps[1:] = np.hypot(*np.diff(self.points, axis=0).T)
        steps[self.first[:-1]] = 0.0
        total = np.cumsum(steps)
        gone: Float = total - total[self.first[:-1]][self.line]
        return gone

    @cached_property
    def length(self) -> Float:
        """Length of each line in metres, shape (n,)."""
        return self.along[self.first[1:] - 1]

    @cached_property
    def _keys(self) -> Float:
        """Number that rises over all points: twice the line, and the share of it that is gone."""
        whole = np.where(self.length > 0.0, self.length, 1.0)
        keys: Float = 2.0 * self.line + self.along / whole[self.line]
        return keys

    def at(self, share: Float) -> Float:
        """Return the points at a share of each line.

        Parameters
        ----------
        share : ndarray of float64, shape (n,)
            Share of the length of each line that is gone, in [0, 1].

        Returns
        -------
        ndarray of float64, shape (n, 2)
            Metres.
        """
        wanted = 2.0 * np.arange(len(self)) + share
        begin = np.searchsorted(self._keys, wanted, "right") - 1
        begin = np.clip(begin, self.first[:-1], self.first[1:] - 2)
        before, after = self._keys[begin], self._keys[begin + 1]
        gap = np.where(after > before, after - before, 1.0)
        part = np.clip((wanted - before) / gap, 0.0, 1.0)[:, None]
        here: Float = self.points[begin] + part * (self.points[begin + 1] - self.points[begin])
        return here

    def take(self, rows: Int) -> Polylines:
        """Return some of the lines, in the order of `rows`."""
        begin = self.first[rows]
        sizes = self.first[rows + 1] - begin
        first = _starts(sizes)
        shift = np.repeat(begin - first[:-1], sizes)
        return Polylines(self.points.take(np.arange(first[-1]) + shift, axis=0), first)

    def simplified(self, tolerance_m: float, *, passes: int = 3) -> Polylines:
        """Return the lines without points that lie on the straight line of their neighbours.

        Parameters
        ----------
        tolerance_m : float
            A point this close to that line is left out, in metres.
        passes : int, default 3
            How often this is done; each pass looks at every other point of a line, so that a bend
            cannot vanish bit by bit.
        """
        lines = self
        for turn in range(passes):
            lines = lines._without_needless(tolerance_m, odd=turn % 2 == 0)
        return lines

    def _without_needless(self, tolerance_m: float, *, odd: bool) -> Polylines:
        """Return the lines without those of their odd (or even) points that are not needed."""
        first, last, sizes = self.first[:-1], self.first[1:] - 1, self.sizes
        place = np.arange(len(self.points)) - np.repeat(first, sizes)
        is_turn = place % 2 == int(odd)
        is_turn[first] = is_turn[last] = False
        inner = np.flatnonzero(is_turn)
        x, y = self.points.T
        start_x, start_y = x[inner - 1], y[inner - 1]
        chord_x, chord_y = x[inner + 1] - start_x, y[inner + 1] - start_y
        off_x, off_y = x[inner] - start_x, y[inner] - start_y
        square = chord_x * chord_x + chord_y * chord_y
        along = off_x * chord_x + off_y * chord_y
        share = np.clip(along / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
        away = np.hypot(off_x - share * chord_x, off_y - share * chord_y)
        needless = inner[away <= tolerance_m]
        kept = np.ones(len(self.points), dtype=np.bool_)
        kept[needless] = False
        gone = np.bincount(np.searchsorted(last, needless), minlength=len(self))
        return Polylines(self.points[kept], _starts(sizes - gone))


def _starts(sizes: Int) -> Int:
    """Return where each run of so many begins, and where the last one ends."""
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts
