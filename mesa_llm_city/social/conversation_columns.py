"""Conversations by rule in columns: how each is for both people, and what it changes.

`ConversationRule` calls `converse_rows` with one row.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.social import ConversationParameters
from mesa_llm_city.social.conversation_formulas import conversation_quality, outcome_code
from mesa_llm_city.social.tie import Outcome

__all__ = ["ConversationRows", "converse_rows"]


class ConversationRows(NamedTuple):
    """What m conversations are for the person who begins, column 0, and for the other, column 1.

    Attributes
    ----------
    quality : ndarray of float64, shape (m, 2)
        How good it is, in [-1, 1].
    outcome : ndarray of int8, shape (m, 2)
        Position in `social.Outcome`.
    mood : ndarray of float64, shape (m, 2)
        Change of the valence of the mood, in [-1, 1].
    company : ndarray of float64, shape (m, 2)
        How much of the social need it meets, in [0, 1].
    noise : ndarray of float64, shape (m, 2)
        The standard normal numbers in the quality.
    """

    quality: Float
    outcome: NDArray[np.int8]
    mood: Float
    company: Float
    noise: Float


def converse_rows(
    affinity: ArrayLike,
    interests: ArrayLike,
    mood: ArrayLike,
    draws: Float,
    *,
    parameters: ConversationParameters,
) -> ConversationRows:
    """Return how m conversations are for both people, and what they change.

    Parameters
    ----------
    affinity : array_like, shape (m, 2)
        Affinity of the tie of each of the two to the other, in [0, 1].
    interests : array_like, shape (m,)
        How alike the interests of the two are, in [0, 1] (see `shared_interests_rows`).
    mood : array_like, shape (m, 2)
        Valence of the mood of each, in [-1, 1].
    draws : ndarray of float64, shape (m, 2)
        Uniform numbers in [0, 1), the first two of the stream ``"talk"`` of the person who
        begins; the third draws the topic.
    parameters : ConversationParameters
        What each of these counts for.

    Examples
    --------
    >>> rows = converse_rows([[0.8, 0.3]], [0.5], [[0.0, 0.0]], np.array([[0.5, 0.5]]),
    ...                      parameters=ConversationParameters())
    >>> rows.quality.round(2), rows.outcome, rows.company
    (array([[ 0.39, -0.01]]), array([[0, 1]], dtype=int8), array([[0.3 , 0.15]]))
    """
    noise = normal_of(draws)
    quality = conversation_quality(
        affinity,
        np.asarray(interests, dtype=np.float64)[:, np.newaxis],
        mood,
        noise,
        parameters=parameters,
    )
    outcome = outcome_code(quality, parameters=parameters).astype(np.int8)
    gain = _company(parameters)[outcome]
    return ConversationRows(quality, outcome, parameters.mood_weight * quality, gain, noise)


@lru_cache(maxsize=64)
def _company(parameters: ConversationParameters) -> Float:
    """Return how much of the social need each outcome meets, shape (3,)."""
    return np.array([getattr(parameters, f"company_{outcome}") for outcome in Outcome])
