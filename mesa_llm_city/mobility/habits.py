"""Habits: free-time activities away from home that a person does at a usual hour."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import Plan, fit
from mesa_llm_city.parameters import CityParameters

__all__ = ["NO_HABITS", "with_habits"]

NO_HABITS: Mapping[str, int] = MappingProxyType({})
"""The usual times of a person without habits."""


def with_habits(
    plan: Plan,
    day: int,
    *,
    clock: Clock,
    usual: Mapping[str, int],
    streams: RandomStreams,
    parameters: CityParameters,
) -> Plan:
    """Fit in what the person has a habit of doing, on some of the days.

    Parameters
    ----------
    plan : tuple of Activity
        The day with duties, meals and chores.
    day : int
        Index of the day.
    clock : Clock
        The calendar; nothing is planned on a day on which its purpose has no hours.
    usual : mapping of str to int
        Minute of the day at which the person is used to beginning each purpose. Only what is
        done in free time, away from home, is planned.
    streams : RandomStreams
        Random streams of the person.
    parameters : CityParameters
        Reads `mobility.planner` and the purposes.
    """
    planner = parameters.mobility.planner
    for purpose, minute in usual.items():
        spec = parameters.purposes.get(purpose)
        if spec is None or not spec.free_time or spec.at_home:
            continue
        if span_of_day(spec, day * DAY_MIN, clock=clock) is None:
            continue
        rng = streams.at(f"habit {purpose}", step=day + 1)
        if rng.random() < planner.habit_share:
            near = day * DAY_MIN + minute
            within = (near - planner.hours.habit_earlier_min, near + planner.hours.habit_later_min)
            plan = fit(plan, purpose, minutes=planner.habit_min, near_min=near, within=within)
    return plan
