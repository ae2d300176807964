"""Audits: everything that is wrong with the rows of files, in one list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.tables.table import Table

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["Audit", "Report"]

_ROWS_SHOWN = 10
_BLANK_SHARE = 0.05
"""Up to this share of rows may be blank; more of them are a defect of the file."""

_FEWEST_OF_FILE = 3
_FILE_SHARE = 0.5
"""So many rows at least, and more than this share of them, make a fault one of the whole file."""

_REPAIR = "correct the rows named, or leave them out with bad_rows='drop' (--bad-rows drop)"


class Audit:
    """What is wrong with the rows of one file.

    Parameters
    ----------
    source : str
        Name of the file.
    n_rows : int
        Number of rows.
    first_row : int, default 2
        Number of the first row: 2 below the header of a table, 1 for features of a map.
    numbers : sequence of int, optional
        Numbers of all rows, if they do not follow one another.

    Examples
    --------
    >>> audit = Audit("shops.csv", 3)
    >>> audit.flag(np.array([False, True, False]), "lat", "no latitude")
    >>> audit.defects()
    ['shops.csv, row 3, lat: no latitude']
    >>> audit.good
    array([ True, False,  True])
    """

    def __init__(
        self,
        source: str,
        n_rows: int,
        first_row: int = 2,
        numbers: Sequence[int] | None = None,
    ) -> None:
        self.source = source
        self.good = np.ones(n_rows, dtype=np.bool_)
        self._numbers = range(first_row, first_row + n_rows) if numbers is None else numbers
        self._flags: list[tuple[str, list[str], int]] = []
        self._notes: list[str] = []
        self._flawed: dict[str, NDArray[np.bool_]] = {}

    @classmethod
    def of_table(cls, source: str, table: DataFrame) -> Self:
        """Return the audit of a table whose index tells the lines of the file (`read_table`)."""
        return cls(source, len(table), numbers=table.index.tolist())

    def flag(self, wrong: NDArray[np.bool_], column: str, what: str | Callable[[int], str]) -> None:
        """Mark rows as unusable.

        Parameters
        ----------
        wrong : ndarray of bool, shape (n_rows,)
            The rows; those with another flaw in the same column are passed over,
            since one often causes the other.
        column : str
            Where to look.
        what : str, or function of the row to str
            What is wrong there.
        """
        rows = np.flatnonzero(wrong & ~self._seen(column)).tolist()
        if not rows:
            return
        texts = [what if isinstance(what, str) else what(row) for row in rows[:_ROWS_SHOWN]]
        lines = [
            f"{self.source}, row {self._numbers[row]}, {column}: {text}"
            for row, text in zip(rows, texts, strict=False)
        ]
        self._flags.append((column, lines, len(rows)))
        self.good[rows] = False
        self._seen(column)[rows] = True

    def _seen(self, column: str) -> NDArray[np.bool_]:
        """Return which rows have been flagged in a column."""
        return self._flawed.setdefault(column, np.zeros(len(self.good), dtype=np.bool_))

    def leave_out(self, blank: NDArray[np.bool_], column: str, what: str) -> None:
        """Mark rows as unusable that say nothing, rather than something wrong.

        Up to one row in twenty is left out and noted; more of them are a defect.

        Parameters
        ----------
        blank : ndarray of bool, shape (n_rows,)
            The rows.
        column : str
            Where nothing stands.
        what : str
            What is missing there.
        """
        if np.count_nonzero(blank) > _BLANK_SHARE * len(self.good):
            self.flag(blank, column, what)
            return
        if count := int(np.count_nonzero(blank & self.good)):
            self.note(f"{count} rows left out: {column} {what}")
        self.good[blank] = False
        self._seen(column)[blank] = True

    def note(self, what: str) -> None:
        """Note what was repaired or assumed in the file."""
        self._notes.append(f"{self.source}: {what}")

    def defects(self) -> list[str]:
        """Return one line per row, at most ten of a kind, and how many more there are.

        A fault that most rows have is one of the whole file, and one line.
        """
        found: list[str] = []
        for column, lines, count in self._flags:
            if self.is_of_file(count):
                found.append(f"{lines[0]} (so in {count} of {len(self.good)} rows)")
                continue
            found += lines
            more = count - len(lines)
            if more:
                found.append(f"{self.source}, {column}: ... and {more} more rows")
        return found

    def is_of_file(self, count: int) -> bool:
        """Return whether a fault of so many rows is one of the whole file."""
        return count >= _FEWEST_OF_FILE and count > _FILE_SHARE * len(self.good)

    def notes(self) -> list[str]:
        """Return what was repaired or assumed, and one line per kind of row that was left out."""
        return [*self._notes, *self._left_out()]

    def _left_out(self) -> list[str]:
        """Return one line per kind of flagged row."""
        return [
            f"{self.source}: {count} rows left out, such as {lines[0].split(', ', 1)[1]}"
            for _, lines, count in self._flags
        ]


class Report:
    """What is wrong with all files of a city.

    Parameters
    ----------
    drop_bad_rows : bool
        Whether rows that cannot be used are left out and noted, instead of being defects.
    repair : str, optional
        What to do about such rows, for the message.
    """

    def __init__(self, *, drop_bad_rows: bool, repair: str = _REPAIR) -> None:
        self._repair = repair
        self.drop_bad_rows = drop_bad_rows
        self._sources: list[str] = []
        self._defects: list[str] = []
        self._audits: list[Audit] = []
        self._notes: list[str] = []
        self._ragged: list[str] = []

    def reading(self, source: str) -> None:
        """Say which file is read now."""
        if source not in self._sources:
            self._sources.append(source)

    def add(self, *defects: str) -> None:
        """Add defects that concern no row, such as a missing column."""
        # A file may be read twice, as an extract for its places and its streets.
        self._defects += [one for one in defects if one not in self._defects]

    def note(self, *notes: str) -> None:
        """Note what was chosen, repaired or assumed in a whole file."""
        self._notes += notes

    def audit(self, audit: Audit) -> None:
        """Add the audit of a file; it may go on until the end of reading."""
        self._audits.append(audit)

    def table(self, table: Table) -> None:
        """Add what was assumed in a table, and its rows of another length than the header."""
        self.note(*(f"{table.name}: {note}" for note in table.notes))
        self._ragged += [f"{table.name}, {line}" for line in table.ragged]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was chosen, repaired, assumed or left out."""
        by_row = [note for audit in self._audits for note in audit.notes()]
        return (*self._notes, *by_row)

    def error(self, *advice: str) -> DataError:
        """Return one error that lists the defects of all files, and what to do."""
        by_row = [] if self.drop_bad_rows else self._by_row()
        advised = (*advice, *([self._repair] if by_row else []))
        defects = [*self._defects, *by_row]
        return DataError.listing(", ".join(self._sources), defects, advice="; ".join(advised))

    def close(self, *advice: str) -> None:
        """Raise that error, if anything is wrong."""
        if self._defects or (not self.drop_bad_rows and self._by_row()):
            raise self.error(*advice)

    def _by_row(self) -> list[str]:
        """Return the defects of rows."""
        return [*self._ragged, *(line for audit in self._audits for line in audit.defects())]
