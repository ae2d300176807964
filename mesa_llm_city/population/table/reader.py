"""Reading tables of people: every cell is checked, and every defect named by row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.tables.table import read_table
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.table.schema import (
    FLAG_WORDS,
    REQUIRED,
    TEXTS,
    Category,
    Column,
    Flag,
    Number,
    people_columns,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PeopleTable", "defects_of_rows", "parse_people", "read_file"]

_SHOWN = 10
_FIRST_ROW = 2  # the header is row 1
_BLANK = ["", "NA", "N/A", "NaN", "nan", "<NA>"]
_NO_HOBBY = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTable:
    """The cells of a table of n people.

    Parameters
    ----------
    size : int
        Number of rows, n.
    numbers : mapping of str to ndarray of float64, shape (n,)
        All of `people_columns`; NaN where a cell is blank or bad, or the column is absent.
    names, hobbies : sequence
        One per row; None where a cell is blank.
    ignored : tuple of str
        Columns of the file that are not read.
    """

    size: int
    numbers: Mapping[str, Float]
    names: Sequence[str | None]
    hobbies: Sequence[tuple[str, ...] | None]
    ignored: tuple[str, ...]

    def has(self, column: str) -> NDArray[np.bool_]:
        """Return in which rows a column has a value, shape (n,)."""
        return ~np.isnan(self.numbers[column])


def read_file(path: str | Path) -> pd.DataFrame:
    """Read a table of people (see `core.tables.table.read_table`); cells of CSV are text.

    Raises
    ------
    DataError
        If it cannot be read as a table.
    """
    return read_table(path).frame


def parse_people(frame: pd.DataFrame, parameters: CityParameters) -> tuple[PeopleTable, list[str]]:
    """Turn a table into numbers and texts.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per person.
    parameters : CityParameters
        Its hobbies and purposes of free time can be named.

    Returns
    -------
    table : PeopleTable
        The good cells.
    defects : list of str
        One line per bad cell or missing column; of each kind ten at most.
    """
    columns = people_columns(parameters)
    headers = [str(header).strip().lower() for header in frame.columns]
    cells: dict[str, Sequence[str | None]] = dict.fromkeys((*columns, *TEXTS), [None] * len(frame))
    for index, header in enumerate(headers):
        if header in cells:
            cells[header] = _texts(frame.iloc[:, index])
    numbers, defects = {}, _header_defects(headers, cells)
    for name, kind in columns.items():
        numbers[name], found = _parse(name, cells[name], kind)
        defects += found
    hobbies, found = _hobbies(cells["hobbies"], parameters.population.hobbies)
    table = PeopleTable(
        size=len(frame),
        numbers=numbers,
        names=cells["name"],
        hobbies=hobbies,
        ignored=tuple(header for header in headers if header not in cells),
    )
    return table, defects + found


def _header_defects(headers: Sequence[str], known: Container[str]) -> list[str]:
    missing = [f"column {one} is missing; it is required" for one in REQUIRED if one not in headers]
    doubled = [
        f"there are {count} columns {one}; keep one"
        for one, count in Counter(headers).items()
        if count > 1 and one in known
    ]
    return missing + doubled


def defects_of_rows(
    column: str, bad: NDArray[np.bool_], values: Sequence[str], rule: str
) -> Iterator[str]:
    """Yield a line for each bad row of a column, for ten at most, and the number of the rest.

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
    """
    rows = np.flatnonzero(bad).tolist()
    for row in rows[:_SHOWN]:
        advice = f"; {rule}" if row == rows[0] else ""
        yield f"row {row + _FIRST_ROW}, column {column}: {values[row]}{advice}"
    if len(rows) > _SHOWN:
        yield f"column {column}: ... and {len(rows) - _SHOWN} more rows"


def _texts(column: pd.Series) -> list[str | None]:
    """Return cells as stripped text, None for blank ones."""
    stripped = column.astype("str").str.strip()
    blank = column.isna() | stripped.isin(_BLANK)
    return [None if none else text for text, none in zip(stripped, blank, strict=True)]


def _parse(name: str, cells: Sequence[str | None], kind: Column) -> tuple[Float, list[str]]:
    values = np.array(
        [np.nan if cell is None else _value(cell, kind) for cell in cells], dtype=float
    )
    blank = np.array([cell is None for cell in cells], dtype=bool)
    bad = np.isnan(values) & ~blank
    defects = [*defects_of_rows(name, bad, [repr(cell) for cell in cells], kind.rule())]
    if name in REQUIRED and not blank.all():
        defects += defects_of_rows(
            name, blank, ["blank"] * len(cells), f"it is required; {kind.rule()}"
        )
    return values, defects


def _value(cell: str, kind: Column) -> float:
    """Return the number of a cell, or NaN if the column does not accept it."""
    if isinstance(kind, Number):
        return _number(cell, kind)
    words = FLAG_WORDS if isinstance(kind, Flag) else _codes(kind)
    return words.get(cell.lower().removesuffix(".0"), np.nan)


def _codes(kind: Category) -> dict[str, float]:
    return {str(value): float(code) for code, value in enumerate(kind.values)}


def _number(cell: str, kind: Number) -> float:
    try:
        value = float(cell)
    except ValueError:
        return np.nan
    whole = value.is_integer() or not kind.whole
    return value if whole and kind.low <= value <= kind.high else np.nan


def _hobbies(
    cells: Sequence[str | None], known: Collection[str]
) -> tuple[list[tuple[str, ...] | None], list[str]]:
    lists = [None if cell is None else _split(cell) for cell in cells]
    unknown = np.array([bool(set(own or ()) - set(known)) for own in lists], dtype=bool)
    rule = f"separate by ; and use {', '.join(known)}, or none"
    return lists, [*defects_of_rows("hobbies", unknown, [repr(cell) for cell in cells], rule)]


def _split(cell: str) -> tuple[str, ...]:
    if cell.lower() == _NO_HOBBY:
        return ()
    return tuple(dict.fromkeys(word.strip().lower() for word in cell.split(";") if word.strip()))
