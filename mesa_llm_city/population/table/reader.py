"""Reading tables of people: every cell is checked, and every defect named by row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.categories import Occupation
from mesa_llm_city.population.table.cells import text_cells
from mesa_llm_city.population.table.defects import RowDefects
from mesa_llm_city.population.table.keys import household_numbers, person_numbers
from mesa_llm_city.population.table.schema import (
    FLAG_WORDS,
    LONGEST_NAME,
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

__all__ = ["PeopleTable", "parse_people"]

_NO_HOBBY = "none"
_HEADERS_SHOWN = 20
_KEYS = ("id", "household_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTable:
    """The cells of a table of n people.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        Their rows in the table, 0 for the first below the header.
    numbers : mapping of str to ndarray of float64, shape (n,)
        All of `people_columns`; NaN where a cell is blank or bad, or the column is absent.
    occupations : ndarray of bool, shape (n, occupations)
        Which occupations each person may have; all where nothing is known.
    names, hobbies, home_zones : sequence
        One per row; None where a cell is blank.
    ignored : tuple of str
        Columns of the file that are not read.
    notes : tuple of str
        What was assumed or left out.
    """

    rows: Int
    numbers: Mapping[str, Float]
    occupations: NDArray[np.bool_]
    names: Sequence[str | None]
    hobbies: Sequence[tuple[str, ...] | None]
    home_zones: Sequence[str | None]
    ignored: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of people, n."""
        return len(self.rows)

    def has(self, column: str) -> NDArray[np.bool_]:
        """Return in which rows a column has a value, shape (n,)."""
        return ~np.isnan(self.numbers[column])

    def only(self, keep: NDArray[np.bool_]) -> PeopleTable:
        """Return the people for whom `keep` (shape (n,)) is true."""
        kept = np.flatnonzero(keep).tolist()
        return replace(
            self,
            rows=self.rows[keep],
            numbers={name: column[keep] for name, column in self.numbers.items()},
            occupations=self.occupations[keep],
            names=[self.names[row] for row in kept],
            hobbies=[self.hobbies[row] for row in kept],
            home_zones=[self.home_zones[row] for row in kept],
        )

    def noting(self, *notes: str) -> PeopleTable:
        """Return the same people with further notes."""
        return replace(self, notes=(*self.notes, *notes))


def parse_people(
    frame: pd.DataFrame, parameters: CityParameters, defects: RowDefects
) -> PeopleTable:
    """Turn a table into numbers and texts.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per person.
    parameters : CityParameters
        Its hobbies and purposes of free time can be named.
    defects : RowDefects
        Gets a line per bad cell or missing column.

    Returns
    -------
    PeopleTable
        The good cells.
    """
    columns = people_columns(parameters)
    headers = [str(header).strip().lower() for header in frame.columns]
    cells: dict[str, Sequence[str | None]] = dict.fromkeys((*columns, *TEXTS), [None] * len(frame))
    for index, header in enumerate(headers):
        if header in cells:
            cells[header] = text_cells(frame.iloc[:, index])
    _check_headers(headers, cells, defects)
    numbers = {
        name: _parse(name, cells[name], kind, defects)
        for name, kind in columns.items()
        if name not in _KEYS
    }
    numbers["id"], id_notes = person_numbers(cells["id"], columns["id"].rule(), defects)
    numbers["household_id"], household_notes = household_numbers(cells["household_id"])
    return PeopleTable(
        rows=np.arange(len(frame)),
        numbers=numbers,
        occupations=_occupations(cells["occupation"], columns["occupation"]),
        names=_names(cells["name"], defects),
        hobbies=_hobbies(cells["hobbies"], parameters.population.hobbies, defects),
        home_zones=cells["home_zone"],
        ignored=tuple(header for header in headers if header not in cells),
        notes=(*id_notes, *household_notes),
    )


def _check_headers(
    headers: Sequence[str], cells: Mapping[str, Sequence[str | None]], defects: RowDefects
) -> None:
    for column in REQUIRED:
        if column not in headers:
            has = ", ".join(list(headers)[:_HEADERS_SHOWN])
            defects.of_table.append(f"column {column} is missing; it is required (it has {has})")
        elif cells[column] and not any(cells[column]):
            count = len(cells[column])
            defects.of_table.append(f"column {column} is blank in all {count} rows; it is required")
    for column, count in Counter(headers).items():
        if count > 1 and column in cells:
            defects.of_table.append(f"there are {count} columns {column}; keep one")


def _parse(name: str, cells: Sequence[str | None], kind: Column, defects: RowDefects) -> Float:
    # Most columns have few different cells, and a cell is dear to read.
    distinct = dict.fromkeys(cells)
    read = {cell: np.nan if cell is None else _value(cell, kind) for cell in distinct}
    values = np.array([read[cell] for cell in cells], dtype=np.float64)
    blank = np.array([cell is None for cell in cells], dtype=np.bool_)
    if name == "gender" and "0" in cells:
        message = "0 and 1 do not say who is which; write female and male, or 1 male and 2 female"
        defects.of_table.append(f"column {name}: {message}")
        return values
    bad = np.isnan(values) & ~blank
    if isinstance(kind, Category):
        unknown = {cell for cell in distinct if cell is None or not kind.meant(cell)}
        bad &= np.array([cell in unknown for cell in cells], dtype=np.bool_)
    defects.flag(name, bad, lambda: [repr(cell) for cell in cells], kind.rule())
    if name in REQUIRED and not blank.all():
        rule = f"it is required; {kind.rule()}"
        defects.flag(name, blank, lambda: ["blank"] * len(cells), rule)
    return values


def _value(cell: str, kind: Column) -> float:
    """Return the number of a cell, or NaN if it is not accepted, or stands for several values."""
    if isinstance(kind, Number):
        return _number(cell, kind)
    if isinstance(kind, Flag):
        return FLAG_WORDS.get(cell.lower().removesuffix(".0"), np.nan)
    meant = [*kind.meant(cell)]
    return float(list(kind.values).index(meant[0])) if len(meant) == 1 else np.nan


def _number(cell: str, kind: Number) -> float:
    try:
        # Python reads 4_1 as 41, which nobody means in a table.
        value = np.nan if "_" in cell else float(cell)
    except ValueError:
        return np.nan
    whole = value.is_integer() or not kind.whole
    return value if whole and kind.low <= value <= kind.high else np.nan


def _occupations(cells: Sequence[str | None], kind: Column) -> NDArray[np.bool_]:
    code = {cell: number for number, cell in enumerate(dict.fromkeys(cells))}
    allowed = np.ones((len(code), len(Occupation)), dtype=np.bool_)
    for cell, number in code.items():
        meant = kind.meant(cell) if cell is not None and isinstance(kind, Category) else ()
        if meant:
            allowed[number] = [job in meant for job in Occupation]
    rows = np.array([code[cell] for cell in cells], dtype=np.int64)
    return allowed[rows]


def _names(cells: Sequence[str | None], defects: RowDefects) -> list[str | None]:
    """Return names on one line, without control characters."""
    names = [" ".join(_printable(cell or "").split()) or None for cell in cells]
    long = np.array([len(name or "") > LONGEST_NAME for name in names], dtype=np.bool_)

    def seen() -> list[str]:
        return [f"{(name or '')[:20]!r}... of {len(name or '')} characters" for name in names]

    defects.flag("name", long, seen, f"use {LONGEST_NAME} characters at most")
    return names


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _hobbies(
    cells: Sequence[str | None], known: Collection[str], defects: RowDefects
) -> list[tuple[str, ...] | None]:
    lists = [None if cell is None else _split(cell) for cell in cells]
    unknown = np.array([bool(set(own or ()) - set(known)) for own in lists], dtype=np.bool_)
    rule = f"separate by ; and use {', '.join(known)}, or none"
    defects.flag("hobbies", unknown, lambda: [repr(cell) for cell in cells], rule)
    return lists


def _split(cell: str) -> tuple[str, ...]:
    if cell.lower() == _NO_HOBBY:
        return ()
    return tuple(dict.fromkeys(word.strip().lower() for word in cell.split(";") if word.strip()))
