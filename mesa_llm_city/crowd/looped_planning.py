"""Days of rows planned by one loop, where loops are in use and the days are ordinary."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mesa_llm_city.city.way_loops import Roads
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.held import held
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.values import Float, Int, Weather
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.day_loops import (
    NO_ROOM,
    NO_WAY,
    DayBook,
    DayRules,
    Planners,
    plan_in_store,
)
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.goals import leanings_of
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.crowd.travel import travellers
from mesa_llm_city.mobility.day_loops import Scratch
from mesa_llm_city.mobility.day_numbers import day_numbers
from mesa_llm_city.mobility.drawn_day import dates_of, frame_numbers, frame_tables
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.mode_columns import NO_WAY as NO_WAY_MESSAGE
from mesa_llm_city.mobility.mode_columns import mode_rules
from mesa_llm_city.mobility.wanted_outings import wanted_numbers
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import TimeUseTable, time_use_table
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.people_columns import PersonRows
from mesa_llm_city.population.schedules.usual_night import night_numbers
from mesa_llm_city.population.time_use.traits import trait_numbers, trait_words

__all__ = ["planned_in_loops"]

_FAIR = Weather()
_CONSCIENTIOUSNESS = BigFive._fields.index("conscientiousness")


def planned_in_loops(state: CrowdState, due: Due, day: int, parameters: CityParameters) -> int:
    """Plan a day of each row, as far as a loop can do it.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans and wishes change.
    due : Due
        The m rows.
    day : int
        Index of the day.
    parameters : CityParameters
        Numbers that shape behaviour.

    Returns
    -------
    int
        How many rows from the first on have been planned: m, or fewer if a day is too full; 0
        without compiled loops or a table of time use.
    """
    loop: Callable[..., int] | None = compiled(plan_in_store)
    population = parameters.population
    table = time_use_table(population.time_use.table)
    if loop is None or table is None or not parameters.mobility.planner.recursive:
        return 0
    if not population.schedules.sleep.need_sd_min:
        return 0
    streams, roads = due.everybody, (due.world.detours or due.world.city).roads
    rules = state.kept(_rules, parameters, table, roads, streams.seed)
    book = _book(parameters, due.world.clock, day, streams)
    factors = _factors(state, due.rows, parameters)
    planners = state.kept(_planners, parameters)
    planned = loop(planners, rules, book, due.rows, due.minute, factors)
    if planned == NO_WAY:
        raise ChoiceError(NO_WAY_MESSAGE)
    if planned == NO_ROOM:
        raise state.plans.full()
    return planned


def _planners(state: CrowdState, parameters: CityParameters) -> Planners:
    people = state.people
    nobody = np.empty(0, dtype=np.int64)
    columns = (getattr(people, name) for name in PersonRows._fields[1:])
    planners = Planners(
        people.ids,
        PersonRows(nobody, *columns),
        people.lunch_min,
        people.dinner_min,
        people.eats_out,
        travellers(state),
        state.needs.arrays,
        state.plans.columns,
        state.wishes.arrays,
        Scratch.of(parameters.mobility.planner.chores.housework_starts),
    )
    return held(planners)


def _rules(
    state: CrowdState, parameters: CityParameters, table: TimeUseTable, roads: Roads, seed: int
) -> DayRules:
    population = parameters.population
    rules = DayRules(
        roads,
        mode_rules(parameters, _FAIR),
        _CONSCIENTIOUSNESS,
        night_numbers(population.schedules),
        trait_numbers(tuple(table.ages), population.time_use),
        frame_numbers(parameters),
        frame_tables(table, population.time_use),
        wanted_numbers(parameters, state.people.purposes),
        trait_words(),
        np.array(codes_of(parameters).free_time, dtype=np.int64),
        parameters.mobility.planner.decides_from_age,
        np.uint64(seed),
    )
    return held(rules)


@keeps_latest
def _book(parameters: CityParameters, clock: Clock, day: int, streams: ColumnStreams) -> DayBook:
    numbers = day_numbers(parameters, clock, day)
    book = DayBook(dates_of(clock, day, streams), numbers, day, np.uint64(streams.seed_on(day)))
    return held(book)


def _factors(state: CrowdState, rows: Int, parameters: CityParameters) -> Float:
    """Return by what goals multiply how likely each purpose is (see `DayFacts.factors`)."""
    leanings = leanings_of(state, rows, parameters)
    if leanings is None:
        return np.ones((1, len(parameters.purposes)))
    return leaning_liking(1.0, leanings, parameters.mobility.planner.leaning_factor)
