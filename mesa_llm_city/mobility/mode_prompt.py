"""Mode choice by prompt: the ways by number, told in an order of chance."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import Purpose, TravelOption, Weather
from mesa_llm_city.mobility.prompt_facts import Fact, weather_fact
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason

__all__ = ["ModeReply", "mode_by_prompt", "mode_reply"]

_ANYBODY = "An adult of whom nothing more is known."


class ModeReply(BaseModel):
    """The way that a language model chooses, by its number."""

    reason: Reason
    choice: int = Field(ge=1)


@lru_cache(maxsize=64)
def mode_reply(options: int) -> type[ModeReply]:
    """Return the form of a reply that can name only the `options` that were told.

    Examples
    --------
    >>> mode_reply(3)(reason="it is dry", choice=2).choice
    2
    """
    return create_model("ModeReply", __base__=ModeReply, choice=(int, Field(ge=1, le=options)))


async def mode_by_prompt(
    options: Sequence[TravelOption],
    *,
    persona: Persona | None,
    purpose: Purpose | None,
    when: str = "",
    weather: Weather,
    rng: np.random.Generator,
) -> tuple[int, str]:
    """Ask which way to take.

    Parameters
    ----------
    options : sequence of TravelOption
        The ways; told in an order drawn from `rng`, since language models prefer
        what comes first.
    persona, purpose, when, weather, rng
        See `LogitModeChoice.choose`.

    Returns
    -------
    int
        Position in `options`.
    str
        The reason given.
    """
    order = rng.permutation(len(options)).tolist()
    reply = await ask(
        "mode",
        mode_reply(len(order)),
        person=_ANYBODY if persona is None else persona.describe(),
        purpose="not known" if purpose is None else str(purpose),
        when=when or "Some day",
        weather=weather_fact(weather),
        options=[_told(options[row]) for row in order],
    )
    return order[reply.choice - 1], reply.reason


def _told(option: TravelOption) -> Fact:
    return {
        "mode": str(option.mode),
        "minutes": round(option.minutes),
        "access_minutes": round(option.access_min),
        "km": round(option.distance_m / 1000.0, 1),
        "cost": round(option.cost, 2),
    }
