"""How long people sleep as a rule, as a loop over persons that is compiled (see `kernels`).

It does what `sleep_needs` does in NumPy, without a table of nights that are known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Float
from mesa_llm_city.population.people_columns import PersonRows

__all__ = ["GROUPS", "ROUNDED_MIN", "NightNumbers", "fill_sleep_needs"]

GROUPS = (-1.282, -0.524, 0.0, 0.524, 1.282)
"""The middle of five equal groups of people, in standard deviations."""
ROUNDED_MIN = 15
"""Ways to work count in steps of so many minutes."""

_STEP_MIN = 5  # as in `daily_hours`
_EVEN_LEVEL = 2


class NightNumbers(NamedTuple):
    """Numbers of `ScheduleParameters` that the length of the night depends on.

    Attributes
    ----------
    group : ndarray of float64, shape (g,)
        `GROUPS`, cut at the greatest score.
    wake_min, bed_min : ndarray of float64, shape (ages,)
        Hours without work by age.
    others
        Fields of the parameters of sleep, meals and night shifts.
    """

    group: Float
    wake_min: Float
    bed_min: Float
    spread: float
    most_sd: float
    chronotype_sd_min: float
    earlier_if_conscientious_min: float
    before_duty_min: float
    after_duty_min: float
    recovered_share: float
    least_night_min: float
    after_dinner_min: float
    lunch_min: float
    lunch_after_wake_min: float
    dinner_min: float
    dinner_after_home_min: float
    latest_home_min: float
    dinner_at_work_min: float
    between_meals_min: float
    night_from_min: float
    night_bed_min: float
    night_asleep_min: float
    night_asleep_sd_min: float


class _Work(NamedTuple):
    """Hours of work or school of one person, and the way there."""

    works: bool
    start_min: float
    minutes: float
    commute_min: float


def fill_sleep_needs(
    people: PersonRows,
    commute_min: Float,
    conscientiousness: int,
    numbers: NightNumbers,
    need: Float,
) -> None:
    """Fill how much each of m persons sleeps compared with others (see `sleep_needs`).

    Parameters
    ----------
    people : PersonRows
        The persons.
    commute_min : ndarray of float64, shape (m,)
        Expected way to work or school, in minutes.
    conscientiousness : int
        Position of this trait.
    numbers : NightNumbers
        The parameters, with a spread above 0.
    need : ndarray of float64, shape (m,)
        Is filled.
    """
    for at in range(len(people.rows)):
        row = unsigned(people.rows[at])
        work = _Work(
            people.work_days[row] > 0,
            float(people.work_start_min[row]),
            float(people.work_minutes[row]),
            ROUNDED_MIN * np.rint(commute_min[at] / ROUNDED_MIN),
        )
        level = int(people.big_five[row, conscientiousness])
        usual = _mean_night(int(people.age[row]), level, work, numbers)
        asleep = int(people.wake_min[row]) + DAY_MIN - int(people.bed_min[row])
        score = (asleep - usual) / numbers.spread
        need[at] = min(max(score, -numbers.most_sd), numbers.most_sd)


def _mean_night(age: int, level: int, work: _Work, numbers: NightNumbers) -> float:
    """Return the mean night over people who differ in chronotype and need, in minutes."""
    total = 0.0
    for chronotype in numbers.group:
        shift = numbers.chronotype_sd_min * chronotype
        shift = shift - numbers.earlier_if_conscientious_min * (level - _EVEN_LEVEL)
        wake, bed = numbers.wake_min[age] + shift, numbers.bed_min[age] + shift
        for need in numbers.group:
            if work.start_min >= numbers.night_from_min:
                total += _after_night_shift(work, need, numbers)
            else:
                total += _night(wake, bed - numbers.spread * need, work, numbers)
    return total / (len(numbers.group) * len(numbers.group))


def _night(wake: float, bed: float, work: _Work, numbers: NightNumbers) -> float:
    """Return the night of somebody who works by day, or not, given hours without work."""
    back = 0.0
    if work.works:
        lost = max(wake - (work.start_min - numbers.before_duty_min - work.commute_min), 0.0)
        back = work.start_min + work.minutes + work.commute_min
        bed = bed - lost * numbers.recovered_share
        wake = wake - lost
        bed = max(bed, back + numbers.after_duty_min)
        back = back + numbers.dinner_after_home_min
    else:
        bed = max(bed, numbers.after_duty_min)
    bed = min(bed, wake + DAY_MIN - numbers.least_night_min)
    lunch = max(numbers.lunch_min, wake + numbers.lunch_after_wake_min)
    dinner = max(numbers.dinner_min, back)
    if back > numbers.latest_home_min:
        dinner = numbers.dinner_at_work_min
    dinner = max(dinner, lunch + numbers.between_meals_min)
    return _between(wake, max(bed, dinner + numbers.after_dinner_min))


def _after_night_shift(work: _Work, need: float, numbers: NightNumbers) -> float:
    """Return the night of somebody who works at night."""
    bed = work.start_min + work.minutes + work.commute_min + numbers.night_bed_min
    wake = bed + (numbers.night_asleep_min + numbers.night_asleep_sd_min * need) - DAY_MIN
    return _between(wake, bed)


def _between(wake: float, bed: float) -> float:
    """Return how long the night is between hours in whole steps, as `Habits` accepts them."""
    up = float(np.rint(wake / _STEP_MIN)) * _STEP_MIN
    down = float(np.rint(bed / _STEP_MIN)) * _STEP_MIN
    up = min(max(up, 0.0), float(DAY_MIN - _STEP_MIN))
    down = min(max(down, up + _STEP_MIN), up + DAY_MIN)
    return up + DAY_MIN - down
