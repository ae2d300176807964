"""What rows do where nothing is out of the ordinary, in a few compiled loops.

Where there are no loops, or places are closed, a storm blows, or somebody has heard of a danger,
these functions do nothing and say so; the same is done then step by step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.city.opening_loops import OpenUntil
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.way_loops import Roads
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.held import held
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.values import Bool, Int, Weather
from mesa_llm_city.crowd.blocks import Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.fill_loops import FillRows, FillTable
from mesa_llm_city.crowd.going_columns import going_columns
from mesa_llm_city.crowd.interruption import interrupting, who_goes_home
from mesa_llm_city.crowd.interruption_loops import Interrupting
from mesa_llm_city.crowd.learning import first_ones, learning_of, room_for
from mesa_llm_city.crowd.learning_loops import Ended, Learning
from mesa_llm_city.crowd.ordinary_loops import (
    Looked,
    SettingOut,
    go_rows,
    heed_and_fill,
    look_rows,
)
from mesa_llm_city.crowd.planning import day_of, fill_rows, fill_table
from mesa_llm_city.crowd.row_columns import MovingColumns, RowColumns, row_columns
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.travel import Going, kinds_of, travellers, trip_draws
from mesa_llm_city.mobility.mode_columns import NO_WAY, mode_rules, mode_table
from mesa_llm_city.mobility.mode_loops import ModeRules
from mesa_llm_city.parameters import CityParameters

__all__ = ["LookedRows", "fill_heeded", "go", "look"]


class LookedRows(NamedTuple):
    """What rows do after they have looked up.

    Attributes
    ----------
    going : ndarray of int64
        Positions of those who go on to another block, rising.
    leaves : ndarray of bool
        Which of these leave what they do because of a need.
    arrived, origin : ndarray of int64
        Rows whose trips have ended, and where these began.
    """

    going: Int
    leaves: Bool
    arrived: Int
    origin: Int


def look(
    state: CrowdState, due: Due, moving: MovingColumns, parameters: CityParameters
) -> LookedRows | None:
    """Let trips end, and those look up who are in the middle of something.

    Parameters
    ----------
    state : CrowdState
        The crowd, which is changed.
    due : Due
        The m rows.
    moving : MovingColumns
        Its columns that change when rows arrive.
    parameters : CityParameters
        Numbers that shape behaviour.

    Returns
    -------
    LookedRows or None
        None if nothing has been done.
    """
    is_calm = due.weather.wind_km_h < parameters.mind.warnings.strong_wind_km_h
    loop = compiled(look_rows) if is_calm and not due.world.closures.active else None
    if loop is None or due.everybody.later:
        return None
    count = len(due)
    going, asks, arrived, origin = np.empty((4, count), dtype=np.int64)
    leaves = np.empty(count, dtype=np.bool_)
    crowd = state.kept(_looking, moving, parameters, due.everybody.seeds_at(due.minute))
    looked = Looked(going, leaves, asks, arrived, origin)
    goes, asking, arrive, has_room = loop(*crowd, due.rows, due.minute, looked)
    if goes < 0:
        return None
    if not has_room:
        raise state.plans.full()
    if asking:
        closed = due.rows[who_goes_home(state, due, asks[:asking], parameters)]
        state.plans.move_front(closed, state.people.home[closed])
    return LookedRows(going[:goes], leaves[:goes], arrived[:arrive], origin[:arrive])


def _looking(
    state: CrowdState, moving: MovingColumns, parameters: CityParameters, seeds: Words
) -> tuple[RowColumns, MovingColumns, Interrupting, Int]:
    by = interrupting(state, seeds, parameters)
    return row_columns(state), moving, by, mode_table(parameters).vehicle


def fill_heeded(
    state: CrowdState, due: Due, block: Blocks, heeded: Bool, parameters: CityParameters
) -> bool:
    """Put before blocks what needs ask for, and fill those that are free; in place.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans and wishes change.
    due : Due
        The m rows.
    block : Blocks
        What begins now in each.
    heeded : ndarray of bool, shape (m,)
        Whose needs have been heeded already.
    parameters : CityParameters
        Numbers that shape behaviour.

    Returns
    -------
    bool
        Whether it has been done.
    """
    loop, day = compiled(heed_and_fill), day_of(due)
    if loop is None or day is None:
        return False
    asks = np.empty(len(due), dtype=np.bool_)
    streams, clock = due.streams, due.world.clock
    seeds = streams.seeds_at(due.minute)
    crowd = state.kept(_filling, parameters, due.weather, clock, day, seeds)
    some = due.rows, due.minute, streams.persons, heeded
    asking, has_room = loop(*crowd, *some, block.columns, asks)
    if not has_room:
        raise state.plans.full()
    if asking:
        closed = who_goes_home(state, due, np.flatnonzero(asks), parameters)
        block.place[closed] = state.people.home[due.rows[closed]]
    return True


def _filling(  # noqa: PLR0917 - what is kept is told apart by these
    state: CrowdState,
    parameters: CityParameters,
    weather: Weather,
    clock: Clock,
    day: int,
    seeds: Words,
) -> tuple[RowColumns, Interrupting, FillTable, FillRows]:
    table = fill_table(parameters, weather, clock, state.people.purposes, day)
    return row_columns(state), interrupting(state, seeds, parameters), table, fill_rows(state)


def go(
    state: CrowdState, due: Due, going: Going, moving: MovingColumns, parameters: CityParameters
) -> tuple[Int, Ended | None] | None:
    """Let rows set out, end their stays, and begin what they go on to.

    Parameters
    ----------
    state : CrowdState
        The crowd, which is changed.
    due : Due
        The m rows.
    going : Going
        What they go on to, and where; the trips are filled.
    moving : MovingColumns
        Its columns that change when rows set out.
    parameters : CityParameters
        Numbers that shape behaviour.

    Returns
    -------
    tuple of (ndarray of int64, Ended or None), or None
        Who is to be asked whether they can stay, and the stays that have ended, None as long as
        somebody is to be asked. None if nothing has been done.
    """
    world = due.world
    loop = None if due.dangers or world.closures.active else compiled(go_rows)
    if loop is None:
        return None
    count = len(due)
    ended, unsure = room_for(count), np.empty(count, dtype=np.int64)
    roads, until = (world.detours or world.city).roads, world.open_around(int(due.minute[0]))
    streams, draws = due.everybody, trip_draws(due)
    of = parameters, due.weather, roads, until, world.city.places, due.days[1], streams, draws.seed
    crowd = state.kept(_going, moving, *of)
    some = due.rows, due.minute, draws, going_columns(going)
    asks, stays, visits = loop(*crowd, *some, ended, unsure)
    if asks < 0:
        raise ChoiceError(NO_WAY)
    return unsure[:asks], None if asks else first_ones(ended, stays, visits)


def _going(  # noqa: PLR0917 - what is kept is told apart by these
    state: CrowdState,
    moving: MovingColumns,
    parameters: CityParameters,
    weather: Weather,
    roads: Roads,
    until: OpenUntil,
    places: Places,
    day: int,
    streams: ColumnStreams,
    seeds: Words,
) -> tuple[RowColumns, MovingColumns, Learning, SettingOut, ModeRules]:
    way = state.kept(_setting_out, parameters, roads, until)
    learning = learning_of(state, places, day, streams, seeds, parameters)
    return row_columns(state), moving, learning, way, mode_rules(parameters, weather)


def _setting_out(
    state: CrowdState, parameters: CityParameters, roads: Roads, until: OpenUntil
) -> SettingOut:
    way = SettingOut(
        travellers(state),
        state.plans.columns,
        roads,
        kinds_of(parameters),
        until,
        codes_of(parameters).travel,
    )
    return held(way)
