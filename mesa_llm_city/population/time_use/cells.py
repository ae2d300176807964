"""Which cell of a table of time use a person and a day belong to."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.population.categories import Gender, Role
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.time_use.dimensions import EMPLOYMENT, SEXES, YOUNGEST_CHILD

__all__ = ["Cell", "cell_of", "employment_of", "youngest_child_of"]

_SEX = {Gender.FEMALE: (SEXES.index("female"),), Gender.MALE: (SEXES.index("male"),)}
_EITHER = tuple(range(len(SEXES)))
_FULL, _PART, _NONE = range(len(EMPLOYMENT))
_NO_CHILD, _SMALL, _LARGER = range(len(YOUNGEST_CHILD))
_SMALL_UP_TO, _CHILD_UP_TO = 5, 17  # as in the dimension


class Cell(NamedTuple):
    """A kind of person, as indices of the dimensions.

    Attributes
    ----------
    sexes : tuple of int
        One sex, or both for a person of another gender, whose values are the mean.
    age : int
        Age in years.
    employment, youngest_child : int
        Indices in `EMPLOYMENT` and `YOUNGEST_CHILD`.
    """

    sexes: tuple[int, ...]
    age: int
    employment: int
    youngest_child: int


def cell_of(persona: Persona, *, full_time_from_h: float, has_job: bool = False) -> Cell:
    """Return the kind of person that a persona is.

    Parameters
    ----------
    persona : Persona
        The person.
    full_time_from_h : float
        Hours of work a week from which somebody works full time, breaks included.
    has_job : bool, default False
        Whether a learner has a job beside school.
    """
    return Cell(
        _SEX.get(persona.gender, _EITHER),
        persona.age,
        employment_of(persona, full_time_from_h=full_time_from_h, has_job=has_job),
        youngest_child_of(persona),
    )


def employment_of(persona: Persona, *, full_time_from_h: float, has_job: bool = False) -> int:
    """Return the index in `EMPLOYMENT` of a person, by the hours of a usual week."""
    if not persona.is_employed:
        return _PART if has_job else _NONE
    habits = persona.habits
    hours = habits.work_days.bit_count() * habits.work_minutes / HOUR_MIN
    return _FULL if hours >= full_time_from_h else _PART


def youngest_child_of(persona: Persona) -> int:
    """Return the index in `YOUNGEST_CHILD` of a person; parents alone have children."""
    youngest = persona.household.youngest_child
    if persona.household.role is not Role.PARENT or youngest is None:
        return _NO_CHILD
    if youngest > _CHILD_UP_TO:
        return _NO_CHILD
    return _SMALL if youngest <= _SMALL_UP_TO else _LARGER
