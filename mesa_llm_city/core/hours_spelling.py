"""Spellings of opening hours that people use beside that of OpenStreetMap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from mesa_llm_city.core.clock import HOUR_MIN

__all__ = [
    "DAYS",
    "change_outside_comments",
    "names_days_alone",
    "outside_comments",
    "tidied",
]

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")

_Replacement: TypeAlias = str | Callable[[re.Match[str]], str]


def tidied(text: str) -> str:
    """Return opening hours in the spelling of OpenStreetMap, as far as the meaning is certain.

    Comments in quotes stay as they are.

    Examples
    --------
    >>> tidied("Monday to Friday: 9:00 - 17:00;")
    'Mo-Fr 9:00-17:00'
    >>> tidied('Sa 10.00-14.00 "ring 2 - 3 times"')
    'Sa 10:00-14:00 "ring 2 - 3 times"'
    """
    plain = unicodedata.normalize("NFKC", _TIMES_BELOW.sub(r"\1 ", text)).translate(_SIGNS)
    return re.sub(r"\s+", " ", change_outside_comments(plain, _respelt)).strip(" ;,")


def outside_comments(text: str) -> list[str]:
    """Return the parts of hours outside of quotes."""
    return text.split('"')[::2]


def change_outside_comments(text: str, change: Callable[[str], str]) -> str:
    """Return hours with changed parts; comments in quotes stay as they are.

    Examples
    --------
    >>> change_outside_comments('mo 09:00-12:00 "by appointment"', str.title)
    'Mo 09:00-12:00 "by appointment"'
    """
    parts = text.split('"')
    parts[::2] = map(change, parts[::2])
    return '"'.join(parts)


def names_days_alone(text: str) -> bool:
    """Return whether hours have a rule of days without times, beside others with times.

    In the specification such days are open all day. People who write so mean the times
    that stand elsewhere.

    Examples
    --------
    >>> names_days_alone("09:00-17:00; Mo-Fr"), names_days_alone('Mo 09:00-17:00; Su "on call"')
    (True, False)
    """
    rules = re.split(r";|\|\|", re.sub(r'"[^"]*"', '""', text))
    return len(rules) > 1 and any(map(_DAYS_ALONE.fullmatch, rules))


def _respelt(text: str) -> str:
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    return text


def _clock_of_twelve(match: re.Match[str]) -> str:
    """Write a time such as ``"5.30 pm"`` as ``"17:30"``."""
    hour = int(match[1]) % 12 + (12 if match[3].casefold() == "p" else 0)
    return f"{hour:02d}:{match[2] or '00'}" if int(match[2] or 0) < HOUR_MIN else match[0]


def _whole_hours(match: re.Match[str]) -> str:
    """Write ``"9-17"`` as ``"9:00-17:00"``, but not ``"9-5"``, which may end in the afternoon."""
    before, start, end = match[1], match[2], match[3]
    opens = int(start.partition(":")[0])
    if int(end) <= opens <= _NOON:
        return match[0]
    return f"{before}{start}{'' if ':' in start else ':00'}-{end}:00"


def _day(match: re.Match[str]) -> str:
    return match[0][:2].capitalize()


_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u301c~"
_HIDDEN = "\u200b\u200e\u200f\ufeff"
_QUOTES = "\u201c\u201d\u201e\u00ab\u00bb"
_SIGNS = str.maketrans(
    dict.fromkeys(_DASHES, "-") | dict.fromkeys(_QUOTES, '"') | dict.fromkeys(_HIDDEN) | {"\n": ";"}
)

_NAMES = "mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun"
_SELECTORS = "|".join(
    (
        *DAYS,
        "PH",
        "SH",
        *["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    )
)
_TIMES_BELOW = re.compile(rf"\b({_SELECTORS}):?[ \t\r]*\n\s*(?=\d)", re.IGNORECASE)
"""Days with their times in the next line."""
_DAYS_ALONE = re.compile(
    rf"\s*\b(?:{_SELECTORS})\b(?:\b(?:{_SELECTORS})\b|[\s,:-])*", re.IGNORECASE
)
_NOON = 12
_TO = "to|until|till|through|thru|bis"

_SPELLINGS: tuple[tuple[re.Pattern[str], _Replacement], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\bschool holidays?\b", "SH"),
        (r"\b(?:public|bank) holidays?\b|\bholidays?\b", "PH"),
        (r"\b(?:daily|every ?day)\b", "Mo-Su"),
        (r"\bweekdays\b", "Mo-Fr"),
        (r"\bweekends?\b", "Sa-Su"),
        (rf"\b(?:{_NAMES})(?:day)?s?\b\.?", _day),
        (r"\b24 ?(?:h|hrs?|hours)\b", "00:00-24:00"),
        (r"(?<=\d) ?uhr\b", ""),
        (r"\b(1[0-2]|0?[1-9])(?:[:.](\d\d))? ?([ap])\.?m\b\.?", _clock_of_twelve),
        (r"(?<![\d:.])(\d{1,2})[.h]([0-5]\d)(?![\d.])", r"\1:\2"),
        (r"(?<![\d:.])(\d{1,2}) ?h\b", r"\1:00"),
        (rf"(?<=[a-z\d])\s+(?:{_TO})\s+(?=[a-z\d])", "-"),
        # The offset of "PH -1 day" keeps its blank.
        (r"(?<=[a-z\d])\s*-\s*(?=[a-z\d(])(?!\d+\s*days?\b)", "-"),
        (r"(?<=[a-z])\s*:\s*(?=\d)", " "),
        (r"(\d:\d\d-\d?\d:\d\d)\s*/\s*(?=\d?\d:\d\d-)", r"\1,"),
        (r"-23:59\b", "-24:00"),
        (rf"\b({'|'.join(DAYS)})(?=\d)", r"\1 "),
        # Whole hours are certain after a day ("Mo-Fr 9-17") or after a time with minutes.
        (
            rf"(\b(?:{'|'.join(DAYS)}|PH|SH) )([01]?\d|2[0-4])-([01]?\d|2[0-4])(?![\d:.])",
            _whole_hours,
        ),
        (r"(?<!\d)()(\d\d?:\d\d)-([01]?\d|2[0-4])(?![\d:.])", _whole_hours),
        (rf"(?<=\d:\d\d)\+? (?=(?:{'|'.join(DAYS)})\b)", "; "),
        (r"\bopen:? +(?=\d)", ""),
        # With a blank the library takes what follows for a new rule: "Mo-We, Fr 10:00-18:00".
        (rf"\b({_SELECTORS}) *, *(?=(?:{_SELECTORS})\b)", r"\1,"),
        (r"(?<=\d:\d\d) *, *(?=\d)", ","),
        (r"\s*;[\s;]*", "; "),
    )
)
