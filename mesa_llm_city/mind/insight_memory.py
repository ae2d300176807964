"""Reflective memory: what a person has concluded, with the numbers of what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.insight import (
    Insight,
    InsightKind,
    faded_strength,
    is_about_the_same,
)
from mesa_llm_city.mind.text_vectors import TextVectors, shared_vectors

__all__ = ["Held", "InsightMemory", "InsightMemoryConfig"]

_EVIDENCE = 6
_NO_TIME = -1
_KINDS = tuple(InsightKind)
_ROW = np.dtype(
    [
        ("number", np.int32),
        ("minute", np.int32),
        ("kind", np.int8),
        ("strength", np.int8),
        ("liking", np.int8),
        ("usual", np.int16),
        # Earlier insights with a minus, 0 for none.
        ("evidence", np.int32, (_EVIDENCE,)),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightMemoryConfig:
    """How many thoughts are kept, and how they fade.

    Parameters
    ----------
    capacity : int, default 60
        Number of insights kept; an assumption.
    half_life_days : float, default 30.0
        Time in which the strength of an insight halves that is not thought
        again; an assumption.

    Raises
    ------
    ConfigError
        If a number is not positive.
    """

    capacity: int = 60
    half_life_days: float = 30.0

    def __post_init__(self) -> None:
        """Check that both numbers are positive."""
        for name in ("capacity", "half_life_days"):
            if not getattr(self, name) > 0:
                message = f"{name} must be positive, got {getattr(self, name)}"
                raise ConfigError(message)


class Held(NamedTuple):
    """An insight as it is held at a moment: its number, itself, and how sure it still is."""

    number: int
    insight: Insight
    strength: float


class InsightMemory:
    """The insights of one person.

    An insight about the same (see `is_about_the_same`) takes the place and the
    number of the earlier one; others get the next number. Beyond the capacity
    the weakest is forgotten, faded as it is then, of equally weak ones the
    oldest; its number is not given again. Of the evidence of an insight the
    latest six numbers are kept.

    Parameters
    ----------
    config : InsightMemoryConfig, optional
        Capacity and fading.
    vectors : TextVectors, optional
        Compares texts with queries; `shared_vectors` by default.

    Examples
    --------
    >>> thoughts = InsightMemory()
    >>> thoughts.keep([
    ...     Insight(1400, InsightKind.HABIT, "meal", "lunch at noon", 0.8, evidence=(3, 9, 14)),
    ... ])
    >>> thoughts.note("by train, since it rains", subject="train", minute=1500, evidence=(15,))
    >>> [one.text for one in thoughts.recall(at_min=1500)]
    ['lunch at noon', 'by train, since it rains']
    """

    __slots__ = ("_given", "_rows", "_subjects", "_texts", "_vectors", "config")

    def __init__(
        self, config: InsightMemoryConfig | None = None, *, vectors: TextVectors | None = None
    ) -> None:
        self.config = config or _DEFAULT
        self._vectors = vectors
        self._given = 0
        self._rows: NDArray[np.void] = _NOTHING
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

    def insight(self, number: int) -> Insight | None:
        """Return the insight of a number, or None if it is forgotten or yet to come."""
        rows = np.flatnonzero(self._rows["number"] == number)
        return self._insight(int(rows[0])) if len(rows) else None

    def strengths(self, at_min: int) -> Float:
        """Return how sure each insight still is at time `at_min`, shape (n,)."""
        age = np.maximum(at_min - self._rows["minute"], 0)
        strength = self._rows["strength"] / 100.0
        return faded_strength(strength, age, half_life_days=self.config.half_life_days)

    def held(
        self,
        *,
        at_min: int | None = None,
        kind: InsightKind | Collection[InsightKind] | None = None,
    ) -> list[Held]:
        """Return the insights of some kinds with how sure they still are, in order of numbers.

        Parameters
        ----------
        at_min : int, optional
            Time in minutes up to which strengths have faded; without it they are
            as they were when the insights were last thought.
        kind : InsightKind or collection of InsightKind, optional
            Only those of a kind, or of one of some kinds.
        """
        rows = self._of_kind(kind)
        numbers = self._rows["number"][rows].tolist()
        insights = [self._insight(row) for row in rows.tolist()]
        if at_min is None:
            strengths = [one.strength for one in insights]
        else:
            strengths = self.strengths(at_min)[rows].tolist()
        return list(map(Held, numbers, insights, strengths))

    def keep(self, insights: Iterable[Insight]) -> None:
        """Take over insights; those that rest on nothing are not kept.

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
        strength: float = 0.3,
        evidence: tuple[int, ...] = (),
    ) -> None:
        """File a thought at once, such as why a mode was chosen (CitySim, sec. 3.2.3).

        Parameters
        ----------
        text : str
            The thought.
        subject : str
            What it is about; a later note of the same kind about it takes its place.
        minute : int
            When, in minutes.
        kind : InsightKind, default InsightKind.JUSTIFICATION
            What sort of thought it is.
        strength : float, default 0.3
            How sure it is; weak, so that it yields to what has been reflected on.
        evidence : tuple of int, optional
            Numbers of entries of temporal memory.
        """
        self._put(Insight(minute, kind, subject, text, strength, evidence=evidence))

    def recall(
        self,
        *,
        at_min: int,
        query: str | None = None,
        kind: InsightKind | Collection[InsightKind] | None = None,
        subject: str | None = None,
        count: int = 5,
    ) -> tuple[Insight, ...]:
        """Return the insights that fit best.

        Parameters
        ----------
        at_min : int
            Time of the recall, in minutes.
        query : str, optional
            Those most like it come first, by the cosine of their vectors; without
            it the surest do. Among equals the later number comes first.
        kind : InsightKind or collection of InsightKind, optional
            Only those of a kind, or of one of some kinds.
        subject : str, optional
            Only those about it.
        count : int, default 5
            How many at most.
        """
        rows = self._best(at_min, query, kind, subject)
        return tuple(self._insight(row) for row in rows[:count])

    def recall_numbers(
        self,
        *,
        at_min: int,
        query: str | None = None,
        kind: InsightKind | Collection[InsightKind] | None = None,
        subject: str | None = None,
        count: int = 5,
    ) -> tuple[int, ...]:
        """Return the numbers of the insights that fit best (see `recall`)."""
        rows = self._best(at_min, query, kind, subject)
        return tuple(self._rows["number"][rows[:count]].tolist())

    def state(self) -> State:
        """Return the insights with their numbers, and the last number given."""
        insights = [
            [number, *one[:7], list(one.evidence), list(one.earlier)]
            for number, one in zip(self.numbers, self, strict=True)
        ]
        return {"insights": insights, "given": self._given}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._rows, self._subjects, self._texts = _NOTHING, [], []
        for number, minute, kind, *told, evidence, earlier in state["insights"]:
            restored = (minute, InsightKind(kind), *told, tuple(evidence), tuple(earlier))
            self._append(Insight(*restored), number)
        self._given = int(state["given"])

    def _put(self, insight: Insight) -> None:
        for row, subject in enumerate(self._subjects):
            if subject == insight.subject and is_about_the_same(self._insight(row), insight):
                self._rows[row] = _packed(insight, int(self._rows["number"][row]))
                self._texts[row] = insight.text
                return
        self._given += 1
        self._append(insight, self._given)
        if len(self) > self.config.capacity:
            self._forget(insight.minute)

    def _append(self, insight: Insight, number: int) -> None:
        self._rows = np.append(self._rows, np.array([_packed(insight, number)], dtype=_ROW))
        self._subjects.append(insight.subject)
        self._texts.append(insight.text)

    def _forget(self, at_min: int) -> None:
        """Forget the weakest; `lexsort` takes its last key first."""
        weakest = int(np.lexsort((self._rows["minute"], self.strengths(at_min)))[0])
        self._rows = np.delete(self._rows, weakest)
        del self._subjects[weakest], self._texts[weakest]

    def _of_kind(self, kind: InsightKind | Collection[InsightKind] | None) -> Int:
        kinds = {kind} if isinstance(kind, InsightKind) else kind
        wanted = np.array([kinds is None or one in kinds for one in _KINDS])
        return np.flatnonzero(wanted[self._rows["kind"]])

    def _best(
        self,
        at_min: int,
        query: str | None,
        kind: InsightKind | Collection[InsightKind] | None,
        subject: str | None,
    ) -> list[int]:
        """Return the rows that fit, best first."""
        fitting = [
            row
            for row in self._of_kind(kind)[::-1].tolist()
            if subject in {None, self._subjects[row]}
        ]
        if not fitting:
            return []
        fit = self.strengths(at_min)[fitting] if query is None else self._similarity(query, fitting)
        return [fitting[one] for one in np.argsort(-fit, kind="stable").tolist()]

    def _similarity(self, query: str, rows: list[int]) -> Float:
        vectors = shared_vectors() if self._vectors is None else self._vectors
        return vectors.similarity(query, [self._texts[row] for row in rows])

    def _insight(self, row: int) -> Insight:
        _, minute, kind, strength, liking, usual, packed = self._rows[row].tolist()
        numbers = packed.tolist()
        return Insight(
            minute,
            _KINDS[kind],
            self._subjects[row],
            self._texts[row],
            strength / 100.0,
            liking / 100.0,
            None if usual == _NO_TIME else usual,
            tuple(number for number in numbers if number > 0),
            tuple(-number for number in numbers if number < 0),
        )


def _packed(insight: Insight, number: int) -> tuple[object, ...]:
    _check(insight)
    numbers = [*(-one for one in insight.earlier), *insight.evidence][-_EVIDENCE:]
    return (
        number,
        insight.minute,
        _KINDS.index(insight.kind),
        round(100.0 * insight.strength),
        round(100.0 * insight.liking),
        _NO_TIME if insight.usual_min is None else insight.usual_min,
        numbers + [0] * (_EVIDENCE - len(numbers)),
    )


def _check(insight: Insight) -> None:
    usual = insight.usual_min
    holds = {
        "a strength in [0, 1]": 0.0 <= insight.strength <= 1.0,
        "a liking in [-1, 1]": -1.0 <= insight.liking <= 1.0,
        "a usual_min in [0, 1440)": usual is None or 0 <= usual < DAY_MIN,
        "numbers of evidence from 1": min((*insight.evidence, *insight.earlier), default=1) >= 1,
    }
    if wanting := [what for what, held in holds.items() if not held]:
        message = f"an insight needs {' and '.join(wanting)}, got {insight}"
        raise DataError(message)


_DEFAULT = InsightMemoryConfig()
# Shared until the first insight comes; nothing can be written into it.
_NOTHING: NDArray[np.void] = np.empty(0, dtype=_ROW)
