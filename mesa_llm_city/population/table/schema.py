"""The columns of a table of people (see ``docs/reference/people_table.md``)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.population.categories import MAX_AGE, Education, Gender, Occupation, Role
from mesa_llm_city.population.person_columns import LIKES, TRAITS

__all__ = ["COLUMNS", "FLAG_WORDS", "REQUIRED", "TEXTS", "Category", "Flag", "Number"]


class Number(NamedTuple):
    """A column of numbers in [`low`, `high`]."""

    low: float
    high: float
    whole: bool = True

    def rule(self) -> str:
        """Say what is accepted."""
        kind = "a whole number" if self.whole else "a number"
        return f"use {kind} in [{self.low:.16g}, {self.high:.16g}]"


class Category(NamedTuple):
    """A column of the values of an enumeration, in any case."""

    values: type[StrEnum]

    def rule(self) -> str:
        """Say what is accepted."""
        return f"use one of {', '.join(self.values)}"


class Flag(NamedTuple):
    """A column of yes and no."""

    def rule(self) -> str:
        """Say what is accepted."""
        return f"use one of {', '.join(FLAG_WORDS)}"


FLAG_WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "1": 1.0, "0": 0.0}

_MINUTE = Number(0, DAY_MIN - 1)
_LATE_MINUTE = Number(0, 2 * DAY_MIN - 1)
_SHARE = Number(0.0, 1.0, whole=False)
# Exact as a float, and as the key of a random stream.
_ID = Number(0, 2**52)
_LON, _LAT = Number(-180.0, 180.0, whole=False), Number(-90.0, 90.0, whole=False)

COLUMNS: dict[str, Number | Category | Flag] = {
    "id": _ID,
    "age": Number(0, MAX_AGE),
    "gender": Category(Gender),
    "occupation": Category(Occupation),
    "education": Category(Education),
    "income": Number(0.0, 1e6, whole=False),
    "household_id": Number(-(2**52), 2**52),
    "household_size": Number(1, 100),
    "household_role": Category(Role),
    "home_place": _ID,
    "home_lon": _LON,
    "home_lat": _LAT,
    "work_place": _ID,
    "work_lon": _LON,
    "work_lat": _LAT,
    **dict.fromkeys(TRAITS, Number(1, 3)),
    "has_car": Flag(),
    "has_bicycle": Flag(),
    "has_licence": Flag(),
    "wake_min": _MINUTE,
    "bed_min": Number(DAY_MIN // 2, 2 * DAY_MIN - 1),
    "work_days": Number(0, 2**WEEK_DAYS - 1),
    "work_start_min": _MINUTE,
    "work_minutes": Number(0, DAY_MIN),
    "lunch_min": _LATE_MINUTE,
    "dinner_min": _LATE_MINUTE,
    "eats_out": _SHARE,
    **dict.fromkeys(LIKES, _SHARE),
}
"""Columns that are read as numbers, with what they accept; categories and flags as codes."""

TEXTS = ("name", "hobbies")
REQUIRED = ("id", "age", "gender")
