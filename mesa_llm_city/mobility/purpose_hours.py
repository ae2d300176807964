"""The hours of a purpose: when an activity can begin, and between what hours it is planned."""

from __future__ import annotations

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS, Clock
from mesa_llm_city.core.opening_hours import ALWAYS, CLOSED, Week, parse_week
from mesa_llm_city.parameters import PurposeSpec

__all__ = ["can_begin", "span_of_day"]

_SUNDAY = WEEK_DAYS - 1


def can_begin(spec: PurposeSpec, minute: int, *, clock: Clock, before_closing_min: int) -> bool:
    """Tell whether an activity can begin at `minute`, by the hours of its purpose.

    Parameters
    ----------
    spec : PurposeSpec
        The purpose; without hours it can always begin.
    minute : int
        Minute of the run.
    clock : Clock
        The calendar; a holiday has the hours of a Sunday.
    before_closing_min : int
        How long before the hours end it begins at the latest, in minutes.

    Examples
    --------
    >>> sundays = PurposeSpec(hours="Su 09:00-12:00")
    >>> [can_begin(sundays, day * 1440 + 600, clock=Clock(), before_closing_min=60)
    ...  for day in (5, 6)]
    [False, True]
    """
    week = _week(spec)
    if week is None:
        return True
    begin, today, yesterday = minute % DAY_MIN, week[0], week[0]
    if week.count(today) < WEEK_DAYS:
        today, yesterday = (week[_weekday(clock, at)] for at in (minute, minute - DAY_MIN))
    return any(
        opens < closes and opens <= at <= closes - before_closing_min
        for (opens, closes), at in ((today, begin), (yesterday, begin + DAY_MIN))
    )


def span_of_day(spec: PurposeSpec, midnight: int, *, clock: Clock) -> tuple[int, int] | None:
    """Return from when to when a purpose has its hours on a day, in minutes of the run.

    Parameters
    ----------
    spec : PurposeSpec
        The purpose; without hours it is the whole day.
    midnight : int
        Minute of the run at which the day begins.
    clock : Clock
        The calendar; a holiday has the hours of a Sunday.

    Returns
    -------
    tuple of int or None
        Earliest begin and latest end; None on a day without hours.

    Examples
    --------
    >>> span_of_day(PurposeSpec(hours="Su 09:00-12:00"), 6 * 1440, clock=Clock())
    (9180, 9360)
    """
    week = _week(spec)
    opens, closes = ALWAYS if week is None else week[_weekday(clock, midnight)]
    return None if (opens, closes) == CLOSED else (midnight + opens, midnight + closes)


def _week(spec: PurposeSpec) -> Week | None:
    """Return the hours of a week, or None if they never end."""
    # Parsed texts are cached.
    week = parse_week(spec.hours) if spec.hours else None
    return None if week is None or set(week) == {ALWAYS} else week


def _weekday(clock: Clock, minute: int) -> int:
    return _SUNDAY if clock.is_holiday(minute) else clock.weekday(minute)
