"""Checks of options: what is wrong with a value, as one line, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

__all__ = [
    "Check",
    "a_date",
    "a_file",
    "a_flag",
    "a_folder",
    "a_number",
    "a_text",
    "files",
    "one_of",
    "some_of",
    "whole",
]

Check: TypeAlias = Callable[[Any], str]
"""Returns what is wrong with a value; an empty text if nothing is."""


def whole(least: int) -> Check:
    """Return a check for whole numbers from `least` to what fits into 64 bits."""

    def check(value: object) -> str:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        fits = is_whole and least <= int(value) < 2**64  # type: ignore[call-overload]
        return "" if fits else f"must be a whole number of at least {least}, got {value!r}"

    return check


def a_number(least: float) -> Check:
    """Return a check for finite numbers of at least `least`."""

    def check(value: object) -> str:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = is_number and least <= float(value) < float("inf")  # type: ignore[arg-type]
        return "" if fits else f"must be a number of at least {least:g}, got {value!r}"

    return check


def one_of(*accepted: str) -> Check:
    """Return a check for one of some words."""

    def check(value: object) -> str:
        return "" if value in accepted else f"must be {' or '.join(accepted)}, got {value!r}"

    return check


def some_of(*accepted: str) -> Check:
    """Return a check for several of some words."""

    def check(value: object) -> str:
        many = value if isinstance(value, tuple) else (value,)
        wrong = [one for one in many if one not in accepted]
        told = ", ".join(map(repr, wrong))
        return f"must be some of {', '.join(accepted)}, got {told}" if wrong else ""

    return check


def a_file(value: object) -> str:
    """Check the path of a file that exists."""
    if value is None:
        return ""
    if not isinstance(value, Path):
        return f"must be the path of a file, got {value!r}"
    return "" if value.is_file() else f"there is no file {value}; check the path"


def files(value: object) -> str:
    """Check paths of files that exist."""
    if not isinstance(value, tuple):
        return f"must be paths of files, got {value!r}"
    return "; ".join(told for one in value if (told := a_file(one)))


def a_date(value: object) -> str:
    """Check a date without a time."""
    is_date = isinstance(value, date) and not isinstance(value, datetime)
    return "" if is_date else f"must be a date such as 2024-04-01, got {value!r}"


def a_folder(value: object) -> str:
    """Check a path that may become a folder."""
    is_path = value is None or isinstance(value, Path)
    return "" if is_path else f"must be the path of a folder, got {value!r}"


def a_flag(value: object) -> str:
    """Check a truth value."""
    return "" if isinstance(value, bool) else f"must be true or false, got {value!r}"


def a_text(value: object) -> str:
    """Check a text that is not empty."""
    is_text = value is None or (isinstance(value, str) and bool(value.strip()))
    return "" if is_text else f"must be a text, got {value!r}"
