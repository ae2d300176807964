"""Codes that few rows have, which models take as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from mesa_llm_city.core.values import Float

__all__ = ["FEWEST_ROWS", "RareCodes"]

FEWEST_ROWS = 20
"""Codes of fewer training rows are rare (assumption); a model could learn little of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RareCodes:
    """Codes of a column that few training rows have.

    They are pooled: a model takes them all as the first of them, so what it learns of their
    rows together holds for each, also for codes that no training row has.

    Parameters
    ----------
    name : str
        Name of the column.
    rows : mapping of int to int
        Number of training rows of each rare code, in ascending order of the codes.
    fewest : int
        Codes of fewer rows are rare.

    Examples
    --------
    >>> rare = RareCodes.find("work", np.array([1.0] * 50 + [2.0] * 3 + [7.0] * 4), (1, 2, 5, 7))
    >>> print(rare)
    work: 3 codes of fewer than 20 rows are taken as one: 2 (3 rows), 5 (0 rows), 7 (4 rows)
    >>> rare.pooled(np.array([1.0, 7.0, 5.0, np.nan])).tolist()
    [1.0, 2.0, 2.0, nan]
    """

    name: str
    rows: Mapping[int, int]
    fewest: int = FEWEST_ROWS

    @classmethod
    def find(
        cls, name: str, values: Float, codes: tuple[int, ...], *, fewest: int = FEWEST_ROWS
    ) -> Self:
        """Find the rare codes of a column.

        One rare code alone stays as it is, since there is nothing to pool it with, and so do
        all of them if none is frequent, since nothing would be left to tell people apart.

        Parameters
        ----------
        name : str
            Name of the column.
        values : ndarray of float64, shape (n,)
            Codes of the training rows; NaN where missing.
        codes : tuple of int
            All codes of the schema.
        fewest : int, default 20
            Codes of fewer rows are rare.
        """
        counts = {code: int(np.count_nonzero(values == code)) for code in sorted(codes)}
        rare = {code: count for code, count in counts.items() if count < fewest}
        is_pool = 1 < len(rare) < len(counts)
        return cls(name=name, rows=MappingProxyType(rare if is_pool else {}), fewest=fewest)

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.rows)

    @property
    def pool(self) -> int | None:
        """The code that stands for all of them; None if there are none."""
        return next(iter(self.rows), None)

    def pooled(self, values: Float) -> Float:
        """Return codes with all rare ones replaced by `pool`."""
        if self.pool is None:
            return values
        is_rare = np.isin(values, np.array(list(self.rows), dtype=np.float64))
        return np.where(is_rare, float(self.pool), values)

    def label(self, words: Mapping[int, str]) -> str:
        """Return a name for the pool, such as ``"mining or fishing"``."""
        return " or ".join(words.get(code, str(code)) for code in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return all values for JSON; codes become text."""
        rows = {str(code): count for code, count in self.rows.items()}
        return {"name": self.name, "rows": rows, "fewest": self.fewest}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is something else.
        """
        rows = {int(code): int(count) for code, count in content["rows"].items()}
        return cls(
            name=str(content["name"]), rows=MappingProxyType(rows), fewest=int(content["fewest"])
        )

    def told(self, words: Mapping[int, str]) -> str:
        """Return which codes are taken as one, with their words."""
        if not self:
            return f"{self.name}: no rare codes"
        codes = ", ".join(
            f"{words.get(code, code)} ({count} rows)" for code, count in self.rows.items()
        )
        return (
            f"{self.name}: {len(self.rows)} codes of fewer than {self.fewest} rows "
            f"are taken as one: {codes}"
        )

    def __str__(self) -> str:
        """Return which codes are taken as one."""
        return self.told({})
