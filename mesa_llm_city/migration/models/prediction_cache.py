"""Predictions of earlier rows: most persons do not change from one step to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import isnan
from typing import Any

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["PredictionCache", "row_keys"]

_DIGEST = 16


def row_keys(table: SurveyTable) -> tuple[str, ...]:
    """Return a fingerprint of each row, from its features and its household.

    Other identifiers are left out, since no model is given them.

    Parameters
    ----------
    table : SurveyTable
        Table of n rows.

    Returns
    -------
    tuple of str, length n
        32 hexadecimal digits each; equal for rows that a model cannot distinguish.
    """
    schema = table.schema
    names = [one.name for one in schema.inputs if one.kind != "text"]
    numbers = table.frame[names].to_numpy(dtype=np.float64, na_value=np.nan)
    # Adding 0 turns -0 into 0; all kinds of NaN mean "missing" and become the same.
    numbers = np.ascontiguousarray(np.where(np.isnan(numbers), np.nan, numbers + 0.0))
    texts = [
        table.frame[one.name].astype(str).tolist() for one in schema.inputs if one.kind == "text"
    ]
    texts += [] if table.group is None else [table.group.astype(str).tolist()]
    by_row = zip(*texts, strict=True) if texts else [()] * len(table)
    begin = blake2b(schema.hash().encode(), digest_size=_DIGEST)
    keys = []
    for row, words in zip(numbers, by_row, strict=True):
        key = begin.copy()
        key.update(row.tobytes() + "\x1f".join(words).encode())
        keys.append(key.hexdigest())
    return tuple(keys)


class PredictionCache:
    """Keeps the newest probabilities by the fingerprint of their rows.

    Parameters
    ----------
    rows : int
        Greatest number of rows.

    Attributes
    ----------
    asked, hits : int
        Number of rows assessed so far, and of those found in the cache.

    Examples
    --------
    >>> cache = PredictionCache(2)
    >>> cache.keep(["a", "b", "c"], [0.1, 0.2, 0.3], hits=0)
    >>> cache.known(["a", "c"])
    {'c': 0.3}
    """

    __slots__ = ("_p", "asked", "hits", "rows")

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.asked = self.hits = 0
        self._p: dict[str, float] = {}

    def known(self, keys: Sequence[str]) -> dict[str, float]:
        """Return the probabilities of the rows that are in the cache, by key."""
        return {key: self._p[key] for key in keys if key in self._p}

    def keep(self, keys: Sequence[str], p: Sequence[float], *, hits: int) -> None:
        """Add rows, and remove the oldest ones beyond the size of the cache.

        Parameters
        ----------
        keys : sequence of str
            Fingerprints of the rows.
        p : sequence of float
            Their probabilities; NaN, for no answer, is not kept.
        hits : int
            How many of the rows were in the cache.
        """
        self.asked += len(keys)
        self.hits += hits
        for key, one in zip(keys, p, strict=True):
            self._p.pop(key, None)
            if not isnan(one):
                self._p[key] = one
        for key in list(self._p)[: max(len(self._p) - self.rows, 0)]:
            del self._p[key]

    def state(self) -> State:
        """Return content and counts, as values for JSON."""
        return {"asked": self.asked, "hits": self.hits, "p": dict(self._p)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state` returned.

        Raises
        ------
        DataError
            If `state` has other keys.
        """
        if set(state) != {"asked", "hits", "p"}:
            message = f"the state of a cache has asked, hits and p, got {sorted(state)}"
            raise DataError(message)
        self.asked, self.hits = int(state["asked"]), int(state["hits"])
        self._p = {str(key): float(p) for key, p in state["p"].items()}
