"""Reading one table: the only place where CSV and Parquet files become frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.content import Content, read_content, unpacked
from mesa_llm_city.core.tables.encoding import decoded
from mesa_llm_city.core.tables.faults import TABLES_READ, fault
from mesa_llm_city.core.tables.formats import foreign_format, is_parquet
from mesa_llm_city.core.tables.numerals import plain_numbers
from mesa_llm_city.core.tables.parquet import parquet_frame
from mesa_llm_city.core.tables.rows import Rows, split_rows
from mesa_llm_city.core.values import Int

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    import pandas as pd

__all__ = ["Table", "parse_table", "read_table"]

_SHOWN = 10
_FEWEST_OF_FILE = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A table as it was read.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    frame : pandas.DataFrame
        One row per item; the names of the columns are stripped and occur once. Cells of CSV are
        stripped text, blank where nothing is there or a value is missing (NA, NULL); numbers are
        written as Python reads them.
        Columns of Parquet have their own types.
    lines : ndarray of int64, shape (n,)
        The line of the file in which each row ends; counted from 2 on in Parquet.
    notes : tuple of str
        What was assumed or left out, without the name of the file.
    ragged : tuple of str
        What is wrong with rows of another length than the header, which are left out: one line
        for each of the first ten, or one if most rows are so, without the name of the file.
    """

    name: str
    frame: pd.DataFrame
    lines: Int
    notes: tuple[str, ...] = ()
    ragged: tuple[str, ...] = ()

    def texts(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the cells of some columns as stripped text, row by row.

        A cell is blank where a value is missing, or where there is no such column.
        """
        return list(zip(*(self._texts(column) for column in columns), strict=True))

    def _texts(self, column: str) -> list[str]:
        if column not in self.frame:
            return [""] * len(self.frame)
        cells = self.frame[column].astype(object)
        known = cells.notna().tolist()
        return [str(cell).strip() if has else "" for cell, has in zip(cells, known, strict=True)]


def read_table(path: str | Path, *, drop_bad_rows: bool = False, comments: bool = False) -> Table:
    """Read a table from a file.

    What the file is follows from its content. Separators, encodings, decimal commas, separators at
    the end of rows and packings are found; what is doubtful is noted.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV with a header (separated by comma, semicolon, tab, bar or blanks; UTF-8, UTF-16,
        cp932 or Windows-1252; plain, .gz, .bz2, .xz, or the one table of a .zip), or Parquet.
    drop_bad_rows : bool, default False
        Whether rows with more or fewer cells than the header are left out and noted (see also
        `Table.ragged`), instead of being an error.
    comments : bool, default False
        Whether lines that begin with ``#`` are comments.

    Raises
    ------
    DataError
        If the file is missing, no table, damaged, or has ragged rows or repeated columns; it
        says what the file is, and what is read. Its `defects` begin with the name of the file.
    """
    content = read_content(path)
    return parse_table(content.data, content.name, drop_bad_rows=drop_bad_rows, comments=comments)


def parse_table(
    data: bytes,
    name: str,
    *,
    columns: Collection[str] | None = None,
    drop_bad_rows: bool = False,
    comments: bool = False,
) -> Table:
    r"""Read a table from bytes, such as those of a member of an archive.

    Parameters
    ----------
    data : bytes
        All of the file.
    name : str
        Its name, for messages.
    columns : collection of str, optional
        Columns to keep, all of which must be there; all by default.
    drop_bad_rows, comments : bool
        As in `read_table`.

    Raises
    ------
    DataError
        As in `read_table`, and if one of `columns` is missing.

    Examples
    --------
    >>> table = parse_table(b"id;lon\n7;139,5;\n", "places.csv")
    >>> table.frame.to_dict("list"), table.notes
    ({'id': ['7'], 'lon': ['139.5']}, ('1 number has a decimal comma',))
    """
    content = unpacked(Content(name=name, data=data))
    if is_parquet(content.data):
        table = _of_parquet(content)
        _check_columns(name, list(table.frame.columns), columns)
    else:
        table = _of_text(content, comments=comments, wanted=columns)
    if table.ragged and not drop_bad_rows:
        _refuse(table)
    return table if columns is None else replace(table, frame=table.frame[list(columns)])


def _check_columns(name: str, header: Sequence[str], wanted: Collection[str] | None) -> None:
    missing = [one for one in wanted or () if one not in header]
    if missing:
        near = did_you_mean(missing[0], header)
        message = f"lacks the columns {', '.join(missing)} (it has {', '.join(header)}){near}"
        raise fault(name, message)


def _of_text(content: Content, *, comments: bool, wanted: Collection[str] | None) -> Table:
    """Read CSV."""
    import pandas as pd

    name = content.name
    what = foreign_format(content.data)
    if what is not None:
        raise fault(name, f"is {what}; {TABLES_READ}")
    if name.casefold().endswith((".parquet", ".pq")):
        raise fault(name, "is no Parquet file though its name says so; it may be cut or CSV")
    text, notes = decoded(name, content.data)
    rows = split_rows(name, text, wanted=wanted, comments=comments)
    del text
    _check_columns(name, rows.header, wanted)
    names, columns = _columns(name, rows)
    thousands, decimals = plain_numbers(columns, rows.separator)
    frame = pd.DataFrame(dict(enumerate(columns)), dtype=str)
    frame.columns = pd.Index(names, dtype=str)
    return Table(
        name=name,
        frame=frame,
        lines=np.array(rows.lines, dtype=np.int64),
        notes=(*content.notes, *notes, *_left_out(rows), *_numerals(thousands, decimals)),
        ragged=_ragged(rows),
    )


def _ragged(rows: Rows) -> tuple[str, ...]:
    """Return a line for each row that is longer or shorter than the header, for ten at most.

    If most rows are, the header is not theirs, and that is one line.
    """
    width, count = len(rows.header), len(rows.ragged)
    total = count + len(rows.lines)
    if count >= _FEWEST_OF_FILE and 2 * count > total:
        line, length = rows.ragged[0]
        first = f"line {line}: the row has {length} cells, the header {width}"
        return (f"{first} (so in {count} of {total} rows); take out lines above the true header",)
    lines = [
        f"line {line}: the row has {length} cells, the header {width}"
        for line, length in rows.ragged[:_SHOWN]
    ]
    more = [f"... and {count - _SHOWN} more rows of another length"] if count > _SHOWN else []
    return (*lines, *more)


def _left_out(rows: Rows) -> Iterator[str]:
    """Say how many such rows there are."""
    if rows.ragged:
        count, (first, *_) = len(rows.ragged), _ragged(rows)
        yield f"{count} row{'s' if count > 1 else ''} left out, such as {first}"


def _refuse(table: Table) -> NoReturn:
    """Refuse a table with ragged rows."""
    defects = [f"{table.name}, {line}" for line in table.ragged]
    advice = "put cells that hold a separator into quotation marks, and give every row all cells"
    raise DataError.listing(table.name, defects, advice=advice)


def _columns(name: str, rows: Rows) -> tuple[list[str], list[list[str]]]:
    """Return names and cells of the columns; those without name and content are left out."""
    kept = {
        place: cells for place, cells in rows.columns.items() if rows.header[place] or any(cells)
    }
    names = [rows.header[place] or f"column {place + 1}" for place in kept]
    return _without_twins(name, names, list(kept.values()))


def _without_twins(
    name: str, names: Sequence[str], columns: Sequence[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """Leave out columns that say the same twice; refuse those that say something else."""
    first: dict[str, list[str]] = {}
    for header, cells in zip(names, columns, strict=True):
        if first.setdefault(header, cells) != cells:
            count = Counter(names)[header]
            message = (
                f"there are {count} columns {header}, which differ; keep one, rename the others"
            )
            raise fault(name, message)
    return list(first), list(first.values())


def _numerals(thousands: int, decimals: int) -> Iterator[str]:
    """Say how numbers were written."""
    for count, what in ((thousands, "separators of thousands"), (decimals, "a decimal comma")):
        if count:
            yield f"{count} number{' has' if count == 1 else 's have'} {what}"


def _of_parquet(content: Content) -> Table:
    """Read Parquet."""
    frame, numerals = parquet_frame(content.name, content.data)
    return Table(
        name=content.name,
        frame=frame,
        lines=np.arange(2, len(frame) + 2, dtype=np.int64),
        notes=(*content.notes, *_numerals(*numerals)),
    )
