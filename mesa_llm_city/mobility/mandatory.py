"""Mandatory activities of a day: getting up, going to bed, work and school.

They follow from a person's habits and are the same by rule and by prompt.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility.drawn_day import DrawnDay, drawn_day
from mesa_llm_city.mobility.outsider_day import outsider_day
from mesa_llm_city.mobility.schedule import Plan, overlay, round_to_block
from mesa_llm_city.parameters import CityParameters, PurposeSpec
from mesa_llm_city.population import Occupation, Persona

__all__ = ["MandatoryDay", "is_on_duty", "mandatory_day", "planned_min", "wake_min"]


class MandatoryDay(NamedTuple):
    """A day with sleep and work or school only.

    Attributes
    ----------
    plan : tuple of Activity
        From getting up to getting up; what is free has no purpose.
    rng : numpy.random.Generator
        The stream of this plan, for the draws that follow.
    drawn : DrawnDay or None
        What else the day holds by the table of time use; None without a table.
    """

    plan: Plan
    rng: np.random.Generator
    drawn: DrawnDay | None


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
    """Return the minute of the run at which a person gets up on `day` without a table of time use.

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
    shift = planner.jitter_min * streams.on("wake", day=day, known_from=day - 1).standard_normal()
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
) -> MandatoryDay:
    """Return a day with sleep and work or school only, from getting up to getting up.

    That of an outsider runs from entering to entering (see `outsider_day`).

    Parameters
    ----------
    persona, day, clock, streams, parameters
        See `wake_min`; reads `population.time_use` too.
    commute_min : float
        Expected way from home to work or school, in minutes.
    """
    rng = streams.on("plan", day=day)
    if persona.outsider is not None:
        plan = outsider_day(
            persona,
            day,
            clock=clock,
            streams=streams,
            commute_min=commute_min,
            parameters=parameters,
        )
        return MandatoryDay(plan, rng, None)
    drawn, following = (
        drawn_day(
            persona,
            one,
            clock=clock,
            streams=streams,
            commute_min=commute_min,
            parameters=parameters,
        )
        for one in (day, day + 1)
    )
    if drawn is not None and following is not None:
        plan = _drawn_frame(persona, drawn, following, commute_min, parameters)
        return MandatoryDay(plan, rng, drawn)
    wake, end = (
        wake_min(persona, one, clock=clock, streams=streams, parameters=parameters)
        for one in (day, day + 1)
    )
    whole = Activity(purpose=None, start_min=wake, end_min=end)
    shift = parameters.mobility.planner.jitter_min * rng.standard_normal()
    bed = round_to_block(day * DAY_MIN + persona.habits.bed_min + shift)
    plan = overlay((whole,), _night(whole, persona, bed, parameters))
    if is_on_duty(persona, day, clock):
        begin = day * DAY_MIN + round_to_block(persona.habits.work_start_min)
        lasts = begin, begin + round_to_block(persona.habits.work_minutes)
        plan = _with_duty(plan, persona, lasts, commute_min, parameters)
    return MandatoryDay(plan, rng, None)


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


def _drawn_frame(
    persona: Persona,
    drawn: DrawnDay,
    following: DrawnDay,
    commute_min: float,
    parameters: CityParameters,
) -> Plan:
    whole = Activity(purpose=None, start_min=drawn.wake_min, end_min=following.wake_min)
    plan = overlay((whole,), _night(whole, persona, drawn.bed_min, parameters))
    duty = drawn.draw.duty
    if duty is None:
        return plan
    lasts = drawn.duty_start_min, drawn.duty_end_min
    at_home = duty.at_home or persona.work is None
    return _with_duty(
        plan,
        persona,
        lasts,
        0.0 if at_home else commute_min,
        parameters,
        purpose=Purpose.SCHOOL if duty.is_school else Purpose.WORK,
        place=persona.home if at_home else persona.work,
    )


def _night(whole: Activity, persona: Persona, bed: int, parameters: CityParameters) -> Activity:
    planner = parameters.mobility.planner
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
    plan: Plan,
    persona: Persona,
    lasts: tuple[int, int],
    commute_min: float,
    parameters: CityParameters,
    *,
    purpose: str | None = None,
    place: int | None = None,
) -> Plan:
    """Put work or school into a day, with the way there before it."""
    free, (begin, end) = plan[0], lasts
    care = planned_min(parameters.purposes["care"])
    leave = max(begin - _up_to_block(commute_min), free.start_min + care)
    end = min(end, free.end_min - care)
    if end <= max(leave, begin):
        return plan
    learns = persona.occupation in {Occupation.PUPIL, Occupation.STUDENT}
    duty = Activity(
        purpose=purpose or (Purpose.SCHOOL if learns else Purpose.WORK),
        start_min=leave,
        end_min=end,
        place=persona.work if place is None else place,
        fixed=True,
    )
    return overlay(plan, duty)


def _up_to_block(minutes: float) -> int:
    # Rounds up: just under half a block is added, so that whole blocks stay as they are.
    return -round_to_block(-minutes - 2.4)
