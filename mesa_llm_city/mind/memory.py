"""Temporal memory: what happened, when, where, filed under a key."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, MutableSequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from mesa_llm_city.clock import DAY_MIN
from mesa_llm_city.component import State
from mesa_llm_city.errors import ConfigError

__all__ = ["Memory", "MemoryConfig", "Remembered"]


class Remembered(NamedTuple):
    """An entry of temporal memory (CitySim, sec. 3.1.2).

    Attributes
    ----------
    minute : int
        When.
    place : int
        Where.
    key : str
        Under which it is filed, such as ``"meal"``.
    observation : str
        What was seen or done.
    """

    minute: int
    place: int
    key: str
    observation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryConfig:
    """How much is kept and recalled.

    Parameters
    ----------
    capacity : int, default 200
        Number of entries kept; the oldest is forgotten first.
    recall : int, default 5
        Number of entries a recall returns, the paper's k1 (CitySim, appendix A).
    window_min : int, default 1440
        How far back a recall looks, in minutes (CitySim, appendix A: 24 h).

    Raises
    ------
    ConfigError
        If a number is below 1.
    """

    capacity: int = 200
    recall: int = 5
    window_min: int = DAY_MIN

    def __post_init__(self) -> None:
        """Check that all numbers are positive."""
        for name in ("capacity", "recall", "window_min"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, got {getattr(self, name)}"
                raise ConfigError(message)


class Memory:
    """What one person remembers, newest last.

    Parameters
    ----------
    config : MemoryConfig, optional
        Capacity and recall.

    Examples
    --------
    >>> memory = Memory()
    >>> memory.add(Remembered(480, 12, "meal", "breakfast at home"))
    >>> memory.recall(at_min=600, key="meal")[0].observation
    'breakfast at home'
    """

    __slots__ = ("_keys", "_minutes", "_observations", "_places", "config")

    def __init__(self, config: MemoryConfig | None = None) -> None:
        self.config = config or _DEFAULT
        # Columns, since a tuple and its numbers would take five times the space.
        self._minutes = array("i")
        self._places = array("i")
        self._keys: list[str] = []
        self._observations: list[str] = []

    def __len__(self) -> int:
        """Return the number of entries kept."""
        return len(self._minutes)

    def __iter__(self) -> Iterator[Remembered]:
        """Iterate over the entries, oldest first."""
        return map(self._entry, range(len(self)))

    def add(self, entry: Remembered) -> None:
        """Append an entry; beyond the capacity the oldest is forgotten."""
        for column, value in zip(self._columns(), entry, strict=True):
            column.append(value)
            if len(column) > self.config.capacity:
                del column[0]

    def recall(self, *, at_min: int, key: str | None = None) -> tuple[Remembered, ...]:
        """Return the latest entries of the window, newest first.

        Parameters
        ----------
        at_min : int
            Time of the recall, in minutes.
        key : str, optional
            Only entries filed under it.
        """
        since = at_min - self.config.window_min
        fitting = (
            self._entry(row)
            for row in reversed(range(len(self)))
            if since <= self._minutes[row] <= at_min and key in (None, self._keys[row])
        )
        return tuple(islice(fitting, self.config.recall))

    def state(self) -> State:
        """Return the entries, oldest first."""
        return {"entries": [list(entry) for entry in self]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        for column in self._columns():
            del column[:]
        for entry in state["entries"]:
            self.add(Remembered(*entry))

    def _columns(self) -> tuple[MutableSequence[Any], ...]:
        return self._minutes, self._places, self._keys, self._observations

    def _entry(self, row: int) -> Remembered:
        return Remembered(
            self._minutes[row], self._places[row], self._keys[row], self._observations[row]
        )


_DEFAULT = MemoryConfig()
