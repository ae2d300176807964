"""Temporal memory: what happened, when and where, filed under a key and numbered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.mind.memory_entry import (
    MemoryColumns,
    MemoryEntry,
    recency,
    salience,
)
from mesa_llm_city.mind.memory_rows import (
    ASPECT_FIELDS,
    ROW_BYTES,
    as_rows,
    columns_of,
    packed_entry,
    rows_of,
    shares,
    unpacked_entry,
)
from mesa_llm_city.mind.text_vectors import TextVectors, shared_vectors
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import MemoryParameters

__all__ = ["Memory"]


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

    __slots__ = ("_forgotten", "_observations", "_rows", "_used", "_vectors", "parameters")

    def __init__(
        self, parameters: CityParameters | None = None, *, vectors: TextVectors | None = None
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: MemoryParameters = tree.mind.memory
        self._vectors = vectors
        self._forgotten = 0
        # Packed rows, since a tuple and its numbers would take ten times the space; texts,
        # which few entries have, by number of the entry.
        self._rows = bytearray()
        self._observations: dict[int, str] = {}
        self._used: list[str] = []

    def __len__(self) -> int:
        """Return the number of entries kept."""
        return len(self._rows) // ROW_BYTES

    def __iter__(self) -> Iterator[MemoryEntry]:
        """Iterate over the entries, oldest first."""
        return map(self._entry, range(len(self)))

    def __contains__(self, number: object) -> bool:
        """Tell whether the entry of a number is still remembered."""
        return isinstance(number, int) and 0 < number - self._forgotten <= len(self)

    @property
    def latest(self) -> int:
        """Number of the entry that was added last, forgotten or not; 0 before the first."""
        return self._forgotten + len(self)

    def entry(self, number: int) -> MemoryEntry | None:
        """Return the entry of a number, or None if it is forgotten or yet to come."""
        return self._entry(number - self._forgotten - 1) if number in self else None

    def add(self, entry: MemoryEntry) -> int:
        """Append an entry and return its number; beyond the capacity the oldest is forgotten.

        Raises
        ------
        DataError
            If its score or a rating is outside [0, 1], or its weather has no such name.
        """
        # Before anything is appended: the first may rebuild the keys, the second may raise.
        row = packed_entry(entry, self._code(entry.key))
        self._rows += row
        number = self._forgotten + len(self)
        if entry.observation:
            self._observations[number] = entry.observation
        if len(self) > self.parameters.capacity:
            del self._rows[:ROW_BYTES]
            self._forgotten += 1
            self._observations.pop(self._forgotten, None)
        return number

    def recall(
        self,
        *,
        at_min: int,
        key: str | Collection[str] | None = None,
        query: str | None = None,
        salience_weight: float = 0.0,
    ) -> tuple[MemoryEntry, ...]:
        """Return the entries of the window that fit best.

        Without a query the latest come first; with one those whose key and observation are
        most like it, by the cosine of their vectors, the latest of equally like ones first
        (CitySim, appendix A).

        Parameters
        ----------
        at_min : int
            Time of the recall, in minutes.
        key : str or collection of str, optional
            Only entries filed under it, or under one of them.
        query : str, optional
            Text that the entries are compared with.
        salience_weight : float, default 0.0
            See `recall_numbers`.

        Returns
        -------
        tuple of MemoryEntry
            At most `MemoryParameters.recall`, best first.
        """
        numbers = self.recall_numbers(
            at_min=at_min, key=key, query=query, salience_weight=salience_weight
        )
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
        salience_weight: float = 0.0,
        words: Callable[[MemoryEntry], str] | None = None,
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
        salience_weight : float, default 0.0
            Weight of `salience` beside the similarity to `query`; without a query, beside
            `recency`.
        words : callable, optional
            Returns the text of an entry that is compared with `query`, such as `MemoryWords`;
            by default its key and its observation.
        """
        rows = self._fitting(
            at_min, key, self.parameters.window_min if window_min is None else window_min
        )
        if len(rows) and (query is not None or salience_weight):
            fit = np.zeros(len(rows)) if query is None else self._similarity(query, rows, words)
            weights = (recency_weight if query is not None else 1.0, salience_weight)
            fit = fit + self._weighed(rows, at_min, *weights)
            rows = rows[np.argsort(-fit, kind="stable")]
        best = rows[: self.parameters.recall if count is None else count]
        return tuple((best + self._forgotten + 1).tolist())

    def columns(self) -> MemoryColumns:
        """Return all entries as arrays, for counting."""
        rows = as_rows(self._rows)
        return MemoryColumns(
            self._forgotten + 1 + np.arange(len(rows)),
            rows["minute"].astype(np.int64),
            rows["place"].astype(np.int64),
            rows["key"].astype(np.int64),
            shares(rows["score"]),
            tuple(self._used),
            shares(np.stack([rows[name] for name in ASPECT_FIELDS], axis=1)),
        )

    def state(self) -> State:
        """Return the entries column by column, oldest first, and how many have been forgotten."""
        return {
            "rows": columns_of(self._rows),
            "keys": list(self._used),
            "numbers": list(self._observations),
            "observations": list(self._observations.values()),
            "forgotten": self._forgotten,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._rows, self._used = rows_of(state["rows"]), list(state["keys"])
        texts = zip(state["numbers"], state["observations"], strict=True)
        self._observations = {int(number): str(text) for number, text in texts}
        self._forgotten = int(state["forgotten"])

    def _fitting(self, at_min: int, key: str | Collection[str] | None, window_min: int) -> Int:
        """Return the rows of the window that are filed under the keys, latest first."""
        rows = as_rows(self._rows)
        fits = (rows["minute"] >= at_min - window_min) & (rows["minute"] <= at_min)
        if key is not None:
            wanted = {key} if isinstance(key, str) else key
            is_wanted = np.array([one in wanted for one in self._used], dtype=np.bool_)
            fits &= is_wanted[rows["key"]]
        return np.flatnonzero(fits)[::-1]

    def _similarity(
        self, query: str, rows: Int, words: Callable[[MemoryEntry], str] | None
    ) -> Float:
        vectors = shared_vectors() if self._vectors is None else self._vectors
        say = _key_and_observation if words is None else words
        return vectors.similarity(query, [say(self._entry(row)) for row in rows.tolist()])

    def _weighed(
        self, rows: Int, at_min: int, recency_weight: float, salience_weight: float
    ) -> Float:
        """Return recency and salience of rows by their weights."""
        stored = as_rows(self._rows)
        parameters, total = self.parameters, np.zeros(len(rows))
        if recency_weight:
            age_min = at_min - stored["minute"][rows].astype(np.int64)
            total += recency_weight * recency(age_min, kept_per_h=parameters.recency_per_h)
        if salience_weight:
            _, kind, times = np.unique(
                stored[["key", "place"]], return_inverse=True, return_counts=True
            )
            total += salience_weight * salience(shares(stored["score"][rows]), times[kind[rows]])
        return total

    def _code(self, key: str) -> int:
        if key not in self._used:
            if len(self._used) > self.parameters.capacity:
                self._drop_unused_keys()
            self._used.append(key)
        return self._used.index(key)

    def _drop_unused_keys(self) -> None:
        rows = as_rows(self._rows).copy()
        codes, rows["key"] = np.unique(rows["key"], return_inverse=True)
        self._used = [self._used[code] for code in codes.tolist()]
        self._rows = bytearray(rows.tobytes())

    def _entry(self, row: int) -> MemoryEntry:
        data = bytes(self._rows[row * ROW_BYTES : (row + 1) * ROW_BYTES])
        text = self._observations.get(self._forgotten + row + 1, "")
        return unpacked_entry(data, keys=self._used, observation=text)


def _key_and_observation(entry: MemoryEntry) -> str:
    return f"{entry.key} {entry.observation}"
