"""One day of one person from a table of time use, in a form that is compiled (see `kernels`).

It does what `draw_bounds` and `draw_days` do for columns.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import normal_at, share_below
from mesa_llm_city.core.values import Float
from mesa_llm_city.population.time_use.duty_loops import (
    DutyNumbers,
    OneDuty,
    OnePerson,
    draw_duty,
)
from mesa_llm_city.population.time_use.row import AWAY, DRAWN, KindRow, LoopRows

__all__ = ["Aims", "DayNumbers", "OneBound", "draw_bound", "fill_day", "leaves_home", "score_of"]

_COUNT = len(DRAWN)
_AT_HOME = _COUNT - len(AWAY)
_EDUCATION = DRAWN.index("education")
_QUANTILE, _SD, _MEAN = range(3)


class DayNumbers(NamedTuple):
    """Numbers of `TimeUseParameters` that the days of a person depend on.

    Attributes
    ----------
    duties : DutyNumbers
        Those of work and school.
    most_sleep_min, most_sleep_long_min : float
        Longest sleep without and with a long duty.
    person, day : float
        Weights of the person and of the day in a score.
    sleep_day, sleep_if_free : float
        Weights of the day and of how free it is in the score of sleep.
    others
        Fields of the parameters.
    """

    duties: DutyNumbers
    most_sleep_min: float
    most_sleep_long_min: float
    person: np.float32
    day: float
    sleep_day: float
    sleep_if_free: float
    most_sd: float
    least_min: float
    least_duty_sd_min: float
    long_duty_min: float
    least_unbound: float
    flexible_at_home: float


class OneBound(NamedTuple):
    """What a day of one person is bound by (see `DayBounds`)."""

    is_works_day: bool
    duty: OneDuty
    is_long: bool
    free: float
    sleep_min: float


class Aims(NamedTuple):
    """Columns of `DayDraws` that are filled, of m persons."""

    minutes: Float
    ranks: Float
    shares: Float
    lengths: Float


def score_of(uniform: float, trait: np.float32, numbers: DayNumbers) -> float:
    """Return a standard normal number of a person on a day, given the part of the person."""
    # The part of the person has the precision of a table that is kept.
    return float(normal_at(uniform) * numbers.day + np.float64(numbers.person * trait))


def draw_bound(  # noqa: PLR0917 - compiled loops take no keywords
    person: OnePerson,
    table: KindRow,
    weekday: int,
    is_holiday: bool,  # noqa: FBT001 - likewise
    uniforms: Float,
    numbers: DayNumbers,
) -> OneBound:
    """Draw duty and sleep of one day.

    Parameters
    ----------
    person, table, uniforms
        See `draw_duty`; one more uniform number is for the night.
    weekday : int
        Day of the week, from 0 for Monday.
    is_holiday : bool
        Whether it is one.
    numbers : DayNumbers
        The parameters.
    """
    works = person.work_days >> weekday & 1 == 1
    duty = draw_duty(person, table, uniforms, works and not is_holiday, numbers.duties)
    is_long = duty.has and duty.minutes >= numbers.long_duty_min
    free = 0.0
    if table.duty_sd_min >= numbers.least_duty_sd_min:
        free = _bounded((table.duty_min - duty.minutes) / table.duty_sd_min, numbers.most_sd)
    score = numbers.sleep_day * normal_at(uniforms[-1]) + numbers.sleep_if_free * free
    score = _bounded(score + np.float64(numbers.person * person.need), numbers.most_sd)
    mean = table.sleep_mean_long if is_long else table.sleep_mean
    most = numbers.most_sleep_long_min if is_long else numbers.most_sleep_min
    sleep = min(math.exp(mean + table.sleep_sd * score), most)
    if sleep < numbers.least_min:
        sleep = 0.0
    return OneBound(works, duty, is_long, free, sleep)


def fill_day(  # noqa: PLR0917 - compiled loops take no keywords
    person: OnePerson,
    uniforms: Float,
    traits: NDArray[np.float32],
    bound: OneBound,
    leaves: bool,  # noqa: FBT001 - likewise
    table: KindRow,
    rows: LoopRows,
    kind: int,
    weights: Float,
    numbers: DayNumbers,
    aims: Aims,
    at: int,
) -> None:
    """Fill what a person aims to do on a day beside duty and sleep.

    Parameters
    ----------
    person, table, numbers
        See `draw_bound`.
    uniforms : ndarray of float64, shape (NUMBERS,)
        Uniform numbers of the person on the day.
    traits : ndarray of float32, shape (NUMBERS,)
        The part of the person in each standard normal number.
    bound : OneBound
        Duty and sleep of the day.
    leaves : bool
        Whether the person leaves home at all (see `leaves_home`).
    rows : LoopRows
        Time use by kind of person and day.
    kind : int
        Which row.
    weights : ndarray of float64, shape (4, activities of `DRAWN`)
        Correlation with how free a day is, what is left for all else, and longest times without
        and with a long duty.
    aims : Aims
        Columns of which a row is filled.
    at : int
        Which.
    """
    long = 1 if bound.is_long else 0
    of_activity = rows.of_activity
    for column in range(_COUNT):
        pull, rest = weights[0, column] * bound.free, weights[1, column]
        score = rest * score_of(uniforms[column], traits[column], numbers) + pull
        is_done, is_away = score > of_activity[kind, column, _QUANTILE], column >= _AT_HOME
        length = 0.0
        if is_done or is_away:
            also = _COUNT + column
            length = rest * score_of(uniforms[also], traits[also], numbers) + pull
            length = _bounded(length, numbers.most_sd) * of_activity[kind, column, _SD]
            length = math.exp(length + of_activity[kind, column, _MEAN + long])
            length = min(length, weights[2 + long, column])
        is_done = is_done and length >= numbers.least_min
        if is_away:
            is_done, away = is_done and leaves, column - _AT_HOME
            aims.ranks[at, away] = share_below(-score)
            aims.shares[at, away] = rows.share_away[kind, away]
            aims.lengths[at, away] = length
        elif column == _EDUCATION and is_done:
            share = table.share_education
            length = _study(person, bound, length, score, share, numbers.duties)
        aims.minutes[at, column] = length if is_done else 0.0


def _bounded(score: float, most: float) -> float:
    return min(max(score, -most), most)


def leaves_home(
    person: OnePerson, bound: OneBound, score: float, table: KindRow, numbers: DayNumbers
) -> bool:
    """Tell whether a person leaves home at all.

    Parameters
    ----------
    person, bound, table, numbers
        See `fill_day`.
    score : float
        Standard normal number of the person on the day.
    """
    if bound.duty.has and not bound.duty.at_home and not person.is_at_work:
        return True
    at_home = numbers.flexible_at_home if person.is_flexible else 0.0
    if person.is_at_work:
        at_home = 1.0
    away = 0.0
    if person.is_employed:
        away = table.share_work * (1.0 - at_home)
    if person.learns:
        away += table.share_education
    chance = (table.leaves_home - away) / max(1.0 - away, numbers.least_unbound)
    return share_below(score) < chance


def _study(  # noqa: PLR0917 - compiled loops take no keywords
    person: OnePerson,
    bound: OneBound,
    told: float,
    score: float,
    share: float,
    numbers: DutyNumbers,
) -> float:
    """Return what is learnt at home: by learners beyond school, and by others."""
    if person.learns:
        if bound.duty.is_school:
            return max(told - bound.duty.minutes, 0.0)
        # A school day without school is one of holidays.
        return 0.0 if bound.is_works_day else told
    others = 1.0 - person.learners
    studies = person.age >= numbers.studies_from_age and share_below(-score) < others * share
    return told if studies else 0.0
