"""Tables of many rows and few columns, reduced column by column.

NumPy goes through such a table row by row, which takes several times as long. The results are
those of NumPy to the last bit.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from mesa_llm_city.core.values import Bool, Float, Int

_Numbers = TypeVar("_Numbers", Float, Int)

__all__ = [
    "greatest_of_rows",
    "least_of_rows",
    "number_of_rows",
    "positions_of",
    "running_sums",
    "true_entries",
]

_FEW_ROWS, _MANY_COLUMNS = 200, 32  # these are reduced by one call; the result is the same


def least_of_rows(table: _Numbers) -> _Numbers:
    """Return the least number of each row, shape (m,).

    Parameters
    ----------
    table : ndarray of float64 or int64, shape (m, k)
        At least one column.
    """
    return _reduced(np.minimum, table)


def greatest_of_rows(table: _Numbers) -> _Numbers:
    """Return the greatest number of each row, shape (m,); see `least_of_rows`."""
    return _reduced(np.maximum, table)


def _reduced(join: np.ufunc, table: _Numbers) -> _Numbers:
    if len(table) < _FEW_ROWS or table.shape[1] > _MANY_COLUMNS:
        return np.asarray(join.reduce(table, axis=1))
    found = table[:, 0].copy()
    for column in table.T[1:]:
        join(found, column, out=found)
    return found


def running_sums(table: _Numbers) -> _Numbers:
    """Return the sums of each row up to each column, as `numpy.cumsum`, shape (m, k).

    Parameters
    ----------
    table : ndarray of float64 or int64, shape (m, k)
        At least one column.
    """
    if len(table) < _FEW_ROWS:
        return np.cumsum(table, axis=1)
    # Columns lie in one piece in memory.
    sums = np.empty_like(table, shape=table.T.shape, order="C")
    sums[0] = table[:, 0]
    for column in range(1, len(sums)):
        np.add(sums[column - 1], table[:, column], out=sums[column])
    return sums.T


def number_of_rows(table: Bool) -> Int:
    """Return how many entries of each row are true, shape (m,)."""
    if len(table) < _FEW_ROWS or table.shape[1] > _MANY_COLUMNS:
        return np.asarray(np.count_nonzero(table, axis=1), dtype=np.int64)
    number = np.zeros(len(table), dtype=np.int64)
    for column in table.T:
        number += column
    return number


def positions_of(is_true: Bool) -> Int:
    """Return the positions of what is true in one column.

    They are those of `numpy.flatnonzero`, which takes several times as long for short columns.

    Parameters
    ----------
    is_true : ndarray of bool, shape (m,)
        The column.
    """
    return is_true.nonzero()[0]


def true_entries(table: Bool) -> tuple[Int, Int]:
    """Return the rows and columns of what is true, in the order of rows, as `numpy.nonzero`."""
    at = positions_of(table.ravel())
    width = max(table.shape[1], 1)
    row = at // width
    return row, at - row * width
