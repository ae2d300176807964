"""A population made from marginals: fitted, drawn, housed and sent to work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.population.categories import BICYCLE_AGE, EMPLOYED, LICENCE_AGE, Occupation
from mesa_llm_city.population.completion import draw_earning_scores, draw_ownership
from mesa_llm_city.population.person_columns import Roster
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.anchors import Commuting, assign_homes, usable_supply
from mesa_llm_city.population.synthesis.assignment import Residents, assign_duties, distances_km
from mesa_llm_city.population.synthesis.household_draw import Demography, draw_people
from mesa_llm_city.population.synthesis.joint_distribution import fit_people
from mesa_llm_city.population.synthesis.marginals import Marginals, Shares
from mesa_llm_city.population.synthesis.resources import log_normal_income

__all__ = ["synthesize_roster"]

_EMPLOYED = [list(Occupation).index(job) for job in EMPLOYED]


def synthesize_roster(
    n: int, *, city: PlaceSupply, seed: int, marginals: Marginals, commuting: Commuting
) -> Roster:
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
    commuting : Commuting
        How far people go.

    Returns
    -------
    Roster
        Ids 0 to n - 1, household by household; income and ownership are given
        so that their shares, too, are met as nearly as whole persons allow.

    Raises
    ------
    DataError
        If the marginals contradict one another, or the city lacks places.
    """
    luck = rng(seed, 0, "persona.people", 0)
    people = draw_people(fit_people(marginals), n, marginals.household_size, luck)
    residents = _house(people, city, seed)
    work = assign_duties(residents, city=city, seed=seed, commuting=commuting, together=True)
    return Roster(
        ids=residents.ids,
        people=people,
        home=residents.home,
        work=work,
        distance_km=distances_km(city, residents.home, work),
        given=_means(residents.ids, people, marginals, seed),
    )


def _house(people: Demography, city: PlaceSupply, seed: int) -> Residents:
    """Give every household one residence."""
    supply = usable_supply(city, Purpose.SLEEP)
    if not len(supply.places):
        message = "the city has no residence with residents to draw from; add homes to it"
        raise DataError(message)
    households = int(people.household.max()) + 1
    row = assign_homes(households, supply, rng(seed, 0, "persona.homes", 0))[people.household]
    ids = np.arange(len(row))
    return Residents(ids, people.occupation, supply.places[row], supply.x[row], supply.y[row])


def _means(ids: Int, people: Demography, marginals: Marginals, seed: int) -> dict[str, Float]:
    """Draw income and ownership by rank, so that their shares are met exactly."""
    return {
        "income": _income(ids, people, marginals.income["sigma"], seed),
        **_ownership(ids, people, marginals.ownership, seed),
    }


def _income(ids: Int, people: Demography, sigma: float, seed: int) -> Float:
    from scipy.special import ndtri

    score = draw_earning_scores(ids, people, seed)
    employed = np.isin(people.occupation, _EMPLOYED)
    rank = score[employed].argsort(kind="stable").argsort(kind="stable")
    score[employed] = ndtri((rank + 0.5) / max(len(rank), 1))
    return log_normal_income(people.occupation, score, sigma)


def _ownership(ids: Int, people: Demography, shares: Shares, seed: int) -> dict[str, Float]:
    far = draw_ownership(ids, people, seed)
    licence = _nearest(far["licence"], people.age >= LICENCE_AGE, shares["licence"])
    bicycle = _nearest(far["bicycle"], people.age >= BICYCLE_AGE, shares["bicycle"])
    # Nobody could drive the car of a household without a licence.
    drivers = np.bincount(people.household, licence) > 0
    _, first = np.unique(people.household, return_index=True)
    car = _nearest(
        np.where(drivers, far["car"][first], np.inf), np.ones(len(first), bool), shares["car"]
    )
    return {"has_licence": licence, "has_bicycle": bicycle, "has_car": car[people.household]}


def _nearest(far: Float, eligible: NDArray[np.bool_], share: float) -> Float:
    """Mark the share of those eligible who are least far from owning something."""
    count = round(share * int(eligible.sum()))
    order = np.argsort(np.where(eligible, far, np.inf), kind="stable")[:count]
    owns = np.zeros(len(far))
    owns[order] = np.isfinite(far[order])
    return owns
