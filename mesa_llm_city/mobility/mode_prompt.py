"""Mode choice by prompt: the ways by number, told in random order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource, TravelOption, Weather
from mesa_llm_city.mobility.mode_choice import ModeChosen, travel_times
from mesa_llm_city.mobility.prompt_facts import (
    Fact,
    mode_text,
    person_text,
    purpose_text,
    weather_fact,
)
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Reason

__all__ = ["ModePrompt", "ModeReply", "mode_reply"]


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


class ModePrompt:
    """Asks a language model which way to take: the prompt form of `LogitModeChoice.choose`.

    Nothing is asked where there is one way only.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads labels and descriptions of modes and purposes.
    """

    verb = "choose"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    async def ask(
        self,
        rule: object,  # noqa: ARG002 - the question does not depend on it
        by_rule: object,  # noqa: ARG002 - the question does not depend on it
        options: Sequence[TravelOption],
        *,
        weather: Weather | None = None,
        persona: Persona | None = None,
        purpose: str | None = None,
        when: str = "",
        rng: np.random.Generator,
        **_: object,
    ) -> ModeChosen | None:
        """Ask which way to take (see `LogitModeChoice.choose` for the arguments).

        The ways are told in an order drawn from `rng`, since language models prefer what
        comes first.

        Returns
        -------
        ModeChosen or None
            The way of the number that was answered; None if there is one way only.
        """
        if len(options) == 1:
            return None
        order = rng.permutation(len(options)).tolist()
        reply = await ask(
            "mode",
            mode_reply(len(order)),
            person=person_text(persona),
            purpose="not known" if purpose is None else purpose_text(purpose, self.parameters),
            when=when or "Some day",
            weather=weather_fact(weather or Weather()),
            options=[self._told(options[row]) for row in order],
        )
        row = order[reply.choice - 1]
        reason = f"{reply.reason} ({travel_times(options, row)})"
        certain = np.eye(len(options))[row]
        return ModeChosen(options[row], certain, DecisionSource.PROMPT, reason)

    def _told(self, option: TravelOption) -> Fact:
        return {
            "mode": mode_text(option.mode, self.parameters),
            "minutes": round(option.minutes),
            "access_minutes": round(option.access_min),
            "km": round(option.distance_m / 1000.0, 1),
            "cost": round(option.cost, 2),
        }
