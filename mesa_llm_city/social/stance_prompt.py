"""Stance by prompt: a language model says what a person thinks after a message."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason
from mesa_llm_city.social.post import Post
from mesa_llm_city.social.post_facts import post_facts, stance_fact, tenths
from mesa_llm_city.social.stance import Considered, Stance

__all__ = ["ConsiderReply", "StancePrompt"]


class ConsiderReply(BaseModel):
    """The stance that a language model gives the person, and how sure of it."""

    reason: Reason
    stance: int = Field(ge=-10, le=10)
    certainty: Rating


class StancePrompt:
    """Asks what a person thinks about a topic after a post; the prompt form of `Stance.consider`.

    Crowds of language models drift to consensus and to what is true; where they are not told
    of bias they seldom split (Chuang et al. 2023, arXiv:2311.09618). So run each topic also with
    its sign turned round.
    """

    __slots__ = ()

    verb = "consider"

    async def ask(
        self,
        rule: Stance,
        _: Considered,
        post: Post,
        *,
        at_min: int,
        trust: float = 1.0,
        persona: Persona | None = None,
        author: str = "",
        emotion: str = "",
        known: tuple[str, ...] = (),
        rng: np.random.Generator | None = None,  # noqa: ARG002 - of the rule
    ) -> Considered:
        """Ask about a post (see `Stance.consider` for the arguments)."""
        reply = await ask(
            "consider",
            ConsiderReply,
            **post_facts(post, at_min=at_min, persona=persona, author=author),
            trust=tenths(trust),
            emotion=emotion,
            stance=stance_fact(rule.value(post.topic)),
            certainty=tenths(rule.certainty(post.topic)),
            known=list(known),
        )
        return Considered(
            reply.stance / 10.0, reply.certainty / 10.0, reply.reason, DecisionSource.PROMPT
        )
