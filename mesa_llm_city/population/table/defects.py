"""What is wrong with the rows of a table: listed for an error, or left out and noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["RowDefects", "defects_of_rows"]

_SHOWN = 10
_SAMPLES = 3
_FIRST_ROW = 2  # the header is row 1


def defects_of_rows(
    column: str,
    bad: NDArray[np.bool_],
    values: Sequence[str],
    rule: str,
    lines: Sequence[int] | None = None,
) -> Iterator[str]:
    """Yield a line for each bad row of a column, for ten at most, and the number of the rest.

    If all of several rows are bad, one line says so.

    Parameters
    ----------
    column : str
        Name of the column.
    bad : ndarray of bool, shape (n,)
        True where a row is bad.
    values : sequence of str, length n
        What each row says.
    rule : str
        What is accepted and what to do; it stands in the first line.
    lines : sequence of int, length n, optional
        The number of each row; they count from 2 by default, below the header.
    """
    numbers = range(_FIRST_ROW, len(bad) + _FIRST_ROW) if lines is None else lines
    rows = np.flatnonzero(bad).tolist()
    if len(rows) == len(bad) and len(rows) > _SAMPLES:
        distinct = list(dict.fromkeys(values[row] for row in rows))
        such = "" if len(distinct) == 1 else "such as "
        shown = ", ".join(distinct[:_SAMPLES])
        yield f"column {column}: {such}{shown} in all {len(rows)} rows; {rule}"
        return
    for row in rows[:_SHOWN]:
        advice = f"; {rule}" if row == rows[0] else ""
        yield f"row {numbers[row]}, column {column}: {values[row]}{advice}"
    if len(rows) > _SHOWN:
        yield f"column {column}: ... and {len(rows) - _SHOWN} more rows"


class RowDefects:
    """What is wrong with a table of people.

    Parameters
    ----------
    lines : sequence of int, length n
        The number of each row in the file.

    Attributes
    ----------
    bad : ndarray of bool, shape (n,)
        Rows that cannot be used.
    of_table : list of str
        Defects that concern no row, such as a missing column.

    Examples
    --------
    >>> defects = RowDefects([2, 3])
    >>> defects.flag("age", np.array([False, True]), ["'40'", "'400'"], "use [0, 120]")
    >>> defects.lines()
    ["row 3, column age: '400'; use [0, 120]"]
    """

    def __init__(self, lines: Sequence[int]) -> None:
        self.bad = np.zeros(len(lines), dtype=np.bool_)
        self._lines = lines
        self.of_table: list[str] = []
        self._of_rows: list[str] = []
        self._left_out: list[str] = []

    def flag(
        self,
        column: str,
        bad: NDArray[np.bool_],
        values: Sequence[str] | Callable[[], Sequence[str]],
        rule: str,
    ) -> None:
        """Mark rows as unusable.

        Parameters
        ----------
        column, bad, rule
            As for `defects_of_rows`.
        values : sequence of str, or function that returns it
            What each row says; the function is called if a row is bad.
        """
        rows = np.flatnonzero(bad).tolist()
        if not rows:
            return
        if callable(values):
            values = values()
        self.bad |= bad
        self._of_rows += defects_of_rows(column, bad, values, rule, self._lines)
        first = f"row {self._lines[rows[0]]}: {values[rows[0]]}"
        self._left_out.append(f"{len(rows)} rows left out: column {column}, such as {first}")

    def lines(self) -> list[str]:
        """Return all defects."""
        return [*self.of_table, *self._of_rows]

    def left_out(self) -> list[str]:
        """Return one line per kind of row that is left out."""
        return list(self._left_out)
