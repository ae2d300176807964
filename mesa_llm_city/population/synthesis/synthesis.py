"""Synthesis of persons from marginals, with homes and places of work and school."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.parameters.population import AgeParameters, PopulationParameters
from mesa_llm_city.population.categories import EMPLOYED, Occupation
from mesa_llm_city.population.completion import draw_earning_scores, draw_ownership_scores
from mesa_llm_city.population.person_columns import PersonColumns
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.anchors import assign_homes, usable_supply
from mesa_llm_city.population.synthesis.assignment import (
    Residents,
    assign_workplaces,
    distances_km,
)
from mesa_llm_city.population.synthesis.household_draw import Demography, draw_people
from mesa_llm_city.population.synthesis.household_repair import with_possible_parents
from mesa_llm_city.population.synthesis.joint_distribution import fit_joint_distribution
from mesa_llm_city.population.synthesis.marginals import Marginals, Shares
from mesa_llm_city.population.synthesis.resources import log_normal_income

__all__ = ["synthesize_columns"]

_EMPLOYED = [list(Occupation).index(job) for job in EMPLOYED]


def synthesize_columns(
    n: int, *, city: PlaceSupply, seed: int, marginals: Marginals, parameters: PopulationParameters
) -> PersonColumns:
    """Make `n` persons whose shares are those asked for, with homes and workplaces.

    Parameters
    ----------
    n : int
        Number of persons, at least 1.
    city : PlaceSupply
        Offers residences, workplaces and schools.
    seed : int
        The same seed, number and city give the same persons.
    marginals : Marginals
        Shares asked for.
    parameters : PopulationParameters
        Who goes with what, households, commuting, income and ownership.

    Returns
    -------
    PersonColumns
        Ids 0 to n - 1, household by household. Income and ownership are given, so
        that their shares, too, are met as nearly as whole persons allow.

    Raises
    ------
    DataError
        If the marginals contradict one another, or the city lacks places.
    """
    table = fit_joint_distribution(marginals, parameters)
    stream = rng(seed, 0, "persona.people", 0)
    demography = draw_people(table, n, marginals.household_size, stream, parameters)
    least_gap = parameters.ages.youngest_parent
    demography, repaired = with_possible_parents(demography, least_gap)
    residents = _housed(demography, city, seed)
    work = assign_workplaces(
        residents, city=city, seed=seed, parameters=parameters.commuting, together=True
    )
    return PersonColumns(
        ids=residents.ids,
        demography=demography,
        home=residents.home,
        work=work,
        distance_km=distances_km(city, residents.home, work),
        given=_resources(residents.ids, demography, marginals, seed, parameters),
        notes=_repairs(repaired, int(demography.household.max()) + 1, least_gap),
    )


def _repairs(repaired: int, households: int, least_gap: int) -> tuple[str, ...]:
    line = (
        f"in {repaired} of {households} households nobody asked for is {least_gap} years older "
        "than the children, who count as other members (population.ages.youngest_parent)"
    )
    return (line,) if repaired else ()


def _housed(demography: Demography, city: PlaceSupply, seed: int) -> Residents:
    """Give every household one residence."""
    supply = usable_supply(city, Purpose.SLEEP)
    if not len(supply.places):
        message = "the city has no residence with residents to draw from; add homes to it"
        raise DataError(message)
    households = int(demography.household.max()) + 1
    row = assign_homes(households, supply, rng(seed, 0, "persona.homes", 0))[demography.household]
    ids = np.arange(len(row))
    return Residents(ids, demography.occupation, supply.places[row], supply.x[row], supply.y[row])


def _resources(
    ids: Int,
    demography: Demography,
    marginals: Marginals,
    seed: int,
    parameters: PopulationParameters,
) -> dict[str, Float]:
    """Draw income and ownership by rank, so that their shares are met exactly."""
    return {
        "income": _income(ids, demography, marginals.income["sigma"], seed, parameters),
        **_ownership(ids, demography, marginals.ownership, seed, parameters),
    }


def _income(
    ids: Int, demography: Demography, sigma: float, seed: int, parameters: PopulationParameters
) -> Float:
    from scipy.special import ndtri

    score = draw_earning_scores(ids, demography, seed, parameters)
    employed = np.isin(demography.occupation, _EMPLOYED)
    rank = score[employed].argsort(kind="stable").argsort(kind="stable")
    score[employed] = ndtri((rank + 0.5) / max(len(rank), 1))
    return log_normal_income(demography.occupation, score, sigma, parameters.income)


def _ownership(
    ids: Int, demography: Demography, shares: Shares, seed: int, parameters: PopulationParameters
) -> dict[str, Float]:
    scores = draw_ownership_scores(ids, demography, seed, parameters)
    may_drive, may_cycle = _of_age(demography.age, parameters.ages)
    licence = _lowest(scores["licence"], may_drive, shares["licence"])
    bicycle = _lowest(scores["bicycle"], may_cycle, shares["bicycle"])
    # In a household without a licence nobody could drive its car.
    has_driver = np.bincount(demography.household, licence) > 0
    _, first = np.unique(demography.household, return_index=True)
    score = np.where(has_driver, scores["car"][first], np.inf)
    car = _lowest(score, np.ones(len(first), bool), shares["car"])
    return {"has_licence": licence, "has_bicycle": bicycle, "has_car": car[demography.household]}


def _of_age(age: Int, ages: AgeParameters) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return age >= ages.licence_from, age >= ages.bicycle_from


def _lowest(score: Float, eligible: NDArray[np.bool_], share: float) -> Float:
    """Mark the given share of those eligible, the ones with the lowest finite scores."""
    count = round(share * int(eligible.sum()))
    order = np.argsort(np.where(eligible, score, np.inf), kind="stable")[:count]
    owns = np.zeros(len(score))
    owns[order] = np.isfinite(score[order])
    return owns
