"""Meals of outsiders, fitted into the time inside."""

from __future__ import annotations

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mobility.meals import interrupt_duty
from mesa_llm_city.mobility.schedule import Plan, fit, round_to_block
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["with_meals_inside"]


def with_meals_inside(
    plan: Plan, persona: Persona, day: int, *, streams: RandomStreams, parameters: CityParameters
) -> Plan:
    """Fit lunch and dinner into the day of an outsider, where it is inside at that time.

    Lunch interrupts work, and is eaten there or out as the habits say; else meals are out.

    Parameters
    ----------
    plan : tuple of Activity
        The day.
    persona : Persona
        The person.
    day : int
        Index of the day.
    streams : RandomStreams
        Random streams of the person.
    parameters : CityParameters
        Reads `mobility.planner`.
    """
    planner, habits = parameters.mobility.planner, persona.habits
    rng = streams.on("outsider.meals", day=day)
    shifts, out = rng.standard_normal(2).tolist(), rng.random() < habits.eats_out
    for usual, sd, minutes, shift in (
        (habits.lunch_min, planner.lunch_sd_min, planner.lunch_min, shifts[0]),
        (habits.dinner_min, planner.dinner_sd_min, planner.dinner_min, shifts[1]),
    ):
        near = day * DAY_MIN + round_to_block(usual + sd * shift)
        broken = interrupt_duty(
            plan, start_min=near, minutes=minutes, out=bool(out), parameters=parameters
        )
        slack = planner.hours.lunch_earlier_min
        within = near - slack, near + minutes + slack
        plan = broken or fit(plan, Purpose.MEAL, minutes=minutes, near_min=near, within=within)
    return plan
