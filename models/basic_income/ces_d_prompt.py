"""The CES-D scale by prompt: a language model answers all twenty statements in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from mesa_llm_city.models.basic_income.ces_d import (
    ANSWERS,
    ITEMS,
    DepressionScale,
    ScaleReplies,
)
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.prompts import Reason

__all__ = ["ScalePrompt", "ScaleReply"]

_Answer = Annotated[int, Field(ge=0, le=len(ANSWERS) - 1)]


class ScaleReply(BaseModel):
    """The answers of a language model, one a statement, in their order."""

    reason: Reason
    answers: list[_Answer] = Field(min_length=len(ITEMS), max_length=len(ITEMS))


class ScalePrompt:
    """Asks for the answers of a person; the prompt form of `DepressionScale.answer`.

    The score is never told, nor what the statements measure.
    """

    __slots__ = ()

    verb = "answer"

    async def ask(
        self,
        _: DepressionScale,
        __: ScaleReplies,
        distress: float,
        *,
        draws: Sequence[float],
        person: str = "",
    ) -> ScaleReplies:
        """Ask about all statements (see `DepressionScale.answer`)."""
        del distress, draws
        reply = await ask(
            "scale",
            ScaleReply,
            person=person or "An adult of whom nothing more is known.",
            answers=list(ANSWERS),
            items=list(ITEMS),
        )
        return ScaleReplies(tuple(reply.answers), reply.reason, DecisionSource.PROMPT)
