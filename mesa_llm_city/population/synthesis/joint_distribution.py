"""Who people are: the joint distribution that has the marginals asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.population.categories import (
    AGE_GROUPS,
    Aged,
    Education,
    Gender,
    Occupation,
    Role,
    feasible_ages,
)
from mesa_llm_city.population.synthesis.fitting import iterative_proportional_fitting
from mesa_llm_city.population.synthesis.households import HOUSEHOLD_TYPES, household_type_shares
from mesa_llm_city.population.synthesis.marginals import Marginals, Shares

__all__ = ["POSITIONS", "Position", "fit_people", "share_table"]


class Position(NamedTuple):
    """A role in a household of a size."""

    role: Role
    size: int


POSITIONS = tuple(
    dict.fromkeys(
        Position(role, len(kind.roles)) for kind in HOUSEHOLD_TYPES for role in kind.roles
    )
)

# Odds of what goes with what, before fitting; all of them are assumptions. The fit keeps the
# odds and sets the levels. Rows follow Role, columns AGE_GROUPS.
_AGES_OF_ROLE = (
    (0, 0, 0, 0, 0.8, 1.0, 0.6, 0.6, 0.6, 0.7, 1.0),
    (0, 0, 0, 0, 0.1, 0.5, 0.5, 0.7, 1.3, 2.0, 1.6),
    (0, 0, 0, 0, 0.05, 0.8, 2.0, 2.0, 1.0, 0.5, 0.3),
    (1, 1, 1, 1, 1.0, 0.5, 0.25, 0.15, 0.05, 0.01, 0),
    (0, 0, 0, 0, 0.1, 0.2, 0.2, 0.2, 0.2, 0.4, 1.0),
)
# Widows live longer: women per man among those living without a partner, by age group.
_WOMEN_PER_LONE_MAN = (1, 1, 1, 1, 0.75, 0.65, 0.6, 0.6, 0.7, 1.2, 3.0)
# 7.7 of the 9.0 points of lone-parent households are mothers, Population Census of Japan 2020.
_LONE_MOTHERS = 0.85
_WOMEN_PER_MAN_IN_JOB = {
    Occupation.HOMEMAKER: 12.0,
    Occupation.SERVICE_WORKER: 1.5,
    Occupation.SHIFT_WORKER: 0.5,
    Occupation.SELF_EMPLOYED: 0.5,
    Occupation.OFFICE_WORKER: 0.8,
    Occupation.UNEMPLOYED: 0.7,
}
_TERTIARY_ODDS_OF_JOB = {
    Occupation.STUDENT: 0.4,
    Occupation.OFFICE_WORKER: 2.0,
    Occupation.SERVICE_WORKER: 0.6,
    Occupation.SHIFT_WORKER: 0.5,
    Occupation.UNEMPLOYED: 0.6,
}
_ROLE_ODDS_OF_JOB = {  # in the order of Role
    Occupation.HOMEMAKER: (0.1, 1.0, 1.5, 0.1, 0.5),
    Occupation.STUDENT: (1.0, 0.1, 0.05, 2.0, 0.5),
    Occupation.UNEMPLOYED: (1.0, 0.7, 0.5, 2.0, 1.0),
}


_LABELS = (
    [f"{position.role} in a household of {position.size}" for position in POSITIONS],
    [group.label for group in AGE_GROUPS],
    list(Gender),
    list(Occupation),
    list(Education),
)


def fit_people(marginals: Marginals) -> Float:
    """Fit the joint distribution of position, age, gender, occupation and education.

    Parameters
    ----------
    marginals : Marginals
        The shares asked for.

    Returns
    -------
    ndarray of float64, shape (positions, age groups, genders, occupations, levels)
        Shares of people, adding up to 1, along `POSITIONS`, `AGE_GROUPS`,
        `Gender`, `Occupation` and `Education`. Cells that `feasible_ages`
        rules out for any age of the group are 0.

    Raises
    ------
    DataError
        If the marginals contradict one another or ask for what is impossible.

    Notes
    -----
    The table is four-way fitted (see `iterative_proportional_fitting`): to the
    positions that the household sizes bring with them, age by gender, age by
    occupation and age by education.
    """
    ages = share_table(marginals.age_gender, Gender)
    ages = ages / ages.sum()
    jobs = _conditional(share_table(marginals.occupation, Occupation), ages.sum(axis=1))
    levels = _conditional(share_table(marginals.education, Education), ages.sum(axis=1))
    positions = _position_shares(marginals.household_size)
    margins = [((0,), positions), ((1, 4), levels), ((1, 3), jobs), ((1, 2), ages)]
    return iterative_proportional_fitting(_seed(), margins, labels=_LABELS)


def share_table(shares: Shares, categories: type[StrEnum]) -> Float:
    """Arrange shares named ``"<age group> <category>"`` as a table.

    Returns
    -------
    ndarray of float64, shape (age groups, categories)
        The shares; 0 where there is none.
    """
    return np.array(
        [
            [shares.get(f"{group.label} {category}", 0.0) for category in categories]
            for group in AGE_GROUPS
        ]
    )


def _conditional(within: Float, total: Float) -> Float:
    sums = within.sum(axis=1, keepdims=True)
    normed = np.divide(within, sums, out=np.zeros_like(within), where=sums > 0)
    table: Float = normed * total[:, np.newaxis]
    return table


def _position_shares(sizes: Shares) -> Float:
    people = np.zeros(len(POSITIONS))
    for kind, share in zip(HOUSEHOLD_TYPES, household_type_shares(sizes), strict=True):
        for role in kind.roles:
            people[POSITIONS.index(Position(role, len(kind.roles)))] += share
    normed: Float = people / people.sum()
    return normed


@lru_cache(maxsize=1)
def _seed() -> Float:
    # Axes: p position, a age group, g gender, o occupation, e education.
    seed: Float = np.einsum(
        "pa,pag,ao,ae,go,po,oe->pagoe",
        _role_ages(),
        _gender_odds(),
        _feasible(Occupation),
        _feasible(Education),
        _job_odds(_WOMEN_PER_MAN_IN_JOB, Gender.FEMALE, Gender),
        _role_odds(),
        _job_odds(_TERTIARY_ODDS_OF_JOB, Education.TERTIARY, Education).T,
    )
    return seed


def _feasible(categories: type[Aged]) -> Float:
    limits = [feasible_ages(category) for category in categories]
    return np.array(
        [
            [float(low <= group.low and group.high <= high) for low, high in limits]
            for group in AGE_GROUPS
        ]
    )


def _role_ages() -> Float:
    odds = np.array(_AGES_OF_ROLE) * _feasible(Role).T
    return odds[_role_indices()]


def _role_odds() -> Float:
    odds = np.ones((len(Role), len(Occupation)))
    for job, of_role in _ROLE_ODDS_OF_JOB.items():
        odds[:, list(Occupation).index(job)] = of_role
    return odds[_role_indices()]


def _role_indices() -> list[int]:
    return [list(Role).index(position.role) for position in POSITIONS]


def _gender_odds() -> Float:
    odds = np.ones((len(POSITIONS), len(AGE_GROUPS), len(Gender)))
    for index, position in enumerate(POSITIONS):
        if position.role in {Role.SINGLE, Role.OTHER, Role.CHILD}:
            odds[index, :, 0] = _WOMEN_PER_LONE_MAN
        if position.role is Role.PARENT:
            women = _women_among_parents(position.size)
            odds[index, :, 0] = women / (1.0 - women)
    return odds


def _women_among_parents(size: int) -> float:
    counts = [
        (kind.share_of_size * parents, 0.5 if parents == 2 else _LONE_MOTHERS)
        for kind in HOUSEHOLD_TYPES
        if len(kind.roles) == size and (parents := kind.roles.count(Role.PARENT))
    ]
    weights, women = np.array(counts).T
    return float(weights @ women / weights.sum())


def _job_odds(
    odds_of_job: Mapping[Occupation, float],
    category: StrEnum,
    categories: type[StrEnum],
) -> Float:
    odds = np.ones((len(categories), len(Occupation)))
    jobs: Sequence[Occupation] = list(Occupation)
    for job, value in odds_of_job.items():
        odds[list(categories).index(category), jobs.index(job)] = value
    return odds
