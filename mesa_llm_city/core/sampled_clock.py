"""A calendar of which only some days are lived, so that years of a city can be simulated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int

if TYPE_CHECKING:
    from mesa_llm_city.core.dates import DateLike

__all__ = ["MOST_DAYS_PER_YEAR", "SampledClock", "clock_of"]

MOST_DAYS_PER_YEAR = 365
"""With more, two lived days would fall on one date."""

_YEAR_DAYS = 365.2425  # mean length of a year of the Gregorian calendar
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True, slots=True, init=False)
class SampledClock(Clock):
    """Calendar of a run that lives some days of each year and leaves the others out.

    Minutes and days count what is lived, without a gap; dates, weekdays, months and seasons
    are those of the calendar. So a run of `days_per_year` days is a year.

    Parameters
    ----------
    days_per_year : int, default 2
        Lived days a year, 1 to 365.
    start : datetime.date or str, default 2024-04-01
        First day, which is lived.
    step_min : int, default 5
        Length of a step in minutes.
    holidays : iterable of datetime.date or str, optional
        Weekdays that are lived like a Sunday.

    Raises
    ------
    ConfigError
        If a number or a date is outside its range.

    Notes
    -----
    One day of each of the equal parts of a year is lived. Its position in the part is
    ``frac(k g)`` of day k, with g the golden ratio less 1: of all such sequences this one
    leaves the smallest gaps (Kronecker sequence; Niederreiter 1992, Random Number Generation
    and Quasi-Monte Carlo Methods, sec. 3.1), so that all weekdays and seasons occur about
    equally often.

    Whatever knows minutes only (needs, mood, memory, beliefs, ties) knows lived time only:
    between two lived days one night passes, and nothing fades in the days that are left out.

    Examples
    --------
    >>> clock = SampledClock(days_per_year=2, start="2024-04-01")
    >>> [str(clock.date_of(day)) for day in range(4)]
    ['2024-04-01', '2025-01-21', '2025-05-13', '2026-03-05']
    """

    days_per_year: int

    def __init__(
        self,
        *,
        days_per_year: int = 2,
        start: DateLike = date(2024, 4, 1),
        step_min: int = 5,
        holidays: Iterable[DateLike] | DateLike | None = (),
    ) -> None:
        # Without arguments, super() does not work in a class with slots.
        Clock.__init__(self, start=start, step_min=step_min, holidays=holidays)
        if not 1 <= days_per_year <= MOST_DAYS_PER_YEAR:
            message = (
                f"days_per_year must be from 1 to {MOST_DAYS_PER_YEAR}, got {days_per_year}; "
                "use a Clock to live every day"
            )
            raise ConfigError(message)
        object.__setattr__(self, "days_per_year", int(days_per_year))

    def to_json(self) -> dict[str, Any]:
        """Return what makes it, as JSON-able values (see `clock_of`)."""
        return {**Clock.to_json(self), "days_per_year": self.days_per_year}

    def at(self, minute: int) -> datetime:
        """Return the naive local date and time of `minute`."""
        day, rest = divmod(minute, DAY_MIN)
        return datetime.combine(self.date_of(day), time()) + timedelta(minutes=rest)

    def date_of(self, day: int) -> date:
        """Return the calendar date of the lived day with index `day`; before 0, of the calendar."""
        if day <= 0:
            return self.start + timedelta(days=day)
        begin, end = self._part(day)
        within = math.fmod(day * _GOLDEN, 1.0)
        return self.start + timedelta(days=begin + math.floor(within * (end - begin)))

    def minute_of(self, moment: datetime) -> int:
        """Return the minute of a naive date and time, or the first that is lived after it."""
        if moment.date() <= self.start:
            return Clock.minute_of(self, moment)
        day = int((moment.date() - self.start).days * self.days_per_year / _YEAR_DAYS)
        day += self.date_of(day) < moment.date()
        begin = datetime.combine(self.date_of(day), time())
        return day * DAY_MIN + max((moment - begin) // timedelta(minutes=1), 0)

    def stands_until(self, day: int) -> date:
        """Return the first date after the part of the year that a lived day stands for."""
        return self.start + timedelta(days=self._part(day)[1])

    def _part(self, day: int) -> tuple[int, int]:
        """Return begin and end of the part of a year, in days since the start."""
        length = _YEAR_DAYS / self.days_per_year
        return math.floor(day * length), math.floor((day + 1) * length)

    def weekday(self, minute: int) -> int:
        """Return the day of the week, 0 for Monday to 6 for Sunday."""
        return self.date_of(self.day(minute)).weekday()

    def stamps(self, minutes: Int) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        """Return the naive local time of each minute."""
        days, rows = np.unique(minutes // DAY_MIN, return_inverse=True)
        dates = np.array([self.date_of(one) for one in days.tolist()], dtype="datetime64[s]")
        stamps: np.ndarray[Any, np.dtype[np.datetime64]] = dates[rows] + (minutes % DAY_MIN).astype(
            "timedelta64[m]"
        )
        return stamps


def clock_of(state: Mapping[str, Any]) -> Clock:
    """Return the clock, of either kind, that `Clock.to_json` has written."""
    return SampledClock(**state) if "days_per_year" in state else Clock(**state)
