"""Wishes that are kept for many persons, in few bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.narrow import number_of_rows
from mesa_llm_city.core.values import Int
from mesa_llm_city.mobility.free_time_loops import WishArrays
from mesa_llm_city.mobility.purpose_codes import FREE
from mesa_llm_city.mobility.wish_columns import UNSAID, WishColumns
from mesa_llm_city.mobility.wish_store_loops import LATEST
from mesa_llm_city.mobility.wishes import Wish
from mesa_llm_city.parameters import CityParameters

__all__ = ["WishStore"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WishStore:
    """Outings that the free time of the day of each of n rows is still meant to hold.

    Parameters
    ----------
    purpose, size
        As in `WishColumns`, of shapes (n, w) and (n,).
    minutes : ndarray of int16, shape (n, w)
        How long, the way there included.
    base : ndarray of int32, shape (n,)
        Minute of the run from which `from_min` and `until_min` count.
    from_min, until_min : ndarray of int16, shape (n, w)
        Between which minutes, from `base` on, it is meant to begin.
    """

    purpose: NDArray[np.int8]
    minutes: NDArray[np.int16]
    base: NDArray[np.int32]
    from_min: NDArray[np.int16]
    until_min: NDArray[np.int16]
    size: NDArray[np.int8]

    @classmethod
    def empty(cls, count: int, most: int) -> Self:
        """Return a store for `most` wishes a day about which nothing is said yet."""
        shape = count, most
        return cls(
            purpose=np.full(shape, FREE, dtype=np.int8),
            minutes=np.zeros(shape, dtype=np.int16),
            base=np.zeros(count, dtype=np.int32),
            from_min=np.zeros(shape, dtype=np.int16),
            until_min=np.zeros(shape, dtype=np.int16),
            size=np.full(count, UNSAID, dtype=np.int8),
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.size)

    @property
    def arrays(self) -> WishArrays:
        """The columns, as compiled loops take them."""
        return WishArrays(
            self.purpose, self.minutes, self.base, self.from_min, self.until_min, self.size
        )

    def take(self, rows: Int) -> WishColumns:
        """Return the wishes of some of the rows."""
        base = self.base[rows, np.newaxis]
        return WishColumns(
            purpose=self.purpose.take(rows, axis=0),
            minutes=self.minutes.take(rows, axis=0),
            from_min=base + self.from_min.take(rows, axis=0),
            until_min=base + self.until_min.take(rows, axis=0),
            size=self.size.take(rows),
        )

    def wishes(self, row: int, parameters: CityParameters) -> tuple[Wish, ...] | None:
        """Return the wishes of one row; None if nothing is said about them."""
        return self.take(np.array([row])).wishes(0, parameters)

    def put(self, rows: Int, other: WishColumns) -> None:
        """Replace rows, none of them twice, by those of columns of at most the same width."""
        width = other.purpose.shape[1]
        is_used = np.arange(width) < other.size[:, np.newaxis]
        base = np.zeros(len(rows), dtype=np.int64)
        if width:
            # Wishes are in order of time.
            base = np.where(other.size > 0, other.from_min[:, 0], 0)
        self.purpose[rows, width:] = FREE
        self.purpose[rows, :width], self.minutes[rows, :width] = other.purpose, other.minutes
        for own, given in ((self.from_min, other.from_min), (self.until_min, other.until_min)):
            # What may begin weeks later may begin at any time of the day.
            later = np.minimum(given.astype(np.int64) - base[:, np.newaxis], LATEST)
            own[rows, :width] = np.where(is_used, later, 0)
        self.base[rows], self.size[rows] = base, other.size

    def fulfil(self, rows: Int, purpose: NDArray[np.integer]) -> None:
        """Take all outings for a purpose each off the wishes of some rows, none of them twice."""
        wished = self.purpose.take(rows, axis=0)
        is_done = (wished == np.asarray(purpose)[:, np.newaxis]) & (wished != FREE)
        some = np.flatnonzero(number_of_rows(is_done))
        if not len(some):
            return
        rows, is_done = np.asarray(rows)[some], is_done[some]
        # Those that stay move to the front, in their order.
        order = np.argsort(is_done, axis=1, kind="stable")
        for column in (self.purpose, self.minutes, self.from_min, self.until_min):
            column[rows] = np.take_along_axis(column[rows], order, axis=1)
        left = self.size[rows] - is_done.sum(axis=1)
        self.size[rows] = left
        gone = np.arange(self.purpose.shape[1]) >= left[:, np.newaxis]
        self.purpose[rows] = np.where(gone, FREE, self.purpose[rows])
