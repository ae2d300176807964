"""From the cells of a table to a roster: what is open in demography and anchors is drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int, Purpose, Supply
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.person_columns import Roster, household_streams
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.anchors import Commuting, nearest_places, usable_supply
from mesa_llm_city.population.synthesis.assignment import Residents, assign_duties, distances_km
from mesa_llm_city.population.synthesis.household_draw import Demography
from mesa_llm_city.population.table.imputation import draw_demography
from mesa_llm_city.population.table.reader import Sheet

__all__ = ["table_roster"]

_LEARNERS = [list(Occupation).index(job) for job in (Occupation.PUPIL, Occupation.STUDENT)]


def table_roster(
    sheet: Sheet, *, city: PlaceSupply, seed: int, table: Float, commuting: Commuting
) -> Roster:
    """Settle who the people of a table are, and where they live and work.

    Parameters
    ----------
    sheet : Sheet
        Cells without defects.
    city : PlaceSupply
        Gets a residence for each home given by coordinates.
    seed : int
        Seed; what is open is drawn per person, or household, from her own
        stream, so other rows change nothing.
    table : ndarray of float64
        Joint distribution (see `fit_people`) from which open occupation,
        education and household are drawn, given what is known.
    commuting : Commuting
        How far people go.

    Returns
    -------
    Roster
        In the order of the table.

    Raises
    ------
    DataError
        If the city lacks homes, workplaces or schools.
    """
    ids = sheet.numbers["id"].astype(np.int64)
    people = draw_demography(sheet, ids, table, seed)
    home = _homes(sheet, ids, people, city, seed)
    points = np.array([city.position(place) for place in home.tolist()])
    residents = Residents(ids, people.occupation, home, points[:, 0], points[:, 1])
    work = _works(sheet, residents, city, seed, commuting)
    return Roster(
        ids=ids,
        people=people,
        home=home,
        work=work,
        distance_km=distances_km(city, home, work),
        given=sheet.numbers,
        names=sheet.names,
        hobbies=sheet.hobbies,
    )


def _homes(sheet: Sheet, ids: Int, people: Demography, city: PlaceSupply, seed: int) -> Int:
    supply = usable_supply(city, Purpose.SLEEP)  # before homes are added to it
    home = _given_places(sheet, "home")
    points = (home < 0) & sheet.has("home_lon")
    if points.any():
        home[points] = _residences_at(sheet, points, city)
    home = _with_household(home, ids, people.household)
    open_ = home < 0
    if open_.any():
        home[open_] = _drawn_homes(people.household[open_], supply, seed)
    return home


def _given_places(sheet: Sheet, anchor: str) -> Int:
    return np.nan_to_num(sheet.numbers[f"{anchor}_place"], nan=-1.0).astype(np.int64)


def _residences_at(sheet: Sheet, rows: NDArray[np.bool_], city: PlaceSupply) -> Int:
    """Return the residence at each point; where there is none, one is added to the city."""
    x, y = city.project(sheet.numbers["home_lon"][rows], sheet.numbers["home_lat"][rows])
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
    """Let those without a home live with the member of the lowest id who has one."""
    order = np.lexsort((ids, household))
    owners = order[home[order] >= 0]
    households, first = np.unique(household[owners], return_index=True)
    if not len(households):
        return home
    slot = np.minimum(np.searchsorted(households, household), len(households) - 1)
    theirs = np.where(households[slot] == household, home[owners[first]][slot], -1)
    return np.where(home >= 0, home, theirs)


def _drawn_homes(household: Int, supply: Supply, seed: int) -> Int:
    if not len(supply.places):
        message = (
            f"the city has no residence with residents, but {len(household)} people of the table "
            "have no home; add homes to the city, or home_lon and home_lat to the table"
        )
        raise DataError(message)
    luck = uniforms(seed, household_streams(household), "persona.home", 0, 1)[:, 0]
    ends = np.cumsum(supply.weight)
    row = np.searchsorted(ends, luck * ends[-1], side="right")
    homes: Int = supply.places[np.minimum(row, len(ends) - 1)]
    return homes


def _works(
    sheet: Sheet, residents: Residents, city: PlaceSupply, seed: int, commuting: Commuting
) -> Int:
    work = _given_places(sheet, "work")
    points = (work < 0) & sheet.has("work_lon")
    for purpose, learners in ((Purpose.WORK, False), (Purpose.SCHOOL, True)):
        rows = points & (np.isin(residents.occupation, _LEARNERS) == learners)
        work[rows] = _nearest_offering(sheet, rows, city, purpose)
    open_ = work < 0
    work[open_] = assign_duties(
        residents.only(open_), city=city, seed=seed, commuting=commuting, together=False
    )
    return work


def _nearest_offering(
    sheet: Sheet, rows: NDArray[np.bool_], city: PlaceSupply, purpose: Purpose
) -> Int:
    supply = city.supply(purpose)
    if not rows.any():
        return np.zeros(0, dtype=np.int64)
    if not len(supply.places):
        message = f"no place of the city offers {purpose}; add one near the points of the table"
        raise DataError(message)
    x, y = city.project(sheet.numbers["work_lon"][rows], sheet.numbers["work_lat"][rows])
    return supply.places[nearest_places(x, y, supply)]
