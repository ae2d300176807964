"""Goals by prompt: a language model words the goals of a person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isnan
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.goal import Goal, GoalFacts, Horizon, Revision
from mesa_llm_city.mind.goals import Goals
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Reason

__all__ = ["GoalReply", "GoalsPrompt", "GoalsReply", "goals_reply"]

_FULL = 5.0


class GoalReply(BaseModel):
    """A goal, how long it is meant to last, and the activity it changes most.

    `goals_reply` says which activities there are.
    """

    goal: str = Field(min_length=3, max_length=120)
    horizon: Literal["short", "long"]
    activity: str
    change: int = Field(ge=-5, le=5)


class GoalsReply(BaseModel):
    """The goals that a language model words for a person."""

    reason: Reason
    goals: list[GoalReply]


@lru_cache(maxsize=8)
def goals_reply(activities: tuple[str, ...], most: int) -> type[GoalsReply]:
    """Return the form of a reply with at most so many goals, about some activities.

    Examples
    --------
    >>> goal = {"goal": "swim", "horizon": "short", "activity": "sport", "change": 3}
    >>> goals_reply(("rest", "sport"), 4)(reason="unfit", goals=[goal]).goals[0].change
    3
    """
    choice: Any = Literal[activities]
    goal = create_model("GoalReply", __base__=GoalReply, activity=(choice, ...))
    goals: Any = (list[goal], Field(min_length=1, max_length=most))  # type: ignore[valid-type]
    return create_model("GoalsReply", __base__=GoalsReply, goals=goals)


class GoalsPrompt:
    """Asks for the goals of a person, for the coming weeks and for longer.

    Parameters
    ----------
    parameters : CityParameters, optional
        `mind.goals`, and the purposes that a goal may speak for.
    """

    __slots__ = ("_activities", "_parameters")

    verb = "revise"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._parameters = tree.mind.goals
        self._activities = tuple(name for name, one in tree.purposes.items() if one.can_be_goal)

    async def ask(
        self,
        rule: Goals,
        _: Revision,
        facts: GoalFacts,
        *,
        persona: Persona | None = None,
        activities: Sequence[str] = (),
    ) -> Revision:
        """Ask for goals (see `Goals.revise`); the first few of each horizon are taken."""
        parameters = self._parameters
        reply = await ask(
            "goals",
            goals_reply(self._activities, len(Horizon) * parameters.per_horizon),
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            needs_met=round(100 * facts.fulfilment),
            income=round(facts.income, 2),
            expenses=round(facts.expenses, 2),
            contacts=int(facts.contacts),
            liked=None if isnan(facts.interest) else round(100 * facts.interest),
            activities=list(activities[: parameters.told_activities]),
            goals=[goal.text for goal in rule.goals[: parameters.told_goals]],
            event=rule.event,
        )
        goals = tuple(_goal(one) for one in _first(reply.goals, parameters.per_horizon))
        return Revision(goals, DecisionSource.PROMPT, reply.reason)


def _first(goals: Sequence[GoalReply], most: int) -> list[GoalReply]:
    """Return the goals in their order, without those beyond the first of each horizon."""
    earlier = [[one.horizon for one in goals[:row]] for row in range(len(goals))]
    return [
        one for one, before in zip(goals, earlier, strict=True) if before.count(one.horizon) < most
    ]


def _goal(reply: GoalReply) -> Goal:
    return Goal(reply.goal, Horizon(reply.horizon), ((reply.activity, reply.change / _FULL),))
