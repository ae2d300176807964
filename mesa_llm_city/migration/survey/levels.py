"""Levels of one column: its codes, frequent values, ranges of other values, and "missing"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.survey.row_keys import answers, as_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Levels", "level_shares"]

_RANGES = 20  # of a number; each has a twentieth of the rows
_FEWEST = 20  # rows; rarer values are no levels of their own
_FREQUENT = 0.05  # share of rows; more frequent values of a number are levels of their own
_MOST_VALUES = 50  # of a column that is no number


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Levels of a column, found in one table and looked up in others.

    Parameters
    ----------
    values : tuple of bytes
        Answers that are a level each.
    edges : ndarray of float64
        Limits of the ranges of numbers, in ascending order; may be empty.
    names : tuple of str
        Names of the levels: those of the values, of the ranges, ``"other"``, ``"missing"``.

    Examples
    --------
    >>> import pandas as pd
    >>> work = pd.Series([0.0] * 30 + [1.0] * 60 + [None] * 10)
    >>> levels = Levels.find(work, {0: "none", 1: "some"})
    >>> levels.names
    ('none', 'some', 'other', 'missing')
    >>> levels.of(pd.Series([1.0, None, 7.0])).tolist()
    [1, 3, 2]
    """

    values: tuple[bytes, ...]
    edges: Float
    names: tuple[str, ...]

    @classmethod
    def find(cls, column: pd.Series, words: dict[int, str] | None = None) -> Self:
        """Find the levels of a column.

        Parameters
        ----------
        column : pandas.Series
            Numbers, codes or texts.
        words : dict of int to str, optional
            Meaning of codes.
        """
        cells, numbers = answers(column), _numbers(column)
        counts = Counter(cells)
        counts.pop(b"", None)
        known = np.count_nonzero(~np.isnan(numbers))
        is_number = 2 * known > counts.total() and len(counts) > _RANGES
        fewest = max(_FEWEST, _FREQUENT * len(column)) if is_number else _FEWEST
        common = {one for one, count in counts.most_common(_MOST_VALUES) if count >= fewest}
        values = tuple(sorted(common))
        is_common = np.array([cell in common for cell in cells], dtype=bool)
        edges = _edges(numbers[~is_common]) if is_number else np.empty(0)
        named = [_named(one, words or {}) for one in values]
        return cls(values=values, edges=edges, names=(*named, *_ranges(edges), "other", "missing"))

    @property
    def ranges(self) -> range:
        """Numbers of the levels that are ranges of a number."""
        return range(len(self.values), len(self.names) - 2)

    def of(self, column: pd.Series) -> Int:
        """Return the number of the level of each row, shape (n,)."""
        cells = answers(column)
        known = {value: at for at, value in enumerate(self.values)}
        other, missing = len(self.names) - 2, len(self.names) - 1
        level = np.array(
            [known.get(cell, missing if cell == b"" else other) for cell in cells], dtype=np.int64
        )
        numbers = _numbers(column)
        in_range = (level == other) & ~np.isnan(numbers) & (len(self.edges) > 0)
        places = np.searchsorted(self.edges, numbers[in_range], side="right")
        level[in_range] = len(self.values) + places
        return level


def _numbers(column: pd.Series) -> Float:
    """Return numbers; of texts such as ``"R-0012"`` the last digits, by which they are ordered."""
    numbers = as_numbers(column)
    if column.dtype.kind in "biuf":
        return numbers
    numbers, cells = numbers.copy(), column.tolist()
    for at in np.flatnonzero(np.isnan(numbers)).tolist():
        numbers[at] = _last_digits(cells[at])
    return numbers


def _last_digits(cell: Any) -> float:  # noqa: ANN401 - a cell of any type
    found = re.findall(r"\d{1,15}", cell) if isinstance(cell, str) and len(cell) < 40 else []
    return float(found[-1]) if found else float("nan")


def _edges(numbers: Float) -> Float:
    """Return the limits of ranges with equal numbers of rows."""
    rest = numbers[~np.isnan(numbers)]
    if len(rest) < 2 * _FEWEST:
        return np.empty(0)
    count = min(_RANGES, len(rest) // _FEWEST)
    edges: Float = np.unique(np.quantile(rest, np.arange(1, count) / count))
    return edges


def _ranges(edges: Float) -> list[str]:
    if not len(edges):
        return []
    ends = [f"{one:g}" for one in edges.tolist()]
    return [
        f"below {ends[0]}",
        *(f"{low} to {high}" for low, high in pairwise(ends)),
        f"{ends[-1]} or more",
    ]


def _named(value: bytes, words: dict[int, str]) -> str:
    text = value.decode("utf-8", "replace")
    try:
        number = float(text)
    except ValueError:
        return text
    return words.get(int(number), f"{number:g}") if number.is_integer() else f"{number:g}"


def level_shares(
    level: Int, target: NDArray[np.int8], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the number of rows and of positives of each level, shape (count,)."""
    rows = np.bincount(level, minlength=count)
    positives = np.bincount(level[target == 1], minlength=count)
    return rows, positives
