"""Emotion by prompt: a language model says how strongly a person feels after a message."""

from __future__ import annotations

from pydantic import BaseModel

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason
from mesa_llm_city.social.emotion import Emotion, Felt
from mesa_llm_city.social.post import Post
from mesa_llm_city.social.post_facts import post_facts, tenths

__all__ = ["EmotionPrompt", "FeelReply"]


class FeelReply(BaseModel):
    """How strong a language model has the emotion be."""

    reason: Reason
    emotion: Rating


class EmotionPrompt:
    """Asks how strongly a person feels about a topic after a post.

    The prompt form of `Emotion.react`. As in S3, the model is told the person, the emotion so
    far and the message.
    """

    __slots__ = ()

    verb = "react"

    async def ask(
        self,
        rule: Emotion,
        _: Felt,
        post: Post,
        *,
        at_min: int,
        trust: float = 1.0,
        relevance: float | None = None,  # noqa: ARG002 - the model judges it
        persona: Persona | None = None,
        author: str = "",
    ) -> Felt:
        """Ask about a post (see `Emotion.react` for the arguments)."""
        reply = await ask(
            "feel",
            FeelReply,
            **post_facts(post, at_min=at_min, persona=persona, author=author),
            trust=tenths(trust),
            emotion=str(rule.word(post.topic, at_min=at_min)),
            level=tenths(rule.level(post.topic, at_min=at_min)),
        )
        return Felt(reply.emotion / 10.0, reply.reason, DecisionSource.PROMPT)
