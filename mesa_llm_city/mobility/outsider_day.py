"""Days of outsiders: when they enter the district, what binds them there, and when they leave.

A day of an outsider runs from entering to entering again: work or free time inside, and then
the time outside, which is not simulated. On a day without entering it is all outside.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.streams import RandomStreams
from mesa_llm_city.core.values import OUTSIDE, Activity, Purpose
from mesa_llm_city.mobility.schedule import BLOCK_MIN, Plan, round_to_block, split
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import OutsiderRole, Persona

__all__ = ["enters_on", "outsider_day"]


class _Stay(NamedTuple):
    """The time inside; minutes of the run. Without duty it is all free."""

    start_min: int
    duty_end_min: int
    end_min: int


def enters_on(persona: Persona, day: int, *, clock: Clock, seed: int) -> bool:
    """Tell whether a person is in the city on a day: residents always, outsiders if they enter.

    Parameters
    ----------
    persona : Persona
        The person.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    seed : int
        Seed of the run.
    """
    outsider = persona.outsider
    return outsider is None or outsider.hour_on(day, clock=clock, seed=seed) is not None


def outsider_day(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    commute_min: float,
    parameters: CityParameters,
) -> Plan:
    """Return the day of an outsider with duty, free time and the time outside.

    Work begins on arrival and takes as long as the person usually works, differing from day to
    day; after it some stay for a while. Visits have a log-normal length.

    Parameters
    ----------
    persona : Persona
        The person, who has an `outsider`.
    day : int
        Index of the day; -1 is the day before the run.
    clock : Clock
        The calendar.
    streams : RandomStreams
        Random streams of the person.
    commute_min : float
        Expected way from the gate to work, in minutes.
    parameters : CityParameters
        Reads `population.outsiders` and `population.time_use.duties`.

    Returns
    -------
    tuple of Activity
        From entering on `day` to entering on the next day; a day without entering begins at
        noon. What is free has no purpose.
    """
    start, following = (
        _start_min(persona, one, clock=clock, streams=streams, parameters=parameters)
        for one in (day, day + 1)
    )
    outside = Activity(
        purpose=OUTSIDE, start_min=start, end_min=following, place=persona.home, fixed=True
    )
    if not enters_on(persona, day, clock=clock, seed=streams.group_seed_on(day)):
        return (outside,)
    numbers = parameters.population.outsiders
    stay = _stay(
        persona,
        start,
        streams.on("outsider.stay", day=day),
        commute_min=commute_min,
        parameters=parameters,
    )
    end = min(stay.end_min, following - numbers.shortest_min)
    if end - start < BLOCK_MIN:
        return (outside,)
    plan = split(outside, Activity(purpose=None, start_min=start, end_min=end))
    duty_end = min(stay.duty_end_min, end)
    if duty_end <= start:
        return plan
    duty = Activity(
        purpose=Purpose.WORK, start_min=start, end_min=duty_end, place=persona.work, fixed=True
    )
    return (*split(plan[0], duty), *plan[1:])


def _start_min(
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    streams: RandomStreams,
    parameters: CityParameters,
) -> int:
    """Return the minute at which a person enters; noon on days without entering.

    Noon is when those are outside who were in the city for the night.
    """
    outsider = persona.outsider
    hour = (
        None
        if outsider is None
        else outsider.hour_on(day, clock=clock, seed=streams.group_seed_on(day))
    )
    if hour is None:
        return day * DAY_MIN + DAY_MIN // 2
    usual = HOUR_MIN * streams.trait("outsider.usual").random()
    shift = streams.on("outsider.enter", day=day, known_from=day - 1).standard_normal()
    minute = usual + parameters.population.outsiders.entry_sd_min * shift
    # The hour is that of the counts.
    late = min(max(round_to_block(minute), 0), HOUR_MIN - BLOCK_MIN)
    return day * DAY_MIN + hour * HOUR_MIN + late


def _stay(
    persona: Persona,
    start: int,
    rng: np.random.Generator,
    *,
    commute_min: float,
    parameters: CityParameters,
) -> _Stay:
    numbers, duties = parameters.population.outsiders, parameters.population.time_use.duties
    length, longer = rng.standard_normal(2).tolist()
    stays_on = rng.random()
    if persona.outsider is None or persona.outsider.role is OutsiderRole.VISITOR:
        visitors = numbers.visitors
        minutes = _log_normal(visitors.stay_min, visitors.stay_sd_min, length)
        end = start + _inside(minutes, parameters)
        return _Stay(start, start, end)
    works = commute_min + persona.habits.work_minutes + duties.length_sd_min * length
    duty_end = start + _inside(works, parameters)
    commuters = numbers.commuters
    if stays_on >= commuters.after_work:
        return _Stay(start, duty_end, duty_end)
    mean = commuters.after_work_min
    spread = parameters.mobility.free_time.length_spread
    more = round_to_block(_log_normal(mean, spread * mean, longer))
    return _Stay(start, duty_end, min(duty_end + more, start + numbers.longest_min))


def _inside(minutes: float, parameters: CityParameters) -> int:
    numbers = parameters.population.outsiders
    return round_to_block(min(max(minutes, numbers.shortest_min), numbers.longest_min))


def _log_normal(mean: float, sd: float, score: float) -> float:
    """Return the value of a log-normal variable with a mean and a standard deviation."""
    variance = math.log1p((sd / mean) ** 2)
    return float(mean * np.exp(math.sqrt(variance) * score - variance / 2.0))
