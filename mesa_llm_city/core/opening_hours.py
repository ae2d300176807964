"""Opening hours: one span a day, read from tables and from the `opening_hours` of OpenStreetMap."""

from __future__ import annotations

import re
from functools import lru_cache

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, WEEK_DAYS

__all__ = ["ALWAYS", "CLOSED", "Span", "Week", "parse_span", "parse_week"]

Span = tuple[int, int]
"""Opening and closing minute of a day; the closing may pass midnight, (0, 0) is closed."""

Week = tuple[Span, ...]
"""Seven spans, Monday first."""

CLOSED: Span = (0, 0)
ALWAYS: Span = (0, DAY_MIN)

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAY = r"[a-z]{2}(?![a-z])"
_RULE = re.compile(rf"^(?P<days>(?:{_DAY}(?:\s*-\s*{_DAY})?\s*,?\s*)*)(?P<times>.*)$")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_HOLIDAYS = ("ph", "sh")


def parse_span(text: str) -> Span | None:
    """Read the opening span of one day.

    Parameters
    ----------
    text : str
        ``"09:00-18:00"``; ``"18:00-26:00"`` or ``"18:00-02:00"`` past midnight;
        ``"closed"`` or ``"off"``. Of several spans
        (``"09:00-12:00,13:00-18:00"``) the hull is taken, so the break counts as open.

    Returns
    -------
    tuple of int or None
        Opening and closing in minutes of the day, or None if unreadable.

    Examples
    --------
    >>> parse_span("18:00-02:00")
    (1080, 1560)
    >>> parse_span("closed")
    (0, 0)
    >>> parse_span("sunrise-sunset") is None
    True
    """
    low = text.strip().casefold()
    if low in ("closed", "off"):
        return CLOSED
    spans = [_span(part.strip()) for part in low.split(",")]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans):
        return None
    return min(start for start, _ in known), max(end for _, end in known)


@lru_cache(maxsize=4096)
def parse_week(text: str) -> Week | None:
    """Read the hours of a week in the everyday part of the OpenStreetMap grammar.

    Parameters
    ----------
    text : str
        ``"24/7"``, ``"off"``, or rules such as ``"Mo-Fr 09:00-18:00; Sa 10:00-14:00"``;
        a later rule overrides an earlier one, days that no rule names are closed,
        and rules for public and school holidays (PH, SH) are passed over.

    Returns
    -------
    tuple of seven spans, or None
        Monday first; None if any part is unreadable.

    References
    ----------
    OpenStreetMap wiki, Key:opening_hours, https://wiki.openstreetmap.org/wiki/Key:opening_hours

    Examples
    --------
    >>> parse_week("Mo-Fr 09:00-18:00; Sa 10:00-14:00")[4:]
    ((540, 1080), (600, 840), (0, 0))
    >>> parse_week("by appointment") is None
    True
    """
    low = text.strip().casefold()
    if low == "24/7":
        return (ALWAYS,) * WEEK_DAYS
    week = [CLOSED] * WEEK_DAYS
    for rule in filter(None, (part.strip() for part in low.split(";"))):
        read = _rule(rule)
        if read is None:
            return None
        days, span = read
        for day in days:
            week[day] = span
    return tuple(week) if low else None


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


def _rule(rule: str) -> tuple[list[int], Span] | None:
    """Read one rule: its days and its span."""
    if rule.startswith(_HOLIDAYS):
        return [], CLOSED
    if rule in ("off", "closed"):
        return list(range(WEEK_DAYS)), CLOSED
    match = _RULE.match(rule)
    if match is None:
        return None
    days, span = _days(match["days"]), parse_span(match["times"])
    return None if days is None or span is None else (days, span)


def _days(text: str) -> list[int] | None:
    """Read ``"mo-fr, su"``; no days mean every day."""
    if not text.strip():
        return list(range(WEEK_DAYS))
    days: list[int] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        ends = [piece.strip() for piece in part.split("-")]
        if part in _HOLIDAYS:
            continue
        if any(end not in _DAYS for end in ends):
            return None
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        days += [day % WEEK_DAYS for day in range(first, last + 1 + WEEK_DAYS * (last < first))]
    return days
