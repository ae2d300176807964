"""What persons are like in their days, as a loop over persons that is compiled (see `kernels`).

It does what `DayTraits.of` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import HOUR_MIN, WEEK_DAYS
from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at, uniform_at
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.population.people_columns import PersonRows
from mesa_llm_city.population.time_use.cells import CHILD_UP_TO, PARENT, SMALL_UP_TO
from mesa_llm_city.population.time_use.dimensions import EMPLOYMENT, YOUNGEST_CHILD

__all__ = ["Draws", "TraitNumbers", "Traits", "fill_traits"]

_FULL, _PART, _NONE = range(len(EMPLOYMENT))
_NO_CHILD, _SMALL, _LARGER = range(len(YOUNGEST_CHILD))
_EMPLOYMENTS, _CHILDREN = len(EMPLOYMENT), len(YOUNGEST_CHILD)
_EVEN_LEVEL = 2


class TraitNumbers(NamedTuple):
    """Numbers of a table and of `TimeUseParameters` that traits depend on.

    Attributes
    ----------
    sex : ndarray of int64, shape (genders,)
        Position on the axis of the sexes by gender.
    group : ndarray of int64, shape (ages,)
        Age group of the table by age.
    groups : int
        How many there are.
    is_employed, learns : ndarray of bool, shape (occupations,)
        By occupation.
    job_share : ndarray of float64, shape (ages,)
        Share of learners with a job by age.
    full_time_from_h : float
        Hours of work a week from which somebody works full time.
    column, trait : ndarray of int64, shape (c,)
        Which numbers are correlated with which traits, by number.
    per_level : ndarray of float64, shape (c,)
        What a level of the trait adds.
    rest : ndarray of float64, shape (NUMBERS,)
        What is left for all else.
    """

    sex: Int
    group: Int
    groups: int
    is_employed: Bool
    learns: Bool
    job_share: Float
    full_time_from_h: float
    column: Int
    trait: Int
    per_level: Float
    rest: Float


class Draws(NamedTuple):
    """Whose draws: the seed of what persons are like, their ids, and what is drawn."""

    seed: np.uint64
    persons: Int
    numbers: np.uint64
    job: np.uint64


class Traits(NamedTuple):
    """The columns of `DayTraits` that are filled, of m persons."""

    cell: NDArray[np.int32]
    employment: NDArray[np.int8]
    numbers: NDArray[np.float32]


def fill_traits(
    people: PersonRows, draws: Draws, numbers: TraitNumbers, drawn: Float, traits: Traits
) -> None:
    """Fill what persons are like (see `DayTraits`).

    Parameters
    ----------
    people : PersonRows
        The m persons.
    draws : Draws
        Their random streams.
    numbers : TraitNumbers
        The table and the parameters.
    drawn : ndarray of float64, shape (NUMBERS,)
        Is changed.
    traits : Traits
        Is filled.
    """
    for at in range(len(people.rows)):
        row, person = people.rows[at], draws.persons[at]
        fill_uniforms(draws.seed, person, 0, draws.numbers, drawn)
        for column in range(len(drawn)):
            drawn[column] = normal_at(drawn[column]) * numbers.rest[column]
        for one in range(len(numbers.column)):
            level = int(people.big_five[row, numbers.trait[one]]) - _EVEN_LEVEL
            drawn[numbers.column[one]] += numbers.per_level[one] * level
        for column in range(len(drawn)):
            traits.numbers[at, column] = drawn[column]
        occupation = people.occupation[row]
        employment = _NONE
        if numbers.is_employed[occupation]:
            days, minutes = int(people.work_days[row]), int(people.work_minutes[row])
            is_full = _hours(days, minutes) >= numbers.full_time_from_h
            employment = _FULL if is_full else _PART
        elif numbers.learns[occupation]:
            has_job = uniform_at(draws.seed, person, 0, draws.job)
            employment = _PART if has_job < numbers.job_share[people.age[row]] else _NONE
        cell = numbers.sex[people.gender[row]] * numbers.groups + numbers.group[people.age[row]]
        cell = cell * _EMPLOYMENTS + employment
        is_parent, youngest = people.role[row] == PARENT, int(people.youngest_child[row])
        traits.cell[at] = cell * _CHILDREN + _youngest_child(is_parent, youngest)
        traits.employment[at] = employment


def _hours(days: int, minutes: int) -> float:
    """Return the hours of a usual week, given the set of its days and the minutes of each."""
    count = 0
    for day in range(WEEK_DAYS):
        count += days >> day & 1
    return count * minutes / HOUR_MIN


def _youngest_child(
    is_parent: bool,  # noqa: FBT001 - compiled loops take no keywords
    youngest: int,
) -> int:
    """Return the position in `YOUNGEST_CHILD` (see `youngest_child_of`)."""
    if not is_parent or youngest < 0 or youngest > CHILD_UP_TO:
        return _NO_CHILD
    return _SMALL if youngest <= SMALL_UP_TO else _LARGER
