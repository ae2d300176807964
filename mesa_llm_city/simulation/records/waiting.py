"""Columns that come in many small parts and are taken together."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Int, Whole

__all__ = ["Waiting"]


class Waiting:
    """Rows of whole numbers that wait to be counted.

    Attributes
    ----------
    size : int
        Number of rows that wait.

    Examples
    --------
    >>> waiting = Waiting()
    >>> waiting.add(np.array([1]), np.array([7])), waiting.add(np.array([2, 3]), np.array([8, 9]))
    (1, 3)
    >>> [column.tolist() for column in waiting.taken()], waiting.size
    ([[1, 2, 3], [7, 8, 9]], 0)
    """

    def __init__(self) -> None:
        self._parts: list[tuple[Whole, ...]] = []
        self.size = 0

    def add(self, *columns: Whole) -> int:
        """Let rows wait, and return how many do; the columns are copied."""
        self._parts.append(tuple(column.copy() for column in columns))
        self.size += len(columns[0])
        return self.size

    def taken(self) -> list[Int]:
        """Return the columns of all rows in the order in which they came; none wait after that."""
        parts, self._parts, self.size = self._parts, [], 0
        return [
            np.concatenate(one).astype(np.int64, copy=False) for one in zip(*parts, strict=True)
        ]
