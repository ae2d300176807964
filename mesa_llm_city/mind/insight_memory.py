"""Reflective memory: the insights of one person, with the numbers of their evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.insight import (
    Insight,
    InsightKind,
    faded_strength,
    is_about_the_same,
)
from mesa_llm_city.mind.insight_rows import KINDS, NO_ROWS, ROW, packed, unpacked
from mesa_llm_city.mind.text_vectors import TextVectors, shared_vectors
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import InsightParameters

__all__ = ["Held", "InsightMemory"]


class Held(NamedTuple):
    """An insight at a moment.

    Attributes
    ----------
    number : int
        Its number, from 1.
    insight : Insight
        The insight as it was last confirmed.
    strength : float
        How certain it still is, in [0, 1].
    """

    number: int
    insight: Insight
    strength: float


class InsightMemory:
    """The insights of one person.

    A new insight about the same (see `is_about_the_same`) replaces the earlier one and
    takes its number; others get the next number. Beyond the capacity the one that is
    weakest then is forgotten, of equally weak ones the oldest; its number is not used
    again. Of the evidence of an insight the latest six numbers are kept.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.insights` is read; the defaults if not given.
    vectors : TextVectors, optional
        Compares texts with queries; `shared_vectors` by default.

    Attributes
    ----------
    parameters : InsightParameters
        Capacity and fading.

    Examples
    --------
    >>> insights = InsightMemory()
    >>> insights.keep([
    ...     Insight(1400, InsightKind.HABIT, "meal", "lunch at noon", 0.8, evidence=(3, 9, 14)),
    ... ])
    >>> insights.note("by train, since it rains", subject="train", minute=1500, evidence=(15,))
    >>> [one.text for one in insights.recall(at_min=1500)]
    ['lunch at noon', 'by train, since it rains']
    """

    __slots__ = ("_given", "_kinds", "_rows", "_subjects", "_texts", "_vectors", "parameters")

    def __init__(
        self, parameters: CityParameters | None = None, *, vectors: TextVectors | None = None
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: InsightParameters = tree.mind.insights
        self._vectors = vectors
        self._given = 0
        self._rows: NDArray[np.void] = NO_ROWS
        self._kinds: list[int] = []
        self._subjects: list[str] = []
        self._texts: list[str] = []

    def __len__(self) -> int:
        """Return the number of insights kept."""
        return len(self._texts)

    def __iter__(self) -> Iterator[Insight]:
        """Iterate over the insights, in the order of their numbers."""
        return map(self._insight, range(len(self)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the insights, in the order of iteration."""
        return tuple(self._rows["number"].tolist())

    @property
    def minutes(self) -> Int:
        """When each insight was last confirmed, in the order of iteration, shape (n,)."""
        return self._rows["minute"].astype(np.int64)

    def insight(self, number: int) -> Insight | None:
        """Return the insight of a number, or None if it is forgotten or yet to come."""
        rows = np.flatnonzero(self._rows["number"] == number)
        return self._insight(int(rows[0])) if len(rows) else None

    def strengths(self, at_min: int) -> Float:
        """Return how certain each insight still is at time `at_min`, shape (n,)."""
        age = np.maximum(at_min - self._rows["minute"], 0)
        strength = self._rows["strength"] / 100.0
        return faded_strength(strength, age, half_life_days=self.parameters.half_life_days)

    def held(
        self,
        *,
        at_min: int | None = None,
        kind: InsightKind | Collection[InsightKind] | None = None,
    ) -> list[Held]:
        """Return the insights of some kinds, in order of numbers.

        Parameters
        ----------
        at_min : int, optional
            Time in minutes up to which strengths have faded; without it they are
            as they were when the insights were last confirmed.
        kind : InsightKind or collection of InsightKind, optional
            Only insights of these kinds.
        """
        rows = self._of_kind(kind)
        if not rows:
            return []
        numbers = self._rows["number"][rows].tolist()
        insights = [self._insight(row) for row in rows]
        if at_min is None:
            strengths = [one.strength for one in insights]
        else:
            strengths = self.strengths(at_min)[rows].tolist()
        return list(map(Held, numbers, insights, strengths))

    def keep(self, insights: Iterable[Insight]) -> None:
        """Keep insights; those without evidence are not kept.

        Raises
        ------
        DataError
            If a strength, liking, time of day or number is out of its range.
        """
        for one in insights:
            if one.evidence or one.earlier:
                self._put(one)

    def note(
        self,
        text: str,
        *,
        subject: str,
        minute: int,
        kind: InsightKind = InsightKind.JUSTIFICATION,
        strength: float | None = None,
        evidence: tuple[int, ...] = (),
    ) -> None:
        """Keep a thought without reflection, such as why a mode was chosen (CitySim, sec. 3.2.3).

        Parameters
        ----------
        text : str
            The thought.
        subject : str
            What it is about; a later note of the same kind about it replaces it.
        minute : int
            Time, in minutes.
        kind : InsightKind, default InsightKind.JUSTIFICATION
            Kind of insight.
        strength : float, optional
            How certain it is, in [0, 1]; by default `InsightParameters.note_strength`, weak,
            so that insights of reflection outlast it.
        evidence : tuple of int, optional
            Numbers of entries of temporal memory.
        """
        strength = self.parameters.note_strength if strength is None else strength
        self._put(Insight(minute, kind, subject, text, strength, evidence=evidence))

    def recall(
        self,
        *,
        at_min: int,
        query: str | None = None,
        kind: InsightKind | Collection[InsightKind] | None = None,
        subject: str | None = None,
        count: int | None = None,
    ) -> tuple[Insight, ...]:
        """Return the insights that fit best.

        Parameters
        ----------
        at_min : int
            Time of the recall, in minutes.
        query : str, optional
            The most similar come first, by the cosine of their vectors; without
            it the strongest do. Among equals the later number comes first.
        kind : InsightKind or collection of InsightKind, optional
            Only insights of these kinds.
        subject : str, optional
            Only insights about it.
        count : int, optional
            Greatest number of insights; by default `InsightParameters.recall`.
        """
        rows = self._best(at_min, query, kind, subject)
        return tuple(self._insight(row) for row in rows[: self._count(count)])

    def recall_numbers(
        self,
        *,
        at_min: int,
        query: str | None = None,
        kind: InsightKind | Collection[InsightKind] | None = None,
        subject: str | None = None,
        count: int | None = None,
    ) -> tuple[int, ...]:
        """Return the numbers of the insights that fit best (see `recall`)."""
        rows = self._best(at_min, query, kind, subject)
        return tuple(self._rows["number"][rows[: self._count(count)]].tolist())

    def state(self) -> State:
        """Return the insights with their numbers, and the last number given."""
        insights = [
            [number, *one[:7], list(one.evidence), list(one.earlier)]
            for number, one in zip(self.numbers, self, strict=True)
        ]
        return {"insights": insights, "given": self._given}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._rows, self._kinds, self._subjects, self._texts = NO_ROWS, [], [], []
        for number, minute, kind, *others, evidence, earlier in state["insights"]:
            restored = (minute, InsightKind(kind), *others, tuple(evidence), tuple(earlier))
            self._append(Insight(*restored), number)
        self._given = int(state["given"])

    def _count(self, count: int | None) -> int:
        return self.parameters.recall if count is None else count

    def _put(self, insight: Insight) -> None:
        same_habit_min = self.parameters.same_habit_min
        for row, subject in enumerate(self._subjects):
            if subject == insight.subject and is_about_the_same(
                self._insight(row), insight, same_habit_min=same_habit_min
            ):
                self._rows[row] = packed(insight, int(self._rows["number"][row]))
                self._kinds[row] = KINDS.index(insight.kind)
                self._texts[row] = insight.text
                return
        self._given += 1
        self._append(insight, self._given)
        if len(self) > self.parameters.capacity:
            self._forget(insight.minute)

    def _append(self, insight: Insight, number: int) -> None:
        rows = np.empty(len(self) + 1, dtype=ROW)
        rows[:-1], rows[-1] = self._rows, packed(insight, number)
        self._rows = rows
        self._kinds.append(KINDS.index(insight.kind))
        self._subjects.append(insight.subject)
        self._texts.append(insight.text)

    def _forget(self, at_min: int) -> None:
        """Forget the weakest; `lexsort` takes its last key first."""
        weakest = int(np.lexsort((self._rows["minute"], self.strengths(at_min)))[0])
        self._rows = np.delete(self._rows, weakest)
        del self._kinds[weakest], self._subjects[weakest], self._texts[weakest]

    def _of_kind(self, kind: InsightKind | Collection[InsightKind] | None) -> list[int]:
        kinds = (kind,) if isinstance(kind, InsightKind) else kind
        wanted = _wanted(None if kinds is None else tuple(kinds))
        # Most people hold few insights for a long time, and a list is faster than an array.
        return [row for row, one in enumerate(self._kinds) if one in wanted]

    def _best(
        self,
        at_min: int,
        query: str | None,
        kind: InsightKind | Collection[InsightKind] | None,
        subject: str | None,
    ) -> list[int]:
        """Return the rows that fit, best first."""
        fitting = [
            row for row in reversed(self._of_kind(kind)) if subject in {None, self._subjects[row]}
        ]
        if not fitting:
            return []
        fit = self.strengths(at_min)[fitting] if query is None else self._similarity(query, fitting)
        return [fitting[one] for one in np.argsort(-fit, kind="stable").tolist()]

    def _similarity(self, query: str, rows: list[int]) -> Float:
        vectors = shared_vectors() if self._vectors is None else self._vectors
        return vectors.similarity(query, [self._texts[row] for row in rows])

    def _insight(self, row: int) -> Insight:
        return unpacked(self._rows[row], subject=self._subjects[row], text=self._texts[row])


@lru_cache(maxsize=64)
def _wanted(kinds: tuple[InsightKind, ...] | None) -> frozenset[int]:
    """Return the codes of some kinds; a set that is only asked, never walked."""
    return frozenset(code for code, one in enumerate(KINDS) if kinds is None or one in kinds)
