"""Blocks of days as columns: what each of many persons is about to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Bool, Int

__all__ = ["FREE", "NOWHERE", "BlockColumns", "Blocks"]

FREE = -1
"""Purpose of an empty block."""
NOWHERE = -1
"""Place of a block whose place is chosen when it begins."""


class BlockColumns(NamedTuple):
    """The columns of `Blocks`, in a form that compiled loops take."""

    start: Int
    end: Int
    purpose: Int
    place: Int
    fixed: Bool


@dataclass(slots=True, eq=False)
class Blocks:
    """One block of each of m persons (see `Activity`).

    Parameters
    ----------
    start, end : ndarray of int64, shape (m,)
        From (inclusive) and to (exclusive), in minutes.
    purpose : ndarray of int64, shape (m,)
        Position of the purpose in the parameters, or `FREE`.
    place : ndarray of int64, shape (m,)
        Place id, or `NOWHERE`.
    fixed : ndarray of bool, shape (m,)
        Whether the end is binding.
    """

    start: Int
    end: Int
    purpose: Int
    place: Int
    fixed: Bool

    def __len__(self) -> int:
        """Return the number of blocks."""
        return len(self.start)

    @property
    def minutes(self) -> Int:
        """Lengths of the blocks."""
        length: Int = self.end - self.start
        return length

    def take(self, rows: Int | Bool) -> Blocks:
        """Return copies of some of the blocks."""
        rows = _positions(rows)
        return Blocks(
            self.start[rows], self.end[rows], self.purpose[rows], self.place[rows], self.fixed[rows]
        )

    def put(self, rows: Int | Bool, blocks: Blocks) -> None:
        """Replace some of the blocks."""
        rows = _positions(rows)
        self.start[rows], self.end[rows] = blocks.start, blocks.end
        self.purpose[rows], self.place[rows] = blocks.purpose, blocks.place
        self.fixed[rows] = blocks.fixed

    @property
    def columns(self) -> BlockColumns:
        """The columns, as loops read them."""
        return BlockColumns(self.start, self.end, self.purpose, self.place, self.fixed)

    @classmethod
    def empty(cls, count: int) -> Blocks:
        """Return free blocks of no length at minute 0."""
        start, end = np.zeros((2, count), dtype=np.int64)
        purpose, place = np.full((2, count), FREE, dtype=np.int64)
        return cls(start, end, purpose, place, np.zeros(count, dtype=np.bool_))


def _positions(rows: Int | Bool) -> Int:
    """Return positions for a column of truth values, since these are looked up faster."""
    if rows.dtype == np.bool_:
        return rows.nonzero()[0]
    return np.asarray(rows, dtype=np.int64)
