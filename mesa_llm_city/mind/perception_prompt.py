"""Perception by prompt: whether to go on, eat or rest, by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from pydantic import BaseModel, Field, create_model

from mesa_llm_city.clock import clock_time
from mesa_llm_city.persona import Persona
from mesa_llm_city.prompts import Reason
from mesa_llm_city.thinking import ask
from mesa_llm_city.values import Activity, Observation, ReactionKind

__all__ = ["ReactionReply", "reaction_by_prompt", "reaction_reply"]

_ANYBODY = "An adult of whom nothing more is known."
_AHEAD = 3
_FULL = 10
_BEST_MOOD = 5.0
_MODULES: Mapping[ReactionKind, str] = MappingProxyType(
    {
        ReactionKind.CONTINUE: "go on with what is planned",
        ReactionKind.SATISFY: "eat something now, then go on",
        ReactionKind.REST: "give up the plan and rest at home until the night",
    }
)


class ReactionReply(BaseModel):
    """What a language model has the person do, by its number."""

    reason: Reason
    choice: int = Field(ge=1)


@lru_cache(maxsize=8)
def reaction_reply(options: int) -> type[ReactionReply]:
    """Return the form of a reply that can name only the `options` that were told.

    Examples
    --------
    >>> reaction_reply(2)(reason="hungry", choice=2).choice
    2
    """
    return create_model(
        "ReactionReply", __base__=ReactionReply, choice=(int, Field(ge=1, le=options))
    )


async def reaction_by_prompt(
    options: Sequence[ReactionKind],
    observation: Observation,
    *,
    need: str,
    activity: Activity,
    ahead: Sequence[Activity],
    persona: Persona | None,
    needs: Mapping[str, float],
    mood: float,
) -> tuple[ReactionKind, str]:
    """Ask whether to leave the plan.

    Parameters
    ----------
    options : sequence of ReactionKind
        What can be done; going on comes first, since it is what most people do.
    observation, need, activity, ahead, persona, needs, mood
        See `Perception.react`.

    Returns
    -------
    ReactionKind
        One of the options.
    str
        The reason given.
    """
    reply = await ask(
        "react",
        reaction_reply(len(options)),
        person=_ANYBODY if persona is None else persona.describe(),
        time=clock_time(observation.minute),
        activity=str(activity.purpose or "free time"),
        until=clock_time(activity.end_min),
        ahead=[
            f"{clock_time(one.start_min)} {one.purpose or 'free time'}" for one in ahead[:_AHEAD]
        ],
        need=need,
        needs={name: round(_FULL * level) for name, level in needs.items()},
        mood=round(_BEST_MOOD * mood),
        options=[_MODULES[one] for one in options],
    )
    return options[reply.choice - 1], reply.reason
