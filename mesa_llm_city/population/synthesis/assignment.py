"""Assignment of people to places of work and school."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.streams import rng, uniforms
from mesa_llm_city.core.values import Float, Int, Purpose, Supply
from mesa_llm_city.parameters.population import CommutingParameters
from mesa_llm_city.population.categories import EMPLOYED, Occupation
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.anchors import (
    assign_doubly_constrained,
    assign_production_constrained,
    usable_supply,
)
from mesa_llm_city.population.synthesis.cell_choice import choose_by_cells

__all__ = ["Residents", "assign_workplaces", "distances_km"]

_OCCUPATIONS = tuple(Occupation)


class Residents(NamedTuple):
    """Persons with a home: arrays of shape (n,).

    Attributes
    ----------
    ids : ndarray of int64
        Unique and non-negative.
    occupation : ndarray of int64
        Index in `Occupation`.
    home : ndarray of int64
        Place id of the residence.
    x, y : ndarray of float64
        Its position in metres.
    """

    ids: Int
    occupation: Int
    home: Int
    x: Float
    y: Float

    def only(self, keep: NDArray[np.bool_]) -> Residents:
        """Return the persons for whom `keep` (shape (n,)) is true."""
        return Residents(
            ids=self.ids[keep],
            occupation=self.occupation[keep],
            home=self.home[keep],
            x=self.x[keep],
            y=self.y[keep],
        )


class _Group(NamedTuple):
    """Persons who are assigned to the same kind of place in the same way."""

    members: NDArray[np.bool_]
    purpose: str
    beta_per_km: float
    together: bool


def assign_workplaces(
    residents: Residents,
    *,
    city: PlaceSupply,
    seed: int,
    parameters: CommutingParameters,
    together: bool,
) -> Int:
    """Assign a place of work or school to everybody who works or learns.

    Parameters
    ----------
    residents : Residents
        The persons.
    city : PlaceSupply
        Offers workplaces and schools.
    seed : int
        Seed of the population.
    parameters : CommutingParameters
        How far people go.
    together : bool
        Whether the employed and the students share out all jobs and seats
        (`assign_doubly_constrained`), or each is assigned independently
        (`assign_production_constrained`). For pupils it is always the latter.

    Returns
    -------
    ndarray of int64, shape (n,)
        Place ids; the home of people who work there; -1 for people who neither work
        nor learn, and for pupils and students where the map has no school.

    Raises
    ------
    DataError
        If the city has no place with jobs.
    """
    draws = uniforms(seed, residents.ids, "persona.work", 0, 1)[:, 0]
    at_home = _are(residents, Occupation.SELF_EMPLOYED)
    at_home &= draws < parameters.self_employed_at_home
    groups = _groups(residents, at_home, parameters, together=together)
    _check_jobs(city, groups[0])
    work = np.where(at_home, residents.home, -1)
    for number, group in enumerate(groups):
        rows = group.members
        if rows.any() and len(usable_supply(city, group.purpose).places):
            persons = residents.only(rows)
            supply = usable_supply(city, group.purpose)
            if group.together:
                chosen = assign_doubly_constrained(
                    persons.x,
                    persons.y,
                    _zones(persons, city),
                    supply,
                    beta_per_km=group.beta_per_km,
                    rng=rng(seed, number, "persona.commute", 0),
                )
            else:
                many = len(supply.places) >= parameters.by_cells_from
                chosen = (_by_cells if many else _directly)(persons, supply, group, seed)
            work[rows] = supply.places[chosen]
    return work


def _groups(
    residents: Residents,
    at_home: NDArray[np.bool_],
    parameters: CommutingParameters,
    *,
    together: bool,
) -> tuple[_Group, ...]:
    near, far = parameters.school_beta_per_km, parameters.beta_per_km
    workers = _are(residents, *EMPLOYED) & ~at_home
    return (
        _Group(workers, Purpose.WORK, far, together),
        _Group(_are(residents, Occupation.STUDENT), Purpose.SCHOOL, far, together),
        _Group(_are(residents, Occupation.PUPIL), Purpose.SCHOOL, near, together=False),
    )


def _are(residents: Residents, *jobs: Occupation) -> NDArray[np.bool_]:
    return np.isin(residents.occupation, [_OCCUPATIONS.index(job) for job in jobs])


def _check_jobs(city: PlaceSupply, workers: _Group) -> None:
    count = int(workers.members.sum())
    if count and not len(usable_supply(city, Purpose.WORK).places):
        message = (
            f"the city has no place with jobs, but {count} people need one; add places with "
            "their jobs, or ask for people of whom nobody is employed"
        )
        raise DataError(message)


def _directly(persons: Residents, supply: Supply, group: _Group, seed: int) -> Int:
    return assign_production_constrained(
        persons.x,
        persons.y,
        supply,
        beta_per_km=group.beta_per_km,
        draws=uniforms(seed, persons.ids, "persona.work", 0, 2)[:, 1],
    )


def _by_cells(persons: Residents, supply: Supply, group: _Group, seed: int) -> Int:
    def draws(rows: Int, number: int) -> Float:
        return uniforms(seed, persons.ids[rows], "persona.commute.by_cells", number, 3)

    return choose_by_cells(persons.x, persons.y, supply, beta_per_km=group.beta_per_km, draws=draws)


def _zones(persons: Residents, city: PlaceSupply) -> Int:
    supply = city.supply(Purpose.SLEEP)
    order = np.argsort(supply.places, kind="stable")
    return supply.zone[order[np.searchsorted(supply.places, persons.home, sorter=order)]]


def distances_km(city: PlaceSupply, home: Int, work: Int) -> Float:
    """Return the straight line between home and work, in km, shape (n,).

    Parameters
    ----------
    city : PlaceSupply
        Knows where its places are.
    home : ndarray of int64, shape (n,)
        Place ids.
    work : ndarray of int64, shape (n,)
        Place ids, or -1 for none, whose distance is 0.
    """
    goal = np.where(work >= 0, work, home)
    places, index = np.unique(np.concatenate([home, goal]), return_inverse=True)
    points = np.array([city.position(place) for place in places.tolist()])[index]
    apart: Float = points[: len(home)] - points[len(home) :]
    return np.hypot(apart[:, 0], apart[:, 1]) / 1000.0
