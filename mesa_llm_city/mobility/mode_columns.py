"""Mode choice and vehicles of many trips at once, by the formulas of `mode_choice`."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.held import held
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.values import Bool, Float, Int, Weather, Whole
from mesa_llm_city.core.way_columns import WayColumns
from mesa_llm_city.mobility.choice import draw, logit_probabilities
from mesa_llm_city.mobility.mode_choice import (
    TripTastes,
    expected_minutes,
    mode_utility,
    weather_utility,
)
from mesa_llm_city.mobility.mode_loops import ModeRules
from mesa_llm_city.parameters import CityParameters, ModeSpec
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = [
    "NOT_PARKED",
    "NO_WAY",
    "ModeTable",
    "choose_modes",
    "expected_commute_min",
    "mode_rules",
    "mode_table",
    "modes_open",
    "park",
    "parked_at_first",
]

NOT_PARKED = -1
"""Stands for a vehicle that the person does not have."""
NO_WAY = "there is no way to make the trip; allow walking"
"""Message where a trip can be made by no mode."""

_OWNED = {"car": "has_car", "bicycle": "has_bicycle"}


class ModeTable(NamedTuple):
    """The modes of a tree of parameters, in their order, k of them.

    Attributes
    ----------
    names : tuple of str, length k
        Names of the modes.
    specs : tuple of ModeSpec, length k
        Their rows.
    vehicles : tuple of str
        Names of the v vehicles that modes need.
    vehicle : ndarray of int64, shape (k,)
        Position of the needed vehicle, -1 for none.
    """

    names: tuple[str, ...]
    specs: tuple[ModeSpec, ...]
    vehicles: tuple[str, ...]
    vehicle: Int


@keeps_latest
@lru_cache(maxsize=8)
def mode_table(parameters: CityParameters) -> ModeTable:
    """Return the modes of a tree of parameters."""
    specs = tuple(parameters.modes.values())
    vehicles = tuple(dict.fromkeys(one.needs_vehicle for one in specs if one.needs_vehicle))
    position = {name: row for row, name in enumerate(vehicles)}
    vehicle = np.array([position.get(one.needs_vehicle, -1) for one in specs], dtype=np.int64)
    return ModeTable(tuple(parameters.modes), specs, vehicles, vehicle)


@keeps_latest
@lru_cache(maxsize=16)
def mode_rules(parameters: CityParameters, weather: Weather) -> ModeRules:
    """Return the modes of a tree of parameters in some weather, as loops read them."""
    table, tastes = mode_table(parameters), parameters.mobility.mode_choice
    specs, felt = table.specs, TripTastes.of(1.0, weather, tastes)
    rules = ModeRules(
        enabled=np.array([one.enabled for one in specs], dtype=np.bool_),
        needs_licence=np.array([one.needs_licence for one in specs], dtype=np.bool_),
        least_age=np.array([one.least_age for one in specs], dtype=np.int64),
        vehicle=table.vehicle,
        runs=np.array([_runs(one, weather) for one in specs], dtype=np.bool_),
        constant=np.array([one.constant for one in specs], dtype=np.float64),
        time_weight=np.array([one.time_weight for one in specs], dtype=np.float64),
        weather=np.array([weather_utility(one, felt) for one in specs], dtype=np.float64),
        time_per_min=float(tastes.time_per_min),
        access_weight=float(tastes.access_weight),
        cost=float(tastes.cost),
        least_income=float(tastes.least_income),
    )
    return held(rules)


def _runs(spec: ModeSpec, weather: Weather) -> bool:
    """Tell whether a mode runs in the wind there is."""
    return not 0.0 < spec.stops_from_km_h <= weather.wind_km_h


def _may_use(people: PeopleColumns, spec: ModeSpec) -> Bool:
    if not spec.enabled:
        return np.zeros(len(people), dtype=np.bool_)
    may = people.age >= spec.least_age
    return may & people.has_licence if spec.needs_licence else may


def parked_at_first(people: PeopleColumns, table: ModeTable) -> Int:
    """Return where vehicles stand at first: at home, or `NOT_PARKED`; shape (m, v)."""
    parked = np.full((len(people), len(table.vehicles)), NOT_PARKED, dtype=np.int64)
    for row, name in enumerate(table.vehicles):
        owned = getattr(people, _OWNED[name]) if name in _OWNED else None
        if owned is None:
            continue
        users = [one for one in table.specs if one.needs_vehicle == name]
        may_use = np.any([_may_use(people, one) for one in users], axis=0)
        parked[:, row] = np.where(owned & may_use, people.home, NOT_PARKED)
    return parked


def modes_open(
    people: PeopleColumns, parked: Whole, place: Whole, returns: Bool, table: ModeTable
) -> Bool:
    """Return which modes are open to each person (see `Vehicles.usable`).

    Parameters
    ----------
    people : PeopleColumns
        The m travellers.
    parked : ndarray of int64, shape (m, v)
        Where their vehicles stand.
    place : ndarray of int64, shape (m,)
        Where each trip begins.
    returns : ndarray of bool, shape (m,)
        Whether the person will come back to `place` next.
    table : ModeTable
        The modes.

    Returns
    -------
    ndarray of bool, shape (m, k)
    """
    # A mode lies in one piece in memory, since modes are filled one by one.
    is_open = np.zeros((len(table.specs), len(people)), dtype=np.bool_).T
    for mode, (spec, vehicle) in enumerate(zip(table.specs, table.vehicle.tolist(), strict=True)):
        may = _may_use(people, spec)
        is_open[:, mode] = may if vehicle < 0 else may & (parked[:, vehicle] == place)
    along = is_open & (table.vehicle >= 0)
    takes = along.any(axis=1) & (place != people.home) & ~returns
    is_open[takes] = along[takes]
    return is_open


def park(parked: Whole, mode: NDArray[np.integer], to: Whole, table: ModeTable) -> None:
    """Park in place the vehicle that each trip took, if the person has one, where it ended.

    Parameters
    ----------
    parked : ndarray of int64, shape (m, v)
        Where the vehicles stand; changed.
    mode : ndarray of int, shape (m,)
        Mode of each trip.
    to : ndarray of int64, shape (m,)
        Where each trip ended.
    table : ModeTable
        The modes.
    """
    taken = table.vehicle[mode]
    for vehicle in range(len(table.vehicles)):
        moved = (taken == vehicle) & (parked[:, vehicle] != NOT_PARKED)
        parked[moved, vehicle] = to[moved]


def _running(is_open: Bool, weather: Weather, table: ModeTable) -> Bool:
    """Return the modes open in the wind there is; all of them if none is (see `in_service`)."""
    if weather.wind_km_h <= 0.0:
        return is_open
    running = is_open & np.array([_runs(one, weather) for one in table.specs])
    return np.where(running.any(axis=1)[:, np.newaxis], running, is_open)


def _probabilities(
    ways: WayColumns, is_open: Bool, income: Float, weather: Weather, parameters: CityParameters
) -> Float:
    tastes = TripTastes.of(income, weather, parameters.mobility.mode_choice)
    utilities = np.full(is_open.T.shape, -np.inf).T
    for mode, spec in enumerate(mode_table(parameters).specs):
        minutes, access, cost = (one[:, mode] for one in (ways.minutes, ways.access_min, ways.cost))
        value = mode_utility(spec, minutes, access, cost, tastes)
        utilities[:, mode] = np.where(is_open[:, mode], value, -np.inf)
    return logit_probabilities(utilities)


def choose_modes(
    ways: WayColumns,
    is_open: Bool,
    *,
    limit_min: Float | Int,
    income: Float,
    weather: Weather,
    uniform: Float,
    parameters: CityParameters,
) -> Int:
    """Choose how trips are made, as `LogitModeChoice.choose` does for one of them.

    Parameters
    ----------
    ways : WayColumns
        The ways of m trips by all k modes.
    is_open : ndarray of bool, shape (m, k)
        Which modes are open to the person (see `modes_open`).
    limit_min : ndarray, shape (m,)
        Longest way that leaves the time for which the trip is made, in minutes. If none is
        that short, the shortest is taken.
    income : ndarray of float64, shape (m,)
        Income of each traveller, 1 being the median.
    weather : Weather
        The weather outside.
    uniform : ndarray of float64, shape (m,)
        Uniform numbers that draw the modes.
    parameters : CityParameters
        Reads `modes` and `mobility.mode_choice`.

    Returns
    -------
    ndarray of int64, shape (m,)
        Positions of the chosen modes.

    Raises
    ------
    ChoiceError
        If there is no way to make one of the trips.
    """
    usable = is_open & ways.offered
    if not usable.any(axis=1).all():
        raise ChoiceError(NO_WAY)
    running = _running(usable, weather, mode_table(parameters))
    in_time = running & (ways.minutes <= np.asarray(limit_min)[:, np.newaxis])
    late = ~in_time.any(axis=1)
    if late.any():
        rows = np.flatnonzero(late)
        minutes = np.where(running[rows], ways.minutes[rows], np.inf)
        in_time[rows, minutes.argmin(axis=1)] = True
    return draw(_probabilities(ways, in_time, income, weather, parameters), uniform)


def expected_commute_min(
    ways: WayColumns, is_open: Bool, income: Float, parameters: CityParameters
) -> Float:
    """Return how long trips usually take in fair weather (see `LogitModeChoice.expected_min`).

    Parameters
    ----------
    ways : WayColumns
        The ways of m trips.
    is_open : ndarray of bool, shape (m, k)
        Which modes are open to the person.
    income : ndarray of float64, shape (m,)
        Income of each traveller, 1 being the median.
    parameters : CityParameters
        Reads `modes` and `mobility.mode_choice`.

    Returns
    -------
    ndarray of float64, shape (m,)
        In minutes.
    """
    likely = _probabilities(ways, is_open & ways.offered, income, Weather(), parameters)
    return expected_minutes(likely, ways.minutes)
