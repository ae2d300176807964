"""Opening times: when the places of a city are open, date by date."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar
from mesa_llm_city.core.opening_hours import Hours, Spans, spans_on
from mesa_llm_city.core.values import Int

__all__ = ["OpeningTimes"]

_K = TypeVar("_K")
_V = TypeVar("_V")

_DAYS_KEPT = 16
_TABLES_KEPT = 8
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpeningTimes:
    """The distinct opening hours of many places, as spans of each date when they are asked for.

    Parameters
    ----------
    hours : tuple of Hours
        The opening hours there are; a place has the number of its row.
    calendar : LocalCalendar
        Public holidays and sun of the city.

    Examples
    --------
    >>> table = OpeningTimes(("Mo-Fr 09:00-12:00,13:00-18:00",))
    >>> table.is_open(np.array([0, 0]), date(2024, 5, 3), 700, 800)
    array([False, False])
    """

    hours: tuple[Hours, ...]
    calendar: LocalCalendar = NOWHERE
    _tables: dict[tuple[date, bool, bool, bool], NDArray[np.int16]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _own: dict[tuple[date, bool], list[Spans]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(
        cls, hours: Iterable[Hours], calendar: LocalCalendar = NOWHERE
    ) -> tuple[OpeningTimes, Int]:
        """Return the distinct ones of some hours, and the row of each, shape (n,)."""
        rows: dict[Hours, int] = {}
        numbers = [rows.setdefault(one, len(rows)) for one in hours]
        return cls(tuple(rows), calendar), np.array(numbers, dtype=np.int64)

    def joined(self, other: OpeningTimes) -> tuple[OpeningTimes, Int]:
        """Return opening times with the hours of both, and the new rows of those of `other`."""
        table, rows = OpeningTimes.of([*self.hours, *other.hours], self.calendar)
        return table, rows[len(self.hours) :]

    def is_open(
        self,
        rows: Int,
        day: date,
        start_min: ArrayLike,
        end_min: ArrayLike,
        holidays: Collection[date] = frozenset(),
    ) -> NDArray[np.bool_]:
        """Return which hours are open from start to end; rows and minutes broadcast.

        Parameters
        ----------
        rows : ndarray of int64
            Rows of the hours asked about.
        day : datetime.date
            A day.
        start_min, end_min : array_like of int
            Minutes of that day, one at least; both may lie on later days, beyond 1440. What
            lasts beyond the end of the day after that of its start is open nowhere.
        holidays : collection of datetime.date
            Days of the run that are public holidays too.
        """
        start, end = np.asarray(start_min), np.asarray(end_min)
        first, last = (int(one) // DAY_MIN for one in (start.min(), start.max()))
        if first == last:
            begin = first * DAY_MIN
            return self._lasts(rows, day + first * _DAY, start - begin, end - begin, holidays)
        shape = np.broadcast_shapes(rows.shape, start.shape, end.shape)
        rows, start, end = (np.broadcast_to(one, shape) for one in (rows, start, end))
        is_open = np.empty(shape, dtype=np.bool_)
        for number in range(first, last + 1):
            some, begin = start // DAY_MIN == number, number * DAY_MIN
            visit = start[some] - begin, end[some] - begin
            is_open[some] = self._lasts(rows[some], day + number * _DAY, *visit, holidays)
        return is_open

    def _lasts(
        self, rows: Int, day: date, start: Int, end: Int, holidays: Collection[date]
    ) -> NDArray[np.bool_]:
        """Return which hours are open from minutes of a day on."""
        return self.until(day, holidays)[start, rows] >= end

    def until(self, day: date, holidays: Collection[date] = frozenset()) -> NDArray[np.int16]:
        """Return until when each hours are open that are open at a minute, shape (1440, hours).

        Parameters
        ----------
        day : datetime.date
            The day.
        holidays : collection of datetime.date
            Days of the run that are public holidays too.

        Returns
        -------
        ndarray of int16
            Minutes of that day, up to the end of the next one; -1 while they are closed. Kept for
            later calls, so not to be changed.

        Examples
        --------
        >>> OpeningTimes(("Mo 09:00-12:00",)).until(date(2024, 4, 1))[[539, 540, 700], 0]
        array([ -1, 720, 720], dtype=int16)
        """
        near = day - _DAY, day, day + _DAY
        key = day, near[0] in holidays, day in holidays, near[2] in holidays
        known = self._tables.get(key)
        if known is None:
            begun = [self._begun(one, holidays) for one in near]
            known = np.full((DAY_MIN, len(self.hours)), -1, dtype=np.int16)
            for row, (before, own, after) in enumerate(zip(*begun, strict=True)):
                later = _merged(own, after)
                for opens, closes in _merged(before, own):
                    goes_on = closes == DAY_MIN and later and later[0][0] == 0
                    until = DAY_MIN + later[0][1] if goes_on else closes
                    known[opens : closes + 1, row] = until
            _keep(self._tables, key, known, _TABLES_KEPT)
        return known

    def _begun(self, day: date, holidays: Collection[date]) -> list[Spans]:
        """Return the spans of all hours that begin on a day."""
        key = day, day in holidays
        known = self._own.get(key)
        if known is None:
            known = [spans_on(one, day, self.calendar, holidays) for one in self.hours]
            _keep(self._own, key, known, _DAYS_KEPT)
        return known

    def __getstate__(self) -> tuple[tuple[Hours, ...], LocalCalendar]:
        """Pickle the hours; the spans of days are made again."""
        return self.hours, self.calendar

    def __setstate__(self, state: tuple[tuple[Hours, ...], LocalCalendar]) -> None:
        """Restore the hours."""
        names = ("hours", "calendar", "_tables", "_own")
        for name, value in zip(names, (*state, {}, {}), strict=True):
            object.__setattr__(self, name, value)


def _keep(known: dict[_K, _V], key: _K, value: _V, most: int) -> None:
    """Keep what has been worked out for a day, and forget the oldest."""
    if len(known) >= most:
        known.pop(next(iter(known)), None)
    known[key] = value


def _merged(before: Spans, own: Spans) -> Spans:
    """Return what is left of yesterday's spans and today's, up to midnight, in order.

    Spans that overlap or touch become one.
    """
    late = [(0, end - DAY_MIN) for _, end in before if end > DAY_MIN]
    found: list[tuple[int, int]] = []
    for start, end in sorted([*late, *own]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], min(end, DAY_MIN))
        else:
            found.append((start, min(end, DAY_MIN)))
    return tuple(found)
