"""What moderators make of a post, by prompt."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.prompts import Reason
from mesa_llm_city.social.community.design import CommunityDesign
from mesa_llm_city.social.community.judgement import Judgement, Moderator
from mesa_llm_city.social.post import Post

__all__ = ["ModeratePrompt", "ModerateReply", "moderate_reply"]


class ModerateReply(BaseModel):
    """Which rule a language model finds broken."""

    reason: Reason
    rule: int = Field(ge=0)


@lru_cache(maxsize=16)
def moderate_reply(rules: int) -> type[ModerateReply]:
    """Return the form of a reply that can name only rules that were shown; 0 is none.

    Examples
    --------
    >>> moderate_reply(2)(reason="kind", rule=0).rule
    0
    """
    return create_model("ModerateReply", __base__=ModerateReply, rule=(int, Field(ge=0, le=rules)))


class ModeratePrompt:
    """Asks which rule a post breaks; the prompt form of `Moderator.judge`."""

    __slots__ = ()

    verb = "judge"

    async def ask(
        self,
        rule: Moderator,  # noqa: ARG002 - a language model reads the words
        by_rule: Judgement,  # noqa: ARG002
        post: Post,
        design: CommunityDesign,
        *,
        author: str = "",
        answers: str = "",
        rng: np.random.Generator,  # noqa: ARG002
    ) -> Judgement | None:
        """Ask about a post (see `Moderator.judge`); None if there are no rules."""
        if not design.rules:
            return None
        reply = await ask(
            "moderate",
            moderate_reply(len(design.rules)),
            community=design.name,
            goal=design.goal,
            rules=[one.text for one in design.rules],
            author=author,
            answers=answers,
            text=post.text,
        )
        broken = design.rules[reply.rule - 1] if reply.rule else None
        return Judgement(broken, reply.reason, DecisionSource.PROMPT)
