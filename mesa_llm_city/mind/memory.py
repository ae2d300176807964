"""Temporal memory: what happened, when and where, filed under a key and numbered."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping, MutableSequence
from typing import Any

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.memory_entry import MemoryColumns, MemoryEntry, recency
from mesa_llm_city.mind.text_vectors import TextVectors, shared_vectors
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import MemoryParameters

__all__ = ["Memory"]

_UNRATED = -1


class Memory:
    """What one person remembers, newest last.

    Entries are numbered from 1 in the order in which they are added. Beyond the
    capacity the oldest entry is forgotten, even if an insight cites it: its number is
    not used again, so the evidence of the insight stays valid.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.memory` is read; the defaults if not given.
    vectors : TextVectors, optional
        Compares texts with queries; `shared_vectors` by default.

    Attributes
    ----------
    parameters : MemoryParameters
        Capacity and recall.

    Examples
    --------
    >>> memory = Memory()
    >>> memory.add(MemoryEntry(480, 12, "meal", "breakfast at home"))
    1
    >>> memory.add(MemoryEntry(530, 40, "work", "a long meeting"))
    2
    >>> memory.recall(at_min=600, key="meal")[0].observation
    'breakfast at home'
    >>> memory.recall(at_min=600, query="meetings")[0].observation
    'a long meeting'
    """

    __slots__ = (
        "_forgotten",
        "_keys",
        "_minutes",
        "_observations",
        "_places",
        "_scores",
        "_used",
        "_vectors",
        "parameters",
    )

    def __init__(
        self, parameters: CityParameters | None = None, *, vectors: TextVectors | None = None
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: MemoryParameters = tree.mind.memory
        self._vectors = vectors
        self._forgotten = 0
        # Columns, since a tuple and its numbers would take five times the space.
        self._minutes = array("i")
        self._places = array("i")
        self._keys = array("H")
        self._observations: list[str] = []
        self._scores = array("b")
        self._used: list[str] = []

    def __len__(self) -> int:
        """Return the number of entries kept."""
        return len(self._minutes)

    def __iter__(self) -> Iterator[MemoryEntry]:
        """Iterate over the entries, oldest first."""
        return map(self._entry, range(len(self)))

    def __contains__(self, number: object) -> bool:
        """Tell whether the entry of a number is still remembered."""
        return isinstance(number, int) and 0 < number - self._forgotten <= len(self)

    def entry(self, number: int) -> MemoryEntry | None:
        """Return the entry of a number, or None if it is forgotten or yet to come."""
        return self._entry(number - self._forgotten - 1) if number in self else None

    def add(self, entry: MemoryEntry) -> int:
        """Append an entry and return its number; beyond the capacity the oldest is forgotten.

        Raises
        ------
        DataError
            If its score is outside [0, 1].
        """
        # Before anything is appended: the first may raise, the second may rebuild the keys.
        percent, code = _percent(entry.score), self._code(entry.key)
        self._minutes.append(entry.minute)
        self._places.append(entry.place)
        self._keys.append(code)
        self._observations.append(entry.observation)
        self._scores.append(percent)
        if len(self) > self.parameters.capacity:
            self._forgotten += 1
            for column in self._columns():
                del column[0]
        return self._forgotten + len(self)

    def recall(
        self, *, at_min: int, key: str | Collection[str] | None = None, query: str | None = None
    ) -> tuple[MemoryEntry, ...]:
        """Return the entries of the window that fit best.

        Without a query the latest come first; with one those whose key and
        observation are most like it, by the cosine of their vectors, the latest
        of equally like ones first (CitySim, appendix A).

        Parameters
        ----------
        at_min : int
            Time of the recall, in minutes.
        key : str or collection of str, optional
            Only entries filed under it, or under one of them.
        query : str, optional
            Text that the entries are compared with.

        Returns
        -------
        tuple of MemoryEntry
            At most `MemoryParameters.recall`, best first.
        """
        numbers = self.recall_numbers(at_min=at_min, key=key, query=query)
        return tuple(self._entry(number - self._forgotten - 1) for number in numbers)

    def recall_numbers(
        self,
        *,
        at_min: int,
        key: str | Collection[str] | None = None,
        query: str | None = None,
        count: int | None = None,
        window_min: int | None = None,
        recency_weight: float = 0.0,
    ) -> tuple[int, ...]:
        """Return the numbers of the entries that fit best (see `recall`).

        Parameters
        ----------
        at_min, key, query
            See `recall`.
        count, window_min : int, optional
            Replace `MemoryParameters.recall` and `MemoryParameters.window_min`.
        recency_weight : float, default 0.0
            Weight of `recency` beside the similarity to `query`.
        """
        rows = self._fitting(
            at_min, key, self.parameters.window_min if window_min is None else window_min
        )
        if query is not None and len(rows):
            fit = self._similarity(query, rows)
            if recency_weight:
                age_min = at_min - self._times()[rows]
                kept_per_h = self.parameters.recency_per_h
                fit += recency_weight * recency(age_min, kept_per_h=kept_per_h)
            rows = rows[np.argsort(-fit, kind="stable")]
        best = rows[: self.parameters.recall if count is None else count]
        return tuple((best + self._forgotten + 1).tolist())

    def columns(self) -> MemoryColumns:
        """Return all entries as arrays, for counting."""
        percent = np.array(self._scores, dtype=np.float64)
        return MemoryColumns(
            self._forgotten + 1 + np.arange(len(self)),
            self._times(),
            np.array(self._places, dtype=np.int64),
            np.array(self._keys, dtype=np.int64),
            np.where(percent < 0.0, np.nan, percent / 100.0),
            tuple(self._used),
        )

    def state(self) -> State:
        """Return the entries, oldest first, and how many have been forgotten."""
        return {"entries": [list(entry) for entry in self], "forgotten": self._forgotten}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        for column in (*self._columns(), self._used):
            del column[:]
        self._forgotten = int(state["forgotten"])
        for entry in state["entries"]:
            self.add(MemoryEntry(*entry))

    def _times(self) -> Int:
        return np.array(self._minutes, dtype=np.int64)

    def _fitting(self, at_min: int, key: str | Collection[str] | None, window_min: int) -> Int:
        """Return the rows of the window that are filed under the keys, latest first."""
        minutes = self._times()
        fits = (minutes >= at_min - window_min) & (minutes <= at_min)
        if key is not None:
            wanted = {key} if isinstance(key, str) else key
            is_wanted = np.array([one in wanted for one in self._used], dtype=np.bool_)
            fits &= is_wanted[np.array(self._keys, dtype=np.int64)]
        return np.flatnonzero(fits)[::-1]

    def _similarity(self, query: str, rows: Int) -> Float:
        vectors = shared_vectors() if self._vectors is None else self._vectors
        texts = [
            f"{self._used[self._keys[row]]} {self._observations[row]}" for row in rows.tolist()
        ]
        return vectors.similarity(query, texts)

    def _code(self, key: str) -> int:
        if key not in self._used:
            if len(self._used) > self.parameters.capacity:
                self._drop_unused_keys()
            self._used.append(key)
        return self._used.index(key)

    def _drop_unused_keys(self) -> None:
        codes = sorted(set(self._keys))
        self._used = [self._used[code] for code in codes]
        self._keys = array("H", [codes.index(code) for code in self._keys])

    def _columns(self) -> tuple[MutableSequence[Any], ...]:
        return self._minutes, self._places, self._keys, self._observations, self._scores

    def _entry(self, row: int) -> MemoryEntry:
        percent = self._scores[row]
        return MemoryEntry(
            self._minutes[row],
            self._places[row],
            self._used[self._keys[row]],
            self._observations[row],
            None if percent == _UNRATED else percent / 100.0,
        )


def _percent(score: float | None) -> int:
    if score is None:
        return _UNRATED
    if not 0.0 <= score <= 1.0:
        message = f"the score of a memory must lie in [0, 1], got {score}; None if not judged"
        raise DataError(message)
    return round(100.0 * score)
