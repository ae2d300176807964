"""Responding to a message by prompt: a language model says what the person makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.message import Message, Response
from mesa_llm_city.core.values import Activity, DecisionSource, ReactionKind
from mesa_llm_city.mind.perception import Perception
from mesa_llm_city.mind.warning import Risk, protective_action, told_on
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Reason

__all__ = ["HeedPrompt", "HeedReply", "heed_reply"]

_FULL = 10
_BELIEVED_FROM = 6
_BEST_MOOD = 5.0
_TEXTS = {
    ReactionKind.CONTINUE: "go on with what is planned",
    ReactionKind.FLEE: "leave the area for a safe place",
    ReactionKind.STAY_IN: "stay in until it is over",
    ReactionKind.REPLAN: "plan the rest of the day anew",
}


class HeedReply(BaseModel):
    """What a language model has the person believe and do."""

    reason: Reason
    believed: int = Field(ge=0, le=_FULL)
    choice: int = Field(ge=1)
    informs: bool
    minutes: int = Field(ge=0, le=240)


@lru_cache(maxsize=8)
def heed_reply(options: int) -> type[HeedReply]:
    """Return the form of a reply that can name only the `options` that were told.

    Examples
    --------
    >>> heed_reply(2)(reason="no", believed=2, choice=1, informs=False, minutes=0).choice
    1
    """
    return create_model("HeedReply", __base__=HeedReply, choice=(int, Field(ge=1, le=options)))


class HeedPrompt:
    """Asks what a person makes of a message that tells of danger.

    The options are going on and what the rule would have somebody do who believes it and acts
    on it: fleeing, staying in or planning anew. A message without danger is left to the rule.
    """

    __slots__ = ()

    verb = "heed"

    async def ask(
        self,
        _: Perception,
        __: Response,
        message: Message,
        *,
        risk: Risk,
        minute: int,
        activity: Activity | None = None,
        persona: Persona | None = None,
        told_by: str = "",
        mood: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Response | None:
        """Ask about a message (see `Perception.heed`); None where it tells of no danger."""
        if message.danger <= 0.0:
            return None
        kinds = _ordered(message, risk, rng)
        reply = await ask(
            "heed",
            heed_reply(len(kinds)),
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            time=clock_time(minute),
            activity=str((activity and activity.purpose) or "free time"),
            at_home=risk.at_home,
            message=message.text,
            said_by=message.source,
            told_by=told_by or message.source,
            channel=message.channel.replace("_", " "),
            danger=round(_FULL * message.danger),
            concerns=_concerns(message, risk),
            before=risk.confirmed,
            trust=round(_FULL * risk.trust),
            seen="heavy rain or strong wind" if risk.seen else "nothing unusual",
            mood=round(_BEST_MOOD * mood),
            options=[_TEXTS[kind] for kind in kinds],
        )
        believed = reply.believed >= _BELIEVED_FROM
        kind = kinds[reply.choice - 1]
        answer = Response(
            kind, believed, reply.reason, DecisionSource.PROMPT, minutes=reply.minutes
        )
        return told_on(answer, reply.informs)


def _ordered(
    message: Message, risk: Risk, rng: np.random.Generator | None
) -> Sequence[ReactionKind]:
    """Return what can be chosen, in an order drawn at random: models prefer what comes first."""
    kinds = list(dict.fromkeys((protective_action(message, risk), ReactionKind.CONTINUE)))
    if rng is None:
        return kinds
    return [kinds[row] for row in rng.permutation(len(kinds)).tolist()]


def _concerns(message: Message, risk: Risk) -> str:
    if message.is_everywhere:
        return "the danger is everywhere outdoors"
    if risk.here:
        return "the person is in the area in danger"
    if risk.home:
        return "the home of the person is in the area in danger"
    if risk.ahead:
        return "the person is going to a place in danger today"
    return "the person has nothing to do with the area in danger"
