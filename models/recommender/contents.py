"""Made-up posts: topics, words of two sides, and what publishers write each day."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from mesa_llm_city.core.values import Float, Int

__all__ = ["MOST_TOPICS", "TOPICS", "texts_of"]

TOPICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "traffic": ("trams", "bicycle lanes", "parking", "night buses"),
        "taxes": ("budgets", "rates", "refunds", "wealth"),
        "schools": ("classrooms", "teachers", "exams", "homework"),
        "food": ("markets", "recipes", "farms", "canteens"),
        "football": ("goals", "the league", "coaches", "transfers"),
        "housing": ("rents", "landlords", "building land", "lofts"),
        "music": ("concerts", "albums", "choirs", "festivals"),
        "health": ("clinics", "nurses", "vaccines", "waiting lists"),
        "energy": ("wind farms", "heating", "the grid", "solar roofs"),
        "films": ("cinemas", "directors", "sequels", "comedies"),
        "parks": ("trees", "playgrounds", "ponds", "benches"),
        "work": ("wages", "unions", "overtime", "home offices"),
    }
)
"""Topics and what posts about them are about."""

MOST_TOPICS = len(TOPICS)

# One axis of opinion runs through all topics, from keeping what is proven to changing it.
_SIDES = (
    ("keep it as it was", "tradition first", "a proven custom", "slow down"),
    ("time to reform it", "a bold change", "modern ideas", "open it up"),
)
_STRONG, _NEITHER = "by all means", "a report"
_MILD_BELOW, _STRONG_FROM = 0.15, 0.6


def texts_of(topics: Int, stances: Float, draws: Float) -> list[str]:
    """Return the words of posts, from which a reader can tell topic and side.

    Parameters
    ----------
    topics : ndarray of int64, shape (m,)
        Places in `TOPICS`.
    stances : ndarray of float64, shape (m,)
        From -1, keep all as it is, to 1, change all.
    draws : ndarray of float64, shape (m, 2)
        Uniform numbers.

    Examples
    --------
    >>> texts_of(np.array([1]), np.array([0.8]), np.array([[0.0, 0.3]]))
    ['taxes: budgets, a bold change, by all means']
    """
    names, words = list(TOPICS), list(TOPICS.values())
    rows = zip(topics.tolist(), stances.tolist(), draws.tolist(), strict=True)
    return [
        f"{names[topic]}: {_pick(words[topic], one)}, {_side(stance, other)}"
        for topic, stance, (one, other) in rows
    ]


def _side(stance: float, draw: float) -> str:
    if abs(stance) < _MILD_BELOW:
        return _NEITHER
    said = _pick(_SIDES[int(stance > 0)], draw)
    return f"{said}, {_STRONG}" if abs(stance) >= _STRONG_FROM else said


def _pick(words: tuple[str, ...], draw: float) -> str:
    return words[int(np.floor(draw * len(words)))]
