"""Hours of sleep and meals, drawn by age, personality and working hours."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import (
    CommutingParameters,
    EatingOutParameters,
    MealParameters,
    NightShiftParameters,
    ScheduleParameters,
    SleepParameters,
)
from mesa_llm_city.population.schedules.working_hours import WorkingHours

__all__ = ["TWENTIETHS", "DailyHours", "commute_minutes", "draw_daily_hours", "share_eaten_out"]

_STEP_MIN = 5
TWENTIETHS = 20
"""Resolution of shares: they are drawn as whole twentieths."""


class DailyHours(NamedTuple):
    """Hours of sleep and meals of n persons: arrays of shape (n,).

    Minutes from midnight of the day on which the person gets up.
    """

    wake_min: Int
    bed_min: Int
    lunch_min: Int
    dinner_min: Int


def commute_minutes(distance_km: Float, parameters: CommutingParameters) -> Float:
    """Return the usual time from door to door, in minutes, shape (n,).

    Habits need only its size; the trips of a run are timed by the city.

    Parameters
    ----------
    distance_km : ndarray of float64, shape (n,)
        Straight line between home and work.
    parameters : CommutingParameters
        By default ten minutes and 15 km/h, at most two hours.

    Examples
    --------
    >>> commute_minutes(np.array([5.0, 80.0]), CommutingParameters()).tolist()
    [30.0, 120.0]
    """
    minutes = parameters.fixed_min + parameters.min_per_km * distance_km
    return np.minimum(minutes, parameters.longest_min)


def draw_daily_hours(
    age: Int,
    conscientiousness: Int,
    work: WorkingHours,
    commute_min: Float,
    draws: Float,
    *,
    parameters: ScheduleParameters,
) -> DailyHours:
    """Draw when a person gets up, goes to bed and eats.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    conscientiousness : ndarray of int64, shape (n,)
        Level 1 to 3.
    work : WorkingHours
        Hours of work or school.
    commute_min : ndarray of float64, shape (n,)
        Time to get there, in minutes.
    draws : ndarray of float64, shape (n, 4)
        Standard-normal numbers: chronotype, sleep need, lunch, dinner.
    parameters : ScheduleParameters
        Hours of sleep and meals.

    Returns
    -------
    DailyHours
        Multiples of five minutes with wake < lunch < dinner < bed.

    Notes
    -----
    Sleep is latest around the age of 20 and earlier afterwards [1]_;
    conscientious people are earlier [2]_. The curves by age keep the night of
    those aged 10 and over near the 7 h 54 min of the Survey on Time Use and
    Leisure Activities 2021 (Statistics Bureau of Japan), with sleep lost before
    work; their exact course is an assumption. By default people get up 50 minutes
    and the commute before work or school begins, and go to bed at the earliest an
    hour after coming home. Night workers sleep after their shift.

    References
    ----------
    .. [1] Roenneberg et al. (2004), A marker for the end of adolescence.
       Current Biology 14(24), R1038-R1039.
    .. [2] Adan et al. (2012), Circadian typology: a comprehensive review.
       Chronobiology International 29(9), 1153-1175.
    """
    sleep = parameters.sleep
    draws = np.clip(draws, -sleep.most_sd, sleep.most_sd)
    wake, bed = _without_work(age, conscientiousness, draws, sleep)
    wake, bed = _around_work(wake, bed, work, commute_min, sleep)
    lunch, dinner = _meals(wake, work, commute_min, draws, parameters.meals)
    bed = np.maximum(bed, dinner + sleep.after_dinner_min)
    at_night = _after_night_shift(work, commute_min, draws, parameters.night_shift)
    works_at_night = work.start_min >= parameters.night_shift.starts_from_min
    hours = np.where(works_at_night, at_night, np.stack([wake, bed, lunch, dinner]))
    return _within_two_days(np.round(hours / _STEP_MIN).astype(np.int64) * _STEP_MIN)


def _within_two_days(hours: Int) -> DailyHours:
    """Limit hours to what `Habits` accepts, whatever the parameters are."""
    wake, bed, lunch, dinner = hours
    wake = np.clip(wake, 0, DAY_MIN - _STEP_MIN)
    bed = np.clip(bed, wake + _STEP_MIN, wake + DAY_MIN)
    last = 2 * DAY_MIN - _STEP_MIN
    return DailyHours(wake, bed, np.clip(lunch, 0, last), np.clip(dinner, 0, last))


def _without_work(
    age: Int, conscientiousness: Int, draws: Float, sleep: SleepParameters
) -> tuple[Float, Float]:
    wake = np.interp(age, *sleep.wake_min.knots)
    bed = np.interp(age, *sleep.bed_min.knots)
    shift = sleep.chronotype_sd_min * draws[:, 0]
    shift = shift - sleep.earlier_if_conscientious_min * (conscientiousness - 2)
    return wake + shift, bed + shift - sleep.need_sd_min * draws[:, 1]


def _around_work(
    wake: Float, bed: Float, work: WorkingHours, commute_min: Float, sleep: SleepParameters
) -> tuple[Float, Float]:
    works = work.days > 0
    latest = np.where(works, work.start_min - sleep.before_duty_min - commute_min, np.inf)
    lost = np.maximum(wake - latest, 0.0)
    back = np.where(works, work.start_min + work.minutes + commute_min, 0.0)
    bed = np.maximum(bed - lost * sleep.recovered_share, back + sleep.after_duty_min)
    wake = wake - lost
    return wake, np.minimum(bed, wake + DAY_MIN - sleep.least_night_min)


def _meals(
    wake: Float, work: WorkingHours, commute_min: Float, draws: Float, meals: MealParameters
) -> tuple[Float, Float]:
    lunch = meals.lunch_min + meals.lunch_sd_min * draws[:, 2]
    lunch = np.maximum(lunch, wake + meals.lunch_after_wake_min)
    dinner = meals.dinner_min + meals.dinner_sd_min * draws[:, 3]
    back = work.start_min + work.minutes + commute_min + meals.dinner_after_home_min
    back = np.where(work.days > 0, back, 0.0)
    # People who come home late have eaten during work.
    late = back > meals.latest_home_min
    dinner = np.where(late, meals.dinner_at_work_min, np.maximum(dinner, back))
    return lunch, np.maximum(dinner, lunch + meals.between_meals_min)


def _after_night_shift(
    work: WorkingHours, commute_min: Float, draws: Float, night: NightShiftParameters
) -> Float:
    bed = work.start_min + work.minutes + commute_min + night.bed_after_home_min
    wake = bed + (night.asleep_min + night.asleep_sd_min * draws[:, 1]) - DAY_MIN
    lunch = wake + night.lunch_after_wake_min
    return np.stack([wake, bed, lunch, np.full_like(wake, night.dinner_min)])


def share_eaten_out(
    age: Int,
    alone: NDArray[np.bool_],
    busy: NDArray[np.bool_],
    draws: Float,
    parameters: EatingOutParameters,
) -> Float:
    """Draw the share of meals eaten out.

    Parameters
    ----------
    age : ndarray of int64, shape (n,)
        In years.
    alone, busy : ndarray of bool, shape (n,)
        Whether the person lives alone; whether they work or study.
    draws : ndarray of float64, shape (n,)
        Uniform numbers in [0, 1).
    parameters : EatingOutParameters
        Usual shares; by default assumptions.

    Returns
    -------
    ndarray of float64, shape (n,)
        Shares in [0, 1], in steps of a twentieth.

    Examples
    --------
    >>> busy = np.array([True, False])
    >>> draws = np.array([0.5, 0.5])
    >>> share_eaten_out(np.array([30, 4]), busy, busy, draws, EatingOutParameters()).tolist()
    [0.2, 0.05]
    """
    adult = (age >= parameters.adult_from).astype(np.float64)
    older = parameters.older * (age >= parameters.older_from)
    more = parameters.adult + parameters.alone * alone + parameters.busy * busy + older
    usual = np.maximum(parameters.base + adult * more, 0.0)
    twentieths = np.round(usual * (parameters.lowest_factor + draws))
    share: Float = np.minimum(twentieths, TWENTIETHS) / TWENTIETHS
    return share
