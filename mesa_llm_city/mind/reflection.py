"""Reflection by rule: what a person concludes from the last days when a day ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.mind.insight import Insight, is_about_the_same
from mesa_llm_city.mind.insight_memory import Held, InsightMemory
from mesa_llm_city.mind.memory import Memory
from mesa_llm_city.mind.memory_entry import MemoryColumns
from mesa_llm_city.mind.memory_words import MemoryWords
from mesa_llm_city.mind.regularities import habits_of, likings_of, regular_life
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import ReflectionParameters
from mesa_llm_city.population import Persona

__all__ = ["Reflected", "Reflection"]


class Reflected(NamedTuple):
    """What was concluded, for `InsightMemory.keep`.

    Attributes
    ----------
    insights : tuple of Insight
        At most `ReflectionParameters.most`, each with evidence.
    source : DecisionSource
        Rule or prompt.
    reason : str
        By rule, how many regularities were found in how many entries; by prompt, the
        model's own reason and how much of its answer could not be used.
    """

    insights: tuple[Insight, ...]
    source: DecisionSource
    reason: str


class Reflection(Stateless):
    """Draws insights from memory by counting.

    Parameters
    ----------
    parameters : CityParameters, optional
        `mind.reflection`, `mind.insights.same_habit_min` and the names of the modes are
        read; the defaults if not given.

    Attributes
    ----------
    parameters : ReflectionParameters
        What counts as a regularity.

    Examples
    --------
    >>> from mesa_llm_city.mind import MemoryEntry
    >>> from mesa_llm_city.core.asking import run
    >>> memory, insights = Memory(), InsightMemory()
    >>> for day in range(3):
    ...     _ = memory.add(MemoryEntry(1440 * day + 750, 4, "meal", "noodles"))
    >>> night = 2 * 1440 + 1380
    >>> reflected = run(
    ...     Reflection().reflect(memory, insights, at_min=night, rng=np.random.default_rng(1))
    ... )
    >>> reflected.insights[0].text, reflected.insights[0].evidence
    ('meal at about 12:30 on most days', (1, 2, 3))
    >>> insights.keep(reflected.insights)
    """

    __slots__ = ("_modes", "_same_habit_min", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: ReflectionParameters = tree.mind.reflection
        self._same_habit_min = tree.mind.insights.same_habit_min
        self._modes = frozenset(tree.modes)

    async def reflect(
        self,
        memory: Memory,
        insights: InsightMemory,
        *,
        at_min: int,
        persona: Persona | None = None,  # noqa: ARG002 - read by the prompt form
        words: MemoryWords | None = None,
        rng: np.random.Generator,  # noqa: ARG002
    ) -> Reflected:
        """Return insights from the last days, and change nothing.

        An activity that began at about the same time on several days is a habit, and so is
        a mode used on as many days. Several scores far from neutral make a preference for
        the activity or an opinion of the place. Many habits make the belief to live by
        regular hours, which rests on these earlier insights. Insights that add most to
        what is known come first (see `regularities`).

        Parameters
        ----------
        memory : Memory
            What has happened. Keys that are modes count as ways to travel.
        insights : InsightMemory
            What has been concluded before.
        at_min : int
            The end of the day, in minutes; later entries are left out.
        persona : Persona, optional
            The person; told to a language model.
        words : MemoryWords, optional
            Names of places and people, and how entries are worded; by default places and
            people are called by their ids.
        rng : numpy.random.Generator
            Orders the topics that a language model is told.
        """
        recent = self.recent(memory, at_min)
        held = insights.held(at_min=at_min)
        say = MemoryWords() if words is None else words
        found = list(self._found(recent, held, at_min, say))
        fresh = self._fresh(found, held)
        reason = (
            f"{len(found)} regularities in {len(recent.number)} entries, {len(fresh)} of them new"
        )
        return Reflected(tuple(fresh[: self.parameters.most]), DecisionSource.RULE, reason)

    def recent(self, memory: Memory, at_min: int) -> MemoryColumns:
        """Return the entries of the last days up to `at_min` (minutes) that are reflected on."""
        columns = memory.columns()
        since = (at_min // DAY_MIN - self.parameters.days + 1) * DAY_MIN
        rows = (columns.minute >= since) & (columns.minute <= at_min)
        for code, key in enumerate(columns.keys):
            if key in self.parameters.ignored_keys:
                rows &= columns.code != code
        return columns.only(rows)

    def _found(
        self,
        recent: MemoryColumns,
        held: Sequence[Held],
        at_min: int,
        words: MemoryWords,
    ) -> Iterator[Insight]:
        parameters = self.parameters
        yield from habits_of(
            recent, parameters, at_min=at_min, modes=self._modes, names=words.places
        )
        yield from likings_of(recent, parameters, at_min=at_min, words=words)
        yield from regular_life(held, parameters, at_min=at_min)

    def _fresh(self, found: Sequence[Insight], held: Sequence[Held]) -> list[Insight]:
        """Return the insights that add to what is known, those that add most first."""
        known: dict[str, list[Held]] = {}
        for one in held:
            known.setdefault(one.insight.subject, []).append(one)
        news = [(round(self._news(one, known.get(one.subject, ())), 6), one) for one in found]
        fresh = sorted(
            ((new, one) for new, one in news if new >= self.parameters.least_news),
            key=lambda pair: (-pair[0], pair[1].kind, pair[1].subject, pair[1].usual_min or 0),
        )
        return [one for _, one in fresh]

    def _news(self, insight: Insight, known: Sequence[Held]) -> float:
        """Return by how much an insight changes the weight of what is known of its subject."""
        for one in known:
            if is_about_the_same(one.insight, insight, same_habit_min=self._same_habit_min):
                return abs(insight.weight - one.insight._replace(strength=one.strength).weight)
        return abs(insight.weight)
