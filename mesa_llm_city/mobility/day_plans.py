"""Plans of days by rule for many persons at once; `Planner` plans that of one.

A plan runs from getting up to getting up again. Mandatory activities come first (sleep,
work, school), then meals, care, errands, housework and habits are fitted around them; what
stays empty is filled when its time comes, see `free_time` (CitySim, sec. 3.2.1, appendix
A.1.1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.narrow import greatest_of_rows, running_sums
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.chores import with_chores
from mesa_llm_city.mobility.day_addresses import day_addresses
from mesa_llm_city.mobility.day_facts import DayFacts
from mesa_llm_city.mobility.day_filling import fill_days
from mesa_llm_city.mobility.habits import with_habits
from mesa_llm_city.mobility.looped_plans import looped_plans
from mesa_llm_city.mobility.mandatory import mandatory_days
from mesa_llm_city.mobility.meals import with_meals
from mesa_llm_city.mobility.open_days import AT_HOME, AT_WORK, OpenDays, Settled
from mesa_llm_city.mobility.plan_blocks import BLOCKS, NO_PLACE, UNUSED, PlanBlocks
from mesa_llm_city.mobility.purpose_codes import FREE
from mesa_llm_city.mobility.wish_columns import WishColumns
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import DayTraits, sleep_needs, time_use_table
from mesa_llm_city.population.people_columns import PeopleColumns

__all__ = ["DayPlans", "as_blocks", "day_traits", "plan_days"]

_MOST = 8192  # persons whose numbers are drawn at once, which takes memory; they are the same


class DayPlans(NamedTuple):
    """Planned days of m persons.

    Attributes
    ----------
    blocks : PlanBlocks
        Blocks without gap or overlap, from getting up to getting up.
    wishes : WishColumns
        Outings that the free time of the day is meant to hold.
    """

    blocks: PlanBlocks
    wishes: WishColumns


def day_traits(
    people: PeopleColumns,
    *,
    streams: ColumnStreams,
    commute_min: Float,
    parameters: CityParameters,
) -> DayTraits | None:
    """Return what persons are like in how their days differ, which is the same on all days.

    Parameters
    ----------
    people : PeopleColumns
        The m persons.
    streams : ColumnStreams
        Their random streams.
    commute_min : ndarray of float64, shape (m,)
        Expected way from home to work or school, in minutes.
    parameters : CityParameters
        Reads `population.time_use` and `population.schedules`.

    Returns
    -------
    DayTraits or None
        None if `population.time_use.table` is ``"none"``.
    """
    population = parameters.population
    table = time_use_table(population.time_use.table)
    if table is None:
        return None
    need = sleep_needs(people, commute_min, population.schedules)
    return DayTraits.of(people, streams, need, table=table, parameters=population.time_use)


def plan_days(
    people: PeopleColumns,
    day: int,
    *,
    clock: Clock,
    streams: ColumnStreams,
    commute_min: Float,
    leanings: Float | None = None,
    usual: Int | None = None,
    relief: Float | None = None,
    parameters: CityParameters,
    traits: DayTraits | None = None,
) -> DayPlans:
    """Plan the time from getting up on `day` to getting up on the next.

    Parameters
    ----------
    people : PeopleColumns
        The m persons, who live in the city.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : ColumnStreams
        Their random streams.
    commute_min : ndarray of float64, shape (m,)
        Expected way from home to work or school, in minutes.
    leanings : ndarray of float64, shape (m, purposes), optional
        How much goals and insights speak for activities, from -1 to 1; 0 by default.
    usual : ndarray of int, shape (m, purposes), optional
        Minute of the day at which each is used to beginning activities; -1 for none.
    relief : ndarray of float64, shape (m, purposes), optional
        How much of what each lacks an hour of each purpose would give back; people rather go
        out for what they lack.
    parameters : CityParameters
        Reads `mobility`, `population.time_use`, `population.schedules` and the purposes.
    traits : DayTraits, optional
        What the persons are like (see `day_traits`), if it is known already.

    Returns
    -------
    DayPlans
        Each row depends on no other; so a person has the plan that they have alone.
    """
    if len(people) <= _MOST and time_use_table(parameters.population.time_use.table) is not None:
        streams = streams.drawn_ahead(day_addresses(streams, day, parameters))
    if traits is None:
        traits = day_traits(people, streams=streams, commute_min=commute_min, parameters=parameters)
    facts = DayFacts(people, day, clock, streams, commute_min, leanings, usual, relief, parameters)
    looped = looped_plans(facts, traits)
    if looped is not None:
        return DayPlans(*looped)
    plan = mandatory_days(
        people,
        day,
        clock=clock,
        streams=streams,
        commute_min=commute_min,
        traits=traits,
        parameters=parameters,
    )
    wishes = WishColumns.empty(len(people), 0)
    if parameters.mobility.planner.recursive:
        if plan.drawn is None:
            with_meals(plan, people, parameters=parameters)
            with_chores(plan, facts)
            with_habits(plan.days, facts)
        else:
            wishes = fill_days(plan, facts, plan.drawn)
    return DayPlans(as_blocks(plan.days, people, day * DAY_MIN), wishes)


def as_blocks(days: OpenDays, people: PeopleColumns, midnight: int) -> PlanBlocks:
    """Return planned days as columns, with free time where nothing is settled.

    Blocks for the same purpose at the same place that follow one another are joined, as
    `merged` does. Of a day with more than `BLOCKS` blocks the shortest are left out that are
    neither night nor duty.

    Parameters
    ----------
    days : OpenDays
        The m days, of which the shortest blocks may be given up.
    people : PeopleColumns
        The persons.
    midnight : int
        Minute of the run from which those of the days count.
    """
    _thin_out(days)
    laid = _Layout.of(days, np.arange(len(days)))
    settled, end, size = laid.settled, laid.end, laid.size
    count, most = len(days), int(size.max(initial=0))
    start = np.repeat(days.end[:, np.newaxis], most + 1, axis=1)
    code = np.full((count, most), FREE * 8, dtype=np.int32)
    # Tables as one column each, of which entries are read and written faster.
    at = np.flatnonzero(laid.is_kept)
    row, column = at // laid.is_kept.shape[1], laid.column.ravel().take(at)
    start.ravel()[row * (most + 1) + column] = settled.start.ravel().take(at)
    code.ravel()[row * most + column] = settled.code.ravel().take(at)
    at = np.flatnonzero(laid.has_gap)
    row, column = at // laid.has_gap.shape[1], laid.column.ravel().take(at) - 1
    start.ravel()[row * (most + 1) + column] = end[:, :-1].ravel().take(at)
    rows = np.flatnonzero(laid.has_tail)
    start[rows, size[rows] - 1] = greatest_of_rows(end)[rows]
    start += midnight
    kind = code >> 1 & 3
    place = np.where(kind == AT_HOME, people.home[:, np.newaxis], people.work[:, np.newaxis])
    purpose = np.where(np.arange(most) < size[:, np.newaxis], code >> 3, UNUSED)
    return PlanBlocks(
        start=start[:, :-1],
        end=start[:, 1:],
        purpose=purpose.astype(np.int16),
        place=np.where(kind == 0, NO_PLACE, place).astype(np.int32),
        fixed=code & 1 == 1,
        first=np.zeros(count, dtype=np.int16),
        size=size.astype(np.int16),
    )


class _Layout(NamedTuple):
    """Where the settled blocks of k days and the free time between them come to stand.

    The arrays of blocks have the shape (k, b), and ends one more column, for the begin of the
    day; of blocks that there are not, they end with it.
    """

    settled: Settled
    end: Int
    is_kept: Bool
    has_gap: Bool
    column: Int
    has_tail: Bool
    size: Int

    @classmethod
    def of(cls, days: OpenDays, rows: Int) -> _Layout:
        """Lay out some of the days."""
        settled, is_there = days.in_order(rows)
        begin = days.start[rows][:, np.newaxis].astype(np.int64)
        end = np.concatenate([begin, np.where(is_there, settled.end, begin)], axis=1)
        has_gap = is_there & (settled.start > end[:, :-1])
        is_kept = is_there.copy()
        place = settled.code & 7
        is_elastic = (place == AT_HOME * 2) | (place == AT_WORK * 2)
        is_other = settled.code[:, 1:] != settled.code[:, :-1]
        is_kept[:, 1:] &= has_gap[:, 1:] | is_other | ~is_elastic[:, 1:]
        each = is_kept.astype(np.int64) + has_gap
        column = running_sums(each) if each.shape[1] else each
        has_tail = greatest_of_rows(end) < days.end[rows]
        size = (column[:, -1] if column.shape[1] else 0) + has_tail.astype(np.int64)
        return cls(settled, end, is_kept, has_gap, column - 1, has_tail, size)


def _thin_out(days: OpenDays) -> None:
    """Give up the shortest blocks of days that have too many."""
    # Before each block, and after the last one, may be free time.
    rows = days.with_more_than((BLOCKS - 1) // 2)
    while len(rows):
        rows = rows[_Layout.of(days, rows).size > BLOCKS]
        days.give_up_shortest(rows)
