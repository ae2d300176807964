"""Homes of people of whom only the zone is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int, Purpose, Supply
from mesa_llm_city.population.person_columns import household_streams
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.anchors import usable_supply
from mesa_llm_city.population.table.defects import RowDefects
from mesa_llm_city.population.table.reader import PeopleTable

__all__ = ["check_zones", "draw_homes", "homes_in_zones"]

_SHOWN = 5


class _Zones(Protocol):
    """Areas with names, and ids of the file that they come from."""

    @property
    def names(self) -> Sequence[str]:
        """Names, in order."""
        ...

    @property
    def ids(self) -> Sequence[str]:
        """Ids, in order."""
        ...


@runtime_checkable
class _ZonedSupply(Protocol):
    """A supply of places that knows its zones."""

    @property
    def zones(self) -> _Zones:
        """The zones, whose numbers `Supply.zone` has."""
        ...


def check_zones(
    table: PeopleTable, city: PlaceSupply, defects: RowDefects, *, foreign: str
) -> PeopleTable:
    """Mark people whose zone the city does not have, or has no homes in.

    Parameters
    ----------
    table : PeopleTable
        The good cells.
    city : PlaceSupply
        Where the people live.
    defects : RowDefects
        Gets the rows.
    foreign : str
        How the column is called in the file of another tool; empty for ``home_zone``.

    Returns
    -------
    PeopleTable
        The same; without zones, and with a note, if it is the column of another tool and
        none of its values is a zone of the city.
    """
    given = np.array([zone is not None for zone in table.home_zones], dtype=np.bool_)
    if not given.any():
        return table
    zone_of = _zone_numbers(city)
    zones = [-1 if zone is None else zone_of.get(_key(zone), -1) for zone in table.home_zones]
    unknown = given & (np.array(zones) < 0)
    if np.array_equal(unknown, given):
        return _without_zones(table, _labels(city, zone_of), defects, foreign)
    shown = [repr(zone) for zone in table.home_zones]
    rule = f"use a name or id of a zone of the city, such as {_such(_labels(city, zone_of))}"
    defects.flag("home_zone", unknown, shown, rule)
    without = given & ~unknown & ~table.has("home_place") & ~table.has("home_lon")
    without &= ~np.isin(zones, usable_supply(city, Purpose.SLEEP).zone)
    rule = "no home of the city lies in this zone; add homes there, or leave the zone blank"
    defects.flag("home_zone", without, shown, rule)
    return table


def _without_zones(
    table: PeopleTable, labels: Sequence[str], defects: RowDefects, foreign: str
) -> PeopleTable:
    values = list(dict.fromkeys(repr(zone) for zone in table.home_zones if zone is not None))
    column = f"column {foreign or 'home_zone'} ({_such(values)})"
    theirs = f"none of the {len(values)} zones of {column}"
    ours = _such(labels) if labels else "without names or ids of their own"
    problem = f"{theirs} is a zone of the city, whose zones are {ours}"
    if not foreign:
        defects.of_table.append(f"{problem}; use their names or ids, or leave the column out")
        return table
    unzoned = replace(table, home_zones=[None] * table.size)
    return unzoned.noting(f"{problem}; homes are drawn in the whole city")


def _labels(city: PlaceSupply, zone_of: Mapping[str, int]) -> list[str]:
    """Return the names of zones by which people can be placed."""
    names = city.zones.names if isinstance(city, _ZonedSupply) else ()
    return [name for name in names if _key(name) in zone_of]


def _such(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, ..." if len(names) > _SHOWN else shown


def _key(zone: str) -> str:
    return zone.strip().casefold().removesuffix(".0")


def _zone_numbers(city: PlaceSupply) -> dict[str, int]:
    """Return the number of each zone by name and id; ids that only count the rows are none."""
    if not isinstance(city, _ZonedSupply):
        return {}
    names, ids = list(city.zones.names), list(city.zones.ids)
    counted = ids == [str(row) for row in range(len(ids))]
    numbers: dict[str, int] = {}
    for labels in (() if counted else ids, () if counted and names == ids else names):
        keys = [_key(label) for label in labels]
        # A name of several zones says nothing.
        numbers |= {key: row for row, key in enumerate(keys) if keys.count(key) == 1}
    return numbers


def homes_in_zones(table: PeopleTable, household: Int, city: PlaceSupply, seed: int) -> Int:
    """Draw a home in the zone of each household, by the number of residents.

    Parameters
    ----------
    table : PeopleTable
        People who all have a zone of the city in which there are homes.
    household : ndarray of int64, shape (n,)
        Their households.
    city : PlaceSupply
        Where they live.
    seed : int
        Seed of the population.

    Returns
    -------
    ndarray of int64, shape (n,)
        Place ids.
    """
    home = np.full(table.size, -1)
    if not table.size:
        return home
    supply, zone_of = usable_supply(city, Purpose.SLEEP), _zone_numbers(city)
    zones = np.array([zone_of[_key(zone or "")] for zone in table.home_zones])
    for zone in np.unique(zones).tolist():
        here = zones == zone
        home[here] = draw_homes(household[here], supply.only(supply.zone == zone), seed)
    return home


def draw_homes(household: Int, supply: Supply, seed: int) -> Int:
    """Draw a home for each household by the number of residents; the same for all its members.

    Parameters
    ----------
    household : ndarray of int64, shape (n,)
        Households of people.
    supply : Supply
        At least one residence with residents.
    seed : int
        Seed of the population.

    Returns
    -------
    ndarray of int64, shape (n,)
        Place ids.
    """
    draws = uniforms(seed, household_streams(household), "persona.home", 0, 1)[:, 0]
    ends = np.cumsum(supply.weight)
    row = np.searchsorted(ends, draws * ends[-1], side="right")
    homes: Int = supply.places[np.minimum(row, len(ends) - 1)]
    return homes
