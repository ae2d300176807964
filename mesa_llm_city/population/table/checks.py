"""Which rows of a table of people contradict themselves, one another or the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import isnan

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.population.categories import (
    LICENCE_AGE,
    Aged,
    Education,
    Occupation,
    Role,
    feasible_ages,
)
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.table.reader import Sheet, listed

__all__ = ["map_defects", "row_defects"]

_ALONE_AGE = feasible_ages(Role.SINGLE)[0]


def row_defects(sheet: Sheet) -> Iterator[str]:
    """Tell the rows that contradict themselves or one another.

    Parameters
    ----------
    sheet : Sheet
        The good cells of a table; blank and bad ones contradict nothing.

    Yields
    ------
    str
        One line per defect; of each kind ten at most.
    """
    yield from _doubled_ids(sheet)
    for column, categories in _AGED:
        yield from _infeasible(sheet, column, categories)
    yield from _licences(sheet)
    yield from _household_sizes(sheet)
    yield from _nights(sheet)
    yield from _half_points(sheet)


_AGED: tuple[tuple[str, type[Aged]], ...] = (
    ("occupation", Occupation),
    ("education", Education),
    ("household_role", Role),
)


def _doubled_ids(sheet: Sheet) -> Iterator[str]:
    ids = sheet.numbers["id"]
    counts = Counter(ids[~np.isnan(ids)].tolist())
    doubled = np.array([counts[one] > 1 for one in ids.tolist()], dtype=bool)
    yield from listed("id", doubled, _plain(ids), "it stands there more than once; make it unique")


def _plain(values: Float) -> list[str]:
    return [f"{value:.16g}" for value in values.tolist()]


def _infeasible(sheet: Sheet, column: str, categories: type[Aged]) -> Iterator[str]:
    age, codes = sheet.numbers["age"], sheet.numbers[column]
    members: list[Aged] = list(categories)
    for code, category in enumerate(members):
        low, high = feasible_ages(category)
        bad = (codes == code) & ((age < low) | (age > high))
        told = [f"{category} at the age of {years}" for years in _plain(age)]
        yield from listed(column, bad, told, f"{category} is accepted from {low} to {high} years")


def _licences(sheet: Sheet) -> Iterator[str]:
    age = sheet.numbers["age"]
    bad = (sheet.numbers["has_licence"] == 1) & (age < LICENCE_AGE)
    told = [f"a licence at the age of {years}" for years in _plain(age)]
    yield from listed("has_licence", bad, told, f"it is accepted from {LICENCE_AGE} years")


def _household_sizes(sheet: Sheet) -> Iterator[str]:
    size, role = sheet.numbers["household_size"], sheet.numbers["household_role"]
    single = list(Role).index(Role.SINGLE)
    counts, sizes = _of_household(sheet)
    members = np.where(np.isnan(size) & (counts > 1), counts, size)
    at_odds = ~np.isnan(role) & ~np.isnan(members) & ((role == single) != (members == 1))
    told = [f"a household of {count}" for count in _plain(members)]
    rule = "single people, and they alone, live in a household of 1"
    yield from listed("household_size", at_odds, told, rule)
    young = (size == 1) & (sheet.numbers["age"] < _ALONE_AGE)
    yield from listed("household_size", young, told, f"nobody under {_ALONE_AGE} lives alone")
    yield from listed("household_size", size < counts, told, "the table holds more members of it")
    rule = "give all members of a household the same size"
    yield from listed("household_size", sizes > 1, told, rule)


def _of_household(sheet: Sheet) -> tuple[Int, Int]:
    """Return how many rows, and how many different sizes, the household of each row has."""
    households, size = sheet.numbers["household_id"].tolist(), sheet.numbers["household_size"]
    pairs = [pair for pair in zip(households, size.tolist(), strict=True) if not isnan(pair[0])]
    rows = Counter(household for household, _ in pairs)
    kinds = Counter(household for household, members in set(pairs) if not isnan(members))
    return np.array([rows[one] for one in households]), np.array([kinds[one] for one in households])


def _nights(sheet: Sheet) -> Iterator[str]:
    wake, bed = sheet.numbers["wake_min"], sheet.numbers["bed_min"]
    bad = (bed <= wake) | (bed > wake + DAY_MIN)
    told = [
        f"{down} after getting up at {up}"
        for up, down in zip(_plain(wake), _plain(bed), strict=True)
    ]
    rule = "count from midnight of the day one gets up, above 1440 after midnight"
    yield from listed("bed_min", bad, told, rule)


def _half_points(sheet: Sheet) -> Iterator[str]:
    for anchor in ("home", "work"):
        for one, other in (("lon", "lat"), ("lat", "lon")):
            bad = sheet.has(f"{anchor}_{one}") & ~sheet.has(f"{anchor}_{other}")
            rule = f"give {anchor}_{other} as well, or neither"
            yield from listed(f"{anchor}_{one}", bad, ["half a point"] * sheet.size, rule)


def map_defects(sheet: Sheet, city: PlaceSupply) -> Iterator[str]:
    """Tell the rows whose homes or workplaces are not on the map.

    Parameters
    ----------
    sheet : Sheet
        The good cells of a table.
    city : PlaceSupply
        The map.

    Yields
    ------
    str
        One line per defect; of each kind ten at most.
    """
    for anchor in ("home", "work"):
        lon, lat = sheet.numbers[f"{anchor}_lon"], sheet.numbers[f"{anchor}_lat"]
        points = ~np.isnan(lon) & ~np.isnan(lat) & ~sheet.has(f"{anchor}_place")
        outside = points.copy()
        outside[points] = ~city.contains(*city.project(lon[points], lat[points]))
        told = [
            f"({east:.5f}, {north:.5f}) lies outside the map"
            for east, north in zip(lon, lat, strict=True)
        ]
        yield from listed(f"{anchor}_lon", outside, told, "move it onto the map, or leave it blank")
    yield from _unknown_places(sheet, city)


def _unknown_places(sheet: Sheet, city: PlaceSupply) -> Iterator[str]:
    home, work = sheet.numbers["home_place"], sheet.numbers["work_place"]
    bad = sheet.has("home_place") & ~_among(home, city, Purpose.SLEEP)
    rule = "use the id of a residence of this city"
    yield from listed("home_place", bad, _plain(home), rule)
    known = _among(work, city, Purpose.WORK, Purpose.SCHOOL) | (work == home)
    rule = "use the id of a place of work or school of this city, or of the home"
    yield from listed("work_place", sheet.has("work_place") & ~known, _plain(work), rule)


def _among(places: Float, city: PlaceSupply, *purposes: Purpose) -> NDArray[np.bool_]:
    return np.isin(places, np.concatenate([city.supply(one).places for one in purposes]))
