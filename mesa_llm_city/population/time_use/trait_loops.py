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
    per_level : ndarray of float64, shape (activities, traits)
        What a level of a trait adds.
    rest : ndarray of float64, shape (activities,)
        What is left for all else.
    """

    sex: Int
    group: Int
    groups: int
    is_employed: Bool
    learns: Bool
    job_share: Float
    full_time_from_h: float
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


def fill_traits(people: PersonRows, draws: Draws, numbers: TraitNumbers, traits: Traits) -> None:
    """Fill what persons are like (see `DayTraits`).

    Parameters
    ----------
    people : PersonRows
        The m persons.
    draws : Draws
        Their random streams.
    numbers : TraitNumbers
        The table and the parameters.
    traits : Traits
        Is filled.
    """
    drawn = np.empty(traits.numbers.shape[1])
    activities, kinds = numbers.per_level.shape
    for at in range(len(people.rows)):
        row, person = people.rows[at], draws.persons[at]
        fill_uniforms(draws.seed, person, 0, draws.numbers, drawn)
        for column in range(len(drawn)):
            score = normal_at(drawn[column])
            if column < 2 * activities:
                activity = column % activities
                score *= numbers.rest[activity]
                for trait in range(kinds):
                    level = int(people.big_five[row, trait]) - _EVEN_LEVEL
                    if numbers.per_level[activity, trait] != 0.0:
                        score += numbers.per_level[activity, trait] * level
            traits.numbers[at, column] = score
        employment = _employment(people, row, draws, person, numbers)
        cell = numbers.sex[people.gender[row]] * numbers.groups + numbers.group[people.age[row]]
        cell = cell * _EMPLOYMENTS + employment
        traits.cell[at] = cell * _CHILDREN + _youngest_child(people, row)
        traits.employment[at] = employment


def _employment(
    people: PersonRows, row: int, draws: Draws, person: int, numbers: TraitNumbers
) -> int:
    """Return the position in `EMPLOYMENT` (see `employment_of`)."""
    occupation = people.occupation[row]
    if numbers.is_employed[occupation]:
        days = 0
        for day in range(WEEK_DAYS):
            days += people.work_days[row] >> day & 1
        hours = days * int(people.work_minutes[row]) / HOUR_MIN
        return _FULL if hours >= numbers.full_time_from_h else _PART
    if numbers.learns[occupation]:
        drawn = uniform_at(draws.seed, person, 0, draws.job)
        return _PART if drawn < numbers.job_share[people.age[row]] else _NONE
    return _NONE


def _youngest_child(people: PersonRows, row: int) -> int:
    """Return the position in `YOUNGEST_CHILD` (see `youngest_child_of`)."""
    youngest = people.youngest_child[row]
    if people.role[row] != PARENT or youngest < 0 or youngest > CHILD_UP_TO:
        return _NO_CHILD
    return _SMALL if youngest <= SMALL_UP_TO else _LARGER
