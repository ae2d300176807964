"""Conversations of one pair after another, in a form that is compiled (see `kernels`).

The functions do what those of `conversation_formulas` do in NumPy, in the same order of
operations.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from mesa_llm_city.parameters.social import ConversationParameters
from mesa_llm_city.social.tie import Outcome

__all__ = ["ConversationNumbers", "conversation_numbers", "outcome_of", "quality_of"]


class ConversationNumbers(NamedTuple):
    """What `ConversationParameters` holds; `company` by outcome."""

    constant: float
    affinity: float
    interests: float
    mood: float
    noise: float
    positive_above: float
    negative_below: float
    mood_weight: float
    company: tuple[float, float, float]


@lru_cache(maxsize=64)
def conversation_numbers(parameters: ConversationParameters) -> ConversationNumbers:
    """Return the parameters as loops take them."""
    good, neutral, bad = (float(getattr(parameters, f"company_{one}")) for one in Outcome)
    return ConversationNumbers(
        parameters.constant,
        parameters.affinity,
        parameters.interests,
        parameters.mood,
        parameters.noise,
        parameters.positive_above,
        parameters.negative_below,
        parameters.mood_weight,
        (good, neutral, bad),
    )


def quality_of(
    numbers: ConversationNumbers, affinity: float, interests: float, mood: float, noise: float
) -> float:
    """Return how good a conversation is for one of the two (see `conversation_quality`)."""
    quality = (
        numbers.constant
        + numbers.affinity * (2.0 * affinity - 1.0)
        + numbers.interests * (2.0 * interests - 1.0)
        + numbers.mood * mood
        + numbers.noise * noise
    )
    return min(max(quality, -1.0), 1.0)


def outcome_of(numbers: ConversationNumbers, quality: float) -> int:
    """Return the outcome of a conversation as a position in `Outcome` (see `outcome_code`)."""
    if quality >= numbers.positive_above:
        return 0
    return 2 if quality <= numbers.negative_below else 1
