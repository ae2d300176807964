"""From text to a header and columns: quotation marks, blank lines, separators at the end."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice

from mesa_llm_city.core.tables.faults import fault
from mesa_llm_city.core.tables.separator import (
    HIDDEN,
    begins_with_comments,
    comments_blanked,
    find_separator,
    without_outer_quotes,
)

__all__ = ["MISSING", "Rows", "split_rows"]

_NAMES = {"\t": "tab", " ": "blank", "\x01": "control-A", "\x1f": "unit separator"}
_BLANKS = re.compile(r"[ \t]+")
_END = "\x1eend-of-table\x1e"
_CHUNK = 1000
"""Rows that are split at a time; with more of them Python spends its time on collecting garbage."""

MISSING = frozenset(("NA", "N/A", "#N/A", "NaN", "nan", "<NA>", "NULL", "null", "\\N"))
"""How R, pandas, spreadsheets and databases write that a value is missing."""

_Record = tuple[list[str], int]


@dataclass(slots=True, kw_only=True)
class Rows:
    """The cells of a table, stripped, and where they stand.

    Parameters
    ----------
    header : list of str
        Names of the columns as in the file, perhaps blank.
    separator : str
        What separates the cells; ``" "`` stands for blanks and tabs.
    columns : dict of int to list of str
        Cells of the columns that are kept, by their place in the header.
    lines : list of int
        The line of the file in which each row ends.
    ragged : list of (int, int)
        Line and number of cells of the rows that are longer or shorter.
    """

    header: list[str]
    separator: str
    columns: dict[int, list[str]]
    lines: list[int] = field(default_factory=list)
    ragged: list[tuple[int, int]] = field(default_factory=list)

    def extend(self, records: list[_Record]) -> None:
        """Add rows; separators at the end of a row or of the header shift no column."""
        width = len(self.header)
        if {len(cells) for cells, _ in records} != {width}:
            records = self._fitting(records)
        records = [record for record in records if any(map(str.strip, record[0]))]
        for place, column in self.columns.items():
            column += [cells[place].strip() for cells, _ in records]
        self.lines += [line for _, line in records]

    def _fitting(self, records: list[_Record]) -> list[_Record]:
        """Return the rows as long as the header, and remember the others."""
        fitting = []
        for cells, line in records:
            fitted = self._fitted(cells)
            if len(fitted) == len(self.header):
                fitting.append((fitted, line))
            elif any(map(str.strip, cells)):
                self.ragged.append((line, len(fitted)))
        return fitting

    def _fitted(self, cells: list[str]) -> list[str]:
        """Return a row without separators at its end, or with those that the header has there."""
        width = len(self.header)
        while len(cells) > width and not cells[-1].strip():
            cells = cells[:-1]
        missing = width - len(cells)
        if missing > 0 and not any(self.header[-missing:]):
            return [*cells, *[""] * missing]
        return cells


def split_rows(
    name: str, text: str, *, wanted: Collection[str] | None = None, comments: bool = False
) -> Rows:
    r"""Split a text into header and columns.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    text : str
        All of it.
    wanted : collection of str, optional
        Names of the columns that are kept, as far as they are there; all by default.
    comments : bool, default False
        Whether lines that begin with ``#`` are passed over.

    Raises
    ------
    DataError
        If there is no header or separator, or a quotation mark is never closed.

    Examples
    --------
    >>> rows = split_rows("shops.csv", "id; name\n1;Bakery;\n\n2;Cafe;\n")
    >>> rows.header, rows.separator, rows.columns, rows.lines
    (['id', 'name'], ';', {0: ['1', '2'], 1: ['Bakery', 'Cafe']}, [2, 4])
    """
    text = without_outer_quotes(text)
    skip = "#" if comments or begins_with_comments(text) else None
    separator, above = find_separator(name, text, skip)
    records = _records(name, text, separator, skip, above)
    header = next((cells for cells, _ in records if any(map(_clean, cells))), [])
    header = [_clean(cell) for cell in header]
    header[:1] = [cell.removeprefix("#").strip() for cell in header[:1]]
    _check_header(name, header)
    rows = Rows(
        header=header,
        separator=separator,
        columns={place: [] for place, one in enumerate(header) if wanted is None or one in wanted},
    )
    while chunk := list(islice(records, _CHUNK)):
        rows.extend(chunk)
    if len(rows.ragged) > 1 and not rows.lines:
        raise fault(name, _all_ragged(rows))
    for column in rows.columns.values():
        _blank_missing(column)
    return rows


def _clean(cell: str) -> str:
    return cell.strip(HIDDEN).strip().strip(HIDDEN)


def _blank_missing(column: list[str]) -> None:
    """Blank the cells that say that a value is missing, in place."""
    if not MISSING.isdisjoint(column):
        column[:] = ["" if cell in MISSING else cell for cell in column]


def _records(
    name: str, text: str, separator: str, skip: str | None, above: int
) -> Iterator[_Record]:
    """Yield the cells of each row, and its line."""
    lines: Iterator[str] = islice(_ended(text), above, None)
    if separator == " ":
        lines = (_BLANKS.sub(" ", line.strip(" \t")) for line in lines)
    reader = csv.reader(comments_blanked(lines, skip), delimiter=separator, skipinitialspace=True)
    waiting: _Record = ([], above)
    start = above + 1
    try:
        for cells in reader:
            yield waiting
            start = waiting[1] + 1
            waiting = cells, reader.line_num + above
    except csv.Error as error:
        at = reader.line_num + above
        raise fault(name, f"line {at} cannot be read as CSV ({error})") from error
    if waiting[0] != [_END]:
        problem = f"the quotation mark of the row in line {start} is never closed"
        raise fault(name, f"{problem}; close it, or write it twice within a cell")


def _ended(text: str) -> Iterator[str]:
    """Yield the lines, and one more that shows whether a quotation mark is still open."""
    yield from StringIO(text if text.endswith(("\n", "\r")) else text + "\n", newline="")
    yield _END


def _check_header(name: str, header: list[str]) -> None:
    """Refuse a header that holds numbers, since it is a row of data."""
    numbers = [cell for cell in header if re.fullmatch(r"-?\d+[.,]\d+", cell)]
    if numbers:
        raise fault(
            name,
            f"has no header: its first row holds the number {numbers[0]}; the first row must "
            "name the columns",
        )


def _all_ragged(rows: Rows) -> str:
    """Say in one line that no row fits the header."""
    name = _NAMES.get(rows.separator, repr(rows.separator))
    lengths = sorted(Counter(length for _, length in rows.ragged))
    have = " or ".join(map(str, lengths[:3]))
    return (
        f"all {len(rows.ragged)} rows have {have} cells but the header names "
        f"{len(rows.header)} columns (separator {name}); name every column once"
    )
