"""The frame of days drawn from a table of time use, as a loop that is compiled (see `kernels`).

It does what `drawn_days` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import fill_uniforms, normal_at, uniform_at
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.mobility.free_pieces import Minutes
from mesa_llm_city.mobility.schedule import BLOCK_MIN
from mesa_llm_city.population.people_columns import NOBODY, PersonRows
from mesa_llm_city.population.time_use import DayTraits
from mesa_llm_city.population.time_use.day_loops import (
    Aims,
    DayNumbers,
    OneBound,
    draw_bound,
    fill_day,
    leaves_home,
    score_of,
)
from mesa_llm_city.population.time_use.dimensions import DAY_TYPES
from mesa_llm_city.population.time_use.duty_loops import OnePerson
from mesa_llm_city.population.time_use.row import DRAWN, LoopRows, kind_row

__all__ = ["Dates", "FrameNumbers", "FrameTables", "Frames", "fill_frames"]

_DAY_TYPES = len(DAY_TYPES)
_EATING = DRAWN.index("eating")


class Dates(NamedTuple):
    """A day and the next one, and the random streams of both.

    Attributes
    ----------
    day_type, weekday : ndarray of int64, shape (2,)
        What days they are (see `Clock`).
    is_holiday : ndarray of bool, shape (2,)
        Whether they are holidays.
    step : ndarray of int64, shape (2,)
        Their places in the addresses of streams.
    bounds_seed, wake_seed : ndarray of uint64, shape (2,)
        Seeds of what is drawn for each.
    bounds, wake, day : uint64
        What is drawn.
    """

    day_type: Int
    weekday: Int
    is_holiday: Bool
    step: Int
    bounds_seed: NDArray[np.uint64]
    wake_seed: NDArray[np.uint64]
    bounds: np.uint64
    wake: np.uint64
    day: np.uint64


class FrameNumbers(NamedTuple):
    """Numbers that the frame of a day depends on.

    Attributes
    ----------
    day : DayNumbers
        Those of `population.time_use`.
    breakfast_min, lunch_min, dinner_min : float
        Usual lengths of meals.
    duty_around_break_min : float
        Length of a duty that has a break for lunch.
    others
        Fields of `mobility.planner` and `population.schedules.sleep`.
    """

    day: DayNumbers
    breakfast_min: float
    lunch_min: float
    dinner_min: float
    least_meal_min: float
    duty_around_break_min: float
    jitter_min: float
    lie_in_min: float
    earliest_wake_shift_min: float
    latest_wake_shift_min: float
    before_duty_min: float
    after_duty_min: float


class FrameTables(NamedTuple):
    """Tables that the frame of a day depends on.

    Attributes
    ----------
    rows : LoopRows
        Time use by kind of person and day.
    weights : ndarray of float64, shape (4, activities)
        Weights of activities (see `fill_day`).
    is_duty : ndarray of bool, shape (3, occupations)
        Who has which duties (see `duty_groups`).
    learners : ndarray of float64, shape (ages,)
        Share of people who learn by age.
    """

    rows: LoopRows
    weights: Float
    is_duty: Bool
    learners: Float


class Frames(NamedTuple):
    """Columns of `DrawnDays` and what they consist of, of m persons, that are filled.

    Attributes
    ----------
    kind : ndarray of int64, shape (m,)
        Row of the table.
    flags : ndarray of bool, shape (7, m)
        Whether the day is one of work as a rule, there is a duty, it is school, at home, usual,
        long, and whether the person leaves home.
    numbers : ndarray of float64, shape (4, m)
        Begin and minutes of the duty, how free the day is, and minutes of sleep.
    minutes : ndarray of int32, shape (8, m)
        Getting up, going to bed, begin and end of the duty, breakfast, lunch, dinner, and getting
        up on the next day.
    aims : Aims
        What is aimed at.
    """

    kind: Int
    flags: Bool
    numbers: Float
    minutes: Minutes
    aims: Aims


class _Awake(NamedTuple):
    """When a person gets up, how long they are awake, and when the duty begins (see `_awake`)."""

    wake_min: float
    awake_min: float
    start_min: int
    way_min: float


def fill_frames(  # noqa: PLR0917 - compiled loops take no keywords
    people: PersonRows,
    traits: DayTraits,
    commute_min: Float,
    persons: Int,
    dates: Dates,
    tables: FrameTables,
    numbers: FrameNumbers,
    uniforms: Float,
    own: Float,
    frames: Frames,
) -> None:
    """Fill the frame of a day of each of m persons.

    Parameters
    ----------
    people : PersonRows
        The persons.
    traits : DayTraits
        What they are like.
    commute_min : ndarray of float64, shape (m,)
        Expected way from home to work or school, in minutes.
    persons : ndarray of int64, shape (m,)
        Their ids.
    dates : Dates
        The day and the next one.
    tables : FrameTables
        Time use by kind of person and day.
    numbers : FrameNumbers
        The parameters.
    uniforms, own : ndarray of float64, shape (DRAWS + 1,) and (NUMBERS,)
        Are changed.
    frames : Frames
        Is filled.
    """
    for at in range(len(people.rows)):
        row, who = people.rows[at], persons[at]
        age, occupation = int(people.age[row]), people.occupation[row]
        person = OnePerson(
            age,
            tables.learners[age],
            tables.is_duty[0, occupation],
            tables.is_duty[1, occupation],
            tables.is_duty[2, occupation],
            people.work[row] != NOBODY,
            people.work[row] == people.home[row],
            int(traits.employment[at]),
            traits.sleep_need[at],
            int(people.wake_min[row]),
            int(people.bed_min[row]),
            int(people.work_days[row]),
            int(people.work_start_min[row]),
            int(people.work_minutes[row]),
        )
        cell, table = int(traits.cell[at]) * _DAY_TYPES, tables.rows.of_kind
        for which in range(2):
            day = 1 - which  # the day itself comes last, and is gone on with
            kind, step = cell + dates.day_type[day], dates.step[day]
            of_kind = kind_row(table[kind])
            fill_uniforms(dates.bounds_seed[day], who, step, dates.bounds, uniforms)
            weekday, is_holiday = dates.weekday[day], dates.is_holiday[day]
            bound = draw_bound(person, of_kind, weekday, is_holiday, uniforms, numbers.day)
            jitter = normal_at(uniform_at(dates.wake_seed[day], who, step, dates.wake))
            awake = _awake(person, bound, commute_min[at], jitter, numbers)
            if day == 1:
                frames.minutes[7, at] = _to_blocks(awake.wake_min)
        # What a day holds and what it is bound by have the same seed.
        fill_uniforms(dates.bounds_seed[0], who, dates.step[0], dates.day, own)
        score = score_of(own[-1], traits.numbers[at, -1], numbers.day)
        leaves = leaves_home(person, bound, score, of_kind, numbers.day)
        fill_day(
            person,
            own,
            traits.numbers[at],
            bound,
            leaves,
            of_kind,
            tables.rows,
            kind,
            tables.weights,
            numbers.day,
            frames.aims,
            at,
        )
        frames.kind[at], frames.flags[6, at] = kind, leaves
        _keep(frames.flags, frames.numbers, bound, at)
        _fill_minutes(frames.minutes, at, frames.aims.minutes[at, _EATING], bound, awake, numbers)


def _awake(
    person: OnePerson, bound: OneBound, commute_min: float, jitter: float, numbers: FrameNumbers
) -> _Awake:
    """Return when a person gets up; the time awake lies around its usual middle."""
    duty, awake = bound.duty, DAY_MIN - bound.sleep_min
    middle = (person.wake_min + person.bed_min) / 2.0 + numbers.jitter_min * jitter
    if person.work_days > 0 and not duty.has:
        middle += numbers.lie_in_min / 2.0
    earliest = person.wake_min + numbers.earliest_wake_shift_min
    latest = person.wake_min + numbers.latest_wake_shift_min
    wake = min(max(middle - awake / 2.0, earliest), latest)
    start = _to_blocks(duty.start_min)
    way = commute_min if duty.has and not duty.at_home else 0.0
    if duty.has:
        # Early enough for the duty.
        wake = max(min(wake, start - way - numbers.before_duty_min), earliest)
    return _Awake(wake, awake, start, way)


def _keep(flags: Bool, numbers: Float, bound: OneBound, at: int) -> None:
    """Keep what a day is bound by."""
    duty = bound.duty
    flags[0, at], flags[1, at], flags[2, at] = bound.is_works_day, duty.has, duty.is_school
    flags[3, at], flags[4, at], flags[5, at] = duty.at_home, duty.is_usual, bound.is_long
    numbers[0, at], numbers[1, at] = duty.start_min, duty.minutes
    numbers[2, at], numbers[3, at] = bound.free, bound.sleep_min


def _fill_minutes(  # noqa: PLR0917 - compiled loops take no keywords
    minutes: Minutes,
    at: int,
    eating_min: float,
    bound: OneBound,
    awake: _Awake,
    numbers: FrameNumbers,
) -> None:
    """Fill when a person gets up, goes to bed and is on duty, and how long the meals take."""
    duty, lasts = bound.duty, bound.duty.minutes
    breakfast, lunch, dinner = _meals(eating_min, numbers)
    if duty.has and not duty.is_school and lasts >= numbers.duty_around_break_min:
        lasts += lunch
    end = awake.start_min + _to_blocks(lasts)
    bed = awake.wake_min + awake.awake_min
    if duty.has:
        bed = max(bed, end + awake.way_min + numbers.after_duty_min / 2.0)
    minutes[0, at], minutes[1, at] = _to_blocks(awake.wake_min), _to_blocks(bed)
    minutes[2, at], minutes[3, at] = awake.start_min, end
    minutes[4, at], minutes[5, at], minutes[6, at] = breakfast, lunch, dinner


def _meals(total_min: float, numbers: FrameNumbers) -> tuple[int, int, int]:
    """Return the minutes of breakfast, lunch and dinner (see `meal_minutes`)."""
    first, second, third = numbers.breakfast_min, numbers.lunch_min, numbers.dinner_min
    while True:
        whole = max(first + second + third, 1.0)
        breakfast = _to_blocks(total_min * first / whole)
        lunch = _to_blocks(total_min * second / whole)
        dinner = _to_blocks(total_min * third / whole)
        if first > 0.0 and breakfast < numbers.least_meal_min:
            first = 0.0
        elif second > 0.0 and lunch < numbers.least_meal_min:
            second = 0.0
        elif third > 0.0 and dinner < numbers.least_meal_min:
            third = 0.0
        else:
            return breakfast, lunch, dinner


def _to_blocks(minutes: float) -> int:
    """Round to whole blocks, as `to_blocks` does."""
    return int(np.rint(minutes / BLOCK_MIN)) * BLOCK_MIN
