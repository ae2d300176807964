"""The columns of a table of people (see ``docs/reference/people_table.md``)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.categories import MAX_AGE, Education, Gender, Occupation, Role
from mesa_llm_city.population.person_columns import (
    TRAITS,
    preference_column,
    preference_purposes,
)

__all__ = [
    "FLAG_WORDS",
    "REQUIRED",
    "TEXTS",
    "Category",
    "Column",
    "Flag",
    "Number",
    "people_columns",
]


class Number(NamedTuple):
    """A column of numbers in [`low`, `high`]."""

    low: float
    high: float
    whole: bool = True

    def rule(self) -> str:
        """Return what is accepted, in words."""
        kind = "a whole number" if self.whole else "a number"
        return f"use {kind} in [{self.low:.16g}, {self.high:.16g}]"


class Category(NamedTuple):
    """A column of the values of an enumeration, in any case."""

    values: type[StrEnum]

    def rule(self) -> str:
        """Return what is accepted, in words."""
        return f"use one of {', '.join(self.values)}"


class Flag(NamedTuple):
    """A column of yes and no."""

    def rule(self) -> str:
        """Return what is accepted, in words."""
        return f"use one of {', '.join(FLAG_WORDS)}"


Column: TypeAlias = Number | Category | Flag
"""What a column accepts."""

FLAG_WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "1": 1.0, "0": 0.0}

_MINUTE = Number(0, DAY_MIN - 1)
_LATE_MINUTE = Number(0, 2 * DAY_MIN - 1)
_SHARE = Number(0.0, 1.0, whole=False)
# Such numbers are exact as floats, and keys of random streams.
_ID = Number(0, 2**52)
_LON, _LAT = Number(-180.0, 180.0, whole=False), Number(-90.0, 90.0, whole=False)

TEXTS = ("name", "hobbies")
"""Columns of text."""

REQUIRED = ("id", "age", "gender")
"""Columns that a table must have, without blank cells."""

_COLUMNS: dict[str, Column] = {
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
}


def people_columns(parameters: CityParameters) -> dict[str, Column]:
    """Return the columns that are read as numbers, categories and flags as codes.

    Parameters
    ----------
    parameters : CityParameters
        Its purposes of free time have a column of preferences each.

    Returns
    -------
    dict of str to Column
        What each column accepts, by name.
    """
    purposes = preference_purposes(parameters)
    return {**_COLUMNS, **{preference_column(purpose): _SHARE for purpose in purposes}}
