"""Salient questions: what is worth asking about the days of late."""

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
_TEXT_LENGTH = 160


class ReflectionQuestion(NamedTuple):
    """A question about the days of late, and what to look for in memory to answer it."""

    text: str
    query: str


def select_questions(
    lately: MemoryColumns, thoughts: InsightMemory, *, at_min: int
) -> tuple[ReflectionQuestion, ...]:
    """Return up to three questions that bring out habits, preferences and evolving beliefs.

    They stand for those that CitySim (appendix A) has a language model ask: about
    the hours of what was done most often and is least known as a habit; about the
    liking of what was most clearly good or bad and is least known, or else of
    what was done most often after it; and whether an earlier insight still holds,
    another each day, or else what a third activity says about the person.

    Parameters
    ----------
    lately : MemoryColumns
        The entries looked at.
    thoughts : InsightMemory
        What has been concluded before.
    at_min : int
        When they are looked at, in minutes.
    """
    held = thoughts.held(at_min=at_min, kind=REFLECTED)
    times = _by_times(lately, _sureness(held, InsightKind.HABIT))
    clear = _by_clearness(lately, _sureness(held, InsightKind.PREFERENCE))
    asked = [_question(_HABIT, times[0])] if times else []
    asked += [_question(_LIKING, one) for one in (clear or times[1:])[:1]]
    if held:
        turn = at_min // DAY_MIN % len(held)
        return (*asked, _question(_STILL, held[turn].insight.text))
    return (*asked, *(_question(_SELF, one) for one in times[2:3]))


def _question(text: str, about: str) -> ReflectionQuestion:
    return ReflectionQuestion(text.format(about[:_TEXT_LENGTH]), about)


def _sureness(held: Sequence[Held], kind: InsightKind) -> Mapping[str, float]:
    """Return how sure the surest insight of a kind is, by subject."""
    sureness: dict[str, float] = {}
    for _, insight, strength in held:
        if insight.kind is kind:
            sureness[insight.subject] = max(strength, sureness.get(insight.subject, 0.0))
    return sureness


def _by_times(lately: MemoryColumns, known: Mapping[str, float]) -> list[str]:
    """Return the keys by how often they occur beyond what is known as a habit."""
    times = np.bincount(lately.code, minlength=len(lately.keys)).tolist()
    return _ranked(
        (count * (1.0 - known.get(key, 0.0)), key)
        for key, count in zip(lately.keys, times, strict=True)
    )


def _by_clearness(lately: MemoryColumns, known: Mapping[str, float]) -> list[str]:
    """Return the keys by how far their scores lie from neutral beyond what is known."""
    rated = lately.only(~np.isnan(lately.score))
    times = np.bincount(rated.code, minlength=len(rated.keys)).tolist()
    total = np.bincount(rated.code, weights=rated.score, minlength=len(rated.keys)).tolist()
    return _ranked(
        (
            abs(2.0 * scores / count - 1.0) * evidence_weight(count) * (1.0 - known.get(key, 0.0)),
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
