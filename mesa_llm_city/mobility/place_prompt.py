"""Place choice by prompt: which part of the city to go to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason

__all__ = ["Area", "AreaReply", "area_by_prompt", "area_reply"]

_ANYBODY = "An adult of whom nothing more is known."
_FULL = 10.0
_BEST_MOOD = 5.0


class Area(NamedTuple):
    """A part of the city, and what it offers.

    Attributes
    ----------
    code : int
        Its number in the choice set.
    name : str
        What it is called.
    distance_m : float
        To its nearest place, in metres.
    places : int
        How many places it has.
    share : float
        How much it weighs for the person, distance and liking together, in [0, 1].
    """

    code: int
    name: str
    distance_m: float
    places: int
    share: float


class AreaReply(BaseModel):
    """The area that a language model chooses, by its number."""

    reason: Reason
    choice: int = Field(ge=1)


@lru_cache(maxsize=32)
def area_reply(areas: int) -> type[AreaReply]:
    """Return the form of a reply that can name only the `areas` that were told.

    Examples
    --------
    >>> area_reply(3)(reason="near", choice=1).choice
    1
    """
    return create_model("AreaReply", __base__=AreaReply, choice=(int, Field(ge=1, le=areas)))


async def area_by_prompt(
    areas: Sequence[Area],
    *,
    persona: Persona | None,
    purpose: Purpose | None,
    when: str,
    mood: float,
    rng: np.random.Generator,
) -> tuple[int, str]:
    """Ask which area to go to.

    Parameters
    ----------
    areas : sequence of Area
        At most ten; told in an order drawn from `rng`, since language models prefer what
        comes first.
    persona, purpose, when, mood
        See `GravityChoice.choose`.
    rng : numpy.random.Generator
        RandomStreams.

    Returns
    -------
    int
        Code of the area.
    str
        The reason given.
    """
    told = [areas[row] for row in rng.permutation(len(areas)).tolist()]
    reply = await ask(
        "place",
        area_reply(len(told)),
        person=_ANYBODY if persona is None else persona.describe(),
        purpose="not known" if purpose is None else str(purpose),
        when=when or "Some day",
        mood=round(_BEST_MOOD * mood),
        areas=[
            {
                "name": one.name,
                "km": round(one.distance_m / 1000.0, 1),
                "places": one.places,
                "liking": round(_FULL * one.share),
            }
            for one in told
        ],
    )
    return told[reply.choice - 1].code, reply.reason
