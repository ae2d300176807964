"""Appraisal by prompt: what a language model is told of a visit, and what it may answer."""

from __future__ import annotations

from math import isnan

from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.appraisal import Ratings, Visit
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason

__all__ = ["AppraisalReply", "appraised_by_prompt"]

_ANYBODY = "An adult of whom nothing more is known."
_FULL = 10.0
_BEST_MOOD = 5.0


class AppraisalReply(BaseModel):
    """What a visit was like, and what it did to the visitor's mood."""

    reason: Reason
    price: Rating
    atmosphere: Rating
    satisfaction: Rating
    convenience: Rating
    mood: int = Field(ge=-5, le=5)


async def appraised_by_prompt(visit: Visit, persona: Persona | None) -> Ratings:
    """Ask what a visit was like.

    Parameters
    ----------
    visit : Visit
        What there is to judge.
    persona : Persona or None
        Who.

    Returns
    -------
    Ratings
        Whole numbers from 0 to 10 as shares, the mood from -5 to 5 likewise.
    """
    reply = await ask(
        "appraise",
        AppraisalReply,
        person=_ANYBODY if persona is None else persona.describe(),
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
    mood = reply.mood / _BEST_MOOD
    return Ratings(
        price, atmosphere, satisfaction, convenience, reply.reason, mood, DecisionSource.PROMPT
    )
