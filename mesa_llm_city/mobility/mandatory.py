"""Mandatory activities of a day: getting up, going to bed, work and school.

They follow from a person's habits and are the same by rule and by prompt.
"""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility.schedule import Plan, overlay, round_to_block
from mesa_llm_city.parameters import CityParameters, PurposeSpec
from mesa_llm_city.population import Occupation, Persona

__all__ = ["is_on_duty", "mandatory_day", "planned_min", "wake_min"]


def is_on_duty(persona: Persona, day: int, clock: Clock) -> bool:
    """Tell whether a person goes to work or school on `day`."""
    return _works(persona, day, clock) and persona.work is not None


def wake_min(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    parameters: CityParameters,
) -> int:
    """Return the minute of the run at which a person gets up on `day`.

    Parameters
    ----------
    persona : Persona
        The person.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    parameters : CityParameters
        Reads `mobility.planner`.
    """
    planner, habits = parameters.mobility.planner, persona.habits
    shift = planner.jitter_min * streams.at("wake", step=day + 1).standard_normal()
    if habits.work_days and not _works(persona, day, clock):
        shift += planner.lie_in_min
    earliest, latest = planner.hours.earliest_wake_shift_min, planner.hours.latest_wake_shift_min
    # One day must end before the next begins, however late the person gets up.
    return round_to_block(day * DAY_MIN + habits.wake_min + min(max(shift, earliest), latest))


def mandatory_day(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    commute_min: float,
    parameters: CityParameters,
) -> tuple[Plan, np.random.Generator]:
    """Return a day with sleep and work or school only, and the generator for the rest of it.

    Parameters
    ----------
    persona, day, clock, streams, parameters
        See `wake_min`.
    commute_min : float
        Expected way from home to work or school, in minutes.

    Returns
    -------
    tuple of Activity
        From getting up on `day` to getting up on the next; what is free has no purpose.
    numpy.random.Generator
        The stream of this plan, for the draws that follow.
    """
    wake, end = (
        wake_min(persona, one, clock=clock, streams=streams, parameters=parameters)
        for one in (day, day + 1)
    )
    rng = streams.at("plan", step=day + 1)
    whole = Activity(purpose=None, start_min=wake, end_min=end)
    plan = overlay((whole,), _night(whole, persona, day, rng, parameters))
    if is_on_duty(persona, day, clock):
        plan = _with_duty(plan, persona, day, commute_min, parameters)
    return plan, rng


def planned_min(spec: PurposeSpec) -> int:
    """Return how long an activity takes that is planned, in whole blocks; 0 if nothing says so.

    Examples
    --------
    >>> planned_min(PurposeSpec(usual_min=70.0, planned_min=50.0))
    50
    """
    return round_to_block(spec.planned_min or spec.usual_min or 0.0)


def _works(persona: Persona, day: int, clock: Clock) -> bool:
    minute = day * DAY_MIN
    return persona.habits.works_on(clock.weekday(minute)) and not clock.is_holiday(minute)


def _night(
    whole: Activity,
    persona: Persona,
    day: int,
    rng: np.random.Generator,
    parameters: CityParameters,
) -> Activity:
    planner = parameters.mobility.planner
    shift = planner.jitter_min * rng.standard_normal()
    bed = round_to_block(day * DAY_MIN + persona.habits.bed_min + shift)
    earliest = whole.start_min + planner.hours.least_awake_min
    bed = min(max(bed, earliest), whole.end_min - planner.hours.least_night_min)
    return Activity(
        purpose=Purpose.SLEEP,
        start_min=bed,
        end_min=whole.end_min,
        place=persona.home,
        fixed=True,
    )


def _with_duty(
    plan: Plan, persona: Persona, day: int, commute_min: float, parameters: CityParameters
) -> Plan:
    habits, free = persona.habits, plan[0]
    care = planned_min(parameters.purposes["care"])
    begin = day * DAY_MIN + round_to_block(habits.work_start_min)
    leave = max(begin - _up_to_block(commute_min), free.start_min + care)
    end = min(begin + round_to_block(habits.work_minutes), free.end_min - care)
    if end <= max(leave, begin):
        return plan
    learns = persona.occupation in {Occupation.PUPIL, Occupation.STUDENT}
    duty = Activity(
        purpose=Purpose.SCHOOL if learns else Purpose.WORK,
        start_min=leave,
        end_min=end,
        place=persona.work,
        fixed=True,
    )
    return overlay(plan, duty)


def _up_to_block(minutes: float) -> int:
    # Rounds up: just under half a block is added, so that whole blocks stay as they are.
    return -round_to_block(-minutes - 2.4)
