"""How long people sleep as a rule, given their age and hours of work."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.population import ScheduleParameters
from mesa_llm_city.population.big_five import BigFive
from mesa_llm_city.population.categories import MAX_AGE
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.schedules.daily_hours import draw_daily_hours
from mesa_llm_city.population.schedules.night_loops import (
    GROUPS,
    ROUNDED_MIN,
    NightNumbers,
    fill_sleep_needs,
)
from mesa_llm_city.population.schedules.working_hours import WorkingHours

__all__ = ["night_numbers", "sleep_need", "sleep_needs"]

_AT_ONCE = 256  # kinds of people computed at once
_FEW = 8  # fewer are looked up one by one
# Age, level of a trait, set of weekdays, two times in minutes, and the way, as one number.
_BITS = np.array([8, 3, 8, 12, 12, 12])
_SHIFTS = np.cumsum(_BITS) - _BITS
_CONSCIENTIOUSNESS = BigFive._fields.index("conscientiousness")


def sleep_need(persona: Persona, commute_min: float, parameters: ScheduleParameters) -> float:
    """Return how much a person sleeps compared with others (see `sleep_needs`).

    Parameters
    ----------
    persona : Persona
        The person, whose habits say when they get up and go to bed.
    commute_min : float
        Expected way to work or school, in minutes.
    parameters : ScheduleParameters
        Hours of sleep and meals.
    """
    people = PeopleColumns.of([persona])
    return float(sleep_needs(people, np.array([commute_min]), parameters)[0])


def sleep_needs(people: PeopleColumns, commute_min: Float, parameters: ScheduleParameters) -> Float:
    """Return how much persons sleep compared with others of their age and hours.

    Parameters
    ----------
    people : PeopleColumns
        The persons, whose habits say when they get up and go to bed.
    commute_min : ndarray of float64, shape (m,)
        Expected way to work or school, in minutes.
    parameters : ScheduleParameters
        Hours of sleep and meals.

    Returns
    -------
    ndarray of float64, shape (m,)
        In standard deviations of what people need (`sleep.need_sd_min`), at most
        `sleep.most_sd`; 0 if people do not differ in it.
    """
    spread, most = parameters.sleep.need_sd_min, parameters.sleep.most_sd
    if not spread:
        return np.zeros(len(people))
    loop, rows = compiled(fill_sleep_needs), people.for_loops()
    if loop is not None and rows is not None:
        needs = np.empty(len(people))
        loop(rows, commute_min, _CONSCIENTIOUSNESS, night_numbers(parameters), needs)
        return needs
    rounded = ROUNDED_MIN * np.rint(np.asarray(commute_min) / ROUNDED_MIN)
    columns = (
        people.age,
        people.big_five[:, _CONSCIENTIOUSNESS],
        people.work_days,
        people.work_start_min,
        people.work_minutes,
        rounded,
    )
    kinds = np.stack(columns, axis=1).astype(np.int64)
    usual = _usual_nights(kinds, parameters)
    asleep = people.wake_min + DAY_MIN - people.bed_min
    return np.clip((asleep - usual) / spread, -most, most)


@lru_cache(maxsize=8)
def night_numbers(parameters: ScheduleParameters) -> NightNumbers:
    """Return what the loop over persons reads of the parameters."""
    sleep, meals, night = parameters.sleep, parameters.meals, parameters.night_shift
    ages = np.arange(MAX_AGE + 1)
    wake, bed = (np.interp(ages, *curve.knots) for curve in (sleep.wake_min, sleep.bed_min))
    scalars = (
        sleep.need_sd_min,
        sleep.most_sd,
        sleep.chronotype_sd_min,
        sleep.earlier_if_conscientious_min,
        sleep.before_duty_min,
        sleep.after_duty_min,
        sleep.recovered_share,
        sleep.least_night_min,
        sleep.after_dinner_min,
        meals.lunch_min,
        meals.lunch_after_wake_min,
        meals.dinner_min,
        meals.dinner_after_home_min,
        meals.latest_home_min,
        meals.dinner_at_work_min,
        meals.between_meals_min,
        night.starts_from_min,
        night.bed_after_home_min,
        night.asleep_min,
        night.asleep_sd_min,
    )
    group = np.clip(GROUPS, -sleep.most_sd, sleep.most_sd)
    return NightNumbers(group, wake, bed, *(float(one) for one in scalars))


def _usual_nights(kinds: Int, parameters: ScheduleParameters) -> Float:
    """Return the mean night of each kind of person, in minutes."""
    if len(kinds) > _FEW:
        keys = _packed(kinds)
        if keys is not None:
            return _known_nights(parameters).of(keys, kinds)
    return np.array([_usual_night_min(tuple(one), parameters) for one in kinds.tolist()])


def _packed(kinds: Int) -> Int | None:
    """Return each kind as one number, or None if one of them has a number out of the ordinary."""
    if int(kinds.min()) < 0 or (kinds.max(axis=0) >> _BITS).any():
        return None
    packed: Int = (kinds << _SHIFTS).sum(axis=1)
    return packed


class _KnownNights:
    """Mean nights that have been worked out, by kinds of person as numbers in rising order."""

    def __init__(self, parameters: ScheduleParameters) -> None:
        self._parameters = parameters
        self._keys, self._nights = np.empty(0, dtype=np.int64), np.empty(0)

    def of(self, keys: Int, kinds: Int) -> Float:
        """Return the mean night of each kind; those that are asked for first are worked out."""
        new = self._keys[self._positions(keys)] != keys if len(self._keys) else np.isfinite(keys)
        if new.any():
            self._work_out(keys[new], kinds[new])
        return self._nights[self._positions(keys)]

    def _positions(self, keys: Int) -> Int:
        return np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)

    def _work_out(self, keys: Int, kinds: Int) -> None:
        fresh, row = np.unique(keys, return_index=True)
        some = kinds[row]
        nights = [
            _mean_nights(some[first : first + _AT_ONCE], self._parameters)
            for first in range(0, len(some), _AT_ONCE)
        ]
        every = np.concatenate([self._keys, fresh])
        order = np.argsort(every)
        self._keys = every[order]
        self._nights = np.concatenate([self._nights, *nights])[order]


@lru_cache(maxsize=8)
def _known_nights(parameters: ScheduleParameters) -> _KnownNights:
    return _KnownNights(parameters)


@lru_cache(maxsize=16384)
def _usual_night_min(kind: tuple[int, ...], parameters: ScheduleParameters) -> float:
    return float(_mean_nights(np.array([kind]), parameters)[0])


def _mean_nights(kinds: Int, parameters: ScheduleParameters) -> Float:
    """Return the mean night, in minutes, over people who differ in chronotype and need."""
    count = len(GROUPS) ** 2
    draws = np.zeros((count, 4))
    draws[:, 0], draws[:, 1] = np.repeat(GROUPS, len(GROUPS)), np.tile(GROUPS, len(GROUPS))
    columns = np.repeat(kinds, count, axis=0).T
    age, conscientiousness, days, start_min, minutes, commute_min = columns
    drawn = draw_daily_hours(
        age,
        conscientiousness,
        WorkingHours(days, start_min, minutes),
        commute_min.astype(np.float64),
        np.tile(draws, (len(kinds), 1)),
        parameters=parameters,
    )
    night = (drawn.wake_min + DAY_MIN - drawn.bed_min).reshape(len(kinds), count)
    # Whole minutes, so that their sum does not depend on its order.
    mean: Float = night.sum(axis=1) / count
    return mean
