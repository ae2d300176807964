"""What the agents answer, and a script that stands in for a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Question
from mesa_llm_city.prompts import Rating, Reason

__all__ = ["Script", "Stance"]


class Stance(BaseModel):
    """What an agent thinks, 0 (wholly against) to 10 (wholly for), and what it tells the others."""

    reason: Reason
    opinion: Rating
    argument: str = Field(max_length=160)


class Script:
    """Answers in the place of a language model: a step towards the median of what was heard.

    Examples
    --------
    >>> heard = [{"opinion": 8, "argument": "It is quieter."}]
    >>> facts = {"my_opinion": 3, "neighbours": heard}
    >>> (stance,) = Script().answer_many([Question(purpose="stance", reply=Stance, facts=facts)])
    >>> stance.opinion, stance.reason
    (4, 'half of them are at 8 or above')
    """

    def answer_many(self, questions: Sequence[Question]) -> list[Stance]:
        """Return one stance per question."""
        return [_scripted(one.facts) for one in questions]


def _scripted(facts: Mapping[str, Any]) -> Stance:
    middle = float(np.median([one["opinion"] for one in facts["neighbours"]]))
    opinion = facts["my_opinion"] + int(np.sign(middle - facts["my_opinion"]))
    return Stance(
        reason=f"half of them are at {middle:g} or above",
        opinion=opinion,
        argument="I am for it." if opinion > 5 else "I am against it.",
    )
