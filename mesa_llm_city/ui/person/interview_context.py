"""Context of an interview with a person, from what a view shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.simulation.interview_context import InterviewContext
from mesa_llm_city.simulation.phrases import date_and_time, words
from mesa_llm_city.social import DIMENSIONS
from mesa_llm_city.ui.views.protocols import MemoryRow, PersonView, PlanRow

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["interview_context_of"]

_LINES = 8
_WORDS = dict(zip(DIMENSIONS, ("liked", "trusted", "known"), strict=True))


def interview_context_of(
    seen: PersonView, clock: Clock, minute: int, about: str = ""
) -> InterviewContext:
    """Return what a person of any view can say, what fits the question first.

    Parameters
    ----------
    seen : PersonView
        The person, live or replayed.
    clock : Clock
        Calendar of the run.
    minute : int
        Present minute of the run.
    about : str, optional
        The question.
    """
    memories = [_remembered(one, clock) for one in seen.memories]
    next_ones = [row for row in seen.plan if row.status == "next"]
    return InterviewContext(
        person=seen.id,
        minute=minute,
        name=seen.name,
        described=seen.described,
        time=date_and_time(clock, minute),
        doing=seen.now,
        plan=tuple(_block(row, clock) for row in next_ones[:_LINES]),
        needs=dict(seen.needs),
        mood=seen.mood or "unknown",
        thought=seen.thought,
        goals=seen.goals,
        memories=_fitting(memories, about),
        insights=_fitting([one.text for one in seen.insights], about),
        beliefs=_fitting(_believed(seen.beliefs), about),
        people=_fitting(_known(seen.ties), about),
        unknown=tuple("people" if name == "ties" else name for name in seen.missing),
    )


def _block(row: PlanRow, clock: Clock) -> str:
    times = f"{clock.at(row.start):%H:%M}-{clock.at(row.end):%H:%M}"
    return f"{times} {row.purpose} at {row.place}" if row.place else f"{times} {row.purpose}"


def _remembered(one: MemoryRow, clock: Clock) -> str:
    where = f" at {one.place}" if one.place else ""
    return f"{clock.at(one.minute):%A %H:%M} {one.key}{where}: {one.observation}"


def _fitting(lines: Sequence[str], about: str) -> tuple[str, ...]:
    """Return the lines that share most words with a text, of equal ones the first."""
    asked = words(about)
    return tuple(sorted(lines, key=lambda line: -len(words(line) & asked))[:_LINES])


def _believed(beliefs: pd.DataFrame) -> list[str]:
    numbers = (10.0 * beliefs[list(ASPECTS)].astype(float)).round().astype(int)
    rows = numbers.to_dict("records")
    return [
        f"{place}: {', '.join(f'{name} {row[name]}' for name in ASPECTS)}"
        for place, row in zip(beliefs["place"], rows, strict=True)
    ]


def _known(ties: pd.DataFrame) -> list[str]:
    numbers = (10.0 * ties[list(DIMENSIONS)].astype(float)).round().astype(int)
    rows = numbers.to_dict("records")
    return [
        f"{name}, {relation}: {', '.join(f'{_WORDS[one]} {row[one]}' for one in DIMENSIONS)}"
        for name, relation, row in zip(ties["name"], ties["relation"], rows, strict=True)
    ]
