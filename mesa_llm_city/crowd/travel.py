"""Travel: from blocks to places, and the trips there (see `citizen.travel`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from mesa_llm_city.citizen.place_columns import Outings, choose_places
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.held import held
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.closing import home_of, is_shut_out
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.danger import are_safe, leave_danger
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.looped_places import found_in_loops
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState
from mesa_llm_city.crowd.travel_loops import Kinds, Travellers, TripDraws, Trips, set_out
from mesa_llm_city.mobility import BLOCK_MIN
from mesa_llm_city.mobility.mode_columns import (
    NO_WAY,
    choose_modes,
    mode_rules,
    mode_table,
    modes_open,
)
from mesa_llm_city.parameters import CityParameters

__all__ = [
    "Going",
    "find_places",
    "kinds_of",
    "set_all_out",
    "stay_if_open",
    "travellers",
    "trip_draws",
]


@dataclass(slots=True, eq=False)
class Going:
    """Activities with their places, and the trips there, of m rows.

    Parameters
    ----------
    block : Blocks
        What is done; it begins on arrival.
    destination : ndarray of int64, shape (m,)
        Where a trip leads, or `NOT_TRAVELLING` for those who are there already.
    purpose : ndarray of int64, shape (m,)
        Position of the purpose of the trip.
    mode : ndarray of int64, shape (m,)
        Position of the mode.
    arrival : ndarray of int64, shape (m,)
        In minutes.
    minutes, distance_m, access_min, cost : ndarray of float64, shape (m,)
        As in `TravelOption`.
    """

    block: Blocks
    destination: Int
    purpose: Int
    mode: Int
    arrival: Int
    minutes: Float
    distance_m: Float
    access_min: Float
    cost: Float

    @classmethod
    def nowhere(cls, block: Blocks) -> Going:
        """Return blocks whose places are not settled yet."""
        count = len(block)
        destination, purpose, mode, arrival = np.zeros((4, count), dtype=np.int64)
        destination.fill(NOT_TRAVELLING)
        return cls(block, destination, purpose, mode, arrival, *np.zeros((4, count)))

    @property
    def trips(self) -> Trips:
        """The columns of the trips, as loops read them."""
        return Trips(
            self.destination,
            self.purpose,
            self.mode,
            self.arrival,
            self.minutes,
            self.distance_m,
            self.access_min,
            self.cost,
        )

    @property
    def travels(self) -> Bool:
        """Who makes a trip."""
        goes: Bool = self.destination != NOT_TRAVELLING
        return goes


def find_places(state: CrowdState, due: Due, block: Blocks, parameters: CityParameters) -> Going:
    """Choose where each row goes; without an open place in reach it stays in.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    due : Due
        The m rows.
    block : Blocks
        What each is going to do, and until when; changed in place.
    parameters : CityParameters
        Numbers that shape behaviour.

    Returns
    -------
    Going
        The blocks, without trips.
    """
    (out,) = (block.place == NOWHERE).nonzero()
    lost = found_in_loops(state, due, block, out, parameters) if len(out) else None
    if lost is not None:
        _stay_in(state, due, block, lost, parameters)
    elif len(out):
        chosen = _chosen_places(state, due.take(out), block.take(out), parameters)
        is_found = chosen >= 0
        if is_found.all():
            block.place[out] = chosen
        else:
            block.place[out[is_found]] = chosen[is_found]
            _stay_in(state, due, block, out[~is_found], parameters)
            out = out[is_found]
    if due.dangers:
        leave_danger(state, due, block, np.setdiff1d(np.arange(len(block)), out), parameters)
    return Going.nowhere(block)


def set_all_out(state: CrowdState, due: Due, going: Going, parameters: CityParameters) -> None:
    """Choose how each row gets to its place; where it would close too early, it stays in.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans may change.
    due : Due
        The m rows.
    going : Going
        What each is going to do, and where; changed in place.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    asks = _set_out(state, due, going, parameters)
    if asks is None:
        _go(state, due, going, np.arange(len(due)), parameters)
        asks = np.flatnonzero(going.travels)
    if len(asks):
        stay_if_open(state, due, going, asks, parameters)


def stay_if_open(
    state: CrowdState, due: Due, going: Going, part: Int, parameters: CityParameters
) -> None:
    """Let some of the rows stay in whose places would close too early: at home or at work.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans may change.
    due : Due
        The m rows.
    going : Going
        Where and how they go; changed in place.
    part : ndarray of int64, shape (k,)
        Positions of those who are asked.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    rejected = part[~_can_stay(state, due, going, part)]
    if len(rejected):
        going.destination[rejected] = NOT_TRAVELLING
        _stay_in(state, due, going.block, rejected, parameters)
        leave_danger(state, due, going.block, rejected, parameters)
        _go(state, due, going, rejected, parameters)


def _chosen_places(state: CrowdState, due: Due, block: Blocks, parameters: CityParameters) -> Int:
    people, rows, codes = state.people, due.rows, codes_of(parameters)
    outings = Outings(
        purpose=np.where(block.purpose == FREE, codes.leisure, block.purpose),
        origin=state.place[rows].astype(np.int64),
        minute=due.minute,
        start_min=block.start,
        end_min=block.end,
        age=people.age[rows],
        has_car=people.has_car[rows] & people.has_licence[rows],
        wet=np.full(len(rows), due.weather.is_wet),
        curiosity=state.curiosity[rows],
    )
    chosen: Int = choose_places(
        due.world,
        outings,
        state.beliefs,
        rows=rows,
        streams=due.streams,
        parameters=parameters,
        is_safe=partial(are_safe, state, due) if due.dangers else None,
    ).astype(np.int64)
    return chosen


def _stay_in(
    state: CrowdState, due: Due, block: Blocks, part: Int, parameters: CityParameters
) -> None:
    """Replace going out for some of the blocks: a meal here or at home, else a rest at home."""
    if not len(part):
        return
    codes, rows = codes_of(parameters), due.rows[part]
    home, work = state.people.home[rows], state.people.work[rows]
    place = state.place[rows]
    is_meal = block.purpose[part] == codes.meal
    block.place[part] = np.where(is_meal & (place == work), place, home)
    block.purpose[part] = np.where(is_meal, codes.meal, codes.rest)


def _set_out(state: CrowdState, due: Due, going: Going, parameters: CityParameters) -> Int | None:
    """Let the rows set out by a loop, and return who is to be asked whether they can stay.

    None if nothing has been done, since there is no loop or something is dangerous or closed.
    """
    loop = compiled(set_out)
    if loop is None or due.dangers or due.world.closures.active:
        return None
    unsure = np.empty(len(due), dtype=np.int64)
    count = loop(
        due.rows,
        due.minute,
        going.block.columns,
        going.trips,
        travellers(state),
        state.plans.columns,
        (due.world.detours or due.world.city).roads,
        mode_rules(parameters, due.weather),
        kinds_of(parameters),
        due.world.open_around(int(due.minute[0])),
        trip_draws(due),
        unsure,
    )
    if count < 0:
        raise ChoiceError(NO_WAY)
    return unsure[:count]


def travellers(state: CrowdState) -> Travellers:
    """Return the columns that loops over trips read."""
    return state.kept(_travellers)


def _travellers(state: CrowdState) -> Travellers:
    people = state.people
    columns = Travellers(
        people.home,
        people.work,
        people.age,
        people.income,
        people.has_licence,
        state.place,
        state.refuge,
        state.parked,
    )
    return held(columns)


@keeps_latest
@lru_cache(maxsize=8)
def kinds_of(parameters: CityParameters) -> Kinds:
    """Return the purposes of a tree of parameters, as loops over trips read them."""
    codes = codes_of(parameters)
    return Kinds(codes.rest, codes.meal, codes.leisure, codes.least_min)


def trip_draws(due: Due) -> TripDraws:
    """Return the addresses of what rows draw that set out."""
    streams = due.streams
    return TripDraws(streams.seeds_at(due.minute), streams.persons, _WORD)


_WORD = np.uint64(word_of("mode_choice"))


def _go(state: CrowdState, due: Due, going: Going, part: Int, parameters: CityParameters) -> None:
    """Let some of the rows set out for the places of their blocks, if they are not there yet."""
    block, codes = going.block, codes_of(parameters)
    if due.world.closures.active:
        _keep_out(state, due, block, part)
    part = part[block.place[part] != state.place[due.rows[part]]]
    if not len(part):
        return
    rows, minute, own = due.rows[part], due.minute[part], block.take(part)
    purpose = np.where(own.purpose == FREE, codes.leisure, own.purpose)
    least = codes.least_min[purpose]
    here = state.place[rows].astype(np.int64)
    table = mode_table(parameters)
    ways = (due.world.detours or due.world.city).ways(here, own.place)
    people = state.people.view(rows)
    is_open = modes_open(
        people, state.parked.take(rows, axis=0), here, state.plans.front_place(rows) == here, table
    )
    if due.world.closures.modes:
        shut = [name in due.world.closures.modes for name in table.names]
        is_open &= ~np.array(shut)
    mode = choose_modes(
        ways,
        is_open,
        limit_min=own.minutes - least,
        income=people.income,
        weather=due.weather,
        uniform=due.streams.take(part).at("mode_choice", step=minute, n=1)[:, 0],
        parameters=parameters,
    )
    distance, minutes, access, cost = ways.of_mode(mode)
    arrival = minute + np.maximum(np.ceil(minutes).astype(np.int64), 1)
    homewards = (own.place == people.home) | (own.place == state.refuge[rows])
    homewards &= own.purpose != codes.rest
    if homewards.any():
        late = own.take(homewards)
        state.plans.prolong(rows[homewards], late, (arrival - minute)[homewards])
        own.put(homewards, late)
    stay = np.where(own.fixed, BLOCK_MIN, least)
    own.start, own.end = arrival, np.maximum(own.end, arrival + stay)
    block.put(part, own)
    going.destination[part], going.purpose[part], going.mode[part] = own.place, purpose, mode
    going.arrival[part], going.minutes[part] = arrival, minutes
    going.distance_m[part], going.access_min[part], going.cost[part] = distance, access, cost


def _keep_out(state: CrowdState, due: Due, block: Blocks, part: Int) -> None:
    """Send those home who would go to a closed place (see `closing.stays_where`)."""
    own = due.take(part)
    shut = part[is_shut_out(state, own, block.place[part], own.minute)]
    block.place[shut] = home_of(state, own, own.minute)[np.isin(part, shut)]


def _can_stay(state: CrowdState, due: Due, going: Going, part: Int) -> Bool:
    """Tell for some of the rows whether they belong to their places, or these stay open."""
    people, rows, block = state.people, due.rows[part], going.block.take(part)
    stays: Bool = (block.place == people.home[rows]) | (block.place == people.work[rows])
    stays |= block.place == state.refuge[rows]
    asks = np.flatnonzero(~stays)
    if len(asks):
        place, start = block.place[asks], block.start[asks]
        is_open = due.world.open_during(place, start, block.end[asks])
        if due.world.closures.active:
            is_open &= due.world.closures.is_open(place, start)
        stays[asks] = is_open
    return stays
