"""How long people sleep as a rule, given their age and hours of work."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.parameters.population import ScheduleParameters
from mesa_llm_city.population.persona import Persona
from mesa_llm_city.population.schedules.daily_hours import draw_daily_hours
from mesa_llm_city.population.schedules.working_hours import WorkingHours

__all__ = ["sleep_need"]

# The middle of five equal groups of people, in standard deviations.
_GROUPS = (-1.282, -0.524, 0.0, 0.524, 1.282)
_ROUNDED_MIN = 15


def sleep_need(persona: Persona, commute_min: float, parameters: ScheduleParameters) -> float:
    """Return how much a person sleeps compared with others of their age and hours.

    Parameters
    ----------
    persona : Persona
        The person, whose habits say when they get up and go to bed.
    commute_min : float
        Expected way to work or school, in minutes.
    parameters : ScheduleParameters
        Hours of sleep and meals.

    Returns
    -------
    float
        In standard deviations of what people need (`sleep.need_sd_min`), at most
        `sleep.most_sd`; 0 if people do not differ in it.
    """
    spread = parameters.sleep.need_sd_min
    if not spread:
        return 0.0
    habits = persona.habits
    usual = _usual_night_min(
        persona.age,
        persona.big_five.conscientiousness,
        (habits.work_days, habits.work_start_min, habits.work_minutes),
        commute_min=_ROUNDED_MIN * round(commute_min / _ROUNDED_MIN),
        parameters=parameters,
    )
    most = parameters.sleep.most_sd
    return min(max((habits.sleep_minutes - usual) / spread, -most), most)


@lru_cache(maxsize=16384)
def _usual_night_min(
    age: int,
    conscientiousness: int,
    hours: tuple[int, int, int],
    *,
    commute_min: int,
    parameters: ScheduleParameters,
) -> float:
    """Return the mean night, in minutes, over people who differ in chronotype and need."""
    count = len(_GROUPS) ** 2
    draws = np.zeros((count, 4))
    draws[:, 0], draws[:, 1] = np.repeat(_GROUPS, len(_GROUPS)), np.tile(_GROUPS, len(_GROUPS))
    work = WorkingHours(*(np.full(count, one) for one in hours))
    drawn = draw_daily_hours(
        np.full(count, age),
        np.full(count, conscientiousness),
        work,
        np.full(count, float(commute_min)),
        draws,
        parameters=parameters,
    )
    return float(np.mean(drawn.wake_min + DAY_MIN - drawn.bed_min))
