"""Hours of sleep and meals, from who a person is, her duties and a little luck.

Where no source is named the number is an assumption about Japanese city life.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.population.schedules.working_hours import NIGHT_START_MIN, Duty

__all__ = ["Day", "commute_minutes", "draw_day", "eating_out"]

_STEP_MIN = 5


class Day(NamedTuple):
    """Hours of sleep and meals: arrays of shape (n,)."""

    wake_min: Int
    bed_min: Int
    lunch_min: Int
    dinner_min: Int


def commute_minutes(distance_km: Float) -> Float:
    """Return a rough time from door to door: ten minutes and 15 km/h, at most two hours.

    Habits need only its size; the trips themselves are timed by the city.

    Examples
    --------
    >>> commute_minutes(np.array([5.0, 80.0])).tolist()
    [30.0, 120.0]
    """
    minutes: Float = np.minimum(10.0 + 4.0 * distance_km, 120.0)
    return minutes


def draw_day(age: Int, conscientiousness: Int, duty: Duty, commute_min: Float, luck: Float) -> Day:
    """Draw when a person gets up, goes to bed and eats.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    conscientiousness : ndarray of int64, shape (n,)
        Level 1 to 3.
    duty : Duty
        Work or school.
    commute_min : ndarray of float64, shape (n,)
        Time to get there.
    luck : ndarray of float64, shape (n, 4)
        Standard-normal numbers: chronotype, sleep need, lunch, dinner.

    Returns
    -------
    Day
        Multiples of five minutes with wake < lunch < dinner < bed.

    Notes
    -----
    Sleep is latest around the age of 20 and earlier ever after [1]_;
    conscientious people are earlier [2]_. The curves by age keep the night of
    those aged 10 and over near the 7 h 54 min of the Survey on Time Use and
    Leisure Activities 2021 (Statistics Bureau of Japan), with sleep lost before
    work; their exact course is an assumption. Who must be somewhere gets up 50
    minutes and the way before, and nobody goes to bed within an hour of coming
    home. Night workers sleep after their shift.

    References
    ----------
    .. [1] Roenneberg et al. (2004), A marker for the end of adolescence.
       Current Biology 14(24), R1038-R1039.
    .. [2] Adan et al. (2012), Circadian typology: a comprehensive review.
       Chronobiology International 29(9), 1153-1175.
    """
    wake, bed = _body_clock(age, conscientiousness, luck[:, 0], luck[:, 1])
    wake, bed = _around_duty(wake, bed, duty, commute_min)
    lunch, dinner = _meals(wake, duty, commute_min, luck[:, 2:])
    bed = np.maximum(bed, dinner + 60.0)
    night = _night_day(duty, commute_min, luck)
    at_night = duty.start_min >= NIGHT_START_MIN
    chosen = np.where(at_night, night, np.stack([wake, bed, lunch, dinner]))
    return Day(*(np.round(chosen / _STEP_MIN).astype(np.int64) * _STEP_MIN))


def _body_clock(
    age: Int, conscientiousness: Int, chronotype: Float, need: Float
) -> tuple[Float, Float]:
    years = (0, 6, 12, 15, 20, 35, 50, 65, 80)
    wake = np.interp(age, years, (420, 405, 405, 420, 475, 430, 405, 385, 380))
    bed = np.interp(age, years, (1215, 1275, 1335, 1385, 1460, 1415, 1395, 1365, 1310))
    shift = 35.0 * np.clip(chronotype, -2.5, 2.5) - 10.0 * (conscientiousness - 2)
    return wake + shift, bed + shift - 15.0 * np.clip(need, -2.5, 2.5)


def _around_duty(wake: Float, bed: Float, duty: Duty, commute_min: Float) -> tuple[Float, Float]:
    busy = duty.days > 0
    latest = np.where(busy, duty.start_min - 50.0 - commute_min, np.inf)
    early = np.maximum(wake - latest, 0.0)
    back = np.where(busy, duty.start_min + duty.minutes + commute_min, 0.0)
    # Two thirds of the sleep lost in the morning are made up for in the evening.
    bed = np.maximum(bed - early * 2.0 / 3.0, back + 60.0)
    wake = wake - early
    # A night has at least five hours and a half.
    return wake, np.minimum(bed, wake + DAY_MIN - 330.0)


def _meals(wake: Float, duty: Duty, commute_min: Float, luck: Float) -> tuple[Float, Float]:
    lunch = np.maximum(730.0 + 15.0 * np.clip(luck[:, 0], -2.5, 2.5), wake + 60.0)
    dinner = 1130.0 + 30.0 * np.clip(luck[:, 1], -2.5, 2.5)
    back = np.where(duty.days > 0, duty.start_min + duty.minutes + commute_min + 15.0, 0.0)
    # Who comes home after half past nine has eaten during the shift.
    dinner = np.where(back > 1290.0, 1080.0, np.maximum(dinner, back))
    return lunch, np.maximum(dinner, lunch + 180.0)


def _night_day(duty: Duty, commute_min: Float, luck: Float) -> Float:
    bed = duty.start_min + duty.minutes + commute_min + 45.0
    asleep = 420.0 + 15.0 * np.clip(luck[:, 1], -2.5, 2.5)
    wake = bed + asleep - DAY_MIN
    return np.stack([wake, bed, wake + 75.0, np.full_like(wake, 1560.0)])


def eating_out(age: Int, alone: NDArray[np.bool_], busy: NDArray[np.bool_], luck: Float) -> Int:
    """Return the share of meals eaten out, in twentieths (assumption).

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    alone, busy : ndarray of bool, shape (n,)
        Whether the person lives alone; whether she works or studies.
    luck : ndarray of float64, shape (n,)
        Uniform numbers in [0, 1).

    Examples
    --------
    >>> busy = np.array([True, False])
    >>> eating_out(np.array([30, 4]), busy, busy, np.array([0.5, 0.5])).tolist()
    [9, 1]
    """
    grown = (age >= 18).astype(np.float64)
    usual = 1.0 + grown * (2.0 + 3.0 * alone + 3.0 * busy - 2.0 * (age >= 65))
    twentieths: Int = np.round(usual * (0.5 + luck)).astype(np.int64)
    return twentieths
