"""Predictions of earlier rows: most persons do not change from one step to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import isnan
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PredictionCache", "row_keys"]

Hashes: TypeAlias = NDArray[np.uint64]

_DIGEST = 16  # bytes


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
    numbers = np.where(np.isnan(numbers), np.nan, numbers + 0.0)
    columns = list(np.ascontiguousarray(numbers.T).view(np.uint64))
    columns += [_value_hashes(table.frame[one.name]) for one in schema.inputs if one.kind == "text"]
    columns += [] if table.group is None else [_value_hashes(table.group)]
    sums = _row_hashes(columns, len(table), begin=_digest(schema.hash()))
    every, width = sums.tobytes().hex(), 2 * _DIGEST
    return tuple(every[at : at + width] for at in range(0, len(every), width))


def _row_hashes(columns: Sequence[Hashes], rows: int, *, begin: bytes) -> NDArray[np.uint64]:
    """Return two independent sums of each row, shape (rows, 2), column after column.

    Each step can be undone, so rows that differ in one column never have the same sum.
    """
    sums = np.empty((rows, 2), dtype=np.uint64)
    sums[:] = np.frombuffer(begin, dtype=np.uint64)
    one, two = np.ascontiguousarray(sums.T)
    for column in columns:
        one, two = _mixed(one ^ column), _mixed(two + column)
    return np.column_stack([one, two])


def _mixed(number: Hashes) -> Hashes:
    """Return each number with its bits spread (finalizer of MurmurHash3 by Appleby, mix 13).

    Constants: Stafford (2011), "Better bit mixing".
    """
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


def _value_hashes(values: pd.Series | NDArray[Any]) -> Hashes:
    """Return a sum of each whole number or text; every different text is read once."""
    if values.dtype.kind in "iu":
        return _mixed(np.asarray(values).astype(np.int64).view(np.uint64))
    import pandas as pd

    code, distinct = pd.factorize(np.asarray(values, dtype=object), use_na_sentinel=False)
    sums = b"".join(_digest(str(one))[: _DIGEST // 2] for one in distinct)
    hashes: Hashes = np.frombuffer(sums, dtype=np.uint64)[code]
    return hashes


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=_DIGEST).digest()


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
