"""Reflection by prompt: salient questions, numbered memories, insights with their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, clock_time
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
from mesa_llm_city.mind.question_selection import select_questions
from mesa_llm_city.mind.regularities import place_name
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason

__all__ = ["InsightReply", "ReflectReply", "reflected_by_prompt"]

_ANYBODY = "An adult of whom nothing more is known."
_PER_QUESTION = 4
_TOPICS = 8
_ENTRY_LENGTH = 80
_NAME_LENGTH = 40
_TEXT_LENGTH = 120
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\Z")


class InsightReply(BaseModel):
    """An insight of a language model, with the numbers of what it rests on."""

    text: str = Field(min_length=1, max_length=_TEXT_LENGTH)
    kind: Literal["habit", "preference", "opinion", "belief"]
    about: int = Field(ge=0, le=_TOPICS)
    time: str = Field(max_length=5)
    liking: int = Field(ge=-5, le=5)
    strength: Rating
    evidence: list[int] = Field(max_length=6)


class ReflectReply(BaseModel):
    """What a language model concludes from the memories it was told."""

    reason: Reason
    insights: list[InsightReply] = Field(max_length=5)


class _Told(NamedTuple):
    """What the numbers of a question stand for."""

    entries: Sequence[int]
    earlier: Sequence[int]
    subjects: Sequence[str]


async def reflected_by_prompt(
    memory: Memory,
    lately: MemoryColumns,
    thoughts: InsightMemory,
    *,
    at_min: int,
    persona: Persona | None,
    names: Mapping[int, str],
    rng: np.random.Generator,
) -> tuple[tuple[Insight, ...], str]:
    """Ask for insights, in one question.

    CitySim (appendix A) asks a model for salient questions, retrieves memories
    for each, and asks again for up to five insights with evidence. Here the
    questions are found by counting (`select_questions`), so that one call is
    enough and the other is saved. For each question the memories are told that
    fit best by similarity plus `recency`, and the earlier insight that fits best.

    Parameters
    ----------
    memory : Memory
        Holds the texts of the entries.
    lately : MemoryColumns
        The entries of the days looked at; not empty.
    thoughts, at_min, persona, names, rng
        See `Reflection.reflect`. Topics are told in an order drawn from `rng`,
        since language models prefer what comes first.

    Returns
    -------
    tuple of Insight
        Those of the answer that rest on something told. Evidence by a number
        that was not told is left out, and so is an insight about such a number.
    str
        The reason given, and how much was left out.
    """
    questions = select_questions(lately, thoughts, at_min=at_min)
    queries = [one.query for one in questions]
    entries = _retrieved(memory, lately, queries, at_min)
    earlier = _earlier(thoughts, queries, at_min)
    remembered = [one for number in entries if (one := memory.entry(number)) is not None]
    subjects = _subjects(remembered, persona)
    subjects = [subjects[row] for row in rng.permutation(len(subjects)).tolist()]
    reply = await ask(
        "reflect",
        ReflectReply,
        person=_ANYBODY if persona is None else persona.describe(),
        questions=[one.text for one in questions],
        entries=[_line(one, at_min) for one in remembered],
        earlier=[old.text for number in earlier if (old := thoughts.insight(number)) is not None],
        topics=[_topic(subject, names) for subject in subjects],
    )
    return _understood(reply, _Told(entries, earlier, subjects), at_min)


def _retrieved(
    memory: Memory, lately: MemoryColumns, queries: Sequence[str], at_min: int
) -> list[int]:
    """Return the numbers of the entries that fit the questions, oldest first."""
    keys = {lately.keys[code] for code in lately.code.tolist()}
    found = {
        number
        for query in queries
        for number in memory.recall_numbers(
            at_min=at_min,
            key=keys,
            query=query,
            count=_PER_QUESTION,
            window_min=at_min - int(lately.minute.min()),
            recency_weight=1.0,
        )
    }
    return sorted(found)


def _earlier(thoughts: InsightMemory, queries: Sequence[str], at_min: int) -> list[int]:
    """Return the numbers of the earlier insights that fit the questions."""
    found = {
        number
        for query in queries
        for number in thoughts.recall_numbers(at_min=at_min, query=query, kind=REFLECTED, count=1)
    }
    return sorted(found)


def _subjects(told: Sequence[MemoryEntry], persona: Persona | None) -> list[str]:
    """Return what an insight can be about: the keys told, and places told more than once."""
    places = Counter(one.place for one in told)
    own = () if persona is None else (persona.home, persona.work)
    again = [one for one, times in places.items() if times > 1 and one not in own]
    keys = [key for key, _ in Counter(one.key for one in told).most_common()]
    return [*keys, *map(place_subject, again)][:_TOPICS]


def _topic(subject: str, names: Mapping[int, str]) -> str:
    place = subject_place(subject)
    return (subject if place is None else place_name(place, names))[:_NAME_LENGTH]


def _line(entry: MemoryEntry, at_min: int) -> str:
    ago = at_min // DAY_MIN - entry.minute // DAY_MIN
    score = "" if entry.score is None else f" [{round(10.0 * entry.score)}]"
    told = entry.observation[:_ENTRY_LENGTH]
    return f"-{ago}d {clock_time(entry.minute)} {entry.key[:_NAME_LENGTH]}: {told}{score}"


def _understood(reply: ReflectReply, told: _Told, at_min: int) -> tuple[tuple[Insight, ...], str]:
    known = len(told.entries) + len(told.earlier)
    cited = [number for one in reply.insights for number in one.evidence]
    wrong = len([number for number in cited if not 1 <= number <= known])
    read = [_insight(one, told, at_min) for one in reply.insights]
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


def _insight(reply: InsightReply, told: _Told, at_min: int) -> Insight | None:
    """Return what is meant, or None if it rests on nothing or is about nothing told."""
    numbers = sorted(set(reply.evidence))
    entries = len(told.entries)
    evidence = tuple(told.entries[one - 1] for one in numbers if 1 <= one <= entries)
    older = [one - entries for one in numbers if one > entries]
    earlier = tuple(told.earlier[one - 1] for one in older if one <= len(told.earlier))
    if not (evidence or earlier) or reply.about > len(told.subjects):
        return None
    kind = InsightKind(reply.kind)
    return Insight(
        at_min,
        kind,
        told.subjects[reply.about - 1] if reply.about else MYSELF,
        reply.text,
        reply.strength / 10.0,
        reply.liking / 5.0 if kind in LIKINGS else 0.0,
        _time_of_day(reply.time) if kind is InsightKind.HABIT else None,
        evidence,
        earlier,
    )


def _time_of_day(told: str) -> int | None:
    found = _TIME.match(told.strip())
    return HOUR_MIN * int(found[1]) + int(found[2]) if found else None
