"""Contact by prompt: the people in reach by number, told in an order of chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason
from mesa_llm_city.social.encounter import Channel, ContactChance
from mesa_llm_city.social.prompt_facts import mood_fact, thought_fact, tie_fact
from mesa_llm_city.social.tie import Tie

__all__ = ["ContactReply", "Reachable", "contact_by_prompt", "contact_reply"]

_ANYBODY = "An adult of whom nothing more is known."


class Reachable(NamedTuple):
    """Somebody to talk to: id, name, way to reach, and the tie."""

    person: int
    name: str
    channel: Channel
    tie: Tie


class ContactReply(BaseModel):
    """The one whom a language model would talk to, by number; 0 for nobody."""

    reason: Reason
    choice: int = Field(ge=0)


@lru_cache(maxsize=64)
def contact_reply(people: int) -> type[ContactReply]:
    """Return the form of a reply that can name only the `people` that were told, or nobody.

    Examples
    --------
    >>> contact_reply(3)(reason="in a hurry", choice=0).choice
    0
    """
    return create_model("ContactReply", __base__=ContactReply, choice=(int, Field(ge=0, le=people)))


async def contact_by_prompt(
    people: Sequence[Reachable],
    chance: ContactChance,
    *,
    persona: Persona | None,
    rng: np.random.Generator,
) -> tuple[Reachable | None, str]:
    """Ask whether to talk to somebody, to whom and how.

    Parameters
    ----------
    people : sequence of Reachable
        Those in reach; told in an order drawn from `rng`, since language models
        prefer what comes first.
    chance, persona, rng
        See `ContactChoice.decide`.

    Returns
    -------
    Reachable or None
        The one to talk to.
    str
        The reason given.
    """
    told = [people[row] for row in rng.permutation(len(people)).tolist()]
    reply = await ask(
        "meet",
        contact_reply(len(told)),
        person=_ANYBODY if persona is None else persona.describe(),
        time=clock_time(chance.minute),
        activity="not known" if chance.activity is None else str(chance.activity),
        minutes=chance.free_min,
        social=round(10.0 * chance.social),
        mood=mood_fact(chance.mood),
        thought=thought_fact(chance.thought),
        people=[tie_fact(one.name, one.tie) | {"how": str(one.channel)} for one in told],
    )
    return (told[reply.choice - 1] if reply.choice else None), reply.reason
