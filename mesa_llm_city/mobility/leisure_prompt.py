"""Free time by prompt: a language model imagines ways to spend it and scores them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import Clock, clock_time
from mesa_llm_city.core.values import Activity, DecisionSource, Weather
from mesa_llm_city.mobility.free_time import (
    DEFAULT_CLOCK,
    FreeTimeChosen,
    feasible_purposes,
    free_activity,
    liking_of,
)
from mesa_llm_city.mobility.leaning import NO_LEANINGS
from mesa_llm_city.mobility.prompt_facts import Fact, out_of_ten, purpose_text, weather_fact
from mesa_llm_city.mobility.schedule import round_to_block
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason

__all__ = ["ImaginedReply", "LeisurePrompt", "LeisureReply", "leisure_reply"]


class ImaginedReply(BaseModel):
    """A way to spend free time, and how much the person would like it now."""

    activity: int = Field(ge=1)
    minutes: int = Field(ge=15, le=720)
    score: Rating


class LeisureReply(BaseModel):
    """The ways to spend free time that a language model imagines."""

    reason: Reason
    candidates: list[ImaginedReply] = Field(min_length=1, max_length=3)


@lru_cache(maxsize=64)
def leisure_reply(activities: int, candidates: int) -> type[LeisureReply]:
    """Return the form of a reply that can name only the `activities` that were told.

    Examples
    --------
    >>> form = leisure_reply(activities=2, candidates=1)
    >>> form(reason="tired", candidates=[{"activity": 3, "minutes": 60, "score": 5}])
    Traceback (most recent call last):
    ...
    pydantic_core._pydantic_core.ValidationError: 1 validation error for LeisureReply
    ...
    """
    imagined: Any = create_model(
        "ImaginedReply", __base__=ImaginedReply, activity=(int, Field(ge=1, le=activities))
    )
    several = (list[imagined], Field(min_length=1, max_length=candidates))
    return create_model("LeisureReply", __base__=LeisureReply, candidates=several)


class LeisurePrompt:
    """Asks a language model what free time is spent on: the prompt form of `FreeTimeChoice`.

    The model imagines and scores a few ways in one answer; the way of highest score is taken,
    the first of equal ones. Nothing is asked where only one purpose is feasible.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `mobility.free_time` and the purposes.
    """

    verb = "choose"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self.parameters = default_parameters() if parameters is None else parameters

    async def ask(
        self,
        rule: object,  # noqa: ARG002 - the question does not depend on it
        by_rule: object,  # noqa: ARG002 - the question does not depend on it
        block: Activity,
        persona: Persona,
        *,
        relief: Mapping[str, float],
        weather: Weather,
        rng: np.random.Generator,
        clock: Clock = DEFAULT_CLOCK,
        leanings: Mapping[str, float] = NO_LEANINGS,
        **_: object,
    ) -> FreeTimeChosen | None:
        """Ask for scored ways to spend a free block (see `FreeTimeChoice.choose`).

        The purposes are told in an order drawn from `rng`, since language models prefer what
        comes first.

        Returns
        -------
        FreeTimeChosen or None
            The best way, with the reason given and the scores, best first; None if there is
            nothing to choose from.
        """
        feasible = feasible_purposes(block, persona, clock, self.parameters)
        if len(feasible) == 1:
            return None
        told = [feasible[row] for row in rng.permutation(len(feasible)).tolist()]
        count = self.parameters.mobility.free_time.candidates
        reply = await ask(
            "leisure",
            leisure_reply(len(told), count),
            person=persona.describe(),
            time=clock_time(block.start_min),
            minutes=block.minutes,
            weather=weather_fact(weather),
            count=count,
            activities=[self._appeal(one, persona, relief, leanings) for one in told],
        )
        ranked = sorted(reply.candidates, key=lambda one: -one.score)
        scores = " > ".join(f"{told[one.activity - 1]} {one.score}" for one in ranked)
        best = ranked[0]
        minutes = round_to_block(best.minutes)
        activity = free_activity(told[best.activity - 1], block, minutes, persona, self.parameters)
        return FreeTimeChosen(activity, DecisionSource.PROMPT, f"{reply.reason} ({scores})")

    def _appeal(
        self,
        purpose: str,
        persona: Persona,
        relief: Mapping[str, float],
        leanings: Mapping[str, float],
    ) -> Fact:
        liking = liking_of(purpose, persona, leanings, self.parameters)
        return {
            "purpose": purpose_text(purpose, self.parameters),
            "liking": out_of_ten(liking),
            "relief": out_of_ten(relief.get(purpose, 0.0)),
        }
