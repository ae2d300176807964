"""The hours of a purpose: when an activity can begin, and between what hours it is planned."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS, Clock
from mesa_llm_city.core.opening_hours import ALWAYS, Hours, Spans, read_hours, spans_on
from mesa_llm_city.core.values import Bool
from mesa_llm_city.parameters import PurposeSpec

__all__ = ["begin_minutes", "span_of_day"]

_NEVER_END: tuple[Hours, ...] = ("24/7", (ALWAYS,) * WEEK_DAYS)


def begin_minutes(spec: PurposeSpec, day: int, *, clock: Clock, before_closing_min: int) -> Bool:
    """Return at which minutes of a day an activity can begin, by the hours of its purpose.

    Parameters
    ----------
    spec : PurposeSpec
        The purpose; without hours it can always begin.
    day : int
        Index of the day.
    clock : Clock
        The calendar; a holiday has the hours of a Sunday.
    before_closing_min : int
        How long before the hours end it begins at the latest, in minutes.

    Returns
    -------
    ndarray of bool, shape (1440,)
        By minute of the day.

    Examples
    --------
    >>> sundays = PurposeSpec(hours="Su 09:00-12:00")
    >>> [begin_minutes(sundays, day, clock=Clock(), before_closing_min=60)[600].item()
    ...  for day in (5, 6)]
    [False, True]
    """
    hours = _hours(spec)
    if hours is None:
        return np.ones(DAY_MIN, dtype=np.bool_)
    found = np.zeros(DAY_MIN, dtype=np.bool_)
    # What has opened yesterday may be open past midnight.
    for one, gone in ((day, 0), (day - 1, DAY_MIN)):
        for opens, closes in _spans(hours, one * DAY_MIN, clock):
            found[max(opens - gone, 0) : max(closes - before_closing_min - gone + 1, 0)] = True
    return found


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
        Earliest begin and latest end, with the breaks between; None on a day without hours.

    Examples
    --------
    >>> span_of_day(PurposeSpec(hours="Su 09:00-12:00"), 6 * 1440, clock=Clock())
    (9180, 9360)
    """
    hours = _hours(spec)
    spans = ALWAYS if hours is None else _spans(hours, midnight, clock)
    if not spans:
        return None
    return midnight + min(spans)[0], midnight + max(end for _, end in spans)


def _hours(spec: PurposeSpec) -> Hours | None:
    """Return the hours of a purpose, or None if they never end."""
    # What is read is cached.
    hours = read_hours(spec.hours) if spec.hours else None
    return None if hours in _NEVER_END else hours


def _spans(hours: Hours, minute: int, clock: Clock) -> Spans:
    """Return the spans that begin on the day of a minute."""
    if not isinstance(hours, str) and hours.count(hours[0]) == WEEK_DAYS:
        return hours[0]
    return spans_on(hours, clock.date_of(clock.day(minute)), holidays=clock.holidays)
