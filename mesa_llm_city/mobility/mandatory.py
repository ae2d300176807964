"""Mandatory activities of a day: getting up, going to bed, work and school.

They follow from a person's habits and are the same by rule and by prompt.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Bool, Float, Int, Purpose
from mesa_llm_city.mobility.drawn_day import DrawnDays, PersonDays, drawn_days
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.open_days import AT_HOME, AT_WORK, OpenDays, block_code, to_blocks
from mesa_llm_city.mobility.purpose_codes import purpose_codes
from mesa_llm_city.mobility.schedule import round_to_block
from mesa_llm_city.parameters import CityParameters, PurposeSpec
from mesa_llm_city.population import DayTraits, time_use_table
from mesa_llm_city.population.people_columns import NOBODY, PeopleColumns
from mesa_llm_city.population.time_use.cells import is_in
from mesa_llm_city.population.time_use.duty import LEARNERS

__all__ = ["MandatoryDays", "mandatory_days", "planned_min", "works_on"]

_LEARN = tuple(LEARNERS)


class MandatoryDays(NamedTuple):
    """Days of m persons with sleep and work or school only; minutes from midnight of the day.

    Attributes
    ----------
    days : OpenDays
        From getting up to getting up.
    bed_min : ndarray of int32, shape (m,)
        When the night begins.
    drawn : DrawnDays or None
        What else the days hold by the table of time use; None without a table.
    uniforms : ndarray of float64, shape (m, n)
        Numbers for what follows without a table, in the columns `MEALS_OUT` and so on.
    """

    days: OpenDays
    bed_min: Minutes
    drawn: DrawnDays | None
    uniforms: Float


BED, MEALS_OUT, ERRANDS, AFTER_WAKE, HOUSEWORK, PLAN_DRAWS = 0, 1, 3, 6, 9, 10
"""Columns of the numbers of a plan without a table: going to bed, lunch and dinner out, three
errands, when after getting up these are done, the length of housework; and how many there are."""


def works_on(people: PeopleColumns, day: int, clock: Clock) -> Bool:
    """Tell who works or learns on `day` by habit, which nobody does on a holiday; shape (m,)."""
    minute = day * DAY_MIN
    if clock.is_holiday(minute):
        return np.zeros(len(people), dtype=bool)
    works: Bool = people.work_days >> clock.weekday(minute) & 1 == 1
    return works


def mandatory_days(
    people: PeopleColumns,
    day: int,
    *,
    clock: Clock,
    streams: ColumnStreams,
    commute_min: Float,
    traits: DayTraits | None,
    parameters: CityParameters,
) -> MandatoryDays:
    """Return days with sleep and work or school only, from getting up to getting up.

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
    traits : DayTraits or None
        What they are like (see `day_traits`); None without a table of time use.
    parameters : CityParameters
        Reads `mobility.planner` and `population.time_use`.
    """
    table = time_use_table(parameters.population.time_use.table)
    if table is None or traits is None:
        return _usual_days(
            people,
            day,
            clock=clock,
            streams=streams,
            commute_min=commute_min,
            parameters=parameters,
        )
    known = PersonDays(people, clock, streams, commute_min, traits, table, parameters)
    drawn, following = drawn_days(known, day)
    days = OpenDays(drawn.wake_min, DAY_MIN + following)
    bed = _with_nights(days, drawn.bed_min, parameters)
    duties = drawn.draws.bounds.duties
    at_home = duties.at_home | (people.work == NOBODY)
    _with_duties(
        days,
        np.flatnonzero(duties.has),
        bed,
        start=drawn.duty_start_min,
        end=drawn.duty_end_min,
        way=np.where(at_home, 0.0, commute_min),
        is_school=duties.is_school,
        at_home=at_home | (people.work == people.home),
        parameters=parameters,
    )
    return MandatoryDays(days, bed, drawn, np.empty((len(people), 0)))


def _usual_days(
    people: PeopleColumns,
    day: int,
    *,
    clock: Clock,
    streams: ColumnStreams,
    commute_min: Float,
    parameters: CityParameters,
) -> MandatoryDays:
    """Return days without a table of time use, at the usual hours."""
    wake, until = (_usual_wake(people, one, clock, streams, parameters) for one in (day, day + 1))
    days = OpenDays(wake, DAY_MIN + until)
    uniforms = streams.on("plan", day=day, n=PLAN_DRAWS)
    shift = parameters.mobility.planner.jitter_min * normal_of(uniforms[:, BED])
    bed = _with_nights(days, to_blocks(people.bed_min + shift), parameters)
    start = to_blocks(people.work_start_min)
    on_duty = works_on(people, day, clock) & (people.work != NOBODY)
    _with_duties(
        days,
        np.flatnonzero(on_duty),
        bed,
        start=start,
        end=start + to_blocks(people.work_minutes),
        way=commute_min,
        is_school=is_in(people, _LEARN),
        at_home=people.work == people.home,
        parameters=parameters,
    )
    return MandatoryDays(days, bed, None, uniforms)


def _usual_wake(
    people: PeopleColumns,
    day: int,
    clock: Clock,
    streams: ColumnStreams,
    parameters: CityParameters,
) -> Minutes:
    """Return when persons get up without a table of time use, in minutes from midnight."""
    planner = parameters.mobility.planner
    draws = streams.on("wake", day=day, known_from=day - 1, n=1)[:, 0]
    shift = planner.jitter_min * normal_of(draws)
    is_off = (people.work_days > 0) & ~works_on(people, day, clock)
    shift += np.where(is_off, planner.lie_in_min, 0)
    earliest, latest = planner.hours.earliest_wake_shift_min, planner.hours.latest_wake_shift_min
    # One day must end before the next begins, however late the person gets up.
    return to_blocks(people.wake_min + np.minimum(np.maximum(shift, earliest), latest))


def _with_nights(days: OpenDays, bed: Minutes, parameters: CityParameters) -> Minutes:
    """Put the nights into days, and return when they begin."""
    hours = parameters.mobility.planner.hours
    bed = np.maximum(bed, days.start + hours.least_awake_min)
    bed = np.minimum(bed, days.end - hours.least_night_min)
    sleep = block_code(purpose_codes(parameters).of[Purpose.SLEEP], AT_HOME, fixed=True)
    days.settle(np.arange(len(days)), bed, days.end, sleep)
    # Without time for a night there is none.
    return np.where(bed < days.start, days.end, bed)


def _with_duties(
    days: OpenDays,
    rows: Int,
    bed: Minutes,
    *,
    start: Minutes,
    end: Minutes,
    way: Float,
    is_school: Bool,
    at_home: Bool,
    parameters: CityParameters,
) -> None:
    """Put work or school into some of the days, with the way there before it."""
    codes, care = purpose_codes(parameters).of, planned_min(parameters.purposes["care"])
    leave = np.maximum(start[rows] - _up_to_blocks(way[rows]), days.start[rows] + care)
    until = np.minimum(end[rows], bed[rows] - care)
    fits = until > np.maximum(leave, start[rows])
    rows, leave, until = rows[fits], leave[fits], until[fits]
    purpose = np.where(is_school[rows], codes[Purpose.SCHOOL], codes[Purpose.WORK])
    place = np.where(at_home[rows], AT_HOME, AT_WORK)
    days.settle(rows, leave, until, block_code(purpose, place, fixed=True))


def _up_to_blocks(minutes: Float) -> Minutes:
    # Rounds up: just under half a block is added, so that whole blocks stay as they are.
    return -to_blocks(-minutes - 2.4)


def planned_min(spec: PurposeSpec) -> int:
    """Return how long an activity takes that is planned, in whole blocks; 0 if nothing says so.

    Examples
    --------
    >>> planned_min(PurposeSpec(usual_min=70.0, planned_min=50.0))
    50
    """
    return round_to_block(spec.planned_min or spec.usual_min or 0.0)
