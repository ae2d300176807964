"""People drawn from the joint distribution into whole households."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    MAX_AGE,
    Education,
    Gender,
    Occupation,
    Role,
    age_group,
)
from mesa_llm_city.population.synthesis.fitting import systematic_sample
from mesa_llm_city.population.synthesis.household_roles import Slots, seat_tables, slots_of
from mesa_llm_city.population.synthesis.households import draw_households
from mesa_llm_city.population.synthesis.joint_distribution import POSITIONS
from mesa_llm_city.population.synthesis.marginals import Shares

__all__ = ["YOUNGEST_PARENT", "Demography", "draw_ages", "draw_people"]

YOUNGEST_PARENT = 16  # years between a parent and a child, at least


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


def draw_people(table: Float, n: int, sizes: Shares, rng: Generator) -> Demography:
    """Draw `n` persons who live in whole households.

    Parameters
    ----------
    table : ndarray of float64
        Joint distribution (see `fit_people`).
    n : int
        Number of persons.
    sizes : mapping
        Share of households with ``"1"`` to ``"5"`` members.
    rng : numpy.random.Generator
        The luck.

    Returns
    -------
    Demography
        Household by household.

    Notes
    -----
    Households come first. All members of a household take their age at about
    the same quantile of the ages in their position, so that couples are of
    like age and children as much younger than their parents as the quantiles
    lie apart. Within an age group gender, occupation and education are then
    drawn systematically for all, and handed to the positions they go with.
    Couples are a woman and a man as far as the numbers go.
    """
    kinds = draw_households(n, sizes, rng)
    slots = slots_of(kinds, n)
    seats = seat_tables(table)
    age = _ages(slots, kinds, seats, rng)
    cells = _fill(slots, age, seats, rng)
    gender, occupation, education = np.unravel_index(cells, table.shape[2:])
    roles = np.array([list(Role).index(position.role) for position in POSITIONS])
    size = np.array([position.size for position in POSITIONS])
    return Demography(
        household=slots.household,
        size=size[slots.position],
        role=roles[slots.position],
        age=age,
        gender=gender,
        occupation=occupation,
        education=education,
    )


def _ages(slots: Slots, kinds: list[int], seats: Float, rng: Generator) -> Int:
    quantile = _stages(np.array(kinds), rng)[slots.household]
    child = _has_role(slots, Role.CHILD)
    # Siblings and partners differ by some years: a few hundredths of the quantiles.
    quantile = quantile + np.where(child, 0.04, 0.025) * rng.standard_normal(len(quantile))
    quantile = np.abs(quantile)
    quantile = 1.0 - np.abs(1.0 - quantile)
    age = np.zeros(len(quantile), dtype=np.int64)
    for index in range(len(POSITIONS)):
        for seat in range(3):
            here = (slots.position == index) & (slots.seat == seat)
            if here.any():
                mass = seats[index, seat].sum(axis=(1, 2, 3))
                age[here] = draw_ages(mass, quantile[here])
    return _below_parents(age, slots, seats)


def _stages(kinds: Int, rng: Generator) -> Float:
    """Return the stage of life of each household in (0, 1), evenly spread within each kind."""
    stage = np.empty(len(kinds))
    for kind in np.unique(kinds):
        here = np.flatnonzero(kinds == kind)
        stage[here] = (rng.permutation(len(here)) + rng.random()) / len(here)
    return stage


def draw_ages(mass: Float, quantile: Float) -> Int:
    """Return the ages at quantiles of a distribution over `AGE_GROUPS`.

    Parameters
    ----------
    mass : ndarray of float64, shape (age groups,)
        Weight of each group.
    quantile : ndarray of float64, shape (n,)
        In [0, 1].

    Returns
    -------
    ndarray of int64, shape (n,)
        Years. Within a group ages are even, but above 75 they thin out (by a
        tenth a year, an assumption, up to 99).

    Examples
    --------
    >>> draw_ages(np.array([1.0] + [0.0] * 9 + [1.0]), np.array([0.1, 0.6, 0.99])).tolist()
    [1, 77, 97]
    """
    ends = np.cumsum(mass) / mass.sum()
    last = int(np.flatnonzero(mass)[-1])
    group = np.minimum(np.searchsorted(ends, quantile, side="right"), last)
    starts = np.concatenate([[0.0], ends[:-1]])
    within = np.clip((quantile - starts[group]) / (ends - starts)[group], 0.0, 1.0 - 1e-9)
    low = np.array([group.low for group in AGE_GROUPS])
    years = np.array([group.high - group.low + 1 for group in AGE_GROUPS])
    oldest = _thinning(within)
    age: Int = low[group] + np.where(group < len(AGE_GROUPS) - 1, within * years[group], oldest)
    return age.astype(np.int64)


def _thinning(within: Float) -> Float:
    """Invert the distribution with density falling as exp(-t / 10) over 25 years."""
    years: Float = -10.0 * np.log1p(-within * (1.0 - np.exp(-2.5)))
    return years


def _below_parents(age: Int, slots: Slots, seats: Float) -> Int:
    """Make children who are too old for their parents as old as they can be."""
    child, parent = _has_role(slots, Role.CHILD), _has_role(slots, Role.PARENT)
    youngest = np.full(int(slots.household.max()) + 1, MAX_AGE + YOUNGEST_PARENT)
    np.minimum.at(youngest, slots.household[parent], age[parent])
    highest = np.maximum(youngest[slots.household] - YOUNGEST_PARENT, 0)
    for slot in np.flatnonzero(child & (age > highest)):
        mass = seats[slots.position[slot], slots.seat[slot]].sum(axis=(1, 2, 3))
        ends = [
            min(group.high, int(highest[slot]))
            for group, weight in zip(AGE_GROUPS, mass, strict=True)
            if weight > 0 and group.low <= highest[slot]
        ]
        age[slot] = max(ends, default=int(age[slot]))
    return age


def _has_role(slots: Slots, role: Role) -> NDArray[np.bool_]:
    return np.array([position.role is role for position in POSITIONS])[slots.position]


def _fill(slots: Slots, age: Int, seats: Float, rng: Generator) -> Int:
    """Return the flat cell of gender, occupation and education of each slot."""
    group = np.array([age_group(years) for years in range(int(age.max()) + 1)])[age]
    cells = np.zeros(len(age), dtype=np.int64)
    for index in np.unique(group):
        here = rng.permutation(np.flatnonzero(group == index))
        # Couples choose first: their seats ask for a gender.
        here = here[np.argsort(slots.seat[here] == 1, kind="stable")]
        odds = seats[slots.position[here], slots.seat[here], index].reshape(len(here), -1)
        odds = odds / odds.sum(axis=1, keepdims=True)
        pool = systematic_sample(odds.sum(axis=0), len(here), rng)
        left = np.bincount(pool, minlength=odds.shape[1])
        cells[here] = _hand_out(odds * _age_odds(age[here]), left, rng.random(len(here)))
    return cells


def _hand_out(odds: Float, left: Int, luck: Float) -> Int:
    """Let each row pick one of the cells that are left, by its odds for them."""
    left = left.copy()
    picked = np.empty(len(odds), dtype=np.int64)
    for row in range(len(odds)):
        weight = np.cumsum(odds[row] * left)
        if weight[-1] <= 0.0:
            weight = np.cumsum(left)
        cell = int(np.searchsorted(weight, luck[row] * weight[-1], side="right"))
        picked[row] = cell
        left[cell] -= 1
    return picked


def _age_odds(age: Int) -> Float:
    """Return odds of each cell at an exact age: degrees take years, studies end, so does work."""
    odds = np.ones((len(age), len(Gender), len(Occupation), len(Education)))
    jobs, levels = list(Occupation), list(Education)
    odds[:, :, :, levels.index(Education.TERTIARY)] *= np.interp(age, (19, 20), (1e-6, 1.0))[
        :, None, None
    ]
    student = np.interp(age, (21, 24), (1.0, 0.1))
    odds[:, :, jobs.index(Occupation.STUDENT)] *= student[:, None, None]
    retired = np.interp(age, (57, 62), (0.05, 1.0))
    odds[:, :, jobs.index(Occupation.RETIRED)] *= retired[:, None, None]
    return odds.reshape(len(age), -1)
