"""Planning by prompt: what a language model is told, what it may answer, what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock, clock_time
from mesa_llm_city.core.values import Activity, Purpose, Weather
from mesa_llm_city.mobility.free_time import NO_LEANINGS, leant
from mesa_llm_city.mobility.prompt_facts import Fact, out_of_ten, weather_fact
from mesa_llm_city.mobility.schedule import Plan, fit, round_to_block, take_break, use_up
from mesa_llm_city.parameters.purposes import PURPOSES
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason

__all__ = [
    "ImaginedReply",
    "LeisureReply",
    "PlanReply",
    "PlannedBlock",
    "imagined_by_prompt",
    "leisure_reply",
    "planned_by_prompt",
]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_AT_HOME = (Purpose.CARE, Purpose.HOUSEWORK, Purpose.REST)

# How much earlier or later than wished for a block may be fitted in.
_SLACK_MIN = 60


class PlannedBlock(BaseModel):
    """A block that a language model means to fit into a day."""

    purpose: Literal[
        "care",
        "meal",
        "housework",
        "shopping",
        "errand",
        "health",
        "leisure",
        "sport",
        "social",
        "rest",
    ]
    start: str = Field(max_length=5, description="hh:mm")
    minutes: int = Field(ge=5, le=720)
    out: bool


class PlanReply(BaseModel):
    """The day that a language model plans around what is settled."""

    reason: Reason
    blocks: list[PlannedBlock] = Field(min_length=1, max_length=16)


class ImaginedReply(BaseModel):
    """A way to spend free time, and how much the person would like it now."""

    activity: int = Field(ge=1)
    minutes: int = Field(ge=15, le=720)
    score: Rating


class LeisureReply(BaseModel):
    """The ways to spend free time that a language model imagines."""

    reason: Reason
    candidates: list[ImaginedReply] = Field(min_length=1, max_length=3)


async def planned_by_prompt(
    settled: Plan,
    persona: Persona,
    day: int,
    *,
    clock: Clock,
    weather: Weather | None,
    needs: Mapping[str, float] | None,
    memories: Sequence[str],
    goals: Sequence[str] = (),
) -> tuple[Plan, str]:
    """Ask how to spend a day, and fit the answer around what is settled.

    Parameters
    ----------
    settled : tuple of Activity
        The day with sleep and work or school, and empty blocks.
    persona, day, clock, weather, needs, memories, goals
        See `Planner.plan_day`.

    Returns
    -------
    tuple of Activity
        The day without gap or overlap. Blocks of the answer that are no time of
        that day, or overlap so that they do not fit within an hour of it, are
        left out.
    str
        The reason given, and how many blocks were left out.
    """
    reply = await ask(
        "plan",
        PlanReply,
        person=persona.describe(),
        memories=list(memories),
        goals=list(goals),
        day=_day_name(day, clock),
        weather=None if weather is None else weather_fact(weather),
        needs={name: out_of_ten(level) for name, level in (needs or {}).items()},
        usual_meals={
            "lunch": clock_time(persona.habits.lunch_min),
            "dinner": clock_time(persona.habits.dinner_min),
        },
        settled=[_times(one) | {"purpose": str(one.purpose)} for one in settled if one.purpose],
        free=[_times(one) | {"minutes": one.minutes} for one in settled if not one.purpose],
    )
    return _fitted(reply, settled, persona)


def _day_name(day: int, clock: Clock) -> str:
    minute = day * DAY_MIN
    holiday = ", a holiday" if clock.is_holiday(minute) else ""
    return f"{_DAYS[clock.weekday(minute)]}, {clock.date_of(day)}{holiday}"


def _times(block: Activity) -> Fact:
    return {"start": clock_time(block.start_min), "end": clock_time(block.end_min)}


def _fitted(reply: PlanReply, settled: Plan, persona: Persona) -> tuple[Plan, str]:
    plan, dropped = settled, 0
    for block in reply.blocks:
        fuller = _with_block(plan, block, persona)
        dropped += fuller == plan
        plan = fuller
    told = f" ({dropped} of {len(reply.blocks)} blocks left out)" if dropped else ""
    return plan, f"{reply.reason}{told}"


def _with_block(plan: Plan, block: PlannedBlock, persona: Persona) -> Plan:
    start = _minute(block.start, plan[0].start_min)
    if start is None:
        return plan
    purpose, minutes = Purpose(block.purpose), round_to_block(block.minutes)
    if purpose is Purpose.MEAL:
        broken = take_break(plan, start_min=start, minutes=minutes, out=block.out)
        if broken is not None:
            return broken
    at_home = purpose in _AT_HOME or (purpose is Purpose.MEAL and not block.out)
    return fit(
        plan,
        purpose,
        minutes=minutes,
        near_min=start,
        within=(start - _SLACK_MIN, start + minutes + _SLACK_MIN),
        place=persona.home if at_home else None,
    )


def _minute(told: str, wake: int) -> int | None:
    """Return the first minute from getting up on at which a clock shows the time told."""
    hours, colon, minutes = told.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal()):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        return None
    minute = round_to_block(int(hours) * HOUR_MIN + int(minutes))
    return wake + (minute - wake) % DAY_MIN


async def imagined_by_prompt(
    block: Activity,
    persona: Persona,
    purposes: Sequence[Purpose],
    *,
    relief: Mapping[Purpose, float],
    weather: Weather,
    candidates: int,
    rng: np.random.Generator,
    leanings: Mapping[Purpose, float] = NO_LEANINGS,
) -> tuple[Activity, str]:
    """Ask for scored ways to spend free time, and take the best.

    Parameters
    ----------
    block : Activity
        The free time.
    purposes : sequence of Purpose
        What can be done; told in an order drawn from `rng`, since language
        models prefer what comes first.
    candidates : int
        How many ways to imagine at most.
    persona, relief, weather, rng, leanings
        See `Planner.fill_block`.

    Returns
    -------
    Activity
        The way of highest score, the first of equal ones; it ends within the block.
    str
        The reason given, and the scores, best first.
    """
    told = [purposes[row] for row in rng.permutation(len(purposes)).tolist()]
    reply = await ask(
        "leisure",
        leisure_reply(len(told), candidates),
        person=persona.describe(),
        time=clock_time(block.start_min),
        minutes=block.minutes,
        weather=weather_fact(weather),
        count=candidates,
        activities=[_appeal(one, persona, relief, leanings) for one in told],
    )
    ranked = sorted(reply.candidates, key=lambda one: -one.score)
    scores = " > ".join(f"{told[one.activity - 1]} {one.score}" for one in ranked)
    purpose = told[ranked[0].activity - 1]
    minutes = use_up(round_to_block(ranked[0].minutes), block.minutes)
    activity = Activity(
        purpose=purpose,
        start_min=block.start_min,
        end_min=block.start_min + minutes,
        place=persona.home if purpose is Purpose.REST else None,
    )
    return activity, f"{reply.reason} ({scores})"


def _appeal(
    purpose: Purpose,
    persona: Persona,
    relief: Mapping[Purpose, float],
    leanings: Mapping[Purpose, float],
) -> Fact:
    weight = persona.preferences.of(purpose, PURPOSES[purpose].free_time_weight)
    liking = leant(weight, leanings.get(purpose, 0.0))
    return {
        "purpose": str(purpose),
        "liking": out_of_ten(float(liking)),
        "relief": out_of_ten(relief.get(purpose, 0.0)),
    }


@lru_cache(maxsize=64)
def leisure_reply(activities: int, candidates: int) -> type[LeisureReply]:
    """Return the form of a reply that can name only the `activities` that were told.

    Examples
    --------
    >>> form = leisure_reply(activities=2, candidates=1)
    >>> form(reason="tired", candidates=[{"activity": 3, "minutes": 60, "score": 5}])
    Traceback (most recent call last):
    ...
    pydantic_core._pydantic_core.ValidationError: 1 validation error for LeisureReply
    ...
    """
    imagined: Any = create_model(
        "ImaginedReply", __base__=ImaginedReply, activity=(int, Field(ge=1, le=activities))
    )
    several = (list[imagined], Field(min_length=1, max_length=candidates))
    return create_model("LeisureReply", __base__=LeisureReply, candidates=several)
