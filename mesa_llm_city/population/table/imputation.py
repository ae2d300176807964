"""Who people are as far as a table leaves it open: drawn, given all that is known of them."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import (
    Aged,
    Education,
    Occupation,
    Role,
    age_group,
    feasible_ages,
)
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.synthesis.joint_distribution import POSITIONS
from mesa_llm_city.population.table.reader import Sheet

__all__ = ["draw_demography"]

_ROLES = np.array([list(Role).index(position.role) for position in POSITIONS])
_SIZES = np.array([position.size for position in POSITIONS])
_ALONE_AGE = feasible_ages(Role.SINGLE)[0]


class _Known(NamedTuple):
    """What is known of one person; codes are NaN where it is open."""

    age: int
    gender: int
    occupation: float
    education: float
    role: float
    size: float


def draw_demography(sheet: Sheet, ids: Int, table: Float, seed: int) -> Demography:
    """Draw open occupation, education and household, given all that is known of a person.

    Parameters
    ----------
    sheet : Sheet
        Cells without defects.
    ids : ndarray of int64, shape (n,)
        Ids of the persons.
    table : ndarray of float64
        Joint distribution (see `fit_people`).
    seed : int
        Seed.

    Returns
    -------
    Demography
        People without a household id live in one of their own, numbered
        ``-(id + 1)``.
    """
    numbers = sheet.numbers
    own = ~sheet.has("household_id")
    household = np.where(own, -(ids + 1), np.nan_to_num(numbers["household_id"])).astype(np.int64)
    known = zip(
        numbers["age"].astype(np.int64).tolist(),
        numbers["gender"].astype(np.int64).tolist(),
        numbers["occupation"].tolist(),
        numbers["education"].tolist(),
        numbers["household_role"].tolist(),
        _known_sizes(sheet, household).tolist(),
        strict=True,
    )
    luck = uniforms(seed, ids, "persona.demography", 0, 1)[:, 0].tolist()
    rows = [_settle(_Known(*one), table, draw) for one, draw in zip(known, luck, strict=True)]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return Demography(household, columns[5], columns[4], *columns[:4])


def _known_sizes(sheet: Sheet, household: Int) -> Float:
    """Return the sizes of households; who stands alone in one with an id may have others."""
    told = zip(household.tolist(), sheet.numbers["household_size"].tolist(), strict=True)
    given = {one: size for one, size in told if not isnan(size)}
    size = np.array([given.get(one, np.nan) for one in household.tolist()])
    rows = _rows_of_household(household)
    role = sheet.numbers["household_role"]
    single = np.isnan(role) | (role == list(Role).index(Role.SINGLE))
    alone = sheet.has("household_id") & single & (sheet.numbers["age"] >= _ALONE_AGE)
    counted = np.where((rows > 1) | alone, rows, np.nan)
    return np.where(np.isnan(size), counted, size)


def _rows_of_household(household: Int) -> Float:
    _, index, counts = np.unique(household, return_inverse=True, return_counts=True)
    return counts[index].astype(np.float64)


def _settle(known: _Known, table: Float, luck: float) -> tuple[float, ...]:
    """Return age, gender, occupation, education, role and size with nothing open."""
    open_ = [np.isnan(value) for value in known[2:]]
    if not any(open_):
        return known
    weight = _weights(known, table)
    flat = np.cumsum(weight.ravel())
    cell = int(np.searchsorted(flat, luck * flat[-1], side="right"))
    position, occupation, education = np.unravel_index(cell, weight.shape)
    drawn = (occupation, education, _ROLES[position], _SIZES[position])
    settled = [float(d) if o else k for d, o, k in zip(drawn, open_, known[2:], strict=True)]
    return (known.age, known.gender, *settled)


def _weights(known: _Known, table: Float) -> Float:
    """Return weights of position, occupation and education that agree with what is known.

    Where the marginals have nobody like that, all that is feasible is equally likely.
    """
    agrees = _agreement(known)
    of_age = table[:, age_group(known.age)]
    for weight in (of_age[:, known.gender], of_age.sum(axis=1)):
        if float((weight * agrees).sum()) > 0.0:
            return weight * agrees
    return agrees


def _agreement(known: _Known) -> Float:
    position = _matches(_ROLES, known.role)
    if np.isnan(known.role):
        position = position * _matches(_SIZES, min(known.size, _SIZES.max()))
    position = position * _possible(Role, known.age)[_ROLES]
    job = _matches(np.arange(len(Occupation)), known.occupation) * _possible(Occupation, known.age)
    level = _matches(np.arange(len(Education)), known.education) * _possible(Education, known.age)
    agrees: Float = position[:, None, None] * job[:, None] * level
    return agrees


def _matches(codes: Int, known: float) -> Float:
    return np.ones(len(codes)) if np.isnan(known) else (codes == known).astype(np.float64)


def _possible(categories: type[Aged], age: int) -> Float:
    limits = [feasible_ages(category) for category in categories]
    return np.array([float(low <= age <= high) for low, high in limits])
