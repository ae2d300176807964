"""Rows that are due: which, at which minute of each, and in what world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.values import Bool, Int, Weather
from mesa_llm_city.crowd.danger_rows import DangerRows

__all__ = ["Due"]

_LATE = np.iinfo(np.int64).max


@dataclass(slots=True, eq=False)
class Due:
    """The m rows that decide at a moment; each given once.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Positions in the crowd.
    minute : ndarray of int64, shape (m,)
        Minute at which each is due.
    everybody : ColumnStreams
        Random numbers of the whole crowd.
    world : World
        The city at that time.
    weather : Weather
        The weather outside.
    dangers : tuple of DangerRows, default ()
        Dangers that some of them keep away from.
    """

    rows: Int
    minute: Int
    everybody: ColumnStreams
    world: World
    weather: Weather
    dangers: tuple[DangerRows, ...] = ()
    _streams: ColumnStreams | None = field(default=None, init=False, repr=False)
    _days: tuple[int, int] | None = field(default=None, init=False, repr=False)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def streams(self) -> ColumnStreams:
        """Random numbers of the rows, looked up when they are first asked for."""
        if self._streams is None:
            self._streams = self.everybody.take(self.rows)
        return self._streams

    @property
    def days(self) -> tuple[int, int]:
        """First and last day of the minutes, or of those of the rows that these were taken from.

        Equal days are the same object, by which what is kept for a day is known again.
        """
        if self._days is None:
            first, last = int(self.minute.min(initial=_LATE)), int(self.minute.max(initial=0))
            self._days = _same(min(first, last) // DAY_MIN), _same(last // DAY_MIN)
        return self._days

    def take(self, part: Int | Bool) -> Due:
        """Return some of the rows."""
        if part.dtype == np.bool_:
            part = part.nonzero()[0]
        taken = Due(
            self.rows[part],
            self.minute[part],
            self.everybody,
            self.world,
            self.weather,
            tuple(one.take(part) for one in self.dangers) if self.dangers else (),
        )
        taken._days = self._days
        return taken

    def parts(self, most: int) -> Iterator[Due]:
        """Yield the rows in their order, at most so many at once."""
        if len(self) <= most:
            yield self
            return
        for first in range(0, len(self), most):
            yield self.take(np.arange(first, min(first + most, len(self))))


@lru_cache(maxsize=8)
def _same(day: int) -> int:
    """Return a day as the object that it was before."""
    return day
