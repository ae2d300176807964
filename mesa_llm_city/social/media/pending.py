"""Posts that have been decided on and are written later."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.values import Int

__all__ = ["PendingPosts"]

_COLUMNS: Mapping[str, type] = MappingProxyType(
    {
        "minute": np.int64,
        "author": np.int64,
        "parent": np.int64,
        "kind": np.int8,
        "topic": np.int32,
        "stance": np.float64,
        "intensity": np.float64,
    }
)


class PendingPosts:
    """Posts to come, in columns.

    Examples
    --------
    >>> pending = PendingPosts()
    >>> pending.add(minute=[90, 30], author=[1, 2], parent=-1, kind=0, topic=0, stance=0.0,
    ...             intensity=0.0)
    >>> columns, texts = pending.take(60)
    >>> columns["author"].tolist(), len(pending)
    ([2], 1)
    """

    __slots__ = ("_columns", "_texts")

    def __init__(self) -> None:
        self._columns: dict[str, NDArray[Any]] = {
            name: np.empty(0, dtype=kind) for name, kind in _COLUMNS.items()
        }
        self._texts: list[str] = []

    def __len__(self) -> int:
        """Return the number of posts to come."""
        return len(self._texts)

    def add(self, *, texts: list[str] | None = None, **columns: ArrayLike) -> None:
        """Add posts: `minute`, `author`, `parent`, `kind`, `topic`, `stance` and `intensity`."""
        rows = np.broadcast_arrays(*(np.asarray(columns[name]) for name in _COLUMNS))
        flat = [np.atleast_1d(one) for one in rows]
        for (name, kind), new in zip(_COLUMNS.items(), flat, strict=True):
            self._columns[name] = np.concatenate([self._columns[name], new.astype(kind)])
        self._texts += texts or [""] * len(flat[0])

    def take(self, minute: int) -> tuple[dict[str, NDArray[Any]], list[str]]:
        """Return the posts that are due at a minute or before, in order of time, and their words.

        Of those of one minute the first are those with the lowest authors.
        """
        columns = self._columns
        due = columns["minute"] <= minute
        order: Int = np.flatnonzero(due)
        order = order[np.lexsort((columns["author"][order], columns["minute"][order]))]
        taken = {name: column[order] for name, column in columns.items()}
        texts = [self._texts[row] for row in order.tolist()]
        kept = np.flatnonzero(~due)
        self._columns = {name: column[kept] for name, column in columns.items()}
        self._texts = [self._texts[row] for row in kept.tolist()]
        return taken, texts

    def state(self) -> dict[str, Any]:
        """Return all columns, and the words."""
        return {
            **{name: one.copy() for name, one in self._columns.items()},
            "texts": [*self._texts],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._columns = {name: np.asarray(state[name], kind) for name, kind in _COLUMNS.items()}
        self._texts = [str(one) for one in state["texts"]]
