"""Times of interventions: days and hours, minutes since the start, or dates."""

from __future__ import annotations

import re
from datetime import date, datetime
from numbers import Integral

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError

__all__ = ["LAST_MIN", "TIME_FORMS", "as_minute"]

TIME_FORMS = "'day 2 11:30' (day 1 is the first), minutes since the start, or a date and time"
"""How a time may be written, in words."""

LAST_MIN = 1000 * 366 * DAY_MIN
"""Latest minute that an intervention may name, some 1,000 years: far beyond any run."""

_DAY_AND_HOUR = re.compile(r"(?:day\s+)?(\d{1,6})\s+(\d{1,2}):(\d{2})", re.IGNORECASE)
_MINUTES = re.compile(r"\d{1,9}")


def as_minute(given: object, clock: Clock) -> int:
    """Return a time as a minute since midnight of the first day.

    Parameters
    ----------
    given : str, int, datetime.datetime or datetime.date
        ``"day 2 11:30"`` or ``"2 11:30"``, day 1 being the first; whole minutes since the
        start; or a date and time in local time, as text ``"2024-04-02 11:30"``. A date
        alone is its midnight.
    clock : Clock
        The calendar.

    Raises
    ------
    ConfigError
        If it is no time, lies before the first day, or more than `LAST_MIN` after it.

    Examples
    --------
    >>> clock = Clock(start="2024-04-01")
    >>> [as_minute(one, clock) for one in ("day 2 11:30", "2 11:30", 2130, "2024-04-02T11:30")]
    [2130, 2130, 2130, 2130]
    """
    minute = _read(given, clock)
    if minute is None:
        message = f"must be a time: {TIME_FORMS}; got {given!r}"
        raise ConfigError(message)
    if minute < 0:
        message = f"lies before the first day, {clock.start}: {given}"
        raise ConfigError(message)
    if minute > LAST_MIN:
        message = f"lies more than 1,000 years after the first day: {given}; leave it out for never"
        raise ConfigError(message)
    return minute


def _read(given: object, clock: Clock) -> int | None:
    if isinstance(given, Integral) and not isinstance(given, bool):
        return int(given)
    if isinstance(given, str):
        return _of_text(given.strip(), clock)
    if isinstance(given, datetime):
        return _of_date(given, clock)
    if isinstance(given, date):
        return _of_date(datetime.combine(given, datetime.min.time()), clock)
    return None


def _of_text(text: str, clock: Clock) -> int | None:
    if _MINUTES.fullmatch(text):
        return int(text)
    if found := _DAY_AND_HOUR.fullmatch(text):
        day, hour, minute = map(int, found.groups())
        is_time = day >= 1 and minute < HOUR_MIN and hour * HOUR_MIN + minute <= DAY_MIN
        return (day - 1) * DAY_MIN + hour * HOUR_MIN + minute if is_time else None
    try:
        return _of_date(datetime.fromisoformat(text), clock)
    except ValueError:
        return None


def _of_date(moment: datetime, clock: Clock) -> int | None:
    return None if moment.tzinfo is not None else clock.minute_of(moment)
