"""Imputation of demography that a table leaves open, given all that is known of a person."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population.categories import (
    Aged,
    Education,
    Occupation,
    Role,
    age_group,
    feasible_ages,
)
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.household_roles import POSITIONS
from mesa_llm_city.population.table.household_shapes import likely_roles, rows_by_household
from mesa_llm_city.population.table.reader import PeopleTable

__all__ = ["draw_demography"]

_ROLES = np.array([list(Role).index(position.role) for position in POSITIONS])
_SIZES = np.array([position.size for position in POSITIONS])


class _Known(NamedTuple):
    """What is known of one person; codes are NaN where it is open."""

    age: int
    gender: int
    occupation: float
    education: float
    role: float
    size: float
    occupations: tuple[bool, ...]


def draw_demography(
    table: PeopleTable, ids: Int, joint: Float, seed: int, ages: AgeParameters
) -> Demography:
    """Draw open occupation, education and household, given all that is known of a person.

    Parameters
    ----------
    table : PeopleTable
        Cells without defects.
    ids : ndarray of int64, shape (n,)
        Ids of the persons.
    joint : ndarray of float64
        Joint distribution (see `fit_joint_distribution`).
    seed : int
        Seed of the population.
    ages : AgeParameters
        Ages at which categories can hold.

    Returns
    -------
    Demography
        People without a household id live in one of their own, numbered
        ``-(id + 1)``. In households of which all members are in the table, open roles
        follow from the ages (see `likely_roles`).
    """
    numbers = table.numbers
    alone = ~table.has("household_id")
    household = np.where(alone, -(ids + 1), np.nan_to_num(numbers["household_id"]))
    household = household.astype(np.int64)
    role, size = _shapes(table, household, ages)
    known = zip(
        numbers["age"].astype(np.int64).tolist(),
        numbers["gender"].astype(np.int64).tolist(),
        numbers["occupation"].tolist(),
        numbers["education"].tolist(),
        role.tolist(),
        size.tolist(),
        map(tuple, table.occupations.tolist()),
        strict=True,
    )
    draws = uniforms(seed, ids, "persona.demography", 0, 1)[:, 0].tolist()
    rows = [
        _impute(_Known(*one), joint, draw, ages) for one, draw in zip(known, draws, strict=True)
    ]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return Demography(household, columns[5], columns[4], *columns[:4])


def _shapes(table: PeopleTable, household: Int, ages: AgeParameters) -> tuple[Float, Float]:
    """Return roles and sizes, NaN where they are open.

    Of households that are there as a whole, open roles follow from the ages. Children of whom
    no adult is there live with one parent more, if the size is open.
    """
    alone_from = feasible_ages(Role.SINGLE, ages)[0]
    size, role = _known_sizes(table, household, alone_from), table.numbers["household_role"].copy()
    age = table.numbers["age"].astype(np.int64)
    gender = table.numbers["gender"].astype(np.int64)
    for members in rows_by_household(household).values():
        is_open = np.isnan(role[members])
        if len(members) == 1 or not is_open.any():
            continue
        if age[members].max() < alone_from and not table.has("household_size")[members].any():
            size[members] = len(members) + 1
            likely = [Role.CHILD] * len(members)
        elif size[members[0]] == len(members):
            likely = likely_roles(age[members].tolist(), gender[members].tolist(), ages)
        else:
            continue
        codes = [float(list(Role).index(one)) for one in likely]
        role[members] = np.where(is_open, codes, role[members])
    return role, size


def _known_sizes(table: PeopleTable, household: Int, alone_from: int) -> Float:
    """Return the sizes of households, NaN where they are open.

    A size that one member gives counts for all. A child who is the only row of a household
    with an id lives with others, who are not in the table, so the size stays open.
    """
    size = table.numbers["household_size"]
    pairs = zip(household.tolist(), size.tolist(), strict=True)
    given = {one: members for one, members in pairs if not isnan(members)}
    known = np.array([given.get(one, np.nan) for one in household.tolist()])
    rows = _rows_of_household(household)
    role = table.numbers["household_role"]
    single = np.isnan(role) | (role == list(Role).index(Role.SINGLE))
    alone = table.has("household_id") & single & (table.numbers["age"] >= alone_from)
    counted = np.where((rows > 1) | alone, rows, np.nan)
    return np.where(np.isnan(known), counted, known)


def _rows_of_household(household: Int) -> Float:
    _, index, counts = np.unique(household, return_inverse=True, return_counts=True)
    return counts[index].astype(np.float64)


def _impute(known: _Known, joint: Float, draw: float, ages: AgeParameters) -> tuple[float, ...]:
    """Return age, gender, occupation, education, role and size, the open ones drawn."""
    are_open = [isnan(value) for value in known[2:6]]
    if not any(are_open):
        return known[:6]
    weight = _weights(known, joint, ages)
    ends = np.cumsum(weight.ravel())
    cell = int(np.searchsorted(ends, draw * ends[-1], side="right"))
    position, occupation, education = np.unravel_index(cell, weight.shape)
    drawn = (occupation, education, _ROLES[position], _SIZES[position])
    rows = zip(drawn, are_open, known[2:6], strict=True)
    return (
        known.age,
        known.gender,
        *(float(new) if is_open else old for new, is_open, old in rows),
    )


def _weights(known: _Known, joint: Float, ages: AgeParameters) -> Float:
    """Return weights of position, occupation and education that agree with what is known.

    Where the marginals have no such person, all that is feasible is equally likely.
    """
    agrees = _agreement(known, ages)
    of_age = joint[:, age_group(known.age)]
    for weight in (of_age[:, known.gender], of_age.sum(axis=1)):
        if float((weight * agrees).sum()) > 0.0:
            return weight * agrees
    return agrees


def _agreement(known: _Known, ages: AgeParameters) -> Float:
    """Return 1 where position, occupation and education agree with what is known, else 0."""
    position = _matches(_ROLES, known.role)
    if isnan(known.role):
        position = position * _matches(_SIZES, min(known.size, _SIZES.max()))
    position = position * _possible(Role, known.age, ages)[_ROLES]
    occupation = _matches(np.arange(len(Occupation)), known.occupation)
    occupation = occupation * _possible(Occupation, known.age, ages) * known.occupations
    education = _matches(np.arange(len(Education)), known.education)
    education = education * _possible(Education, known.age, ages)
    agrees: Float = position[:, None, None] * occupation[:, None] * education
    return agrees


def _matches(codes: Int, known: float) -> Float:
    return np.ones(len(codes)) if isnan(known) else (codes == known).astype(np.float64)


def _possible(categories: type[Aged], age: int, ages: AgeParameters) -> Float:
    limits = [feasible_ages(category, ages) for category in categories]
    return np.array([float(low <= age <= high) for low, high in limits])
