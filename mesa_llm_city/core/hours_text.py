"""Opening hours as OpenStreetMap writes them, read by the library opening-hours-py.

References
----------
OpenStreetMap wiki, Key:opening_hours/specification,
https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS
from mesa_llm_city.core.hours_holidays import holidays_last, without_holidays
from mesa_llm_city.core.hours_spelling import (
    DAYS,
    change_outside_comments,
    names_days_alone,
    outside_comments,
    tidied,
)
from mesa_llm_city.core.local_calendar import NOWHERE, LocalCalendar

if TYPE_CHECKING:
    from opening_hours import OpeningHours  # imported only where it is used

__all__ = [
    "names_sun",
    "normalized_hours",
    "spans_of_text",
]

_Spans: TypeAlias = tuple[tuple[int, int], ...]

_LONGEST = 1000
"""OpenStreetMap allows 255 characters."""

_SAYS_WHEN = re.compile(r"\d:\d|24/7|\b(off|closed|open|sunrise|sunset|dawn|dusk)\b", re.IGNORECASE)
_PLAIN_OFF = re.compile(r"^((mo-su|24/7)\s+)?(off|closed)\b", re.IGNORECASE)
_LAST_COMMENT = re.compile(r'[;,]\s*(unknown\s*)?"[^"]*"\s*$')
_SUN = re.compile(r"\b(sunrise|sunset|dawn|dusk)\b", re.IGNORECASE)
_EVERY_WEEK = re.compile(
    rf"(?:\b(?:{'|'.join(DAYS)}|off|closed)\b|24/7|\d\d?:\d\d|[\s,;+-])*", re.IGNORECASE
)

_ON_REQUEST = re.compile(
    r"appointment|arrangement|request|on demand|reserv|booking|termin|vereinbar|anmeld|absprache"
    r"|rendez|\brdv\b|afspraak|\bcita\b|prenota|appuntament|agendament|marca[cç]|umówi|sopimu"
    r"|ajanvara|予約|预约",
    re.IGNORECASE,
)

_TIME = re.compile(r"(\d\d?):(\d\d)")
_RANGE = re.compile(rf"(?<![\d:.]){_TIME.pattern}-{_TIME.pattern}(?![\d+:])")

_A_MONDAY = date(2001, 1, 1)
_FIRST = datetime(2020, 1, 1)  # noqa: DTZ001 - local time
_LAST = datetime(2036, 1, 1)  # noqa: DTZ001 - local time


@lru_cache(maxsize=65536)
def normalized_hours(text: str) -> str | None:
    """Return opening hours in the spelling of the library, or None if they tell nothing.

    Hours tell nothing if they cannot be parsed, name no time, or are never open although they
    are not plainly ``"off"``: by appointment only, in school holidays only, ``"PH off"`` alone.
    Nor are hours taken whose meaning is not certain, such as ``"Mo-Fr 9-5"``.

    Examples
    --------
    >>> normalized_hours("Mon to Fri 9am - 5.30pm")
    'Mo-Fr 09:00-17:30'
    >>> normalized_hours("hours vary") is None
    True
    >>> normalized_hours('Mo-Fr 09:00-17:00 "by appointment"') is None
    True
    """
    if len(text) > _LONGEST:
        return None
    tidy = holidays_last(_without_fallback(tidied(text)))
    if not _SAYS_WHEN.search("".join(outside_comments(tidy))):
        return None
    hours = None if names_days_alone(tidy) else _parsed(without_holidays(tidy))
    if hours is None:
        return None
    says_closed = _PLAIN_OFF.match(tidy) is not None and ";" not in tidy and "," not in tidy
    return tidy if says_closed or _is_ever_open(hours) else None


def _without_fallback(text: str) -> str:
    """Leave out what holds otherwise, if that is a comment only: ``|| "by appointment"``."""
    text = _LAST_COMMENT.sub("", text)
    rules, _, otherwise = text.partition("||")
    return text if _SAYS_WHEN.search("".join(outside_comments(otherwise))) else rules.strip()


def names_sun(text: str) -> bool:
    """Return whether hours depend on sunrise or sunset."""
    return any(_SUN.search(part) for part in outside_comments(text))


def spans_of_text(text: str, day: date, calendar: LocalCalendar = NOWHERE) -> _Spans:
    """Return the spans that begin on a day, in minutes of it, the first first.

    Parameters
    ----------
    text : str
        Hours without holidays (see `holidays_resolved`), in the spelling of `normalized_hours`.
    day : datetime.date
        The day; what began on the day before is not among its spans.
    calendar : LocalCalendar
        Where the sun rises.

    Examples
    --------
    >>> spans_of_text("Mo-Fr 08:00-12:00,14:00-18:00", date(2024, 5, 3))
    ((480, 720), (840, 1080))
    """
    week = _week(text)
    if week is not None:
        return week[day.weekday()]
    return _on_date(text, day, calendar if names_sun(text) else NOWHERE)


@lru_cache(maxsize=65536)
def _week(text: str) -> tuple[_Spans, ...] | None:
    """Return the spans of seven days, if all weeks are alike."""
    if not _EVERY_WEEK.fullmatch(text):
        return None
    return _spans_of_days(text, _A_MONDAY, WEEK_DAYS, NOWHERE)


@lru_cache(maxsize=65536)
def _on_date(text: str, day: date, calendar: LocalCalendar) -> _Spans:
    # Fallbacks ("||") are right only where the library is asked for one day at a time.
    return _spans_of_days(text, day, 1, calendar)[0]


def _spans_of_days(text: str, first: date, n: int, calendar: LocalCalendar) -> tuple[_Spans, ...]:
    """Return the spans of some days, one entry each."""
    within, nights = _without_nights(text)
    hours = _parsed(within, calendar)
    midnight = datetime.combine(first, datetime.min.time())
    days: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    last = midnight + timedelta(days=n)
    for start, end in () if hours is None else _open(hours, midnight, last):
        begins, ends = _minutes(start - midnight), _minutes(end - midnight)
        for day in range(begins // DAY_MIN, -(-ends // DAY_MIN)):
            opens, closes = max(begins - day * DAY_MIN, 0), min(ends - day * DAY_MIN, DAY_MIN)
            days[day].append((opens, nights.get(closes, closes)))
    return tuple(map(tuple, days))


@lru_cache(maxsize=65536)
def _without_nights(text: str) -> tuple[str, dict[int, int]]:
    """Return hours that end before midnight, and which end stands for which after midnight.

    The library ends a night at midnight if another rule is about the next day:
    ``"Mo-Th 20:00-02:00; Fr off"``. So each end after midnight gets a late minute of its own
    that the text does not use.
    """
    used = {_minute(*time) for time in _TIME.findall(text)}
    late: dict[int, int] = {}

    def within(match: re.Match[str]) -> str:
        start, end = _minute(match[1], match[2]), _minute(match[3], match[4])
        end += DAY_MIN if end <= start else 0
        if end <= DAY_MIN:
            return f"{match[1]}:{match[2]}-{end // HOUR_MIN:02d}:{end % HOUR_MIN:02d}"
        free = (one for one in range(DAY_MIN - 1, start, -1) if late.get(one, end) == end)
        code = next((one for one in free if one not in used), None)
        if code is None:
            return match[0]
        late[code] = end
        return f"{match[1]}:{match[2]}-{code // HOUR_MIN:02d}:{code % HOUR_MIN:02d}"

    return change_outside_comments(text, lambda part: _RANGE.sub(within, part)), late


def _minute(hour: str, minute: str) -> int:
    return int(hour) * HOUR_MIN + int(minute)


def _open(
    hours: OpeningHours, first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times at which a place is open to who just comes, those that touch as one."""
    since: datetime | None = None
    until = first
    for start, end, state, comment in hours.intervals(first, last):
        if _is_open(state, comment):
            since = start.replace(tzinfo=None) if since is None else since
            # The stubs of the library do not say that an end may be missing.
            until = last if cast("datetime | None", end) is None else end.replace(tzinfo=None)
        elif since is not None:
            yield since, until
            since = None
    if since is not None:
        yield since, until


def _is_open(state: object, comment: str) -> bool:
    """Tell whether people who have no appointment can come."""
    from opening_hours import State

    return state == State.OPEN and _ON_REQUEST.search(comment) is None


def _is_ever_open(hours: OpeningHours) -> bool:
    return next(_open(hours, _FIRST, _LAST), None) is not None


@lru_cache(maxsize=4096)
def _parsed(text: str, calendar: LocalCalendar = NOWHERE) -> OpeningHours | None:
    """Parse a text; None if that fails. What comes back cannot be pickled: only this keeps it."""
    # The stubs of the library lack its errors.
    from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

    try:
        return OpeningHours(text, **_sun(calendar))
    except ParserError:
        return None


def _sun(calendar: LocalCalendar) -> dict[str, Any]:
    """Return what the library wants to know of the sun."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if calendar.position is None or not calendar.timezone:
        return {}
    try:
        zone = ZoneInfo(calendar.timezone)
    except ZoneInfoNotFoundError:  # Systems without a data base of time zones.
        return {}
    return {"coords": calendar.position, "timezone": zone, "auto_country": False}


def _minutes(time: timedelta) -> int:
    return time // timedelta(days=1) * DAY_MIN + time.seconds // 60
