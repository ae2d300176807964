"""From text to a header and rows: the separator, quotation marks, blank lines, ragged rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import islice

from mesa_llm_city.core.tables.faults import fault

__all__ = ["Rows", "split_rows"]

_SEPARATORS = (",", ";", "\t", "|")
_RARE = (":", "^", "~", "\x01", "\x1f")
_NAMES = {"\t": "tab", "\x01": "control-A", "\x1f": "unit separator"}
_BLANKS = re.compile(r"[ \t]+")
_SAMPLE = 50
_END = "\x1e end of the table \x1e"
_HIDDEN = "\ufeff\u200b"
"""Characters without width that editors leave at the beginning."""

_MISSING = frozenset(("NA", "N/A", "#N/A", "NaN", "nan", "<NA>", "NULL", "null", "\\N"))
"""How R, pandas, spreadsheets and databases write that a value is missing."""

csv.field_size_limit(2**31 - 1)


@dataclass(slots=True, kw_only=True)
class Rows:
    """The cells of a table, stripped, and where they stand.

    Parameters
    ----------
    header : list of str
        Names of the columns as in the file, perhaps blank.
    separator : str
        What separates the cells; ``" "`` stands for blanks and tabs.
    cells : list of list of str
        Rows as long as the header.
    lines : list of int
        The line of the file in which each row ends.
    ragged : list of (int, int)
        Line and number of cells of the rows that are longer or shorter.
    """

    header: list[str]
    separator: str
    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ragged: list[tuple[int, int]] = field(default_factory=list)

    def add(self, cells: list[str], line: int) -> None:
        """Add a row; blank cells beyond the header are cut, as separators at the end make them."""
        width = len(self.header)
        while len(cells) > width and not cells[-1]:
            del cells[-1]
        if len(cells) == width:
            self.cells.append(cells)
            self.lines.append(line)
        else:
            self.ragged.append((line, len(cells)))


def split_rows(name: str, text: str, *, comments: bool = False) -> Rows:
    r"""Split a text into header and rows.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    text : str
        All of it.
    comments : bool, default False
        Whether lines that begin with ``#`` are passed over.

    Raises
    ------
    DataError
        If there is no header or separator, or a quotation mark is never closed.

    Examples
    --------
    >>> rows = split_rows("shops.csv", "id; name\n1;Bakery;\n\n2;Cafe;\n")
    >>> rows.header, rows.separator, rows.cells, rows.lines
    (['id', 'name'], ';', [['1', 'Bakery'], ['2', 'Cafe']], [2, 4])
    """
    skip = "#" if comments or _begins_with_comments(text) else None
    separator, first = _separator(name, text, skip)
    records = _records(name, text, separator, skip, first)
    header, line = next(records, ([], 0))
    rows = Rows(header=[_clean(cell) for cell in header], separator=separator)
    for cells, line in records:
        rows.add(cells, line)
    _check(name, rows)
    return rows


def _clean(cell: str) -> str:
    return cell.strip(_HIDDEN).strip().strip(_HIDDEN)


def _begins_with_comments(text: str) -> bool:
    """Return whether the header has lines with ``#`` above it, which are no header themselves."""
    above = 0
    for line in islice(StringIO(text.lstrip(_HIDDEN), newline=""), _SAMPLE):
        if line.startswith("#"):
            above += 1
        elif line.strip():
            width = _width(line)
            return above > 0 and width > 1 and _width(text.lstrip(_HIDDEN)) != width
    return False


def _width(text: str) -> int:
    """Return the number of cells of the first line, by the separator that gives most."""
    line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return max(line.count(separator) for separator in _SEPARATORS) + 1


def _separator(name: str, text: str, skip: str | None) -> tuple[str, int]:
    """Return the separator of the header, and the number of lines before the header.

    Excel writes it into the first line, as ``sep=;``.
    """
    told = re.match(rf"[{_HIDDEN}]*\"?sep=(.)\"?[,;\t]*(\r\n|\r|\n)", text, re.IGNORECASE)
    if told is not None:
        return told[1], 1
    found = [(_fit(name, text, one, skip), one) for one in _SEPARATORS]
    best = max(found, key=lambda pair: pair[0])
    if best[0][1] > 1:
        return best[1], 0
    if _is_aligned(text, skip):
        return " ", 0
    best = max(((_fit(name, text, one, skip), one) for one in _RARE), key=lambda pair: pair[0])
    if best[0][0] and best[0][1] > 1:
        return best[1], 0
    lines = _passing(StringIO(text, newline=""), skip)
    header = next((line.rstrip("\r\n") for line in lines if line.strip()), "")
    if not header.strip(_HIDDEN).strip():
        raise fault(name, "has no header and no rows; give a table with a header and rows")
    if re.fullmatch(r"[\w\s.'\"-]+", header.strip(_HIDDEN)):
        return ",", 0  # one column
    shown = header[:80]
    raise fault(
        name,
        f"no separator was found in its first line {shown!r}; separate the columns by commas, "
        "semicolons or tabs",
    )


def _fit(name: str, text: str, separator: str, skip: str | None) -> tuple[bool, int]:
    """Return whether most of the first rows are as long as the header, and how long that is."""
    sample = text[: 200 * 1024]
    lines = StringIO(sample, newline="")
    reader = csv.reader(_passing(lines, skip), delimiter=separator, skipinitialspace=True)
    try:
        rows = [row for row in islice(reader, _SAMPLE) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise fault(name, f"cannot be read as CSV ({error}); save it as CSV again") from error
    if not rows:
        return False, 0
    width = len(rows[0])
    fitting = [row for row in rows if len(row) == width or not any(row[width:])]
    alike = 2 * len(fitting) >= len(rows) and width > 1
    return alike, width


def _is_aligned(text: str, skip: str | None) -> bool:
    """Return whether blanks separate the columns: as many words in each of the first lines."""
    lines = islice(_passing(StringIO(text, newline=""), skip), _SAMPLE)
    widths = {len(line.split()) for line in lines if line.strip()}
    return len(widths) == 1 and min(widths) > 1


def _passing(lines: Iterator[str], skip: str | None) -> Iterator[str]:
    """Yield the lines, blank ones in place of comments, so that lines keep their numbers."""
    if skip is None:
        return iter(lines)
    return (line if not line.startswith(skip) else "\n" for line in lines)


def _records(
    name: str, text: str, separator: str, skip: str | None, first: int
) -> Iterator[tuple[list[str], int]]:
    """Yield the stripped cells of each row that is not blank, and its line."""
    lines = islice(_ended(text), first, None)
    if separator == " ":
        lines = (_BLANKS.sub(" ", line.strip(" \t")) for line in lines)
    reader = csv.reader(_passing(lines, skip), delimiter=separator, skipinitialspace=True)
    before = 0
    try:
        for record in reader:
            if record and record[-1].endswith(_END):
                if record != [_END]:
                    start = before + first + 1
                    problem = f"the quotation mark of the row in line {start} is never closed"
                    raise fault(name, f"{problem}; close it, or write it twice within a cell")
                return
            before = reader.line_num
            cells = [cell.strip() for cell in record]
            if not _MISSING.isdisjoint(cells):
                cells = ["" if cell in _MISSING else cell for cell in cells]
            if any(cells):
                yield cells, before + first
    except csv.Error as error:
        line = reader.line_num + first
        raise fault(name, f"line {line} cannot be read as CSV ({error})") from error


def _ended(text: str) -> Iterator[str]:
    """Yield the lines, and one more that shows whether a quotation mark is still open."""
    yield from StringIO(text if text.endswith(("\n", "\r")) else text + "\n", newline="")
    yield _END


def _check(name: str, rows: Rows) -> None:
    """Check that the header is one, and that some row fits it."""
    numbers = [cell for cell in rows.header if re.fullmatch(r"-?\d+[.,]\d+", cell)]
    if numbers:
        raise fault(
            name,
            f"has no header: its first row holds the number {numbers[0]}; the first row must "
            "name the columns",
        )
    if len(rows.ragged) > 1 and not rows.cells:
        lengths = Counter(length for _, length in rows.ragged)
        raise fault(name, _all_ragged(rows, sorted(lengths)))


def _all_ragged(rows: Rows, lengths: Sequence[int]) -> str:
    """Say in one line that no row fits the header."""
    name = _NAMES.get(rows.separator, repr(rows.separator))
    have = " or ".join(map(str, lengths[:3]))
    return (
        f"all {len(rows.ragged)} rows have {have} cells but the header names "
        f"{len(rows.header)} columns (separator {name}); name every column once"
    )
