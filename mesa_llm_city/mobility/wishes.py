"""Wishes: what a person means to do in the free time of a day, and from when on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mobility.drawn_day import DrawnDay
from mesa_llm_city.mobility.habits import is_habit_day, next_time
from mesa_llm_city.mobility.leaning import leaning_liking
from mesa_llm_city.mobility.purpose_hours import span_of_day
from mesa_llm_city.mobility.schedule import round_to_block
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona

__all__ = ["NO_RELIEF", "Wish", "draw_wishes"]

NO_RELIEF: Mapping[str, float] = MappingProxyType({})

_SPORT, _CIVIC = "sport", "civic"


class Wish(NamedTuple):
    """A free-time activity away from home that a day is meant to hold.

    Attributes
    ----------
    purpose : str
        What for.
    minutes : int
        How long, the way there included.
    from_min, until_min : int
        Between which minutes of the run it is meant to begin.
    """

    purpose: str
    minutes: int
    from_min: int
    until_min: int


def draw_wishes(
    persona: Persona,
    day: int,
    drawn: DrawnDay,
    *,
    planned_away: bool,
    clock: Clock,
    streams: RandomStreams,
    leanings: Mapping[str, float],
    usual: Mapping[str, int],
    relief: Mapping[str, float],
    parameters: CityParameters,
) -> tuple[Wish, ...]:
    """Draw which outings a day is meant to hold.

    Sport and civic activities are those drawn from the table of time use, the latter as time
    with others. Each other outing has the chance of `outings_per_liking` times how much the
    person likes it, and more the more it gives back of what the person lacks in the morning
    (`outings_per_relief`). Who leaves home on a day with nothing to leave it for has one outing at
    least. On days that follow habit (`is_habit_day`) an outing begins at its usual time.

    Parameters
    ----------
    persona : Persona
        The person.
    day : int
        Index of the day.
    drawn : DrawnDay
        The day by the table of time use.
    planned_away : bool
        Whether something away from home is planned already.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    leanings : mapping of str to float
        How much goals and insights speak for activities, from -1 to 1.
    usual : mapping of str to int
        Minute of the day at which the person is used to beginning each purpose.
    relief : mapping of str to float
        How much of what the person lacks an hour of each purpose would give back.
    parameters : CityParameters
        Reads `mobility.free_time`, `mobility.planner` and the purposes.
    """
    planner = parameters.mobility.planner
    if not drawn.draw.leaves_home or persona.age < planner.decides_from_age:
        return ()
    wanted = _of_table(drawn, leanings, parameters)
    outings = [one for one in _outings(parameters) if one not in {_SPORT, Purpose.SHOPPING}]
    drawings = {
        one: _drawing(
            one,
            day,
            persona,
            leanings=leanings,
            relief=relief,
            streams=streams,
            parameters=parameters,
        )
        for one in outings
    }
    for name, drawing in drawings.items():
        if drawing.is_done:
            wanted[name] = max(wanted.get(name, 0.0), drawing.minutes)
    if not wanted and not planned_away and drawings:
        best = min(drawings, key=lambda one: drawings[one].rank)
        wanted[best] = drawings[best].minutes
    starts = streams.on("wishes", day=day).random(len(wanted)).tolist()
    habits = {
        name: minute
        for name, minute in usual.items()
        if name in wanted and is_habit_day(name, day, streams=streams, parameters=parameters)
    }
    wishes = [
        _wish(
            name,
            minutes,
            start,
            habits.get(name),
            drawn=drawn,
            clock=clock,
            parameters=parameters,
        )
        for (name, minutes), start in zip(wanted.items(), starts, strict=True)
    ]
    return tuple(one for one in wishes if one is not None)


class _Drawing(NamedTuple):
    """Whether an outing is wished for, how near it came to that, and how long it would take."""

    is_done: bool
    rank: float
    minutes: float


def _drawing(
    name: str,
    day: int,
    persona: Persona,
    *,
    leanings: Mapping[str, float],
    relief: Mapping[str, float],
    streams: RandomStreams,
    parameters: CityParameters,
) -> _Drawing:
    # A stream of its own, so that a purpose more changes none of the other draws.
    rng = streams.on(f"wish {name}", day=day)
    spec, free_time = parameters.purposes[name], parameters.mobility.free_time
    liking = persona.preferences.of(name, spec.free_time_weight)
    leaning, factor = leanings.get(name, 0.0), parameters.mobility.planner.leaning_factor
    liked = float(leaning_liking(liking, leaning, factor)) if leaning else liking
    relieved = free_time.outings_per_relief * relief.get(name, 0.0)
    chance = min(free_time.outings_per_liking * liked + relieved, 1.0)
    draw = rng.random()
    minutes = (spec.usual_min or 0.0) * math.exp(free_time.length_spread * rng.standard_normal())
    return _Drawing(draw < chance, draw / max(chance, 1e-9), minutes)


def _outings(parameters: CityParameters) -> tuple[str, ...]:
    return tuple(one for one in parameters.free_time if not parameters.purposes[one].at_home)


def _of_table(
    drawn: DrawnDay, leanings: Mapping[str, float], parameters: CityParameters
) -> dict[str, float]:
    """Return sport and civic activities, the latter as time with others."""
    factor = parameters.mobility.planner.leaning_factor ** leanings.get(Purpose.SPORT, 0.0)
    minutes = {
        str(Purpose.SPORT): drawn.draw.away_min(_SPORT, factor),
        str(Purpose.SOCIAL): drawn.draw.away_min(_CIVIC),
    }
    return {
        name: one for name, one in minutes.items() if one > 0.0 and name in parameters.free_time
    }


def _wish(
    name: str,
    minutes: float,
    start: float,
    habit_min: int | None,
    *,
    drawn: DrawnDay,
    clock: Clock,
    parameters: CityParameters,
) -> Wish | None:
    """Return a wish at its usual time, or at a minute drawn from those at which it can begin."""
    spec, planner = parameters.purposes[name], parameters.mobility.planner
    lasts = round_to_block(max(minutes, spec.least_min) + planner.way_min)
    midnight = clock.day(drawn.duty_start_min) * DAY_MIN
    span = span_of_day(spec, midnight, clock=clock)
    if span is None:
        return None
    before = parameters.mobility.free_time.before_closing_min
    earliest = max(span[0], drawn.wake_min + planner.hours.breakfast_within_min)
    latest = min(span[1] - before, drawn.bed_min - lasts)
    if drawn.duty_end_min > drawn.duty_start_min:
        earliest = max(earliest, drawn.duty_end_min)
    latest = max(latest, earliest)
    begin = earliest + start * (latest - earliest)
    if habit_min is not None:
        # A usual time out of reach is replaced by the nearest that can be.
        begin = min(max(next_time(drawn.wake_min, habit_min), earliest), latest)
    return Wish(name, lasts, round_to_block(begin), round_to_block(latest))
