"""Which rows of a table of time use persons and a day belong to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.population.categories import EMPLOYED, MAX_AGE, Gender, Occupation, Role
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.time_use.dimensions import EMPLOYMENT, SEXES, YOUNGEST_CHILD, Ages

__all__ = [
    "CHILD_UP_TO",
    "EITHER_SEX",
    "PARENT",
    "SEX",
    "SMALL_UP_TO",
    "among",
    "cells_of",
    "employment_of",
    "group_by_age",
    "is_in",
    "youngest_child_of",
]

EITHER_SEX = len(SEXES)
"""Stands for a person of another gender, whose values are the mean of both sexes."""

SEX = np.array([SEXES.index(one) if one in SEXES else EITHER_SEX for one in Gender])
"""Position on the axis of the sexes by gender."""
_FULL, _PART, _NONE = range(len(EMPLOYMENT))
_NO_CHILD, _SMALL, _LARGER = range(len(YOUNGEST_CHILD))
SMALL_UP_TO, CHILD_UP_TO = 5, 17
"""Ages of the youngest child, as in the dimension."""
PARENT = tuple(Role).index(Role.PARENT)
"""Position of the role."""


def cells_of(people: PeopleColumns, employment: Int, ages: Sequence[Ages]) -> Int:
    """Return the kind of person that each person is, as a row of `TableRows` before its days.

    Parameters
    ----------
    people : PeopleColumns
        The persons.
    employment : ndarray of int64, shape (m,)
        Indices in `EMPLOYMENT` (see `employment_of`).
    ages : sequence of Ages
        Age groups of the table.

    Returns
    -------
    ndarray of int64, shape (m,)
        Position in an array with the axes sex (female, male, either), age, employment and
        youngest child.
    """
    group = group_by_age(tuple(ages))[people.age]
    cell = SEX[people.gender] * len(ages) + group
    cell = cell * len(EMPLOYMENT) + employment
    cells: Int = cell * len(YOUNGEST_CHILD) + youngest_child_of(people)
    return cells


@lru_cache(maxsize=16)
def group_by_age(ages: tuple[Ages, ...]) -> Int:
    """Return the position of the age group of each age in years."""
    return np.searchsorted([one.high for one in ages], np.arange(MAX_AGE + 1))


def employment_of(people: PeopleColumns, *, full_time_from_h: float, has_job: Bool) -> Int:
    """Return the index in `EMPLOYMENT` of each person, by the hours of a usual week.

    Parameters
    ----------
    people : PeopleColumns
        The persons.
    full_time_from_h : float
        Hours of work a week from which somebody works full time, breaks included.
    has_job : ndarray of bool, shape (m,)
        Whether a learner has a job beside school.
    """
    hours = np.bitwise_count(people.work_days) * people.work_minutes / HOUR_MIN
    employed = np.where(hours >= full_time_from_h, _FULL, _PART)
    return np.where(is_in(people, EMPLOYED), employed, np.where(has_job, _PART, _NONE))


def youngest_child_of(people: PeopleColumns) -> Int:
    """Return the index in `YOUNGEST_CHILD` of each person; parents alone have children."""
    youngest = people.youngest_child
    kind = np.where(youngest <= SMALL_UP_TO, _SMALL, _LARGER)
    has_child = (people.role == PARENT) & (youngest >= 0) & (youngest <= CHILD_UP_TO)
    return np.where(has_child, kind, _NO_CHILD)


def is_in(people: PeopleColumns, occupations: tuple[str, ...]) -> Bool:
    """Tell whose occupation is one of some; shape (m,)."""
    return among(occupations)[people.occupation]


@lru_cache(maxsize=32)
def among(occupations: tuple[str, ...]) -> Bool:
    """Tell of each occupation, by its position, whether it is one of some."""
    return np.array([one in occupations for one in Occupation])
