"""Moments of a run, as people write them: minutes, days with a time, dates."""

from __future__ import annotations

import re
from datetime import datetime
from numbers import Integral
from typing import TypeAlias

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import ConfigError

__all__ = ["Moment", "minute_of"]

Moment: TypeAlias = int | str | datetime
"""A minute since the start of the run, a text such as ``"day 2 11:30"``, or a date and time."""

_DAY_AND_TIME = re.compile(r"(?:day\s+)?(\d+)\s+(\d{1,2}):(\d{2})", re.IGNORECASE)


def minute_of(moment: object, clock: Clock, *, name: str = "moment") -> int:
    """Return a moment in minutes since the start of a run.

    Parameters
    ----------
    moment : int, str or datetime.datetime
        A minute; ``"day 2 11:30"`` or ``"2 11:30"``, with day 1 the first; or a date and time
        such as ``"2024-04-02 11:30"``.
    clock : Clock
        Calendar of the run.
    name : str
        What the error calls it.

    Raises
    ------
    ConfigError
        If it is none of these, or lies before the run.

    Examples
    --------
    >>> minute_of("day 2 11:30", Clock()), minute_of("2024-04-02 11:30", Clock())
    (2130, 2130)
    """
    minute = _minute(moment, clock)
    if minute is None or minute < 0:
        message = (
            f"{name} must be minutes since the start of the run, a day and a time such as "
            f"'day 2 11:30', or a date and time from {clock.start} on, got {moment!r}"
        )
        raise ConfigError(message)
    return minute


def _minute(moment: object, clock: Clock) -> int | None:
    if isinstance(moment, Integral) and not isinstance(moment, bool):
        return int(moment)
    if isinstance(moment, datetime):
        return _of_date(moment, clock)
    return _of_text(moment.strip(), clock) if isinstance(moment, str) else None


def _of_text(text: str, clock: Clock) -> int | None:
    if found := _DAY_AND_TIME.fullmatch(text):
        day, hours, minutes = map(int, found.groups())
        is_time = day >= 1 and hours < DAY_MIN // HOUR_MIN and minutes < HOUR_MIN
        return (day - 1) * DAY_MIN + hours * HOUR_MIN + minutes if is_time else None
    if text.isdecimal():
        return int(text)
    try:
        return _of_date(datetime.fromisoformat(text), clock)
    except ValueError:
        return None


def _of_date(moment: datetime, clock: Clock) -> int | None:
    if moment.tzinfo is not None:
        return None
    return int((moment - clock.at(0)).total_seconds() // 60)
