"""Salient questions: what is worth asking about the last days when reflecting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.mind.insight import REFLECTED, InsightKind
from mesa_llm_city.mind.insight_memory import Held, InsightMemory
from mesa_llm_city.mind.memory_entry import MemoryColumns
from mesa_llm_city.mind.regularities import evidence_weight

__all__ = ["ReflectionQuestion", "select_questions"]

_HABIT = "When, and how regularly, does the person do this: {}?"
_LIKING = "What does the person like or dislike about this: {}?"
_STILL = "Is it still true of the person: {}?"
_SELF = "What does this say about the person: {}?"
# Longest subject in a question, in characters.
_TEXT_LENGTH = 160


class ReflectionQuestion(NamedTuple):
    """A question about the last days.

    Attributes
    ----------
    text : str
        The question in words.
    query : str
        What memories are compared with to answer it.
    """

    text: str
    query: str


def select_questions(
    recent: MemoryColumns, insights: InsightMemory, *, at_min: int, prior_ratings: float
) -> tuple[ReflectionQuestion, ...]:
    """Return up to three questions about habits, preferences and beliefs that may change.

    They replace those that CitySim (appendix A) has a language model ask. The first is about
    the hours of the activity that is most frequent and least known as a habit. The second is
    about the liking of the activity that was most clearly good or bad and is least known, or
    else of the second most frequent activity. The third is whether an earlier insight still
    holds, another one each day, or else what the third activity says about the person.

    Parameters
    ----------
    recent : MemoryColumns
        The entries of the last days.
    insights : InsightMemory
        What has been concluded before.
    at_min : int
        Time of the reflection, in minutes.
    prior_ratings : float
        See `evidence_weight`.
    """
    held = insights.held(at_min=at_min, kind=REFLECTED)
    times = _by_times(recent, _strengths(held, InsightKind.HABIT))
    liked = _strengths(held, InsightKind.PREFERENCE)
    clear = _by_clearness(recent, liked, prior_ratings)
    asked = [_question(_HABIT, times[0])] if times else []
    asked += [_question(_LIKING, one) for one in (clear or times[1:])[:1]]
    if held:
        turn = at_min // DAY_MIN % len(held)
        return (*asked, _question(_STILL, held[turn].insight.text))
    return (*asked, *(_question(_SELF, one) for one in times[2:3]))


def _question(text: str, about: str) -> ReflectionQuestion:
    return ReflectionQuestion(text.format(about[:_TEXT_LENGTH]), about)


def _strengths(held: Sequence[Held], kind: InsightKind) -> Mapping[str, float]:
    """Return the strength of the strongest insight of a kind, by subject."""
    strengths: dict[str, float] = {}
    for _, insight, strength in held:
        if insight.kind is kind:
            strengths[insight.subject] = max(strength, strengths.get(insight.subject, 0.0))
    return strengths


def _by_times(recent: MemoryColumns, known: Mapping[str, float]) -> list[str]:
    """Return the keys by how often they occur beyond what is known as a habit."""
    times = np.bincount(recent.code, minlength=len(recent.keys)).tolist()
    return _ranked(
        (count * (1.0 - known.get(key, 0.0)), key)
        for key, count in zip(recent.keys, times, strict=True)
    )


def _by_clearness(recent: MemoryColumns, known: Mapping[str, float], prior: float) -> list[str]:
    """Return the keys by how far their scores lie from neutral beyond what is known."""
    rated = recent.only(~np.isnan(recent.score))
    times = np.bincount(rated.code, minlength=len(rated.keys)).tolist()
    total = np.bincount(rated.code, weights=rated.score, minlength=len(rated.keys)).tolist()
    return _ranked(
        (
            abs(2.0 * scores / count - 1.0)
            * evidence_weight(count, prior=prior)
            * (1.0 - known.get(key, 0.0)),
            key,
        )
        for key, count, scores in zip(rated.keys, times, total, strict=True)
        if count
    )


def _ranked(weighed: Iterable[tuple[float, str]]) -> list[str]:
    ordered = sorted(((round(weight, 9), key) for weight, key in weighed), key=_falling)
    return [key for weight, key in ordered if weight > 0.0]


def _falling(weighed: tuple[float, str]) -> tuple[float, str]:
    return -weighed[0], weighed[1]
