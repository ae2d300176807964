"""The columns of a table of people (see ``docs/reference/people_table.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from mesa_llm_city.core.clock import DAY_MIN, WEEK_DAYS
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.categories import (
    EMPLOYED,
    MAX_AGE,
    Education,
    Gender,
    Occupation,
    Role,
)
from mesa_llm_city.population.person_columns import (
    TRAITS,
    preference_column,
    preference_purposes,
)

__all__ = [
    "FLAG_WORDS",
    "GENDER_WORDS",
    "LONGEST_NAME",
    "MAX_HOUSEHOLD",
    "OCCUPATION_WORDS",
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
    """A column of the values of an enumeration, in any case, or of words for some of them."""

    values: type[StrEnum]
    words: Mapping[str, tuple[StrEnum, ...]] = MappingProxyType({})

    def rule(self) -> str:
        """Return what is accepted, in words."""
        return f"use one of {', '.join(self.values)}"

    def meant(self, cell: str) -> frozenset[StrEnum]:
        """Return the values that a cell stands for, several of them joined by ``|``.

        Returns
        -------
        frozenset of StrEnum
            Empty if a word of the cell is unknown.

        Examples
        --------
        >>> sorted(Category(Gender).meant("Female | other"))
        [<Gender.FEMALE: 'female'>, <Gender.OTHER: 'other'>]
        """
        known = {**{str(value): (value,) for value in self.values}, **self.words}
        words = [known.get(word.strip().removesuffix(".0"), ()) for word in cell.lower().split("|")]
        return frozenset(one for word in words for one in word) if all(words) else frozenset()


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

_FEMALE, _MALE, _OTHER = ((one,) for one in Gender)
GENDER_WORDS: Mapping[str, tuple[StrEnum, ...]] = {
    **dict.fromkeys(("1", "m", "man", "boy"), _MALE),
    **dict.fromkeys(("2", "f", "woman", "girl"), _FEMALE),
    **dict.fromkeys(("x", "non-binary"), _OTHER),
}
"""Other words for genders; the numbers are those of ISO/IEC 5218, as in most surveys."""

OCCUPATION_WORDS: Mapping[str, tuple[StrEnum, ...]] = {
    "employed": EMPLOYED,
    "not_employed": tuple(job for job in Occupation if job not in EMPLOYED),
}
"""Words for several occupations, one of which is drawn."""

TEXTS = ("name", "hobbies", "home_zone")
"""Columns of text."""

REQUIRED = ("age", "gender")
"""Columns that a table must have, without blank cells."""

_AMOUNT = 1e15

MAX_HOUSEHOLD = 100
"""Most members of a household."""

LONGEST_NAME = 100
"""Most characters of a name, which stands in every prompt about the person."""

_COLUMNS: dict[str, Column] = {
    "id": _ID,
    "age": Number(0, MAX_AGE),
    "gender": Category(Gender, GENDER_WORDS),
    "occupation": Category(Occupation, OCCUPATION_WORDS),
    "education": Category(Education),
    "income": Number(0.0, 1e3, whole=False),
    "earnings": Number(-_AMOUNT, _AMOUNT, whole=False),
    "household_earnings": Number(-_AMOUNT, _AMOUNT, whole=False),
    "household_id": Number(-(2**52), 2**52),
    "household_size": Number(1, MAX_HOUSEHOLD),
    "household_role": Category(Role),
    "group_quarters": Flag(),
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
