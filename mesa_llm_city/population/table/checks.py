"""Checks of a table of people: rows that contradict themselves, one another or the map."""

from __future__ import annotations

from collections import Counter
from functools import partial
from math import isnan

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.parameters.population import AgeParameters
from mesa_llm_city.population.categories import (
    Aged,
    Education,
    Occupation,
    Role,
    feasible_ages,
)
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.table.defects import RowDefects
from mesa_llm_city.population.table.reader import PeopleTable
from mesa_llm_city.population.table.schema import MAX_HOUSEHOLD

__all__ = ["check_map", "check_rows"]


def check_rows(table: PeopleTable, ages: AgeParameters, defects: RowDefects) -> None:
    """Mark each row that contradicts itself or another row.

    Parameters
    ----------
    table : PeopleTable
        The good cells; blank and bad ones contradict nothing.
    ages : AgeParameters
        Ages at which people may do and be something.
    defects : RowDefects
        Gets a line per defect, with row and column; of each kind ten at most.
    """
    for column, categories in _AGED:
        _check_ages(table, column, categories, ages, defects)
    _check_occupations(table, ages, defects)
    _check_licences(table, ages.licence_from, defects)
    _check_household_sizes(table, feasible_ages(Role.SINGLE, ages)[0], defects)
    _check_nights(table, defects)
    _check_coordinates(table, defects)


_AGED: tuple[tuple[str, type[Aged]], ...] = (
    ("occupation", Occupation),
    ("education", Education),
    ("household_role", Role),
)


def _as_text(values: Float | Int) -> list[str]:
    return [f"{value:.16g}" for value in values.tolist()]


def _said(words: str, values: Float | Int) -> list[str]:
    """Return words with a number in them, for each row."""
    return [words.format(value) for value in _as_text(values)]


def _points_said(lon: Float, lat: Float) -> list[str]:
    points = zip(lon.tolist(), lat.tolist(), strict=True)
    return [f"({east:.5f}, {north:.5f}) lies outside the map" for east, north in points]


def _check_ages(
    table: PeopleTable,
    column: str,
    categories: type[Aged],
    ages: AgeParameters,
    defects: RowDefects,
) -> None:
    age, codes = table.numbers["age"], table.numbers[column]
    members: list[Aged] = list(categories)
    for code, category in enumerate(members):
        low, high = feasible_ages(category, ages)
        bad = (codes == code) & ((age < low) | (age > high))
        seen = partial(_said, f"{category} at the age of {{}}", age)
        defects.flag(column, bad, seen, f"{category} is accepted from {low} to {high} years")


def _check_occupations(table: PeopleTable, ages: AgeParameters, defects: RowDefects) -> None:
    """Mark those who may have one of several occupations, of which none fits their age."""
    age = table.numbers["age"]
    limits = np.array([feasible_ages(job, ages) for job in Occupation])
    fits = (age[:, None] >= limits[:, 0]) & (age[:, None] <= limits[:, 1])
    bad = ~np.isnan(age) & ~table.has("occupation") & ~(fits & table.occupations).any(axis=1)

    def seen() -> list[str]:
        jobs = [
            "|".join(job for job, may in zip(Occupation, row, strict=True) if may)
            for row in table.occupations.tolist()
        ]
        years = zip(jobs, _as_text(age), strict=True)
        return [f"{job} at the age of {count}" for job, count in years]

    rule = "none of them is accepted at this age (parameters population.ages.feasible)"
    defects.flag("occupation", bad, seen, rule)


def _check_licences(table: PeopleTable, licence_from: int, defects: RowDefects) -> None:
    age = table.numbers["age"]
    bad = (table.numbers["has_licence"] == 1) & (age < licence_from)
    seen = partial(_said, "a licence at the age of {}", age)
    defects.flag("has_licence", bad, seen, f"it is accepted from {licence_from} years")


def _check_household_sizes(table: PeopleTable, alone_from: int, defects: RowDefects) -> None:
    size, role = table.numbers["household_size"], table.numbers["household_role"]
    single = list(Role).index(Role.SINGLE)
    counts, sizes = _of_household(table)
    members = np.where(np.isnan(size) & (counts > 1), counts, size)
    wrong = ~np.isnan(role) & ~np.isnan(members) & ((role == single) != (members == 1))
    seen = partial(_said, "a household of {}", members)
    rule = "the role is single in a household of 1, and in no other"
    defects.flag("household_size", wrong, seen, rule)
    young = (size == 1) & (table.numbers["age"] < alone_from)
    defects.flag("household_size", young, seen, f"nobody under {alone_from} lives alone")
    defects.flag("household_size", size < counts, seen, "the table holds more members of it")
    rule = f"a household has {MAX_HOUSEHOLD} members at most; leave household_id out if it is none"
    defects.flag("household_id", counts > MAX_HOUSEHOLD, partial(_said, "{} rows", counts), rule)
    rule = "give all members of a household the same size"
    defects.flag("household_size", sizes > 1, seen, rule)


def _of_household(table: PeopleTable) -> tuple[Int, Int]:
    """Return how many rows, and how many different sizes, the household of each row has."""
    households, size = table.numbers["household_id"].tolist(), table.numbers["household_size"]
    pairs = [pair for pair in zip(households, size.tolist(), strict=True) if not isnan(pair[0])]
    rows = Counter(household for household, _ in pairs)
    kinds = Counter(household for household, members in set(pairs) if not isnan(members))
    return np.array([rows[one] for one in households]), np.array([kinds[one] for one in households])


def _check_nights(table: PeopleTable, defects: RowDefects) -> None:
    wake, bed = table.numbers["wake_min"], table.numbers["bed_min"]
    bad = (bed <= wake) | (bed > wake + DAY_MIN)

    def seen() -> list[str]:
        hours = zip(_as_text(wake), _as_text(bed), strict=True)
        return [f"{down} after getting up at {up}" for up, down in hours]

    rule = "count from midnight of the day of getting up, above 1440 after the next midnight"
    defects.flag("bed_min", bad, seen, rule)


def _check_coordinates(table: PeopleTable, defects: RowDefects) -> None:
    for anchor in ("home", "work"):
        for one, other in (("lon", "lat"), ("lat", "lon")):
            bad = table.has(f"{anchor}_{one}") & ~table.has(f"{anchor}_{other}")
            rule = f"give {anchor}_{other} as well, or neither"
            defects.flag(f"{anchor}_{one}", bad, ["one coordinate only"] * table.size, rule)


def check_map(table: PeopleTable, city: PlaceSupply, defects: RowDefects) -> None:
    """Mark each row whose home or workplace is not on the map.

    Parameters
    ----------
    table : PeopleTable
        The good cells.
    city : PlaceSupply
        Where the people live.
    defects : RowDefects
        Gets a line per defect, with row and column; of each kind ten at most.
    """
    for anchor in ("home", "work"):
        lon, lat = table.numbers[f"{anchor}_lon"], table.numbers[f"{anchor}_lat"]
        points = ~np.isnan(lon) & ~np.isnan(lat) & ~table.has(f"{anchor}_place")
        outside = points.copy()
        outside[points] = ~city.contains(*city.project(lon[points], lat[points]))
        seen = partial(_points_said, lon, lat)
        rule = "move it onto the map, or leave it blank"
        defects.flag(f"{anchor}_lon", outside, seen, rule)
    _check_places(table, city, defects)


def _check_places(table: PeopleTable, city: PlaceSupply, defects: RowDefects) -> None:
    home, work = table.numbers["home_place"], table.numbers["work_place"]
    bad = table.has("home_place") & ~_among(home, city, Purpose.SLEEP)
    rule = "use the id of a residence of this city"
    defects.flag("home_place", bad, partial(_as_text, home), rule)
    known = _among(work, city, Purpose.WORK, Purpose.SCHOOL) | (work == home)
    rule = "use the id of a place of work or school of this city, or of the home"
    bad = table.has("work_place") & ~known
    defects.flag("work_place", bad, partial(_as_text, work), rule)


def _among(places: Float, city: PlaceSupply, *purposes: Purpose) -> NDArray[np.bool_]:
    return np.isin(places, np.concatenate([city.supply(one).places for one in purposes]))
