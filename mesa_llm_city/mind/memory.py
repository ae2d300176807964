"""Temporal memory: what happened, when, where, filed under a key."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
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

    __slots__ = ("_entries", "config")

    def __init__(self, config: MemoryConfig | None = None) -> None:
        self.config = config or _DEFAULT
        self._entries: deque[Remembered] = deque(maxlen=self.config.capacity)

    def __len__(self) -> int:
        """Return the number of entries kept."""
        return len(self._entries)

    def add(self, entry: Remembered) -> None:
        """Append an entry; beyond the capacity the oldest is forgotten."""
        self._entries.append(entry)

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
            entry
            for entry in reversed(self._entries)
            if since <= entry.minute <= at_min and key in (None, entry.key)
        )
        return tuple(islice(fitting, self.config.recall))

    def state(self) -> State:
        """Return the entries, oldest first."""
        return {"entries": [list(entry) for entry in self._entries]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        entries = (Remembered(*entry) for entry in state["entries"])
        self._entries = deque(entries, maxlen=self.config.capacity)


_DEFAULT = MemoryConfig()
