"""People drawn from the joint distribution into whole households."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import DrawingParameters, PopulationParameters
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    MAX_AGE,
    Education,
    Gender,
    Occupation,
    Role,
    age_group,
)
from mesa_llm_city.population.synthesis.cell_assignment import assign_cells
from mesa_llm_city.population.synthesis.fitting import systematic_sample
from mesa_llm_city.population.synthesis.household_roles import (
    POSITIONS,
    RANKS,
    HouseholdRoles,
    rank_tables,
    roles_of_households,
)
from mesa_llm_city.population.synthesis.households import draw_households
from mesa_llm_city.population.synthesis.marginals import Shares

__all__ = ["Demography", "draw_ages", "draw_people"]

_COUPLE_RANKS = (RANKS[0], RANKS[2])
_NEXT_TO_NO_ODDS = 1e-6  # not zero, so that a cell can be used up


class Demography(NamedTuple):
    """Demographic columns of n persons: arrays of shape (n,).

    Attributes
    ----------
    household, size, role : ndarray of int64
        Household, its number of members, and index in `Role`.
    age : ndarray of int64
        In years.
    gender, occupation, education : ndarray of int64
        Index in `Gender`, `Occupation` and `Education`.
    """

    household: Int
    size: Int
    role: Int
    age: Int
    gender: Int
    occupation: Int
    education: Int


def draw_people(
    table: Float, n: int, sizes: Shares, rng: Generator, parameters: PopulationParameters
) -> Demography:
    """Draw `n` persons who live in whole households.

    Parameters
    ----------
    table : ndarray of float64
        Joint distribution (see `fit_joint_distribution`).
    n : int
        Number of persons.
    sizes : mapping
        Share of households with ``"1"`` to ``"5"`` members.
    rng : numpy.random.Generator
        Random numbers.
    parameters : PopulationParameters
        Kinds of household, and ages within them.

    Returns
    -------
    Demography
        Household by household.

    Notes
    -----
    Households come first. All members of a household take their age at about
    the same quantile of the ages in their position, so that couples are of
    similar age, and children are as much younger than their parents as the
    quantiles lie apart. Within an age group gender, occupation and education are
    then drawn systematically for all, and assigned to the positions they go with.
    Couples are a woman and a man as far as the numbers allow.
    """
    kinds = draw_households(n, sizes, rng, parameters.households)
    roles = roles_of_households(kinds, n)
    tables = rank_tables(table, parameters.households)
    age = _draw_household_ages(roles, kinds, tables, rng, parameters)
    cells = _draw_cells(roles, age, tables, rng, parameters.drawing)
    gender, occupation, education = np.unravel_index(cells, table.shape[2:])
    role = np.array([list(Role).index(position.role) for position in POSITIONS])
    size = np.array([position.size for position in POSITIONS])
    return Demography(
        household=roles.household,
        size=size[roles.position],
        role=role[roles.position],
        age=age,
        gender=gender,
        occupation=occupation,
        education=education,
    )


def _draw_household_ages(
    roles: HouseholdRoles,
    kinds: Int,
    tables: Float,
    rng: Generator,
    parameters: PopulationParameters,
) -> Int:
    quantile = _draw_quantiles(roles, kinds, rng, parameters.drawing)
    age = np.zeros(len(quantile), dtype=np.int64)
    for index in range(len(POSITIONS)):
        for rank in RANKS:
            here = (roles.position == index) & (roles.rank == rank)
            if here.any():
                mass = tables[index, rank].sum(axis=(1, 2, 3))
                age[here] = draw_ages(mass, quantile[here], parameters.drawing)
    return _limit_to_parents(age, roles, tables, parameters.ages.youngest_parent)


def _draw_quantiles(
    roles: HouseholdRoles, kinds: Int, rng: Generator, drawing: DrawingParameters
) -> Float:
    """Return quantiles of age in [0, 1]: equal in a household but for some noise, shape (n,)."""
    quantile = _household_quantiles(kinds, rng)[roles.household]
    spread = np.where(_has_role(roles, Role.CHILD), drawing.sibling_spread, drawing.adult_spread)
    quantile = np.abs(quantile + spread * rng.standard_normal(len(quantile)))
    quantile = 1.0 - np.abs(1.0 - quantile)
    return np.maximum(quantile, 0.0)


def _household_quantiles(kinds: Int, rng: Generator) -> Float:
    """Return a quantile of age for each household, evenly spread within each kind."""
    quantile = np.empty(len(kinds))
    for kind in np.unique(kinds):
        here = np.flatnonzero(kinds == kind)
        quantile[here] = (rng.permutation(len(here)) + rng.random()) / len(here)
    return quantile


def draw_ages(mass: Float, quantile: Float, drawing: DrawingParameters) -> Int:
    """Return the ages at quantiles of a distribution over `AGE_GROUPS`.

    Parameters
    ----------
    mass : ndarray of float64, shape (age groups,)
        Weight of each group.
    quantile : ndarray of float64, shape (n,)
        In [0, 1].
    drawing : DrawingParameters
        How the number of people falls with age in the oldest group.

    Returns
    -------
    ndarray of int64, shape (n,)
        Years. Within a group all ages are equally frequent; only above 75 they
        become less frequent, by default by a tenth a year, up to 99.

    Examples
    --------
    >>> mass = np.array([1.0] + [0.0] * 9 + [1.0])
    >>> draw_ages(mass, np.array([0.1, 0.6, 0.99]), DrawingParameters()).tolist()
    [1, 77, 97]
    """
    ends = np.cumsum(mass) / mass.sum()
    last = int(np.flatnonzero(mass)[-1])
    group = np.minimum(np.searchsorted(ends, quantile, side="right"), last)
    starts = np.concatenate([[0.0], ends[:-1]])
    within = np.clip((quantile - starts[group]) / (ends - starts)[group], 0.0, 1.0 - 1e-9)
    low = np.array([group.low for group in AGE_GROUPS])
    years = np.array([group.high - group.low + 1 for group in AGE_GROUPS])
    oldest = _years_in_oldest_group(within, drawing)
    is_oldest = group == len(AGE_GROUPS) - 1
    age: Int = low[group] + np.where(is_oldest, oldest, within * years[group])
    return age.astype(np.int64)


def _years_in_oldest_group(within: Float, drawing: DrawingParameters) -> Float:
    """Invert the distribution with a density that falls as ``exp(-t / decay)`` over the span."""
    decay = drawing.oldest_decay_years
    reached = 1.0 - np.exp(-drawing.oldest_span_years / decay)
    years: Float = -decay * np.log1p(-within * reached)
    return years


def _limit_to_parents(age: Int, roles: HouseholdRoles, tables: Float, least_gap: int) -> Int:
    """Give children who are too old for their parents the highest age that they can have."""
    child, parent = _has_role(roles, Role.CHILD), _has_role(roles, Role.PARENT)
    youngest = np.full(int(roles.household.max()) + 1, MAX_AGE + least_gap)
    np.minimum.at(youngest, roles.household[parent], age[parent])
    highest = np.maximum(youngest[roles.household] - least_gap, 0)
    rows = np.flatnonzero(child & (age > highest))
    cases = np.column_stack([roles.position[rows], roles.rank[rows], highest[rows]])
    cases, case = np.unique(cases, axis=0, return_inverse=True)
    limits = [_highest_age(tables[position, rank], limit) for position, rank, limit in cases]
    limit = np.array(limits, dtype=np.int64)[case]
    age[rows] = np.where(limit >= 0, limit, age[rows])
    return age


def _highest_age(table: Float, limit: int) -> int:
    """Return the highest age, up to a limit, that people in a position have; -1 if none."""
    mass = table.sum(axis=(1, 2, 3))
    ends = [
        min(group.high, int(limit))
        for group, weight in zip(AGE_GROUPS, mass, strict=True)
        if weight > 0 and group.low <= limit
    ]
    return max(ends, default=-1)


def _has_role(roles: HouseholdRoles, role: Role) -> NDArray[np.bool_]:
    return np.array([position.role is role for position in POSITIONS])[roles.position]


def _draw_cells(
    roles: HouseholdRoles, age: Int, tables: Float, rng: Generator, drawing: DrawingParameters
) -> Int:
    """Return the flat cell of gender, occupation and education of each person, shape (n,)."""
    group = np.array([age_group(years) for years in range(int(age.max()) + 1)])[age]
    flat = tables.reshape(len(POSITIONS) * len(RANKS), len(AGE_GROUPS), -1)
    place = roles.position * len(RANKS) + roles.rank
    cells = np.zeros(len(age), dtype=np.int64)
    for index in np.unique(group):
        here = rng.permutation(np.flatnonzero(group == index))
        # Couples choose first: their ranks ask for a gender.
        single = ~np.isin(roles.rank[here], _COUPLE_RANKS)
        here = here[np.argsort(single, kind="stable")]
        cells[here] = _draw_group(flat[:, index], place[here], age[here], rng, drawing)
    return cells


def _draw_group(
    tables: Float, place: Int, age: Int, rng: Generator, drawing: DrawingParameters
) -> Int:
    """Draw the cells of the people of one age group.

    Parameters
    ----------
    tables : ndarray of float64, shape (places, cells)
        Joint distribution within the age group; a place is a position and a rank in it.
    place, age : ndarray of int64, shape (n,)
        Row of `tables`, and years, of each person; who comes first chooses first.
    rng : numpy.random.Generator
        Random numbers.
    drawing : DrawingParameters
        Odds at an exact age.
    """
    places, row = np.unique(place, return_inverse=True)
    odds = tables[places] / tables[places].sum(axis=1, keepdims=True)
    pool = systematic_sample(np.bincount(row) @ odds, len(row), rng)
    left = np.bincount(pool, minlength=odds.shape[1])
    ages, year = np.unique(age, return_inverse=True)
    at_age = odds[:, np.newaxis] * _odds_at_age(ages, drawing)
    return assign_cells(at_age.reshape(-1, odds.shape[1]), row * len(ages) + year, left, rng)


def _odds_at_age(age: Int, drawing: DrawingParameters) -> Float:
    """Return the odds of each cell at an exact age within the age group, shape (n, cells).

    Higher education takes years, people stop studying, and they retire.
    """
    odds = np.ones((len(age), len(Gender), len(Occupation), len(Education)))
    jobs, levels = list(Occupation), list(Education)
    degree_ages = (drawing.degree_from - 1, drawing.degree_from)
    degree = np.interp(age, degree_ages, (_NEXT_TO_NO_ODDS, 1.0))
    student_ages = (drawing.student_full_to, drawing.student_rare_from)
    student = np.interp(age, student_ages, (1.0, drawing.student_rare))
    retired_ages = (drawing.retired_rare_to, drawing.retired_full_from)
    retired = np.interp(age, retired_ages, (drawing.retired_rare, 1.0))
    odds[:, :, :, levels.index(Education.TERTIARY)] *= degree[:, None, None]
    odds[:, :, jobs.index(Occupation.STUDENT)] *= student[:, None, None]
    odds[:, :, jobs.index(Occupation.RETIRED)] *= retired[:, None, None]
    return odds.reshape(len(age), -1)
