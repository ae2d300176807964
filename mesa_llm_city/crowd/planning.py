"""Planning: which blocks begin now, and what free ones are filled with (see `citizen.planning`)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.held import held
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float, Int, Weather
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.fill_loops import FillRows, FillTable, fill_free
from mesa_llm_city.crowd.goals import leanings_of, revise_goals
from mesa_llm_city.crowd.looped_planning import planned_in_loops
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.travel import travellers
from mesa_llm_city.crowd.travel_loops import expect_commutes
from mesa_llm_city.mind.goal_columns import goal_leanings
from mesa_llm_city.mobility.day_plans import plan_days
from mesa_llm_city.mobility.free_time_columns import (
    begin_table,
    choose_free_time,
    free_time_draws,
    free_time_table,
    liked_columns,
    likings,
    outing_factor,
)
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.mode_columns import (
    NO_WAY,
    expected_commute_min,
    mode_rules,
    mode_table,
    modes_open,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.tie_slots import TieSlots

__all__ = ["day_of", "fill_blocks", "fill_rows", "fill_table", "planned_blocks"]

_FILL = np.uint64(word_of("fill"))
_FAIR = Weather()
_AT_ONCE = 2**16  # days planned at once, each of which takes some hundred bytes meanwhile


def planned_blocks(
    state: CrowdState, due: Due, ties: TieSlots | None, parameters: CityParameters
) -> Blocks:
    """Return the blocks that begin now; where a plan has ended, the next day is planned.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans, wishes and goals change.
    due : Due
        The m rows.
    ties : TieSlots or None
        Whom the rows of the crowd know; None if they meet nobody.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    block, found = state.plans.take(due.rows, due.minute)
    if found.all():
        return block
    left = np.flatnonzero(~found)
    while len(left):
        part = due.take(left)
        revise_goals(state, part, ties, parameters)
        _plan(state, part, parameters)
        found_blocks, found = state.plans.take(part.rows, part.minute)
        block.put(left[found], found_blocks.take(found))
        left = left[~found]
    return block


def _plan(state: CrowdState, due: Due, parameters: CityParameters) -> None:
    """Plan the next day of each row."""
    state.day[due.rows] += 1
    day = state.day[due.rows]
    first = int(day[0])
    # Nearly always all plan the same day.
    days = [first] if (day == first).all() else np.unique(day).tolist()
    for one in days:
        rows = np.flatnonzero(day == one)
        for begin in range(0, len(rows), _AT_ONCE):
            some = rows[begin : begin + _AT_ONCE]
            _plan_day(state, due if len(some) == len(due) else due.take(some), one, parameters)


def _plan_day(state: CrowdState, due: Due, day: int, parameters: CityParameters) -> None:
    planned = planned_in_loops(state, due, day, parameters)
    if planned == len(due):
        return
    if planned:
        due = due.take(np.arange(planned, len(due)))
    plans = plan_days(
        state.people.view(due.rows),
        day,
        clock=due.world.clock,
        streams=due.streams,
        commute_min=_commute_min(state, due, parameters),
        leanings=leanings_of(state, due.rows, parameters),
        relief=_relief(state, due, parameters),
        parameters=parameters,
    )
    state.plans.replace(due.rows, plans.blocks)
    state.wishes.put(due.rows, plans.wishes)


def _commute_min(state: CrowdState, due: Due, parameters: CityParameters) -> Float:
    """Return the expected length of the trips to work or school, in minutes."""
    loop, city = compiled(expect_commutes), due.world.detours or due.world.city
    minutes = np.zeros(len(due))
    if loop is not None:
        rules = mode_rules(parameters, _FAIR)
        if loop(due.rows, travellers(state), city.roads, rules, minutes) < 0:
            raise ChoiceError(NO_WAY)
        return minutes
    people = state.people.view(due.rows)
    goes = np.flatnonzero((people.work >= 0) & (people.work != people.home))
    if not len(goes):
        return minutes
    workers = people.take(goes)
    stays = np.zeros(len(goes), dtype=np.bool_)
    parked = state.parked.take(due.rows[goes], axis=0)
    is_open = modes_open(workers, parked, workers.home, stays, mode_table(parameters))
    ways = city.ways(workers.home, workers.work)
    minutes[goes] = expected_commute_min(ways, is_open, workers.income, parameters)
    return minutes


def _relief(state: CrowdState, due: Due, parameters: CityParameters) -> Float:
    """Return how much an hour of what is done in free time gives back, by purpose; (m, p)."""
    codes = codes_of(parameters)
    levels = state.needs.at(due.rows, due.minute)
    relief = np.zeros((len(due), len(codes.names)))
    relief[:, codes.free_time] = state.needs.relief(levels, codes.free_time)
    return relief


def fill_blocks(state: CrowdState, due: Due, block: Blocks, parameters: CityParameters) -> None:
    """Fill free blocks in place; what is left of them goes back to the plans.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans and wishes change.
    due : Due
        The m rows.
    block : Blocks
        What begins now in each; those that are free are filled.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    loop = compiled(fill_free)
    if loop is not None and (day := day_of(due)) is not None:
        streams = due.streams
        has_room = loop(
            fill_table(parameters, due.weather, due.world.clock, state.people.purposes, day),
            fill_rows(state),
            due.rows,
            due.minute,
            streams.seeds_at(due.minute),
            streams.persons,
            block.columns,
        )
        if not has_room:
            raise state.plans.full()
        return
    free = np.flatnonzero(block.purpose == FREE)
    if not len(free):
        return
    rests = _rests(state, due.rows[free], parameters)
    home, codes = state.people.home, codes_of(parameters)
    block.purpose[free[rests]] = codes.rest
    block.place[free[rests]] = home[due.rows[free[rests]]]
    active = free[~rests]
    if len(active):
        _choose(state, due, block, active, parameters)


def day_of(due: Due) -> int | None:
    """Return the day of all minutes, None if they are not of one day."""
    first, last = due.days
    return first if first == last and len(due) else None


@keeps_latest
def fill_table(
    parameters: CityParameters, weather: Weather, clock: Clock, purposes: tuple[str, ...], day: int
) -> FillTable:
    """Return what a loop that fills free blocks on a day reads of the parameters."""
    numbers = parameters.mobility.free_time
    table = FillTable(
        free_time_table(parameters),
        begin_table(parameters, clock, day),
        liked_columns(purposes, parameters),
        float(numbers.outing_cost * outing_factor(weather, parameters)),
        numbers.tired_gives_up,
        _factors(parameters),
        codes_of(parameters).rest,
        _FILL,
    )
    return held(table)


@lru_cache(maxsize=8)
def _factors(parameters: CityParameters) -> Float:
    """Return by what each set of goals multiplies how much is liked what free time is for."""
    leanings = goal_leanings(parameters)[:, free_time_table(parameters).codes]
    return leaning_liking(1.0, leanings, parameters.mobility.planner.leaning_factor)


def fill_rows(state: CrowdState) -> FillRows:
    """Return the columns that a loop that fills free blocks reads and changes."""
    return state.kept(_fill_rows)


def _fill_rows(state: CrowdState) -> FillRows:
    people = state.people
    columns = FillRows(
        people.age,
        people.home,
        people.preferences,
        state.resting,
        state.goals.unmet,
        state.plans.columns,
        state.wishes.arrays,
        state.needs.arrays,
    )
    return held(columns)


def _rests(state: CrowdState, rows: Int, parameters: CityParameters) -> Bool:
    """Tell who rests until the next night, without an outing that the day is meant to hold."""
    still = (state.wishes.size[rows] > 0) & (not parameters.mobility.free_time.tired_gives_up)
    rests: Bool = state.resting[rows] & ~still
    return rests


def _choose(
    state: CrowdState, due: Due, block: Blocks, active: Int, parameters: CityParameters
) -> None:
    part, own = due.take(active), block.take(active)
    rows = part.rows
    people = state.people.view(rows)
    levels = state.needs.at(rows, part.minute)
    chosen = choose_free_time(
        own.start,
        own.end,
        age=people.age,
        is_outsider=False,
        likings=likings(people, leanings_of(state, rows, parameters), parameters),
        relief=state.needs.relief(levels, free_time_table(parameters).relieves),
        weather=due.weather,
        draws=part.streams.at("fill", step=part.minute, n=free_time_draws(parameters)),
        wishes=state.wishes.take(rows),
        clock=due.world.clock,
        parameters=parameters,
    )
    state.plans.put_back(rows, own, chosen.end_min)
    state.wishes.fulfil(rows, chosen.purpose)
    own.purpose, own.end = chosen.purpose.astype(np.int64), chosen.end_min
    own.place = np.where(chosen.at_home, people.home, NOWHERE)
    own.fixed = np.zeros(len(own), dtype=np.bool_)
    block.put(active, own)
