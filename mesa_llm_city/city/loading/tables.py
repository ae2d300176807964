"""Reading tables, and finding columns in them under their usual names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables import table as tables
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = [
    "file_name",
    "find_column",
    "misspelt",
    "note_misspelt",
    "numbers",
    "read_table",
    "reported",
    "texts",
]


def file_name(path: str | Path) -> str:
    """Return the last part of a path, for messages."""
    return Path(path).name


def read_table(path: str | Path, report: Report) -> DataFrame | None:
    """Read a table (see `core.tables.table.read_table`); cells of a CSV stay text.

    Returns None, and reports why, if it cannot be read.
    """
    return reported(lambda: tables.read_table(path, drop_bad_rows=True), report)


def reported(read: Callable[[], tables.Table], report: Report) -> DataFrame | None:
    """Return the frame of a table; None, and reported defects, if it cannot be read.

    Its index is the line of the file that each row stands in.

    Parameters
    ----------
    read : function
        Reads the table, with ``drop_bad_rows=True``.
    report : Report
        Collects the defects, and the notes.
    """
    try:
        table = read()
    except DataError as error:
        report.add(*error.defects)
        return None
    report.table(table)
    return table.frame.set_axis(table.lines, axis="index")


def find_column(frame: DataFrame, names: Sequence[str]) -> str | None:
    """Return the first column that has one of the names, whatever its case.

    ``Opening Hours`` and ``@lon`` mean ``opening_hours`` and ``lon``. A name that ends in ``*``
    stands for all that begin like it.
    """
    columns: dict[str, str] = {}
    for column in map(str, frame.columns):
        columns.setdefault(re.sub(r"[\s-]+", "_", column.strip().casefold()).lstrip("@"), column)
    for name in names:
        if name.endswith("*"):
            found = [known for low, known in columns.items() if low.startswith(name[:-1])]
            if found:
                return found[0]
        elif name in columns:
            return columns[name]
    return None


def misspelt(frame: DataFrame, names: Sequence[str]) -> str:
    """Return a question about a column whose name is nearly one of those; empty if there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> misspelt(pd.DataFrame({"lattitude": []}), ("lat", "latitude"))
    "; did you mean 'latitude' by 'lattitude'?"
    """
    for column in map(str, frame.columns):
        if near := did_you_mean(column, names):
            return f"{near.removesuffix('?')} by {column!r}?"
    return ""


def note_misspelt(
    frame: DataFrame, known: Sequence[Sequence[str]], source: str, report: Report
) -> None:
    """Note columns that are not read, though their names are nearly those of columns that are.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    known : sequence of sequence of str
        Names of the columns that are read; those in one sequence mean the same.
    source : str
        Name of the file.
    report : Report
        Collects the notes.
    """
    read = {find_column(frame, names) for names in known}
    missing = [names for names in known if find_column(frame, names) is None]
    open_ = [name for names in missing for name in names if not name.endswith("*")]
    for column in map(str, frame.columns):
        if column not in read and (near := did_you_mean(column, open_)):
            report.note(f"{source}: column {column!r} is not read{near}")


def texts(frame: DataFrame, column: str | None) -> list[str]:
    """Return a column as text; empty where it is missing or unknown."""
    if column is None:
        return [""] * len(frame)
    series = frame[column]
    return series.astype(object).where(series.notna(), "").astype(str).str.strip().tolist()


def numbers(frame: DataFrame, column: str | None) -> Float:
    """Return a column as numbers, shape (n,); NaN where it is missing or no number."""
    import pandas as pd

    if column is None or frame[column].dtype.kind in "mMc":  # times are no numbers
        return np.full(len(frame), np.nan)
    return np.array(pd.to_numeric(frame[column], errors="coerce"), dtype=np.float64)
