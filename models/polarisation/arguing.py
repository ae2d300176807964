"""What a friend says in words of a language model."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.prompts import Reason

__all__ = ["Argument", "ArgumentReply", "argue"]

_TEXT_LENGTH = 160
_SCALE = 10


class ArgumentReply(BaseModel):
    """What a language model has a person say."""

    reason: Reason
    text: str = Field(max_length=_TEXT_LENGTH)


class Argument(NamedTuple):
    """What a person says, and who worded it."""

    text: str
    source: DecisionSource = DecisionSource.PROMPT


async def argue(topic: str, stance: float, certainty: float, heard: str = "") -> Argument:
    """Ask what a person says about a topic to a friend (a thought).

    Parameters
    ----------
    topic : str
        The topic.
    stance : float
        What the person thinks, from -1 to 1.
    certainty : float
        How sure the person is, in [0, 1].
    heard : str
        What the person heard last.
    """
    reply = await ask(
        "argue",
        ArgumentReply,
        topic=topic,
        stance=round(_SCALE * stance),
        certainty=round(_SCALE * certainty),
        heard=heard,
    )
    return Argument(reply.text)
