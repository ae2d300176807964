"""The joint distribution of people: the one nearest to given odds that has given marginals."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.population import (
    AgeParameters,
    HouseholdParameters,
    JointDistributionParameters,
    PopulationParameters,
    RoleOdds,
)
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
from mesa_llm_city.population.synthesis.household_roles import POSITIONS, Position
from mesa_llm_city.population.synthesis.households import HOUSEHOLD_KINDS, household_kind_shares
from mesa_llm_city.population.synthesis.marginals import Marginals, Shares

__all__ = ["fit_joint_distribution", "share_table"]

_LABELS = (
    [f"{position.role} in a household of {position.size}" for position in POSITIONS],
    [group.label for group in AGE_GROUPS],
    list(Gender),
    list(Occupation),
    list(Education),
)

_ADVICE = (
    "change the shares named: the marginal household_size, with the parameters "
    "population.households.share_of_size, says how many people have which role; age_gender, "
    "occupation and education say how old they are and what they do; the parameters "
    "population.ages.feasible say at which age that is possible"
)


def fit_joint_distribution(marginals: Marginals, parameters: PopulationParameters) -> Float:
    """Fit the joint distribution of position, age, gender, occupation and education.

    Parameters
    ----------
    marginals : Marginals
        The shares asked for.
    parameters : PopulationParameters
        Odds before the fit (``joint_distribution``), which it keeps; kinds of household;
        and the ages at which categories can hold.

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
    The table is fitted (see `iterative_proportional_fitting`) to four margins: the
    positions that follow from the household sizes, age by gender, age by occupation
    and age by education.
    """
    ages = share_table(marginals.age_gender, Gender)
    ages = ages / ages.sum()
    jobs = _conditional(share_table(marginals.occupation, Occupation), ages.sum(axis=1))
    levels = _conditional(share_table(marginals.education, Education), ages.sum(axis=1))
    positions = _position_shares(marginals.household_size, parameters.households)
    margins = [((0,), positions), ((1, 4), levels), ((1, 3), jobs), ((1, 2), ages)]
    return iterative_proportional_fitting(
        _odds(parameters), margins, labels=_LABELS, advice=_ADVICE
    )


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


def _position_shares(sizes: Shares, parameters: HouseholdParameters) -> Float:
    people = np.zeros(len(POSITIONS))
    shares = household_kind_shares(sizes, parameters)
    for kind, share in zip(HOUSEHOLD_KINDS, shares, strict=True):
        for role in kind.roles:
            people[POSITIONS.index(Position(role, kind.size))] += share
    normed: Float = people / people.sum()
    return normed


def _odds(parameters: PopulationParameters) -> Float:
    """Return the odds of all cells before the fit."""
    joint, ages = parameters.joint_distribution, parameters.ages
    # Axes: p position, a age group, g gender, o occupation, e education.
    odds: Float = np.einsum(
        "pa,pag,ao,ae,go,po,oe->pagoe",
        _age_odds_of_positions(joint, ages),
        _gender_odds(joint, parameters.households),
        _feasible(Occupation, ages),
        _feasible(Education, ages),
        _occupation_odds(joint.women_per_man_in_job, Gender.FEMALE, Gender),
        _occupation_odds_of_positions(joint),
        _occupation_odds(joint.tertiary_odds_of_job, Education.TERTIARY, Education).T,
    )
    return odds


def _feasible(categories: type[Aged], ages: AgeParameters) -> Float:
    """Return 1 where a category can hold at all ages of a group, shape (groups, categories)."""
    limits = [feasible_ages(category, ages) for category in categories]
    return np.array(
        [
            [float(low <= group.low and group.high <= high) for low, high in limits]
            for group in AGE_GROUPS
        ]
    )


def _age_odds_of_positions(joint: JointDistributionParameters, ages: AgeParameters) -> Float:
    by_role: list[Mapping[str, float]] = [getattr(joint, f"age_of_{role}") for role in Role]
    odds = np.array([[of_role[group.label] for group in AGE_GROUPS] for of_role in by_role])
    return (odds * _feasible(Role, ages).T)[_roles_of_positions()]


def _occupation_odds_of_positions(joint: JointDistributionParameters) -> Float:
    odds = np.ones((len(Role), len(Occupation)))
    by_occupation: dict[Occupation, RoleOdds] = {
        Occupation.HOMEMAKER: joint.role_of_homemaker,
        Occupation.STUDENT: joint.role_of_student,
        Occupation.UNEMPLOYED: joint.role_of_unemployed,
    }
    for job, of_roles in by_occupation.items():
        odds[:, list(Occupation).index(job)] = [getattr(of_roles, role) for role in Role]
    return odds[_roles_of_positions()]


def _roles_of_positions() -> list[int]:
    return [list(Role).index(position.role) for position in POSITIONS]


def _gender_odds(joint: JointDistributionParameters, households: HouseholdParameters) -> Float:
    odds = np.ones((len(POSITIONS), len(AGE_GROUPS), len(Gender)))
    per_lone_man = [joint.women_per_lone_man[group.label] for group in AGE_GROUPS]
    for index, position in enumerate(POSITIONS):
        if position.role in {Role.SINGLE, Role.OTHER, Role.CHILD}:
            odds[index, :, 0] = per_lone_man
        if position.role is Role.PARENT:
            women = _women_among_parents(position.size, joint.lone_mothers, households)
            odds[index, :, 0] = women / (1.0 - women)
    return odds


def _women_among_parents(size: int, lone_mothers: float, households: HouseholdParameters) -> float:
    counts = [
        (households.share_of_size[kind.name] * parents, 0.5 if parents == 2 else lone_mothers)
        for kind in HOUSEHOLD_KINDS
        if kind.size == size and (parents := kind.roles.count(Role.PARENT))
    ]
    weights, women = np.array(counts).T
    # Without any such household the odds do not matter, but must be a number.
    return float(weights @ women / weights.sum()) if weights.any() else 0.5


def _occupation_odds(
    odds_of_job: Mapping[str, float], category: StrEnum, categories: type[StrEnum]
) -> Float:
    """Return the odds of one category in each occupation, 1 for the others."""
    odds = np.ones((len(categories), len(Occupation)))
    for job, value in odds_of_job.items():
        odds[list(categories).index(category), list(Occupation).index(Occupation(job))] = value
    return odds
