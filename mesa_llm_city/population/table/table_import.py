"""Columns of persons from a table of people: open demography, homes and workplaces are drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int, Purpose, Supply
from mesa_llm_city.parameters.population import CommutingParameters, PopulationParameters
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.person_columns import PersonColumns
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.anchors import nearest_places, usable_supply
from mesa_llm_city.population.synthesis.assignment import (
    Residents,
    assign_workplaces,
    distances_km,
)
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.table.earnings import incomes_of
from mesa_llm_city.population.table.home_zones import draw_homes, homes_in_zones
from mesa_llm_city.population.table.household_shapes import doubtful_households, possible_roles
from mesa_llm_city.population.table.imputation import draw_demography
from mesa_llm_city.population.table.reader import PeopleTable

__all__ = ["columns_from_table"]

_LEARNERS = [list(Occupation).index(job) for job in (Occupation.PUPIL, Occupation.STUDENT)]


def columns_from_table(
    table: PeopleTable,
    *,
    city: PlaceSupply,
    seed: int,
    joint: Float,
    parameters: PopulationParameters,
) -> PersonColumns:
    """Return columns of the people of a table, with homes and workplaces.

    Parameters
    ----------
    table : PeopleTable
        Cells without defects.
    city : PlaceSupply
        Gets a residence at each point of the table where it has none.
    seed : int
        Seed of the population. What is open is drawn from the stream of the person,
        or of their household, so other rows change nothing.
    joint : ndarray of float64
        Joint distribution (see `fit_joint_distribution`) from which open occupation,
        education and household are drawn, given what is known.
    parameters : PopulationParameters
        Ages of categories, and commuting.

    Returns
    -------
    PersonColumns
        In the order of the table.

    Raises
    ------
    DataError
        If the city lacks homes, workplaces or schools.
    """
    ids = table.numbers["id"].astype(np.int64)
    demography = draw_demography(table, ids, joint, seed, parameters.ages)
    role = possible_roles(demography, ~table.has("household_role"), parameters.ages.youngest_parent)
    demography = demography._replace(role=role)
    income, notes = incomes_of(table, demography.occupation, demography.household)
    doubts = doubtful_households(
        demography.household, demography.role, demography.size, demography.age, parameters.ages
    )
    home = _homes(table, ids, demography, city, seed)
    points = np.array([city.position(place) for place in home.tolist()])
    residents = Residents(ids, demography.occupation, home, points[:, 0], points[:, 1])
    work = _workplaces(table, residents, city, seed, parameters.commuting)
    return PersonColumns(
        ids=ids,
        demography=demography,
        home=home,
        work=work,
        distance_km=distances_km(city, home, work),
        given={**table.numbers, "income": income},
        names=table.names,
        hobbies=table.hobbies,
        notes=(*notes, *doubts),
    )


def _homes(
    table: PeopleTable, ids: Int, demography: Demography, city: PlaceSupply, seed: int
) -> Int:
    supply = usable_supply(city, Purpose.SLEEP)  # before homes are added to it
    home = _given_places(table, "home")
    points = (home < 0) & table.has("home_lon")
    if points.any():
        home[points] = _residences_at(table, points, city)
    zoned = (home < 0) & np.array([zone is not None for zone in table.home_zones], dtype=np.bool_)
    home[zoned] = homes_in_zones(table.only(zoned), demography.household[zoned], city, seed)
    home = _with_household(home, ids, demography.household)
    open_ = home < 0
    if open_.any():
        home[open_] = _drawn_homes(demography.household[open_], supply, seed)
    return home


def _given_places(table: PeopleTable, anchor: str) -> Int:
    return np.nan_to_num(table.numbers[f"{anchor}_place"], nan=-1.0).astype(np.int64)


def _residences_at(table: PeopleTable, rows: NDArray[np.bool_], city: PlaceSupply) -> Int:
    """Return the residence at each point; where there is none, one is added to the city."""
    x, y = city.project(table.numbers["home_lon"][rows], table.numbers["home_lat"][rows])
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    homes = city.supply(Purpose.SLEEP)
    # Of several residences at one point the first one counts, hence from the last one on.
    known = dict(
        zip(zip(homes.x[::-1], homes.y[::-1], strict=True), homes.places[::-1], strict=True)
    )
    new = [point for point in dict.fromkeys(points) if point not in known]
    if new:
        known |= zip(new, city.add_residences(*np.array(new).T), strict=True)
    return np.array([known[point] for point in points], dtype=np.int64)


def _with_household(home: Int, ids: Int, household: Int) -> Int:
    """Give people without a home that of their household's member of lowest id who has one."""
    order = np.lexsort((ids, household))
    owners = order[home[order] >= 0]
    households, first = np.unique(household[owners], return_index=True)
    if not len(households):
        return home
    row = np.minimum(np.searchsorted(households, household), len(households) - 1)
    theirs = np.where(households[row] == household, home[owners[first]][row], -1)
    return np.where(home >= 0, home, theirs)


def _drawn_homes(household: Int, supply: Supply, seed: int) -> Int:
    if not len(supply.places):
        message = (
            f"the city has no residence with residents, but {len(household)} people of the table "
            "have no home; add homes to the city, or home_lon and home_lat to the table"
        )
        raise DataError(message)
    return draw_homes(household, supply, seed)


def _workplaces(
    table: PeopleTable,
    residents: Residents,
    city: PlaceSupply,
    seed: int,
    parameters: CommutingParameters,
) -> Int:
    work = _given_places(table, "work")
    points = (work < 0) & table.has("work_lon")
    for purpose, learners in ((Purpose.WORK, False), (Purpose.SCHOOL, True)):
        rows = points & (np.isin(residents.occupation, _LEARNERS) == learners)
        work[rows] = _nearest_offering(table, rows, city, purpose)
    open_ = work < 0
    work[open_] = assign_workplaces(
        residents.only(open_), city=city, seed=seed, parameters=parameters, together=False
    )
    return work


def _nearest_offering(
    table: PeopleTable, rows: NDArray[np.bool_], city: PlaceSupply, purpose: str
) -> Int:
    supply = city.supply(purpose)
    if not rows.any():
        return np.zeros(0, dtype=np.int64)
    if not len(supply.places):
        message = f"no place of the city offers {purpose}; add one near the points of the table"
        raise DataError(message)
    x, y = city.project(table.numbers["work_lon"][rows], table.numbers["work_lat"][rows])
    return supply.places[nearest_places(x, y, supply)]
