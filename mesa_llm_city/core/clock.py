"""Simulated time: whole minutes since midnight of the first day, in naive local time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from numbers import Integral
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.dates import as_date, as_dates
from mesa_llm_city.core.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np

    from mesa_llm_city.core.dates import DateLike
    from mesa_llm_city.core.values import Int

__all__ = ["DAY_MIN", "HOUR_MIN", "HOUR_S", "WEEK_DAYS", "Clock", "clock_time"]

HOUR_MIN = 60
HOUR_S = 3600
DAY_MIN = 24 * HOUR_MIN
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True, init=False)
class Clock:
    """Calendar of a run: turns steps and minutes into days, hours and dates.

    Parameters
    ----------
    start : datetime.date or str, default 2024-04-01 (a Monday)
        First day; minute 0 is its midnight. Also a datetime, a Timestamp of pandas or a
        datetime64 of NumPy, without a time of day; a text is written ``"2024-05-03"``.
    step_min : int, default 5
        Length of a step in minutes (CitySim, appendix A); it divides a day.
    holidays : iterable of datetime.date or str, optional
        Weekdays that are lived like a Sunday; each may be given in any of these ways, and
        with a time of day, which is left out. Kept as a frozenset of `datetime.date`.

    Raises
    ------
    ConfigError
        If `step_min` does not divide a day, or a date is none or lies outside the years
        1700 to 2199.

    Examples
    --------
    >>> clock = Clock()
    >>> clock.at(8 * 60 + 5)
    datetime.datetime(2024, 4, 1, 8, 5)
    >>> clock.is_workday(5 * DAY_MIN)
    False
    >>> Clock(start="2024-05-03", holidays=["2024-05-03"]).is_workday(0)
    False
    """

    start: date
    step_min: int
    holidays: frozenset[date]

    def __init__(
        self,
        *,
        start: DateLike = date(2024, 4, 1),
        step_min: int = 5,
        holidays: Iterable[DateLike] | DateLike | None = (),
    ) -> None:
        # The class is frozen, so its attributes are set in this way.
        object.__setattr__(self, "start", as_date(start, "start", midnight=True))
        object.__setattr__(self, "step_min", _step(step_min))
        object.__setattr__(self, "holidays", as_dates(holidays, "holidays"))

    @property
    def steps_per_day(self) -> int:
        """Number of steps in 24 hours."""
        return DAY_MIN // self.step_min

    def to_json(self) -> dict[str, Any]:
        """Return what makes it, as JSON-able values (see `clock_of`)."""
        return {
            "start": self.start.isoformat(),
            "step_min": self.step_min,
            "holidays": sorted(day.isoformat() for day in self.holidays),
        }

    def at(self, minute: int) -> datetime:
        """Return the naive local date and time of `minute`."""
        return datetime.combine(self.start, datetime.min.time()) + timedelta(minutes=minute)

    def stamps(self, minutes: Int) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        """Return the naive local time of each minute."""
        # Deferred, since the command line tells its options without NumPy.
        import numpy as np

        start = np.datetime64(self.at(0), "s")
        stamps: np.ndarray[Any, np.dtype[np.datetime64]] = start + minutes.astype("timedelta64[m]")
        return stamps

    def day(self, minute: int) -> int:
        """Return the index of the day, 0 for the first."""
        return minute // DAY_MIN

    def date_of(self, day: int) -> date:
        """Return the calendar date of the day with index `day`."""
        return self.start + timedelta(days=day)

    def minute_of(self, moment: datetime) -> int:
        """Return the minute that begins at or before a naive date and time; negative before 0."""
        return (moment - self.at(0)) // timedelta(minutes=1)

    def stands_until(self, day: int) -> date:
        """Return the first date after those that the day with index `day` stands for."""
        return self.date_of(day + 1)

    def weekday(self, minute: int) -> int:
        """Return the day of the week, 0 for Monday to 6 for Sunday."""
        return (self.start.weekday() + self.day(minute)) % WEEK_DAYS

    def month(self, minute: int) -> int:
        """Return the month, 1 to 12."""
        return self.date_of(self.day(minute)).month

    def hour(self, minute: int) -> float:
        """Return the hour of the day, in [0, 24)."""
        return minute % DAY_MIN / HOUR_MIN

    def is_holiday(self, minute: int) -> bool:
        """Tell whether the day is one of `holidays`."""
        return self.date_of(self.day(minute)) in self.holidays

    def day_type(self, day: int) -> int:
        """Return 0 for Monday to Friday, 1 for Saturday, and 2 for Sunday and holidays.

        Examples
        --------
        >>> [Clock().day_type(day) for day in (0, 5, 6)]  # begins on a Monday
        [0, 1, 2]
        """
        minute = day * DAY_MIN
        return 2 if self.is_holiday(minute) else max(self.weekday(minute) - 4, 0)

    def is_workday(self, minute: int) -> bool:
        """Tell whether the day is Monday to Friday and no holiday."""
        return self.weekday(minute) < 5 and not self.is_holiday(minute)

    def starts_day(self, minute: int) -> bool:
        """Tell whether `minute` is a midnight."""
        return minute % DAY_MIN == 0

    def starts_week(self, minute: int) -> bool:
        """Tell whether `minute` is the midnight before a Monday."""
        return self.starts_day(minute) and self.weekday(minute) == 0

    def starts_month(self, minute: int) -> bool:
        """Tell whether `minute` is the midnight before the first of a month."""
        return self.starts_day(minute) and self.at(minute).day == 1


def _step(minutes: object) -> int:
    """Check that days are made of whole steps."""
    is_whole = isinstance(minutes, Integral) and not isinstance(minutes, bool)
    if not is_whole or int(minutes) < 1 or DAY_MIN % int(minutes):  # type: ignore[call-overload]
        message = f"step_min must divide {DAY_MIN} minutes, got {minutes!r}; use 1, 5, 15"
        raise ConfigError(message)
    return int(minutes)  # type: ignore[call-overload, no-any-return]


def clock_time(minute: int) -> str:
    """Write a minute as a time of day.

    Examples
    --------
    >>> clock_time(1440 + 8 * 60 + 5)
    '08:05'
    """
    hours, minutes = divmod(minute % DAY_MIN, HOUR_MIN)
    return f"{hours:02d}:{minutes:02d}"
