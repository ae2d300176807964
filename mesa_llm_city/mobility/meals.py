"""Meals and personal care: fitted around sleep and duties, or interrupting a duty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Activity, Purpose
from mesa_llm_city.mobility.mandatory import planned_min
from mesa_llm_city.mobility.schedule import Plan, fit, round_to_block, split
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["interrupt_duty", "with_meals"]


def with_meals(
    plan: Plan,
    persona: Persona,
    day: int,
    *,
    rng: np.random.Generator,
    parameters: CityParameters,
) -> Plan:
    """Fit in care and breakfast after getting up, lunch, dinner, and care before bed.

    Parameters
    ----------
    plan : tuple of Activity
        The day with its mandatory activities.
    persona : Persona
        The person; their habits say when they eat, and how often out.
    day : int
        Index of the day.
    rng : numpy.random.Generator
        Draws whether lunch and dinner are eaten out.
    parameters : CityParameters
        Reads `mobility.planner` and `purposes.care`.
    """
    lunch_out, dinner_out = (rng.random(2) < persona.habits.eats_out).tolist()
    plan = _with_morning(plan, persona, parameters)
    plan = _with_lunch(plan, persona, day, out=lunch_out, parameters=parameters)
    plan = _with_dinner(plan, persona, day, out=dinner_out, parameters=parameters)
    return _with_evening_care(plan, persona, parameters)


def interrupt_duty(
    plan: Sequence[Activity],
    *,
    start_min: int,
    minutes: int,
    out: bool,
    parameters: CityParameters,
) -> Plan | None:
    """Interrupt work or school for a meal, if it goes on long enough before and after.

    Parameters
    ----------
    plan : sequence of Activity
        Blocks in order of time.
    start_min : int
        When the meal begins, in minutes of the run.
    minutes : int
        How long it takes.
    out : bool
        Whether it is eaten elsewhere; pupils eat where they are.
    parameters : CityParameters
        Reads `mobility.planner.hours` and which purposes are duties.

    Returns
    -------
    tuple of Activity or None
        The plan with the block subdivided, or None if nothing can be interrupted then.
    """
    hours, purposes = parameters.mobility.planner.hours, parameters.purposes
    before, after = hours.duty_before_break_min, hours.duty_after_break_min + minutes
    for row, block in enumerate(plan):
        if not block.start_min + before <= start_min <= block.end_min - after:
            continue
        spec = purposes.get(block.purpose) if block.purpose else None
        if spec is not None and spec.is_duty:
            meal = Activity(
                purpose=Purpose.MEAL,
                start_min=start_min,
                end_min=start_min + minutes,
                place=None if out and block.purpose == Purpose.WORK else block.place,
            )
            return (*plan[:row], *split(block, meal), *plan[row + 1 :])
    return None


def _with_morning(plan: Plan, persona: Persona, parameters: CityParameters) -> Plan:
    planner, wake = parameters.mobility.planner, plan[0].start_min
    care = planned_min(parameters.purposes["care"])
    plan = fit(
        plan,
        Purpose.CARE,
        minutes=care,
        near_min=wake,
        within=(wake, plan[-1].end_min),
        place=persona.home,
    )
    return fit(
        plan,
        Purpose.MEAL,
        minutes=planner.breakfast_min,
        near_min=wake + care,
        within=(wake, wake + planner.hours.breakfast_within_min),
        place=persona.home,
    )


def _with_lunch(
    plan: Plan, persona: Persona, day: int, *, out: bool, parameters: CityParameters
) -> Plan:
    planner = parameters.mobility.planner
    usual = day * DAY_MIN + round_to_block(persona.habits.lunch_min)
    interrupted = interrupt_duty(
        plan, start_min=usual, minutes=planner.lunch_min, out=out, parameters=parameters
    )
    if interrupted is not None:
        return interrupted
    return fit(
        plan,
        Purpose.MEAL,
        minutes=planner.lunch_min,
        near_min=usual,
        within=(usual - planner.hours.lunch_earlier_min, usual + planner.hours.lunch_later_min),
        place=None if out else persona.home,
    )


def _with_dinner(
    plan: Plan, persona: Persona, day: int, *, out: bool, parameters: CityParameters
) -> Plan:
    planner = parameters.mobility.planner
    usual = day * DAY_MIN + round_to_block(persona.habits.dinner_min)
    return fit(
        plan,
        Purpose.MEAL,
        minutes=planner.dinner_min,
        near_min=usual,
        within=(usual - planner.hours.dinner_earlier_min, usual + planner.hours.dinner_later_min),
        place=None if out else persona.home,
    )


def _with_evening_care(plan: Plan, persona: Persona, parameters: CityParameters) -> Plan:
    care = planned_min(parameters.purposes["care"])
    bed = next(one.start_min for one in plan if one.purpose == Purpose.SLEEP)
    earliest = bed - parameters.mobility.planner.hours.care_before_bed_min
    return fit(
        plan,
        Purpose.CARE,
        minutes=care,
        near_min=bed - care,
        within=(earliest, bed),
        place=persona.home,
    )
