"""Requests that wait to be sent, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Generic, TypeVar

__all__ = ["WaitingLine"]

T = TypeVar("T")


class WaitingLine(Generic[T]):
    """A line in which those with more ahead of them stand before others, else first come.

    Examples
    --------
    >>> line = WaitingLine()
    >>> for name, ahead in (("short", 0.0), ("long", 2.5), ("as long", 2.5)):
    ...     line.join(name, ahead=ahead)
    >>> line.return_to_head("sent before")
    >>> [line.leave() for _ in range(len(line))]
    ['sent before', 'long', 'as long', 'short']
    """

    __slots__ = ("_heap", "_numbers")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, T]] = []
        self._numbers = count()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._heap)

    def __iter__(self) -> Iterator[T]:
        """Iterate over those who wait, the next one first."""
        return (one for _, _, one in sorted(self._heap, key=lambda entry: entry[:2]))

    def join(self, one: T, *, ahead: float) -> None:
        """Let one wait; `ahead` says how much more follows on it."""
        heappush(self._heap, (-ahead, next(self._numbers), one))

    def return_to_head(self, one: T) -> None:
        """Let one that has had its turn wait before all that have not."""
        heappush(self._heap, (-inf, next(self._numbers), one))

    def leave(self) -> T:
        """Take out the next one."""
        return heappop(self._heap)[2]

    def clear(self) -> None:
        """Take out all."""
        self._heap.clear()
