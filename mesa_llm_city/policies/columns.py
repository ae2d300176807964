"""Columns of a decision: what a policy may look at, as numbers, of one person or of many.

The same names hold for the columns of a crowd, so that a policy finds the cells of a million
rows as it finds that of one person. Categories are codes in the order of their enumeration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.values import Weather
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Education, Gender, LifeStage, Occupation, Persona, Role

__all__ = [
    "DAY_KINDS",
    "MOMENT_COLUMNS",
    "PERSON_COLUMNS",
    "Moment",
    "moment_values",
    "person_values",
]

T = TypeVar("T")

DAY_KINDS = ("workday", "saturday", "sunday")
"""Kinds of day in the order of their codes (see `Clock.day_type`); holidays count as Sundays."""


class Moment(NamedTuple):
    """When something is decided, beside what the decision itself is told.

    Attributes
    ----------
    minute : int
        Minutes since the start of the run.
    day_kind : int
        Row of `DAY_KINDS`; that of the planned day where a day is planned.
    weather : Weather
        The weather outside.
    need : int
        The need that presses: 0 for none, else 1 plus its row in the parameters.
    uniform : float
        The person's random number that picks the answer, in [0, 1).
    """

    minute: int
    day_kind: int
    weather: Weather
    need: int
    uniform: float


def _codes(kinds: type[T]) -> dict[T, int]:
    return {one: code for code, one in enumerate(kinds)}  # type: ignore[var-annotated,arg-type]


_GENDER, _OCCUPATION, _ROLE = _codes(Gender), _codes(Occupation), _codes(Role)
_EDUCATION, _STAGE = _codes(Education), _codes(LifeStage)

PERSON_COLUMNS: Mapping[str, Callable[[Persona, CityParameters], float]] = MappingProxyType(
    {
        "age": lambda one, _: one.age,
        "gender": lambda one, _: _GENDER[one.gender],
        "occupation": lambda one, _: _OCCUPATION[one.occupation],
        "education": lambda one, _: _EDUCATION[one.education],
        "income": lambda one, _: one.income,
        "household_size": lambda one, _: one.household.size,
        "household_role": lambda one, _: _ROLE[one.household.role],
        "life_stage": lambda one, tree: _STAGE[one.life_stage(tree.population.ages.stages)],
        "has_car": lambda one, _: one.has_car and one.has_licence,
    }
)
"""Columns of persons: age in years, income in median incomes, whether a car can be driven (0 or 1),
number of members of the household, and codes."""

MOMENT_COLUMNS: Mapping[str, Callable[[Moment], float]] = MappingProxyType(
    {
        "hour": lambda one: one.minute % DAY_MIN / HOUR_MIN,
        "day_kind": lambda one: one.day_kind,
        "is_wet": lambda one: one.weather.is_wet,
        "temperature_c": lambda one: one.weather.temperature_c,
        "need": lambda one: one.need,
    }
)
"""Columns of moments: hour of the day in [0, 24), kind of day (row of `DAY_KINDS`), whether it is
wet (0 or 1), degrees Celsius, and the need that presses (see `Moment`)."""


def person_values(
    persona: Persona, names: frozenset[str], parameters: CityParameters
) -> dict[str, float]:
    """Return some columns of a person; names that are none of `PERSON_COLUMNS` are passed over.

    Examples
    --------
    >>> from mesa_llm_city.parameters import default_parameters
    >>> from mesa_llm_city.population import profile
    >>> nurse = profile("night-shift nurse", home=1, work=2)
    >>> person_values(nurse, frozenset({"age", "hour"}), default_parameters())
    {'age': 38}
    """
    return {
        name: read(persona, parameters) for name, read in PERSON_COLUMNS.items() if name in names
    }


def moment_values(moment: Moment, names: frozenset[str]) -> dict[str, float]:
    """Return some columns of a moment; names that are none of `MOMENT_COLUMNS` are passed over."""
    return {name: read(moment) for name, read in MOMENT_COLUMNS.items() if name in names}
