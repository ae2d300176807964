"""Opening hours: spans of a day, for a week or as a text that is read day by day."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS
from mesa_llm_city.core.hours_holidays import (
    holidays_resolved,
    names_days_near_holidays,
    names_public_holidays,
    without_holidays,
)
from mesa_llm_city.core.hours_text import normalized_hours, spans_of_text
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar

__all__ = ["ALWAYS", "Hours", "Span", "Spans", "Week", "parse_spans", "read_hours", "spans_on"]

Span: TypeAlias = tuple[int, int]
"""Opening and closing minute of a day; the closing may pass midnight."""

Spans: TypeAlias = tuple[Span, ...]
"""What a day has of them; none if it is closed."""

Week: TypeAlias = tuple[Spans, ...]
"""The spans of seven days, Monday first."""

Hours: TypeAlias = Week | str
"""Those of a week, or a text whose spans depend on the date (see `spans_on`)."""

ALWAYS: Spans = ((0, DAY_MIN),)

_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_SUNDAY = WEEK_DAYS - 1


def parse_spans(text: str) -> Spans | None:
    """Read the opening hours of one day.

    Parameters
    ----------
    text : str
        ``"09:00-18:00"``; several with commas, ``"09:00-12:00, 13:00-18:00"``;
        ``"18:00-26:00"`` or ``"18:00-02:00"`` past midnight; ``"closed"`` or ``"off"``.

    Returns
    -------
    tuple of (int, int), or None
        Openings and closings in minutes of the day, in order; None if unreadable.

    Examples
    --------
    >>> parse_spans("09:00-12:00, 18:00-02:00")
    ((540, 720), (1080, 1560))
    >>> parse_spans("closed")
    ()
    >>> parse_spans("sunrise-sunset") is None
    True
    """
    low = text.strip().casefold()
    if low in ("closed", "off"):
        return ()
    spans = [_span(part.strip()) for part in low.split(",")]
    known = sorted(span for span in spans if span is not None)
    return tuple(known) if len(known) == len(spans) else None


@lru_cache(maxsize=65536)
def read_hours(text: str) -> Hours | None:
    """Read opening hours as OpenStreetMap writes them.

    Parameters
    ----------
    text : str
        Such as ``"24/7"``, ``"Mo-Fr 09:00-12:00,14:00-18:00; Sa,PH 10:00-14:00; Su off"`` or
        ``"Apr-Sep 08:00-20:00"``; see the specification that `hours_text` refers to.

    Returns
    -------
    Hours or None
        None if they tell nothing (see `hours_text.normalized_hours`).

    Examples
    --------
    >>> spans_on(read_hours("Mo-Fr 09:00-18:00; Sa 10:00-14:00"), date(2024, 5, 4))
    ((600, 840),)
    >>> read_hours("by appointment") is None
    True
    """
    plain = parse_spans(text)
    # Most are that simple, and need no library.
    return normalized_hours(text) if plain is None else (plain,) * WEEK_DAYS


def spans_on(
    hours: Hours,
    day: date,
    calendar: LocalCalendar = NOWHERE,
    holidays: Collection[date] = frozenset(),
) -> Spans:
    """Return the spans that begin on a day.

    Parameters
    ----------
    hours : Hours
        The hours.
    day : datetime.date
        The day.
    calendar : LocalCalendar
        Public holidays and sun of the city.
    holidays : collection of datetime.date
        Further public holidays: those of the run. On these, hours without a rule for
        public holidays are those of a Sunday.

    Examples
    --------
    >>> friday = date(2024, 5, 3)
    >>> spans_on("Mo-Fr 09:00-18:00; PH 10:00-12:00", friday, holidays={friday})
    ((600, 720),)
    >>> spans_on("Mo-Fr 09:00-18:00", friday, holidays={friday})
    ()
    """
    if not isinstance(hours, str):
        return hours[_SUNDAY if day in holidays else day.weekday()]
    names_any, names_near, usual = _usual(hours)
    if not names_any and day in holidays:
        day += timedelta(days=_SUNDAY - day.weekday())
    if not names_any or not (names_near or day in holidays or day in calendar.public_holidays):
        return spans_of_text(usual, day, calendar)
    text = holidays_resolved(
        hours, day, lambda one: one in holidays or one in calendar.public_holidays
    )
    return spans_of_text(text, day, calendar)


@lru_cache(maxsize=65536)
def _usual(text: str) -> tuple[bool, bool, str]:
    """Return whether hours name holidays, whether days near them, and the hours without them."""
    return names_public_holidays(text), names_days_near_holidays(text), without_holidays(text)


def _span(text: str) -> Span | None:
    """Read ``"HH:MM-HH:MM"``."""
    match = _TIMES.fullmatch(text)
    if match is None:
        return None
    opens, opens_m, closes, closes_m = (int(group) for group in match.groups())
    start, end = opens * HOUR_MIN + opens_m, closes * HOUR_MIN + closes_m
    end += DAY_MIN if end <= start else 0
    if start >= DAY_MIN or end > 2 * DAY_MIN or max(opens_m, closes_m) >= HOUR_MIN:
        return None
    return start, end
