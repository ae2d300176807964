"""Wishes of many persons as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int, Whole
from mesa_llm_city.mobility.purpose_codes import FREE, purpose_codes
from mesa_llm_city.mobility.wishes import Wish
from mesa_llm_city.parameters import CityParameters

__all__ = ["UNSAID", "WishColumns"]

UNSAID = -1
"""Number of wishes of a day about which nothing is said."""

_NO_WISH = FREE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WishColumns:
    """Outings that the free time of m days is meant to hold; in order of time in each row.

    Parameters
    ----------
    purpose : ndarray of int, shape (m, w)
        What for, as positions in the purposes of the parameters; -1 for no wish.
    minutes : ndarray of int, shape (m, w)
        How long, the way there included; at most 32,767.
    from_min, until_min : ndarray of int32, shape (m, w)
        Between which minutes of the run it is meant to begin.
    size : ndarray of int8, shape (m,)
        Number of wishes, in the first columns; `UNSAID` if nothing is said about them.
    """

    purpose: Whole
    minutes: Whole
    from_min: NDArray[np.int32]
    until_min: NDArray[np.int32]
    size: NDArray[np.int8]

    @classmethod
    def empty(cls, count: int, most: int) -> Self:
        """Return columns for `most` wishes a day about which nothing is said yet."""
        return cls(
            purpose=np.full((count, most), _NO_WISH, dtype=np.int8),
            minutes=np.zeros((count, most), dtype=np.int16),
            from_min=np.zeros((count, most), dtype=np.int32),
            until_min=np.zeros((count, most), dtype=np.int32),
            size=np.full(count, UNSAID, dtype=np.int8),
        )

    @classmethod
    def of(cls, wishes: Sequence[Sequence[Wish] | None], parameters: CityParameters) -> Self:
        """Return the wishes of some days as columns."""
        codes = purpose_codes(parameters).of
        columns = cls.empty(len(wishes), max((len(one or ()) for one in wishes), default=0))
        for row, some in enumerate(wishes):
            if some is None:
                continue
            columns.size[row] = len(some)
            for column, wish in enumerate(some):
                columns.purpose[row, column] = codes[wish.purpose]
                columns.minutes[row, column] = wish.minutes
                columns.from_min[row, column] = wish.from_min
                columns.until_min[row, column] = wish.until_min
        return columns

    def __len__(self) -> int:
        """Return the number of days."""
        return len(self.size)

    def wishes(self, row: int, parameters: CityParameters) -> tuple[Wish, ...] | None:
        """Return the wishes of one day; None if nothing is said about them."""
        size = int(self.size[row])
        if size == UNSAID:
            return None
        names = purpose_codes(parameters).names
        numbers = (self.minutes[row, :size], self.from_min[row, :size], self.until_min[row, :size])
        return tuple(
            Wish(str(names[code]), *told)
            for code, *told in zip(
                self.purpose[row, :size].tolist(), *(one.tolist() for one in numbers), strict=True
            )
        )

    def take(self, rows: Int) -> Self:
        """Return some of the rows."""
        return type(self)(
            purpose=self.purpose.take(rows, axis=0),
            minutes=self.minutes.take(rows, axis=0),
            from_min=self.from_min.take(rows, axis=0),
            until_min=self.until_min.take(rows, axis=0),
            size=self.size.take(rows),
        )
