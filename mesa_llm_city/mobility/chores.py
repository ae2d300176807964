"""Errands and housework: maintenance activities that are planned in the morning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.mandatory import is_on_duty, planned_min
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import Plan, fit, round_to_block
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation, Persona

__all__ = ["with_chores"]

_ERRANDS = (Purpose.SHOPPING, Purpose.ERRAND, Purpose.HEALTH)


class _Draw(NamedTuple):
    """Random numbers for one errand: against its chance, and when after getting up."""

    uniform: float
    after_wake_min: float


def with_chores(
    plan: Plan,
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    rng: np.random.Generator,
    leanings: Mapping[str, float],
    parameters: CityParameters,
) -> Plan:
    """Fit in errands and housework.

    Errands are the purposes with a `planned_per_day`, each with that chance on a day off, and
    `workday_share` of it on a working day. Shopping, errands and health lie between
    `earliest_min` and `latest_min`, other purposes within their own hours.

    Parameters
    ----------
    plan : tuple of Activity
        The day with duties and meals.
    persona : Persona
        The person.
    day : int
        Index of the day.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    rng : numpy.random.Generator
        The stream of the plan.
    leanings : mapping of str to float
        How much goals and insights speak for activities, from -1 to 1.
    parameters : CityParameters
        Reads `mobility.planner` and the purposes.
    """
    chores, works = parameters.mobility.planner.chores, is_on_duty(persona, day, clock)
    draws = _draws(day, streams, rng, parameters)
    factor = rng.uniform(chores.housework_low, chores.housework_high)
    if persona.age >= chores.errands_from_age:
        for purpose in _wanted(draws, leanings, parameters, works=works):
            plan = _with_errand(
                plan,
                purpose,
                persona,
                draws[purpose],
                works=works,
                clock=clock,
                parameters=parameters,
            )
    minutes = round_to_block(_housework_min(persona, parameters, works=works) * factor)
    after = draws[Purpose.SHOPPING].after_wake_min
    return _with_housework(plan, persona, minutes, after, parameters)


def _draws(
    day: int, streams: RandomStreams, rng: np.random.Generator, parameters: CityParameters
) -> dict[str, _Draw]:
    chores = parameters.mobility.planner.chores
    earliest, latest = chores.after_wake_from_min, chores.after_wake_to_min
    uniforms = rng.random(len(_ERRANDS)).tolist()
    after = rng.uniform(earliest, latest, len(_ERRANDS)).tolist()
    draws: dict[str, _Draw] = dict(zip(_ERRANDS, map(_Draw, uniforms, after), strict=True))
    for name, spec in parameters.purposes.items():
        if spec.planned_per_day and name not in draws:
            # A stream of its own, so that a purpose more changes none of the other draws.
            own = streams.on(f"errand {name}", day=day)
            draws[name] = _Draw(own.random(), own.uniform(earliest, latest))
    return draws


def _wanted(
    draws: Mapping[str, _Draw],
    leanings: Mapping[str, float],
    parameters: CityParameters,
    *,
    works: bool,
) -> Iterator[str]:
    planner = parameters.mobility.planner
    share = planner.chores.workday_share if works else 1.0
    usual = [parameters.purposes[name].planned_per_day * share for name in draws]
    leaning = [leanings.get(name, 0.0) for name in draws]
    chances = leaning_liking(usual, leaning, planner.leaning_factor).tolist()
    for (name, draw), chance in zip(draws.items(), chances, strict=True):
        if draw.uniform < chance:
            yield name


def _with_errand(
    plan: Plan,
    purpose: str,
    persona: Persona,
    draw: _Draw,
    *,
    works: bool,
    clock: Clock,
    parameters: CityParameters,
) -> Plan:
    chores, spec = parameters.mobility.planner.chores, parameters.purposes[purpose]
    wake = plan[0].start_min
    midnight = wake // DAY_MIN * DAY_MIN
    within = span_of_day(spec, midnight, clock=clock)
    if within is None:
        return plan
    if purpose in _ERRANDS or not spec.hours:
        within = (midnight + chores.earliest_min, midnight + chores.latest_min)
    # On working days errands wait for the way home.
    near = midnight + chores.workday_min if works else wake + round_to_block(draw.after_wake_min)
    place = persona.home if spec.at_home else None
    minutes = planned_min(spec)
    return fit(plan, purpose, minutes=minutes, near_min=near, within=within, place=place)


def _with_housework(
    plan: Plan,
    persona: Persona,
    minutes: int,
    after_wake_min: float,
    parameters: CityParameters,
) -> Plan:
    chores = parameters.mobility.planner.chores
    if minutes < chores.least_housework_min:
        return plan
    earliest = plan[0].start_min + chores.housework_after_wake_min
    return fit(
        plan,
        Purpose.HOUSEWORK,
        minutes=minutes,
        near_min=earliest + round_to_block(after_wake_min),
        within=(earliest, plan[-1].start_min),
        place=persona.home,
    )


def _housework_min(persona: Persona, parameters: CityParameters, *, works: bool) -> float:
    chores = parameters.mobility.planner.chores
    if persona.age < chores.teenager_from:
        return chores.housework_child_min
    if persona.age < chores.adult_from:
        return chores.housework_teenager_min
    if persona.occupation is Occupation.HOMEMAKER:
        return chores.housework_homemaker_min
    return chores.housework_workday_min if works else chores.housework_day_off_min
