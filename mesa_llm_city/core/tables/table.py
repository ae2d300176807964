"""Reading one table: the only place where CSV and Parquet files become frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import DataError
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
    """

    name: str
    frame: pd.DataFrame
    lines: Int
    notes: tuple[str, ...] = ()


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
        Whether rows with more or fewer cells than the header are left out and noted.
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
    else:
        table = _of_text(content, drop_bad_rows=drop_bad_rows, comments=comments, wanted=columns)
    if columns is not None and (missing := [one for one in columns if one not in table.frame]):
        has = ", ".join(table.frame.columns)
        raise fault(name, f"lacks the columns {', '.join(missing)} (it has {has})")
    return table if columns is None else _only(table, columns)


def _only(table: Table, columns: Collection[str]) -> Table:
    frame = table.frame[list(columns)]
    return Table(name=table.name, frame=frame, lines=table.lines, notes=table.notes)


def _of_text(
    content: Content, *, drop_bad_rows: bool, comments: bool, wanted: Collection[str] | None
) -> Table:
    """Read CSV."""
    import pandas as pd

    name = content.name
    what = foreign_format(content.data)
    if what is not None:
        raise fault(name, f"is {what}; {TABLES_READ}")
    if name.casefold().endswith((".parquet", ".pq")):
        raise fault(name, "is no Parquet file though its name says so; it may be cut or CSV")
    text, notes = decoded(name, content.data)
    rows = split_rows(name, text, comments=comments)
    del text
    notes = (*content.notes, *notes, *_ragged(name, rows, drop_bad_rows=drop_bad_rows))
    names, columns = _columns(name, rows, wanted)
    thousands, decimals = plain_numbers(columns, rows.separator)
    frame = pd.DataFrame(dict(enumerate(columns)), dtype=str)
    frame.columns = pd.Index(names, dtype=str)
    return Table(
        name=name,
        frame=frame,
        lines=np.array(rows.lines, dtype=np.int64),
        notes=(*notes, *_numerals(thousands, decimals)),
    )


def _ragged(name: str, rows: Rows, *, drop_bad_rows: bool) -> list[str]:
    """Refuse ragged rows, or say that they are left out."""
    if not rows.ragged:
        return []
    width, count = len(rows.header), len(rows.ragged)
    found = [
        f"{name}, line {line}: the row has {length} cells, the header {width}"
        for line, length in rows.ragged[:_SHOWN]
    ]
    if drop_bad_rows:
        return [f"{count} rows left out, such as {found[0].removeprefix(f'{name}, ')}"]
    if count > _SHOWN:
        found.append(f"{name}: ... and {count - _SHOWN} more rows")
    advice = "put cells that hold a separator into quotation marks, and give every row all cells"
    raise DataError.listing(name, found, advice=advice)


def _columns(
    name: str, rows: Rows, wanted: Collection[str] | None
) -> tuple[list[str], list[list[str]]]:
    """Return names and cells of the columns; those without name and content are left out."""
    kept = [
        place
        for place, header in enumerate(rows.header)
        if (header and (wanted is None or header in wanted))
        or (not header and wanted is None and any(row[place] for row in rows.cells))
    ]
    if not kept and wanted is not None:
        kept = list(range(len(rows.header)))
    columns = [[row[place] for row in rows.cells] for place in kept]
    names = [rows.header[place] or f"column {place + 1}" for place in kept]
    return _without_twins(name, names, columns)


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
