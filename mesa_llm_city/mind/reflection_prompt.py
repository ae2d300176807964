"""Reflection by prompt: a language model answers questions about numbered memories."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, clock_time
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.insight import (
    LIKINGS,
    MYSELF,
    REFLECTED,
    Insight,
    InsightKind,
    place_subject,
    subject_place,
)
from mesa_llm_city.mind.insight_memory import InsightMemory
from mesa_llm_city.mind.memory import Memory
from mesa_llm_city.mind.memory_entry import MemoryColumns, MemoryEntry
from mesa_llm_city.mind.memory_words import MemoryWords, place_name
from mesa_llm_city.mind.question_selection import select_questions
from mesa_llm_city.mind.reflection import Reflected, Reflection
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import ReflectionParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import UNKNOWN_PERSON, Rating, Reason

__all__ = ["InsightReply", "ReflectPrompt", "ReflectReply", "reflect_reply"]

# Most topics that a reply can name.
_TOPICS = 8
# Longest texts that are told or taken, in characters.
_ENTRY_LENGTH = 160
_NAME_LENGTH = 40
_TEXT_LENGTH = 120
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")


class InsightReply(BaseModel):
    """An insight of a language model, with the numbers of its evidence."""

    text: str = Field(min_length=1, max_length=_TEXT_LENGTH)
    kind: Literal["habit", "preference", "opinion", "belief"]
    about: int = Field(ge=0, le=_TOPICS)
    time: str = Field(max_length=5)
    liking: int = Field(ge=-5, le=5)
    strength: Rating
    evidence: list[int] = Field(max_length=6)


class ReflectReply(BaseModel):
    """What a language model concludes; `reflect_reply` sets how many insights it may give."""

    reason: Reason
    insights: list[InsightReply]


@lru_cache(maxsize=8)
def reflect_reply(most: int) -> type[ReflectReply]:
    """Return the form of a reply with at most so many insights.

    Examples
    --------
    >>> reflect_reply(2)(reason="a quiet week", insights=[]).insights
    []
    """
    insights = (list[InsightReply], Field(max_length=most))
    return create_model("ReflectReply", __base__=ReflectReply, insights=insights)


class _Numbered(NamedTuple):
    """What the numbers in a question stand for.

    Attributes
    ----------
    entries : sequence of int
        Numbers of entries of memory, counted from 1 in the question.
    earlier : sequence of int
        Numbers of earlier insights, counted on from the entries.
    subjects : sequence of str
        Subjects of insights, counted from 1.
    """

    entries: Sequence[int]
    earlier: Sequence[int]
    subjects: Sequence[str]


class ReflectPrompt:
    """Asks for insights into the last days, in one question.

    CitySim (appendix A) asks a model for salient questions, retrieves memories for each,
    and asks again for up to five insights with evidence. Here the questions are found by
    counting (`select_questions`), so that one call is enough. The model is told, for each
    question, the memories that fit best by similarity plus `recency`, and the earlier
    insight that fits best.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.reflection` is read; the defaults if not given.
    """

    __slots__ = ("_parameters",)

    verb = "reflect"

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self._parameters = tree.mind.reflection

    async def ask(
        self,
        rule: Reflection,
        _: Reflected,
        memory: Memory,
        insights: InsightMemory,
        *,
        at_min: int,
        persona: Persona | None = None,
        words: MemoryWords | None = None,
        rng: np.random.Generator,
    ) -> Reflected | None:
        """Ask about the last days (see `Reflection.reflect`); None if nothing has happened.

        Insights that cite no memory or insight of the question are left out, and so are
        those about a topic that was not told.
        """
        recent = rule.recent(memory, at_min)
        if not recent:
            return None
        parameters, say = self._parameters, MemoryWords() if words is None else words
        prior = parameters.prior_ratings
        questions = select_questions(recent, insights, at_min=at_min, prior_ratings=prior)
        queries = [one.query for one in questions]
        entries = _retrieved(memory, recent, queries, at_min, parameters, words=say)
        earlier = _earlier(insights, queries, at_min)
        remembered = [one for number in entries if (one := memory.entry(number)) is not None]
        subjects = _subjects(remembered, persona, parameters.topics)
        # Language models prefer what comes first.
        subjects = [subjects[row] for row in rng.permutation(len(subjects)).tolist()]
        reply = await ask(
            "reflect",
            reflect_reply(parameters.most),
            person=UNKNOWN_PERSON if persona is None else persona.describe(),
            questions=[one.text for one in questions],
            entries=[_line(one, at_min, say) for one in remembered],
            earlier=[
                old.text for number in earlier if (old := insights.insight(number)) is not None
            ],
            topics=[_topic(subject, say.places) for subject in subjects],
        )
        found, reason = _understood(reply, _Numbered(entries, earlier, subjects), at_min)
        return Reflected(found[: parameters.most], DecisionSource.PROMPT, reason)


def _retrieved(
    memory: Memory,
    recent: MemoryColumns,
    queries: Sequence[str],
    at_min: int,
    parameters: ReflectionParameters,
    *,
    words: MemoryWords,
) -> list[int]:
    """Return the numbers of the entries that fit the questions, oldest first."""
    keys = {recent.keys[code] for code in recent.code.tolist()}
    found = {
        number
        for query in queries
        for number in memory.recall_numbers(
            at_min=at_min,
            key=keys,
            query=query,
            count=parameters.memories_per_question,
            window_min=at_min - int(recent.minute.min()),
            recency_weight=parameters.recency_weight,
            words=words,
        )
    }
    return sorted(found)


def _earlier(insights: InsightMemory, queries: Sequence[str], at_min: int) -> list[int]:
    """Return the numbers of the earlier insights that fit the questions."""
    found = {
        number
        for query in queries
        for number in insights.recall_numbers(at_min=at_min, query=query, kind=REFLECTED, count=1)
    }
    return sorted(found)


def _subjects(entries: Sequence[MemoryEntry], persona: Persona | None, most: int) -> list[str]:
    """Return what an insight can be about: the keys of entries, and places named twice."""
    places = Counter(one.place for one in entries)
    own = () if persona is None else (persona.home, persona.work)
    again = [one for one, times in places.items() if times > 1 and one not in own]
    keys = [key for key, _ in Counter(one.key for one in entries).most_common()]
    return [*keys, *map(place_subject, again)][:most]


def _topic(subject: str, names: Mapping[int, str]) -> str:
    place = subject_place(subject)
    return (subject if place is None else place_name(place, names))[:_NAME_LENGTH]


def _line(entry: MemoryEntry, at_min: int, words: MemoryWords) -> str:
    ago = at_min // DAY_MIN - entry.minute // DAY_MIN
    score = "" if entry.score is None else f" [{round(10.0 * entry.score)}]"
    return f"-{ago}d {clock_time(entry.minute)} {words.unjudged(entry)[:_ENTRY_LENGTH]}{score}"


def _understood(
    reply: ReflectReply, numbered: _Numbered, at_min: int
) -> tuple[tuple[Insight, ...], str]:
    """Return the insights of a reply, and its reason with a count of what was left out."""
    known = len(numbered.entries) + len(numbered.earlier)
    cited = [number for one in reply.insights for number in one.evidence]
    wrong = len([number for number in cited if not 1 <= number <= known])
    read = [_insight(one, numbered, at_min) for one in reply.insights]
    insights = tuple(one for one in read if one is not None)
    left_out = [
        f"{count} {what}"
        for count, what in (
            (wrong, "numbers of evidence"),
            (len(read) - len(insights), f"of {len(read)} insights"),
        )
        if count
    ]
    return insights, reply.reason + (f" ({', '.join(left_out)} left out)" if left_out else "")


def _insight(reply: InsightReply, numbered: _Numbered, at_min: int) -> Insight | None:
    """Return the insight, or None without valid evidence or with an unknown topic."""
    numbers = sorted(set(reply.evidence))
    entries = len(numbered.entries)
    evidence = tuple(numbered.entries[one - 1] for one in numbers if 1 <= one <= entries)
    older = [one - entries for one in numbers if one > entries]
    earlier = tuple(numbered.earlier[one - 1] for one in older if one <= len(numbered.earlier))
    if not (evidence or earlier) or reply.about > len(numbered.subjects):
        return None
    kind = InsightKind(reply.kind)
    return Insight(
        at_min,
        kind,
        numbered.subjects[reply.about - 1] if reply.about else MYSELF,
        reply.text,
        reply.strength / 10.0,
        reply.liking / 5.0 if kind in LIKINGS else 0.0,
        _time_of_day(reply.time) if kind is InsightKind.HABIT else None,
        evidence,
        earlier,
    )


def _time_of_day(text: str) -> int | None:
    found = _TIME.match(text.strip())
    return HOUR_MIN * int(found[1]) + int(found[2]) if found else None
