"""Goals by prompt: what a language model is told, and what it may answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Literal

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.prompts import Reason

__all__ = ["GoalReply", "GoalsReply", "goals_by_prompt"]

_ANYBODY = "An adult of whom nothing more is known."
_PER_HORIZON = 2
_RECENT = 5
_FULL = 5.0

Favours = tuple[tuple[Purpose, float], ...]


class GoalReply(BaseModel):
    """A goal, for how long it is meant, and what it speaks for."""

    goal: str = Field(min_length=3, max_length=120)
    horizon: Literal["short", "long"]
    activity: Literal[
        "work", "rest", "housework", "shopping", "leisure", "sport", "social", "health"
    ]
    change: int = Field(ge=-5, le=5)


class GoalsReply(BaseModel):
    """The goals that a language model words for a person."""

    reason: Reason
    goals: list[GoalReply] = Field(min_length=1, max_length=4)


async def goals_by_prompt(
    facts: Mapping[str, float],
    *,
    person: str,
    activities: Sequence[str],
    goals: Sequence[str],
    event: str = "",
) -> tuple[list[tuple[str, str, Favours]], str]:
    """Ask what a person is after.

    Parameters
    ----------
    facts : mapping
        The fields of `GoalFacts`.
    person : str
        Who, in words.
    activities : sequence of str
        What the person has been doing; the latest five are told.
    goals : sequence of str
        The goals so far.
    event : str, optional
        What has happened in life since they were set.

    Returns
    -------
    list of (str, str, tuple)
        Each goal, its horizon, and the activity it speaks for with a weight from -1 to 1;
        the first two of each horizon.
    str
        The reason given.
    """
    liked = facts["interest"]
    reply = await ask(
        "goals",
        GoalsReply,
        person=person or _ANYBODY,
        needs_met=round(100 * facts["fulfilment"]),
        income=round(facts["income"], 2),
        expenses=round(facts["expenses"], 2),
        contacts=int(facts["contacts"]),
        liked=None if isnan(liked) else round(100 * liked),
        activities=list(activities[:_RECENT]),
        goals=list(goals[:4]),
        event=event,
    )
    told = [(one.goal, str(one.horizon), _favours(one)) for one in _first_two(reply.goals)]
    return told, reply.reason


def _first_two(goals: Sequence[GoalReply]) -> list[GoalReply]:
    """Return the goals in their order, without those beyond two of a horizon."""
    earlier = [[one.horizon for one in goals[:row]] for row in range(len(goals))]
    return [
        one
        for one, before in zip(goals, earlier, strict=True)
        if before.count(one.horizon) < _PER_HORIZON
    ]


def _favours(goal: GoalReply) -> Favours:
    return ((Purpose(goal.activity), goal.change / _FULL),)
