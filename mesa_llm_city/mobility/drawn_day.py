"""The frame of days drawn from a table of time use: night, duty, and what else is aimed at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Float
from mesa_llm_city.mobility.drawn_loops import Dates, FrameNumbers, Frames, FrameTables, fill_frames
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.open_days import to_blocks
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.population import TimeUseParameters
from mesa_llm_city.population import (
    DayBounds,
    DayDraws,
    DayTraits,
    TimeUseTable,
    draw_bounds,
    draw_days,
)
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.time_use.day import day_numbers, day_weights
from mesa_llm_city.population.time_use.day_loops import Aims
from mesa_llm_city.population.time_use.duty import DRAWS, Duties, duty_groups
from mesa_llm_city.population.time_use.row import AWAY, DRAWN, loop_rows_of
from mesa_llm_city.population.time_use.traits import NUMBERS

__all__ = [
    "DrawnDays",
    "PersonDays",
    "dates_of",
    "drawn_days",
    "frame_numbers",
    "frame_tables",
    "meal_minutes",
]


class PersonDays(NamedTuple):
    """Persons whose days are drawn, and what is known of them.

    Attributes
    ----------
    people : PeopleColumns
        The m persons; habits say about when they sleep and work.
    clock : Clock
        The calendar.
    streams : ColumnStreams
        Their random streams.
    commute_min : ndarray of float64, shape (m,)
        Expected way from home to work or school, in minutes.
    traits : DayTraits
        What they are like.
    table : TimeUseTable
        Shares and minutes by kind of person and day.
    parameters : CityParameters
        Reads `population.time_use`, `population.schedules` and `mobility.planner`.
    """

    people: PeopleColumns
    clock: Clock
    streams: ColumnStreams
    commute_min: Float
    traits: DayTraits
    table: TimeUseTable
    parameters: CityParameters


class DrawnDays(NamedTuple):
    """Days of m persons as they were drawn; minutes from midnight, in whole blocks.

    Attributes
    ----------
    draws : DayDraws
        What is aimed at.
    wake_min, bed_min : ndarray of int32, shape (m,)
        When each gets up and goes to bed; the next day may make it earlier.
    duty_start_min, duty_end_min : ndarray of int32, shape (m,)
        From when to when work or school lasts, with its break; equal without duty.
    meals : ndarray of int32, shape (3, m)
        Minutes of breakfast, lunch and dinner; 0 for a meal that is left out.
    """

    draws: DayDraws
    wake_min: Minutes
    bed_min: Minutes
    duty_start_min: Minutes
    duty_end_min: Minutes
    meals: Minutes

    @property
    def has_duty(self) -> Bool:
        """Whether work or school lasts any time."""
        return self.duty_end_min > self.duty_start_min


class _Awake(NamedTuple):
    """Minutes from midnight to getting up, how long each is awake, and when a duty begins."""

    wake_min: Float
    awake_min: Float
    duty_start_min: Minutes
    way_min: Float

    def first(self, count: int) -> _Awake:
        """Return the first rows."""
        return _Awake(
            self.wake_min[:count],
            self.awake_min[:count],
            self.duty_start_min[:count],
            self.way_min[:count],
        )


def drawn_days(known: PersonDays, day: int) -> tuple[DrawnDays, Minutes]:
    """Draw the frame of a day, of which -1 is the day before the run.

    Returns
    -------
    DrawnDays
        The day.
    ndarray of int32, shape (m,)
        When each gets up on the next day, in minutes from midnight of that.
    """
    loop, rows = compiled(fill_frames), known.people.for_loops()
    if loop is not None and rows is not None:
        frames = _room_for(len(known.people))
        loop(
            rows,
            known.traits,
            known.commute_min,
            known.streams.persons,
            dates_of(known.clock, day, known.streams),
            frame_tables(known.table, known.parameters.population.time_use),
            frame_numbers(known.parameters),
            np.empty(DRAWS + 1),
            np.empty(NUMBERS),
            frames,
        )
        return _as_drawn(frames), frames.minutes[7]
    count, both = len(known.people), (day, day + 1)
    bounds = draw_bounds(
        known.people,
        both,
        clock=known.clock,
        streams=known.streams,
        traits=known.traits,
        table=known.table,
        parameters=known.parameters.population.time_use,
    )
    found = _awake(known, both, bounds)
    wakes = to_blocks(found.wake_min)
    bounds, found = bounds.take(slice(count)), found.first(count)
    draws = draw_days(
        known.people,
        day,
        bounds,
        streams=known.streams,
        traits=known.traits,
        table=known.table,
        parameters=known.parameters.population.time_use,
    )
    meals, duties = meal_minutes(draws.of("eating"), known.parameters), bounds.duties
    end = found.duty_start_min + to_blocks(_span_min(draws, meals[1], known.parameters))
    sleep = known.parameters.population.schedules.sleep
    late = np.where(duties.has, end + found.way_min + sleep.after_duty_min / 2.0, -np.inf)
    bed = to_blocks(np.maximum(found.wake_min + found.awake_min, late))
    return DrawnDays(draws, wakes[:count], bed, found.duty_start_min, end, meals), wakes[count:]


def _room_for(count: int) -> Frames:
    return Frames(
        np.empty(count, dtype=np.int64),
        np.empty((7, count), dtype=bool),
        np.empty((4, count)),
        np.empty((8, count), dtype=np.int32),
        Aims(np.empty((count, len(DRAWN))), *np.empty((3, count, len(AWAY)))),
    )


def dates_of(clock: Clock, day: int, streams: ColumnStreams) -> Dates:
    """Return a day and the next one with their seeds, as loops read them."""
    return _dates(clock, day, *(streams.seed_on(day + one) for one in (-1, 0, 1)))


@lru_cache(maxsize=64)
def _dates(clock: Clock, day: int, *seeds: int) -> Dates:
    """Return a day and the next one, given the seeds of the day before, and of both."""
    both, words = (day, day + 1), np.array(seeds, dtype=np.uint64)
    return Dates(
        np.array([clock.day_type(one) for one in both]),
        np.array([clock.weekday(one * DAY_MIN) for one in both]),
        np.array([clock.is_holiday(one * DAY_MIN) for one in both]),
        np.array([one + 1 for one in both]),
        words[1:],
        words[:-1],
        *(np.uint64(word_of(one)) for one in ("time_use.bounds", "wake", "time_use")),
    )


@keeps_latest
@lru_cache(maxsize=16)
def frame_numbers(parameters: CityParameters) -> FrameNumbers:
    """Return what the loop over persons reads of the parameters."""
    planner, sleep = parameters.mobility.planner, parameters.population.schedules.sleep
    hours = planner.hours
    scalars = (
        planner.breakfast_min,
        planner.lunch_min,
        planner.dinner_min,
        planner.least_meal_min,
        hours.duty_before_break_min + hours.duty_after_break_min,
        planner.jitter_min,
        planner.lie_in_min,
        hours.earliest_wake_shift_min,
        hours.latest_wake_shift_min,
        sleep.before_duty_min,
        sleep.after_duty_min,
    )
    day = day_numbers(parameters.population.time_use)
    return FrameNumbers(day, *(float(one) for one in scalars))


@keeps_latest
@lru_cache(maxsize=16)
def frame_tables(table: TimeUseTable, parameters: TimeUseParameters) -> FrameTables:
    """Return what the loop over persons reads of a table of time use."""
    rows, weights = loop_rows_of(table, parameters), day_weights(parameters)
    return FrameTables(rows, weights, *duty_groups(parameters.duties))


def _as_drawn(frames: Frames) -> DrawnDays:
    works, has, is_school, at_home, is_usual, is_long, leaves = frames.flags
    start, lasts, free, sleep = frames.numbers
    wake, bed, duty_start, duty_end = frames.minutes[:4]
    aims = frames.aims
    duties = Duties(has, is_school, start, lasts, at_home, is_usual)
    bounds = DayBounds(frames.kind, works, duties, is_long, free, sleep)
    draws = DayDraws(bounds, aims.minutes, leaves, aims.ranks, aims.shares, aims.lengths)
    return DrawnDays(draws, wake, bed, duty_start, duty_end, frames.minutes[4:7])


def meal_minutes(total_min: Float, parameters: CityParameters) -> Minutes:
    """Return the minutes of breakfast, lunch and dinner that add up to those of a day.

    They share the minutes as their usual lengths do (`mobility.planner.breakfast_min` and so
    on); the shortest meal is left out as long as one would be shorter than `least_meal_min`.

    Parameters
    ----------
    total_min : ndarray of float64, shape (m,)
        Minutes of eating on the day.
    parameters : CityParameters
        Reads `mobility.planner`.

    Returns
    -------
    ndarray of int32, shape (3, m)
        In whole blocks; 0 for a meal that is left out.

    Examples
    --------
    >>> from mesa_llm_city.parameters import CityParameters
    >>> meal_minutes(np.array([110.0, 30.0]), CityParameters()).T.tolist()
    [[20, 45, 45], [0, 15, 15]]
    """
    planner = parameters.mobility.planner
    usual = (planner.breakfast_min, planner.lunch_min, planner.dinner_min)
    minutes = np.zeros((len(usual), len(total_min)), dtype=np.int32)
    some = np.arange(len(total_min))
    eaten = np.array(usual)[:, np.newaxis].repeat(len(some), axis=1)
    while len(some):
        whole = eaten[0] + eaten[1] + eaten[2]
        shares = to_blocks(total_min[some] * eaten / np.maximum(whole, 1))
        minutes[:, some] = shares
        is_short = (eaten > 0) & (shares < planner.least_meal_min)
        again = np.flatnonzero(is_short.any(axis=0))
        some, eaten = some[again], eaten[:, again]
        eaten[is_short[:, again].argmax(axis=0), np.arange(len(again))] = 0
    return minutes


def _span_min(draws: DayDraws, lunch_min: Minutes, parameters: CityParameters) -> Float:
    """Return how long a duty lasts with its break."""
    duties, hours = draws.bounds.duties, parameters.mobility.planner.hours
    is_long = duties.minutes >= hours.duty_before_break_min + hours.duty_after_break_min
    return duties.minutes + np.where(duties.has & ~duties.is_school & is_long, lunch_min, 0)


def _awake(known: PersonDays, days: Sequence[int], bounds: DayBounds) -> _Awake:
    """Return when persons get up on some days, in the order of the rows of `draw_bounds`.

    The time awake lies around its usual middle, but begins early enough for a duty.
    """
    planner, people, duties = known.parameters.mobility.planner, known.people, bounds.duties
    sleep, hours = known.parameters.population.schedules.sleep, planner.hours
    wakes, beds = np.tile(people.wake_min, len(days)), np.tile(people.bed_min, len(days))
    works, commute = people.work_days > 0, np.tile(known.commute_min, len(days))
    draws = [known.streams.on("wake", day=day, known_from=day - 1, n=1)[:, 0] for day in days]
    jitter = normal_of(np.concatenate(draws))
    awake = DAY_MIN - bounds.sleep_min
    middle = (wakes + beds) / 2.0 + planner.jitter_min * jitter
    middle += (np.tile(works, len(days)) & ~duties.has) * (planner.lie_in_min / 2.0)
    earliest = wakes + hours.earliest_wake_shift_min
    latest = wakes + hours.latest_wake_shift_min
    wake = np.minimum(np.maximum(middle - awake / 2.0, earliest), latest)
    start = to_blocks(duties.start_min)
    way = (duties.has & ~duties.at_home) * commute
    early = np.maximum(np.minimum(wake, start - way - sleep.before_duty_min), earliest)
    return _Awake(np.where(duties.has, early, wake), awake, start, way)
