"""Perception by prompt: what to do about what happens, by number, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import Activity, ReactionKind
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason

__all__ = ["Feeling", "Moment", "ReactionReply", "reaction_by_prompt", "reaction_reply"]

_ANYBODY = "An adult of whom nothing more is known."
_AHEAD = 3
_FULL = 10
_BEST_MOOD = 5.0
_MODULES: Mapping[ReactionKind, str] = MappingProxyType(
    {
        ReactionKind.CONTINUE: "go on with what is planned",
        ReactionKind.SATISFY: "eat something now, then go on",
        ReactionKind.REST: "rest at home for a while, then go on",
        ReactionKind.REPLAN: "give up what was planned, and see as the day goes",
        ReactionKind.REPLY: "answer now",
    }
)


class Moment(NamedTuple):
    """What happens, and what it would interrupt.

    Attributes
    ----------
    minute : int
        When.
    event : str
        What happens, in words.
    activity : Activity
        What is going on.
    ahead : sequence of Activity
        The rest of the plan.
    """

    minute: int
    event: str
    activity: Activity
    ahead: Sequence[Activity]


class Feeling(NamedTuple):
    """Who it happens to, the levels of her needs, and how she feels, from -1 to 1."""

    persona: Persona | None
    needs: Mapping[str, float]
    mood: float


class ReactionReply(BaseModel):
    """What a language model has the person do, by its number, and for how many minutes."""

    reason: Reason
    choice: int = Field(ge=1)
    minutes: int = Field(ge=5, le=240)


@lru_cache(maxsize=8)
def reaction_reply(options: int) -> type[ReactionReply]:
    """Return the form of a reply that can name only the `options` that were told.

    Examples
    --------
    >>> reaction_reply(2)(reason="hungry", choice=2, minutes=30).choice
    2
    """
    return create_model(
        "ReactionReply", __base__=ReactionReply, choice=(int, Field(ge=1, le=options))
    )


async def reaction_by_prompt(
    options: Sequence[ReactionKind], moment: Moment, feeling: Feeling
) -> ReactionReply:
    """Ask what to do about what happens.

    Parameters
    ----------
    options : sequence of ReactionKind
        What can be done, in the order in which it is told.
    moment : Moment
        What happens.
    feeling : Feeling
        Who, and how she is.

    Returns
    -------
    ReactionReply
        Its choice counts the options from 1.
    """
    activity, persona = moment.activity, feeling.persona
    return await ask(
        "react",
        reaction_reply(len(options)),
        person=_ANYBODY if persona is None else persona.describe(),
        time=clock_time(moment.minute),
        activity=str(activity.purpose or "free time"),
        until=clock_time(activity.end_min),
        ahead=[
            f"{clock_time(one.start_min)} {one.purpose or 'free time'}"
            for one in moment.ahead[:_AHEAD]
        ],
        event=moment.event,
        needs={name: round(_FULL * level) for name, level in feeling.needs.items()},
        mood=round(_BEST_MOOD * feeling.mood),
        options=[_MODULES[one] for one in options],
    )
