"""Cells of an observed table, checked whole: words, shares, minutes and counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.tables import find_column, misspelt, texts
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.faults import fault
from mesa_llm_city.core.tables.table import read_table
from mesa_llm_city.core.values import Float

__all__ = ["Cells", "Source", "normal"]

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::[0-5]\d)?")
_PERCENT = ("percent", "per_cent", "pct")
_REPAIR = "correct the rows named"


class Source:
    """Where observations come from.

    Attributes
    ----------
    file : str
        Name of the file.
    sha256 : str
        Checksum of the file.
    rows : int
        Number of rows.
    notes : tuple of str
        What was assumed or left out while reading.
    """

    __slots__ = ("file", "notes", "rows", "sha256")

    def __init__(self, file: str, checksum: str, rows: int, notes: Sequence[str] = ()) -> None:
        self.file, self.sha256, self.rows = file, checksum, rows
        self.notes = tuple(notes)

    def to_dict(self) -> dict[str, object]:
        """Return the same as a mapping for JSON."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "rows": self.rows,
            "notes": list(self.notes),
        }


class Cells:
    """The cells of one observed table; defects are collected until `close`.

    Parameters
    ----------
    path : Path
        CSV or Parquet.

    Raises
    ------
    DataError
        If it cannot be read, or has no row.
    """

    def __init__(self, path: Path) -> None:
        table = read_table(path)
        if not len(table.frame):
            raise fault(table.name, "has a header and no row below it")
        self.name, self.lines = table.name, table.lines.tolist()
        self._frame = table.frame.set_axis(table.lines, axis="index")
        self._checksum = sha256(path.read_bytes()).hexdigest()
        self._report = Report(drop_bad_rows=False, repair=_REPAIR)
        self._report.reading(self.name)
        self._audit = Audit.of_table(self.name, self._frame)
        self._notes = list(table.notes)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._frame)

    def has(self, *names: str) -> bool:
        """Tell whether there is a column of one of these names."""
        return find_column(self._frame, names) is not None

    def texts(self, *names: str, default: str | None = None) -> list[str]:
        """Return a column as text, under the first of the names that it has.

        Parameters
        ----------
        *names : str
            The standard name, then other spellings of it.
        default : str, optional
            What a blank cell, or a column that is not there, stands for; None if it is required.
        """
        column = find_column(self._frame, names)
        if column is None and default is None:
            near = misspelt(self._frame, names)
            also = f" (or {', '.join(names[1:])})" if names[1:] else ""
            self._report.add(f"{self.name}: there is no column {names[0]}{also}{near}")
        cells = texts(self._frame, column)
        if default is not None:
            return [cell or default for cell in cells]
        if column is not None:
            self.flag([not cell for cell in cells], names[0], "it is blank")
        return cells

    def words(self, *names: str, words: Mapping[str, str], default: str | None = None) -> list[str]:
        """Return a column of keywords in their standard spelling.

        Parameters
        ----------
        *names : str
            The standard name, then other spellings of it.
        words : mapping of str to str
            Standard spelling by each spelling that is read, in the form of `normal`.
        default : str, optional
            What a blank cell, or a column that is not there, stands for; None if it is required.
        """
        cells = self.texts(*names, default=default)
        known = dict.fromkeys(words.values())
        for cell in dict.fromkeys(cells):
            if cell and normal(cell) not in words:
                near = did_you_mean(cell, words)
                self.flag(
                    [one == cell for one in cells],
                    names[0],
                    f"{cell!r:.60} is not known; accepted are {', '.join(known)}{near}",
                )
        return [words.get(normal(cell), cell) for cell in cells]

    def numbers(
        self,
        *names: str,
        low: float = 0.0,
        high: float = np.inf,
        required: bool = True,
    ) -> Float:
        """Return a column as numbers, shape (n,); durations such as 8:44 become minutes.

        Parameters
        ----------
        *names : str
            The standard name, then other spellings of it.
        low, high : float
            Range of the numbers.
        required : bool, default True
            Whether the column must be there and filled; else a missing number is NaN.
        """
        cells = self.texts(*names, default=None if required else "")
        values = np.array([_number(cell) for cell in cells])
        filled = np.array([bool(cell) for cell in cells])
        self.flag((filled & np.isnan(values)).tolist(), names[0], "it is no number")
        outside = (values < low) | (values > high)
        self.flag(outside.tolist(), names[0], f"it must be {_range(low, high)}")
        return values

    def shares(self, *names: str, required: bool = True) -> Float:
        """Return a column of shares, 0 to 1, or in its place a column ``percent``, 0 to 100."""
        if not self.has(*names) and self.has(*_PERCENT):
            return self.numbers(*_PERCENT, high=100.0, required=required) / 100.0
        return self.numbers(*names, high=1.0, required=required)

    def flag(self, wrong: Sequence[bool], column: str, what: str) -> None:
        """Report rows that cannot be used."""
        self._audit.flag(np.array(wrong, dtype=np.bool_), column, what)

    def add(self, defect: str) -> None:
        """Report what is wrong with the file as a whole."""
        self._report.add(f"{self.name}: {defect}")

    def note(self, note: str) -> None:
        """Note what was assumed or left out."""
        self._notes.append(note)

    def check(self) -> None:
        """Raise what has been found so far, so that later code can rely on the cells.

        Raises
        ------
        DataError
            Lists all defects, by row and column.
        """
        if defects := self._audit.defects():
            self._report.add(*defects)
        self._report.close()

    def close(self) -> Source:
        """Return where the table comes from.

        Raises
        ------
        DataError
            As `check`.
        """
        self.check()
        return Source(self.name, self._checksum, len(self), self._notes)


def normal(cell: str) -> str:
    """Return a name without differences of case, blanks and hyphens.

    Examples
    --------
    >>> normal(" Not-employed "), normal("Personal care")
    ('not_employed', 'personal_care')
    """
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold()).strip("_")


def _number(cell: str) -> float:
    if clock := _CLOCK.fullmatch(cell):
        return 60.0 * int(clock[1]) + int(clock[2])
    try:
        return float(cell) if cell else np.nan
    except ValueError:
        return np.nan


def _range(low: float, high: float) -> str:
    return f"at least {low:g}" if np.isinf(high) else f"from {low:g} to {high:g}"
