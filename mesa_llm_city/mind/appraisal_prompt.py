"""Appraisal by prompt: a language model says what a visit was like."""

from __future__ import annotations

from math import isnan

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.appraisal import Ratings, Visit
from mesa_llm_city.mind.beliefs import PlaceBeliefs
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Rating, Reason

__all__ = ["AppraisalPrompt", "AppraisalReply"]

_FULL = 10.0
_BEST_MOOD = 5.0


class AppraisalReply(BaseModel):
    """What a visit was like, and how it changed the visitor's mood."""

    reason: Reason
    price: Rating
    atmosphere: Rating
    satisfaction: Rating
    convenience: Rating
    mood: int = Field(ge=-5, le=5)


class AppraisalPrompt:
    """Asks what a visit was like (CitySim, sec. 3.1.3).

    Whole numbers from 0 to 10 in the reply become shares, the mood from -5 to 5 likewise.
    """

    __slots__ = ()

    verb = "appraise"

    async def ask(
        self,
        _: PlaceBeliefs,
        __: Ratings,
        visit: Visit,
        *,
        persona: Persona | None = None,
        rng: np.random.Generator,  # noqa: ARG002 - drawn from by the rule
    ) -> Ratings:
        """Ask about a visit (see `PlaceBeliefs.appraise`)."""
        reply = await ask(
            "appraise",
            AppraisalReply,
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            place=visit.described or "a place",
            activity=visit.activity or "a visit",
            minutes=visit.stayed_min,
            travel_minutes=round(visit.travel_min),
            price=None if isnan(visit.price) else round(_FULL * visit.price),
            rating=None if isnan(visit.rating) else round(_FULL * visit.rating),
            mood=round(_BEST_MOOD * visit.mood),
        )
        shares = (reply.price, reply.atmosphere, reply.satisfaction, reply.convenience)
        price, atmosphere, satisfaction, convenience = (one / _FULL for one in shares)
        return Ratings(
            price,
            atmosphere,
            satisfaction,
            convenience,
            reply.reason,
            reply.mood / _BEST_MOOD,
            DecisionSource.PROMPT,
        )
