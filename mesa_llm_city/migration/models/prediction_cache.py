"""What has been thought about a row already: most people are tomorrow who they are today."""

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
    """Return a fingerprint of each row: its features and its household, 32 hexadecimal digits.

    Identifiers other than the household are left out, since no model is given them.

    Parameters
    ----------
    table : SurveyTable
        Of n rows.

    Returns
    -------
    tuple of str, length n
        Equal for rows a model cannot tell apart.
    """
    schema = table.schema
    names = [one.name for one in schema.of_kind("numeric", "categorical")]
    numbers = table.frame[names].to_numpy(dtype=np.float64, na_value=np.nan)
    # Adding 0 makes -0 into 0; there are many NaN, and all of them mean "missing".
    numbers = np.ascontiguousarray(np.where(np.isnan(numbers), np.nan, numbers + 0.0))
    texts = [table.frame[one.name].astype(str).tolist() for one in schema.of_kind("text")]
    texts += [] if table.group is None else [table.group.astype(str).tolist()]
    words = zip(*texts, strict=True) if texts else [()] * len(table)
    begin = blake2b(schema.hash().encode(), digest_size=_DIGEST)
    keys = []
    for row, said in zip(numbers, words, strict=True):
        key = begin.copy()
        key.update(row.tobytes() + "\x1f".join(said).encode())
        keys.append(key.hexdigest())
    return tuple(keys)


class PredictionCache:
    """Remembers the newest probabilities by the fingerprint of their rows.

    Parameters
    ----------
    rows : int
        How many at most.

    Attributes
    ----------
    asked, hits : int
        Rows that were to be assessed so far, and those that had been before.

    Examples
    --------
    >>> memo = PredictionCache(2)
    >>> memo.keep(["a", "b", "c"], [0.1, 0.2, 0.3], hits=0)
    >>> memo.known(["a", "c"])
    {'c': 0.3}
    """

    __slots__ = ("_p", "asked", "hits", "rows")

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.asked = self.hits = 0
        self._p: dict[str, float] = {}

    def known(self, keys: Sequence[str]) -> dict[str, float]:
        """Return the probabilities of those rows that are remembered."""
        return {key: self._p[key] for key in keys if key in self._p}

    def keep(self, keys: Sequence[str], p: Sequence[float], *, hits: int) -> None:
        """Remember rows, the last ones longest, and count how many of them were known.

        A probability of NaN says that there was no answer: such a row is asked about again.
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
        """Return everything remembered, as values for JSON."""
        return {"asked": self.asked, "hits": self.hits, "p": dict(self._p)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned.

        Raises
        ------
        DataError
            If it is none.
        """
        if set(state) != {"asked", "hits", "p"}:
            message = f"a memo has asked, hits and p, got {sorted(state)}; restore a saved state"
            raise DataError(message)
        self.asked, self.hits = int(state["asked"]), int(state["hits"])
        self._p = {str(key): float(p) for key, p in state["p"].items()}
