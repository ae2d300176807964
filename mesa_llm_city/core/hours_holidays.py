"""Public and school holidays in opening hours: said in a way that the library understands.

The library opening-hours-py has no list of holidays of one's own, and reads ``"SH Mo-Fr"`` as
if it were ``"SH,Mo-Fr"``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from mesa_llm_city.core.clock import WEEK_DAYS
from mesa_llm_city.core.hours_spelling import DAYS, change_outside_comments, outside_comments

__all__ = [
    "holidays_last",
    "holidays_resolved",
    "names_days_near_holidays",
    "names_public_holidays",
    "names_school_holidays",
    "without_holidays",
]

_HOLIDAY = r"\b(?:PH|SH)\b(?:\s*[+-]\s*\d+\s*days?\b)?"
_WEEKDAY = rf"(?:{'|'.join(DAYS)})\b(?:-(?:{'|'.join(DAYS)})\b)?"
_HOLIDAYS = re.compile(
    rf"(?P<holidays>{_HOLIDAY}(?:\s*,\s*{_HOLIDAY})*)"
    rf"(?:\s+(?P<days>{_WEEKDAY}(?:\s*,\s*{_WEEKDAY})*)(?!\[))?",
    re.IGNORECASE,
)
_HOLIDAYS_OFF = re.compile(rf"(?:{_HOLIDAY}|{_WEEKDAY}|[\s,])+(?:off|closed)", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])\s*(\d+)")
_NEAR = re.compile(r"\bPH\s*[+-]", re.IGNORECASE)
_NEVER = "PH"
"""Without a country the library knows no public holiday."""


def names_public_holidays(text: str) -> bool:
    """Return whether hours have a rule for public holidays."""
    return any(re.search(r"\bPH\b", part, re.IGNORECASE) for part in outside_comments(text))


def names_days_near_holidays(text: str) -> bool:
    """Return whether hours have a rule such as ``"PH -1 day off"``."""
    return any(_NEAR.search(part) for part in outside_comments(text))


def names_school_holidays(text: str) -> bool:
    """Return whether hours have a rule for school holidays."""
    return any(re.search(r"\bSH\b", part, re.IGNORECASE) for part in outside_comments(text))


def holidays_last(text: str) -> str:
    """Put ``"PH off"`` behind the rules that would make it void; nobody writes it for that."""
    if '"' in text or "||" in text:
        return text
    rules = [rule.strip() for rule in text.split(";")]
    named = [place for place, rule in enumerate(rules) if names_public_holidays(rule)]
    if len(named) != 1 or not _HOLIDAYS_OFF.fullmatch(rules[named[0]]):
        return text
    return "; ".join([*rules[: named[0]], *rules[named[0] + 1 :], rules[named[0]]])


def holidays_resolved(text: str, day: date, is_public: Callable[[date], bool]) -> str:
    """Return hours that mean the same on a day, without knowing of holidays.

    A day that is a public holiday is named by its day of the week; what names other holidays
    stands for no day. There is no calendar of school holidays, so no day is in them.

    Examples
    --------
    >>> friday = date(2024, 5, 3)
    >>> holidays_resolved("Mo-Fr 09:00-18:00; Su,PH off", friday, lambda day: day == friday)
    'Mo-Fr 09:00-18:00; Su,Fr off'
    >>> holidays_resolved("SH Mo-Fr 09:00-18:00", friday, lambda day: True)
    'PH 09:00-18:00'
    """
    today = DAYS[day.weekday()]

    def named(match: re.Match[str]) -> str:
        applies = any(
            _holiday_on(part, day, is_public) for part in match["holidays"].split(",")
        ) and (match["days"] is None or day.weekday() in _weekdays(match["days"]))
        return today if applies else _NEVER

    return _with_holidays(text, named)


def without_holidays(text: str) -> str:
    """Return hours in which no day is a holiday.

    Examples
    --------
    >>> without_holidays("Mo-Fr 09:00-18:00; SH Mo-Fr 10:00-12:00")
    'Mo-Fr 09:00-18:00; PH 10:00-12:00'
    """
    return _with_holidays(text, lambda _: _NEVER)


def _with_holidays(text: str, named: Callable[[re.Match[str]], str]) -> str:
    """Replace the names of holidays outside of comments."""
    return change_outside_comments(text, lambda part: _HOLIDAYS.sub(named, part))


def _holiday_on(name: str, day: date, is_public: Callable[[date], bool]) -> bool:
    """Tell whether a name such as ``"PH -1 day"`` stands for a day."""
    if name.strip()[:2].upper() != "PH":
        return False
    offset = _OFFSET.search(name)
    days = 0 if offset is None else int(offset[1] + offset[2])
    return abs(days) <= WEEK_DAYS and is_public(day - timedelta(days=days))


def _weekdays(text: str) -> set[int]:
    """Return the numbers of days in a text such as ``"Mo-Fr,Su"``."""
    found: set[int] = set()
    for part in text.split(","):
        ends = [DAYS.index(end.strip().capitalize()) for end in part.split("-")]
        length = (ends[-1] - ends[0]) % WEEK_DAYS + 1
        found.update((ends[0] + step) % WEEK_DAYS for step in range(length))
    return found
