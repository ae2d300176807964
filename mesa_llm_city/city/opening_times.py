"""Opening times: when the places of a city are open, date by date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar
from mesa_llm_city.core.opening_hours import Hours, Spans, spans_on
from mesa_llm_city.core.values import Int

__all__ = ["OpeningTimes"]

_K = TypeVar("_K")
_V = TypeVar("_V")

_DAYS_KEPT = 16
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
    _days: dict[tuple[date, bool, bool], NDArray[np.int16]] = field(
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
        start_min: int,
        end_min: int,
        holidays: Collection[date] = frozenset(),
    ) -> NDArray[np.bool_]:
        """Return which hours are open from start to end, shape of `rows`.

        Parameters
        ----------
        rows : ndarray of int64
            Rows of the hours asked about.
        day : datetime.date
            The day on which it starts.
        start_min, end_min : int
            Minutes of that day; both may lie after midnight, beyond 1440.
        holidays : collection of datetime.date
            Days of the run that are public holidays too.
        """
        days, start = divmod(start_min, DAY_MIN)
        first, end = day + days * _DAY, end_min - days * DAY_MIN
        is_open = self._covers(rows, first, start, min(end, DAY_MIN), holidays)
        if end > DAY_MIN:
            is_open &= self._covers(rows, first + _DAY, 0, end - DAY_MIN, holidays)
        return is_open

    def _covers(
        self, rows: Int, day: date, start: int, end: int, holidays: Collection[date]
    ) -> NDArray[np.bool_]:
        """Return which hours have a span of a day around a part of it."""
        spans = self._on(day, holidays)[rows]
        opens, closes = spans[..., 0], spans[..., 1]
        covers = (opens <= start) & (end <= closes) & (closes > opens)
        return np.asarray(covers.any(axis=-1), dtype=np.bool_)

    def _on(self, day: date, holidays: Collection[date]) -> NDArray[np.int16]:
        """Return the spans of all hours on a day, shape (hours, spans, 2); (0, 0) is none."""
        key = day, day in holidays, day - _DAY in holidays
        known = self._days.get(key)
        if known is None:
            before, own = self._begun(day - _DAY, holidays), self._begun(day, holidays)
            known = _padded([_merged(*both) for both in zip(before, own, strict=True)])
            _keep(self._days, key, known)
        return known

    def _begun(self, day: date, holidays: Collection[date]) -> list[Spans]:
        """Return the spans of all hours that begin on a day."""
        key = day, day in holidays
        known = self._own.get(key)
        if known is None:
            known = [spans_on(one, day, self.calendar, holidays) for one in self.hours]
            _keep(self._own, key, known)
        return known

    def __getstate__(self) -> tuple[tuple[Hours, ...], LocalCalendar]:
        """Pickle the hours; the spans of days are made again."""
        return self.hours, self.calendar

    def __setstate__(self, state: tuple[tuple[Hours, ...], LocalCalendar]) -> None:
        """Restore the hours."""
        names = ("hours", "calendar", "_days", "_own")
        for name, value in zip(names, (*state, {}, {}), strict=True):
            object.__setattr__(self, name, value)


def _keep(known: dict[_K, _V], key: _K, value: _V) -> None:
    """Keep what has been worked out for a day, and forget the oldest."""
    if len(known) >= _DAYS_KEPT:
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


def _padded(days: Sequence[Spans]) -> NDArray[np.int16]:
    """Return spans as an array; rows with fewer than others end in (0, 0)."""
    width = max([1, *map(len, days)])
    table = np.zeros((len(days), width, 2), dtype=np.int16)
    for row, spans in enumerate(days):
        if spans:
            table[row, : len(spans)] = spans
    return table
