"""Tables of time use as files: one row for each cell, or for many at once."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.table import Table, read_table
from mesa_llm_city.core.values import Float
from mesa_llm_city.population.categories import MAX_AGE
from mesa_llm_city.population.time_use.dimensions import (
    ACTIVITIES,
    DAY_TYPES,
    DIMENSIONS,
    EMPLOYMENT,
    SEXES,
    YOUNGEST_CHILD,
    Ages,
    read_ages,
)

__all__ = ["BUILTIN", "COLUMNS", "read_values", "write_values"]

COLUMNS = ("share_doing", "doers_min", "doers_sd_min")
"""The columns with values."""

BUILTIN: Mapping[str, Path] = MappingProxyType(
    {name: Path(__file__).with_name(f"{name}.csv") for name in ("neutral", "us")}
)
"""Files of the built-in tables by name."""

_Values: TypeAlias = tuple[tuple[Ages, ...], Float, Float, Float]
_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sex": SEXES,
        "employment": EMPLOYMENT,
        "youngest_child": YOUNGEST_CHILD,
        "day": DAY_TYPES,
        "activity": ACTIVITIES,
    }
)
_ALL = frozenset({"", "all"})
_HIGHEST = (1.0, float(DAY_MIN), float(DAY_MIN))


class _Row(NamedTuple):
    """One row: the values of each dimension (None for all), and numbers (None where blank)."""

    keys: tuple[str | None, ...]
    ages: Ages | None
    numbers: tuple[float | None, ...]

    @property
    def told(self) -> int:
        """How many dimensions the row tells."""
        return len([one for one in self.keys if one is not None])


def read_values(path: Path, *, base: Path | None) -> _Values:
    """Return age groups, shares, minutes and their spread of a file.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    base : pathlib.Path, optional
        File with the values that hold where this one tells none; without it every cell must
        be told.

    Raises
    ------
    DataError
        If a column is unknown or missing, or a cell is bad; lists every defect.
    """
    rows = _rows(path)
    lower = [] if base is None else _rows(base)
    ages = _groups([row.ages for row in (*lower, *rows) if row.ages is not None])
    shape = (len(SEXES), len(ages), *(len(_CODES[name]) for name in DIMENSIONS[2:]))
    values = np.full((len(COLUMNS), *shape), np.nan)
    for some in (lower, rows):
        # The rows that tell more come later and so hold.
        for row in sorted(some, key=lambda one: one.told):
            _put(values, row, ages)
    if bool(np.isnan(values).any()):
        raise DataError.listing(str(path), list(_untold(values, ages)))
    share, minutes, spread = values
    return ages, share, minutes, spread


def _rows(path: Path) -> list[_Row]:
    table = read_table(path, comments=True)
    defects = list(_column_defects(table))
    rows: list[_Row] = []
    if not defects:
        cells = table.texts((*DIMENSIONS, *COLUMNS))
        for line, row in zip(table.lines.tolist(), cells, strict=True):
            rows.append(_row(row))
            defects += [f"row {line}, {one}" for one in _row_defects(row)]
    if defects:
        raise DataError.listing(str(path), defects)
    return rows


def _column_defects(table: Table) -> Iterator[str]:
    columns = [str(one) for one in table.frame]
    known = (*DIMENSIONS, *COLUMNS)
    for name in columns:
        if name not in known:
            near = did_you_mean(name, known)
            yield f"column {name} is unknown; the columns are {', '.join(known)}{near}"
    if not set(columns) & set(COLUMNS):
        yield f"there is no column with values; give some of {', '.join(COLUMNS)}"
    if "activity" not in columns:
        yield "column activity is missing"


def _row(cells: Sequence[str]) -> _Row:
    keys = tuple(None if one in _ALL else one for one in cells[: len(DIMENSIONS)])
    age = keys[DIMENSIONS.index("age")]
    numbers = tuple(_number(one) for one in cells[len(DIMENSIONS) :])
    return _Row(keys, None if age is None else read_ages(age), numbers)


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _row_defects(cells: Sequence[str]) -> Iterator[str]:
    for name, cell in zip(DIMENSIONS, cells, strict=False):
        if cell in _ALL:
            continue
        if name == "age":
            if read_ages(cell) is None:
                yield f"column age: got {cell!r}; write ages like 25-34 or 75+, or all"
        elif cell not in _CODES[name]:
            near = did_you_mean(cell, _CODES[name])
            yield f"column {name}: got {cell!r}; use {', '.join(_CODES[name])} or all{near}"
    for name, cell, highest in zip(COLUMNS, cells[len(DIMENSIONS) :], _HIGHEST, strict=True):
        number = _number(cell)
        if cell and (number is None or not isfinite(number) or not 0.0 <= number <= highest):
            yield f"column {name}: got {cell!r}; use a number from 0 to {highest:g}"


def _groups(told: Sequence[Ages]) -> tuple[Ages, ...]:
    """Return the age groups that all groups told are made of, from 0 to the highest age."""
    starts = {0, *(one.low for one in told), *(one.high + 1 for one in told)}
    lows = sorted(low for low in starts if low <= MAX_AGE)
    return tuple(map(Ages, lows, [*(low - 1 for low in lows[1:]), MAX_AGE]))


def _put(values: Float, row: _Row, ages: Sequence[Ages]) -> None:
    axes = [_axis(name, key, row, ages) for name, key in zip(DIMENSIONS, row.keys, strict=True)]
    for array, number in zip(values, row.numbers, strict=True):
        if number is not None:
            array[np.ix_(*axes)] = number


def _axis(name: str, key: str | None, row: _Row, ages: Sequence[Ages]) -> list[int]:
    if name != "age":
        known = _CODES[name]
        return list(range(len(known))) if key is None else [known.index(key)]
    told = row.ages or Ages(0, MAX_AGE)
    return [at for at, one in enumerate(ages) if told.low <= one.low and one.high <= told.high]


def _untold(values: Float, ages: Sequence[Ages]) -> Iterator[str]:
    """Yield the first cells for which there is no number."""
    missing = np.argwhere(np.isnan(values))
    for column, sex, age, job, child, day, activity in missing[:5].tolist():
        cell = (SEXES[sex], ages[age].label, EMPLOYMENT[job], YOUNGEST_CHILD[child])
        where = ", ".join((*cell, DAY_TYPES[day], ACTIVITIES[activity]))
        yield f"{COLUMNS[column]} is told by no row for {where}"
    if len(missing) > 5:
        yield f"and so are {len(missing) - 5} more"


def write_values(path: Path, labels: Sequence[Sequence[str]], arrays: Sequence[Float]) -> None:
    """Write arrays with one axis for each of `DIMENSIONS` as rows.

    Parameters
    ----------
    path : pathlib.Path
        The file, which is replaced.
    labels : sequence of sequence of str
        Values of each dimension.
    arrays : sequence of ndarray
        Shares, minutes and their spread.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*DIMENSIONS, *COLUMNS))
        flat = [array.ravel().tolist() for array in arrays]
        for cell, *numbers in zip(product(*labels), *flat, strict=True):
            share, minutes, spread = numbers
            writer.writerow((*cell, f"{share:.5g}", f"{minutes:.5g}", f"{spread:.5g}"))
