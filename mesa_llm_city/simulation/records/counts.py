"""Whole numbers that are added up in cells: dense by the hour, or only where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Int
from mesa_llm_city.simulation.records.count_loops import add_minutes

__all__ = ["HourBlocks", "SparseCounts"]

_DAY_H = DAY_MIN // HOUR_MIN
# Keys that wait to be counted: sorting many at once costs less than one after another.
_WAITING = 262_144


class HourBlocks:
    """A number for each hour and cell, in a block for each day that has any.

    Cells may become more in the course of a run.

    Examples
    --------
    >>> blocks = HourBlocks()
    >>> blocks.add(np.array([1, 1, 25]), np.array([0, 0, 1]), 5, width=2)
    >>> blocks.dense(2)[[1, 25]].tolist()
    [[10, 0], [0, 5]]
    """

    def __init__(self) -> None:
        self._days: dict[int, Int] = {}

    def add(self, hour: Int, cell: Int, amount: Int | int, *, width: int) -> None:
        """Add amounts.

        Parameters
        ----------
        hour : ndarray of int64, shape (n,)
            Hours since midnight of the first day.
        cell : ndarray of int64, shape (n,)
            Cells, below `width`.
        amount : ndarray of int64, shape (n,), or int
            What is added to each.
        width : int
            Number of cells.
        """
        if not len(hour):
            return
        day, within = np.divmod(hour, _DAY_H)
        at, added = within * width + cell, np.broadcast_to(amount, hour.shape)
        first, last = int(day.min()), int(day.max())
        if first == last:
            np.add.at(self._block(first, width), at, added)
            return
        for one in np.unique(day).tolist():
            then = day == one
            np.add.at(self._block(one, width), at[then], added[then])

    def add_spans(self, start: Int, end: Int, cell: Int, *, width: int) -> None:
        """Add minutes of spans of time, so that sums over hours so far are the minutes of each.

        What is added to an hour counts for all later ones too: from `start` on, what is left of
        the first hour, and 60 minutes of each later one; from `end` on, as much less.

        Parameters
        ----------
        start, end : ndarray of int64, shape (n,)
            From (included) and to (excluded), in minutes since midnight of the first day.
        cell : ndarray of int64, shape (n,)
            Cells, below `width`.
        width : int
            Number of cells.
        """
        loop = compiled(add_minutes)
        if loop is None or not len(cell):
            for minute, sign in ((start, 1), (end, -1)):
                hour, gone = np.divmod(minute, HOUR_MIN)
                self.add(hour, cell, sign * (HOUR_MIN - gone), width=width)
                self.add(hour + 1, cell, sign * gone, width=width)
            return
        last = int(end.max()) // HOUR_MIN + 1
        for day in range(int(start.min()) // DAY_MIN, last // _DAY_H + 1):
            is_new = day not in self._days
            if not loop(self._block(day, width), day, start, end, cell) and is_new:
                del self._days[day]

    def dense(self, width: int) -> Int:
        """Return all numbers until the last day that has any, shape (hours, width)."""
        days = max(self._days, default=-1) + 1
        found = np.zeros((days, _DAY_H, width), dtype=np.int64)
        for day, block in self._days.items():
            found[day, :, : block.shape[1]] = block
        return found.reshape(days * _DAY_H, width)

    def state(self) -> dict[str, Any]:
        """Return days and numbers."""
        width = max((block.shape[1] for block in self._days.values()), default=0)
        return {"days": sorted(self._days), "counts": self.dense(width)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        counts = state["counts"]
        by_day = counts.reshape(len(counts) // _DAY_H, _DAY_H, counts.shape[1])
        self._days = {int(day): by_day[int(day)].copy() for day in state["days"]}

    def _block(self, day: int, width: int) -> Int:
        """Return the numbers of a day in a row, to be added to."""
        block = self._days.get(day)
        if block is None or block.shape[1] < width:
            wide = np.zeros((_DAY_H, width), dtype=np.int64)
            if block is not None:
                wide[:, : block.shape[1]] = block
            block = self._days[day] = wide
        return block.reshape(-1)


class SparseCounts:
    """How often each key has come.

    Examples
    --------
    >>> counts = SparseCounts()
    >>> counts.add(np.array([7, 3, 7]))
    >>> [one.tolist() for one in counts.total()]
    [[3, 7], [1, 2]]
    """

    def __init__(self) -> None:
        self._keys, self._counts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        self._waiting: list[Int] = []
        self._size = 0

    def add(self, keys: Int) -> None:
        """Count keys, an ndarray of int64 of shape (n,)."""
        self._waiting.append(keys)
        self._size += len(keys)
        if self._size > max(_WAITING, len(self._keys)):
            self._keys, self._counts = self.total()
            self._waiting, self._size = [], 0

    def total(self) -> tuple[Int, Int]:
        """Return the keys that have come, rising, and how often each."""
        if not self._waiting:
            return self._keys, self._counts
        new, times = np.unique(np.concatenate(self._waiting), return_counts=True)
        keys, row = np.unique(np.concatenate([self._keys, new]), return_inverse=True)
        counts = np.zeros(len(keys), dtype=np.int64)
        np.add.at(counts, row, np.concatenate([self._counts, times]))
        return keys, counts

    def state(self) -> dict[str, Any]:
        """Return keys and counts."""
        keys, counts = self.total()
        return {"keys": keys, "counts": counts}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._keys, self._counts = state["keys"].copy(), state["counts"].copy()
        self._waiting, self._size = [], 0
