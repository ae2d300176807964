"""The formulas of conversations: how good they are, and what they change."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.social import ConversationParameters
from mesa_llm_city.social.conversation import ConversationEffect, Speaker
from mesa_llm_city.social.tie import Outcome

__all__ = ["conversation_effect", "conversation_quality", "outcome_code"]


def conversation_quality(
    affinity: ArrayLike,
    interests: ArrayLike,
    mood: ArrayLike,
    noise: ArrayLike,
    *,
    parameters: ConversationParameters,
) -> Float:
    """Return how good a conversation is for one of the two people.

    ``constant + affinity (2 a - 1) + interests (2 i - 1) + mood m + noise z``,
    clipped to [-1, 1]. The paper takes it from the words of a language model (CitySim,
    appendix A.1.2); the form of the rule is an assumption. The positive constant makes
    negative encounters rare.

    Parameters
    ----------
    affinity : array_like
        Affinity of the tie to the other, in [0, 1].
    interests : array_like
        How alike the interests of the two are, in [0, 1] (see `shared_interests`).
    mood : array_like
        Valence of the mood, in [-1, 1].
    noise : array_like
        Draws from a standard normal distribution.
    parameters : ConversationParameters
        What each of these counts for.

    Returns
    -------
    ndarray of float64
        Quality in [-1, 1]; all inputs broadcast.

    Examples
    --------
    >>> conversation_quality([0.8, 0.3], 0.5, 0, 0, parameters=ConversationParameters()).round(2)
    array([ 0.39, -0.01])
    """
    quality = (
        parameters.constant
        + parameters.affinity * (2.0 * np.asarray(affinity, dtype=np.float64) - 1.0)
        + parameters.interests * (2.0 * np.asarray(interests, dtype=np.float64) - 1.0)
        + parameters.mood * np.asarray(mood, dtype=np.float64)
        + parameters.noise * np.asarray(noise, dtype=np.float64)
    )
    return np.minimum(np.maximum(quality, -1.0), 1.0)


def outcome_code(quality: ArrayLike, *, parameters: ConversationParameters) -> Int:
    """Return the outcome of conversations of a given quality, as a position in `social.Outcome`.

    Parameters
    ----------
    quality : array_like
        Quality in [-1, 1] (see `conversation_quality`).
    parameters : ConversationParameters
        Limits of positive and negative outcomes.

    Returns
    -------
    ndarray of int64
        0 for positive, 1 for neutral, 2 for negative.

    Examples
    --------
    >>> outcome_code([0.39, 0.0, -0.61], parameters=ConversationParameters())
    array([0, 1, 2])
    """
    good = np.asarray(quality, dtype=np.float64)
    is_negative = good <= parameters.negative_below
    return np.where(good >= parameters.positive_above, 0, np.where(is_negative, 2, 1))


def conversation_effect(
    speaker: Speaker, outcome: Outcome, quality: float, *, parameters: ConversationParameters
) -> ConversationEffect:
    """Return what a conversation changes for one of the two people.

    Parameters
    ----------
    speaker : Speaker
        The person.
    outcome : Outcome
        How it was for the person.
    quality : float
        How good it was, in [-1, 1].
    parameters : ConversationParameters
        Reads ``mood_weight`` and the part of the social need that each outcome meets.
    """
    company: float = getattr(parameters, f"company_{outcome}")
    return ConversationEffect(
        speaker.persona.id, outcome, parameters.mood_weight * quality, company
    )
