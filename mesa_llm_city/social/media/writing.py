"""What people write of their own accord: whether, about what, and how strongly."""

from __future__ import annotations

from typing import Any

import numpy as np

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.audience import Audience

__all__ = ["drawn_topics", "own_posts"]


def own_posts(
    rows: Int,
    draws: Float,
    *,
    audience: Audience,
    interests: Float | None,
    activity: Float,
    share: float,
    minute: int,
    parameters: CityParameters,
) -> dict[str, Any]:
    """Return what people write, as columns of `Posts`.

    Somebody writes with the probability ``1 - exp(-per_day activity share)``, about a topic drawn
    by interest; the stance is their own with some noise, the intensity what they feel.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Who might write.
    draws : ndarray of float64, shape (m, 3)
        Uniform numbers in [0, 1): whether, about what, and noise of the stance.
    audience : Audience
        What people feel and think.
    interests : ndarray of float64, shape (n, topics), or None
        How much people care for topics; None for equally.
    activity : ndarray of float64, shape (n,)
        How active people are; the mean is 1.
    share : float
        Share of the waking hours of a day.
    minute : int
        Now.
    parameters : CityParameters
        ``social.media.writing``.
    """
    numbers = parameters.social.media.writing
    likely = -np.expm1(-numbers.per_day * activity[rows] * share)
    writes = draws[:, 0] < likely
    who, drawn = rows[writes], draws[writes]
    topic = drawn_topics(drawn[:, 1], None if interests is None else interests[who], audience)
    noise = numbers.stance_spread * normal_of(drawn[:, 2])
    felt = np.zeros(len(who))
    for code, name in enumerate(audience.topics):
        about = topic == code
        felt[about] = audience.emotion(name, at_min=minute)[who[about]]
    return {
        "author": who,
        "topic": topic,
        "stance": np.clip(audience.stances[who, topic] + noise, -1.0, 1.0),
        "intensity": np.maximum(felt, numbers.intensity_calm),
    }


def drawn_topics(uniform: Float, interests: Float | None, audience: Audience) -> Int:
    """Return codes of topics drawn by interest, for uniform numbers of shape (m,)."""
    topics = len(audience.topics)
    if interests is None:
        return (uniform * topics).astype(np.int64)
    bounds = np.cumsum(interests, axis=1)
    drawn = (uniform * bounds[:, -1])[:, np.newaxis]
    passed = (drawn >= bounds).sum(axis=1)
    return np.asarray(np.minimum(passed, topics - 1), dtype=np.int64)
