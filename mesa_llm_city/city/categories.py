"""The table of kinds of place: what they are for, their size, their hours."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from mesa_llm_city.city.kind_names import folded, is_pattern, pattern
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.opening_hours import Week, parse_spans
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.table import Table, parse_table, read_table
from mesa_llm_city.parameters.purposes import PURPOSES

__all__ = ["Categories", "Category"]

_COLUMNS = ("key", "purposes", "jobs", "residents", "price", "weekday", "saturday", "sunday")
_OPTIONAL = ("visitors",)
_HOURS = ("weekday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of place.

    Parameters
    ----------
    key : str
        ``"amenity=cafe"``, ``"Coffee Shop"``, or a pattern such as ``"shop=*"``.
    purposes : tuple of str
        What people go there for, by names of purposes; ``"sleep"`` makes it a residence.
    jobs, residents : float
        Typical number of people who work and live in one such place.
    price : float
        From 0 (cheap) to 1 (expensive); NaN where a price means nothing.
    visitors : float, default NaN
        Typical number of visitors a day to one such place; NaN if the table does not tell.
    week : tuple of seven tuples of (int, int)
        Opening and closing minutes of each day, Monday first (see `core.opening_hours`).
    """

    key: str
    purposes: tuple[str, ...]
    jobs: float
    residents: float
    price: float
    week: Week
    visitors: float = math.nan

    @property
    def is_left_out(self) -> bool:
        """Whether nobody goes or works there, as with a road or a bench."""
        return not self.purposes and self.jobs == 0


@dataclass(frozen=True)
class Categories:
    """The table of kinds of place: what each is for, its size and its opening hours.

    The page ``docs/reference/places_table.md`` lists that of the package.

    A kind is looked up without regard to case: first among the exact keys, then
    among the patterns, in the order of the table.

    Parameters
    ----------
    rows : tuple of Category
        The rows, in order.

    Examples
    --------
    >>> table = Categories.default()
    >>> table.find("amenity=cafe").purposes
    ('meal', 'rest', 'social')
    >>> table.find("shop=umbrellas").key
    'shop=*'
    >>> table.find("Moon base") is None
    True
    """

    rows: tuple[Category, ...]

    @classmethod
    def default(cls) -> Categories:
        """Return the table of the package: OpenStreetMap tags and venue directories."""
        return _default()

    @classmethod
    def from_csv(cls, path: str | Path, *, purposes: Iterable[str] = PURPOSES) -> Categories:
        """Read a table.

        Parameters
        ----------
        path : str or pathlib.Path
            CSV with the columns key, purposes (separated by spaces), jobs,
            residents, price (may be empty), weekday, saturday and sunday
            (``"09:00-18:00"``, ``"closed"``), and perhaps visitors (a day; may be empty);
            lines that begin with ``#`` are comments.
        purposes : iterable of str, optional
            The purposes there are, such as ``parameters.purposes``; the built-in ones by
            default.

        Raises
        ------
        DataError
            Lists every missing column, unknown purpose, bad number, unreadable
            span and duplicated key.
        """
        return _checked(read_table(path, comments=True), tuple(purposes))

    def find(self, kind: str) -> Category | None:
        """Return the row for a kind of place, or None if the table lacks it."""
        name = folded(kind)
        exact = self._exact.get(name)
        if exact is not None:
            return exact
        return next((row for pattern, row in self._patterns if pattern.fullmatch(name)), None)

    @cached_property
    def _exact(self) -> dict[str, Category]:
        return {folded(row.key): row for row in self.rows if not is_pattern(row.key)}

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], Category], ...]:
        return tuple((pattern(row.key), row) for row in self.rows if is_pattern(row.key))


@cache
def _default() -> Categories:
    source = files("mesa_llm_city.city") / "categories.csv"
    table = parse_table(source.read_bytes(), "categories.csv", comments=True)
    return _checked(table, tuple(PURPOSES))


def _checked(table: Table, purposes: tuple[str, ...]) -> Categories:
    """Check a whole table."""
    missing = [column for column in _COLUMNS if column not in table.frame]
    if missing:
        near = did_you_mean(missing[0], table.frame.columns)
        problem = f"missing columns {', '.join(missing)}; a table has {', '.join(_COLUMNS)}{near}"
        raise DataError.listing(table.name, [problem])
    if not len(table.frame):
        raise DataError.listing(table.name, ["there is no row; give one row per kind of place"])
    columns = (*_COLUMNS, *(one for one in _OPTIONAL if one in table.frame))
    rows = [dict(zip(columns, row, strict=True)) for row in table.texts(columns)]
    numbered = list(zip(table.lines.tolist(), rows, strict=True))
    defects = [*_bad_cells(numbered, purposes), *_repeated(numbered)]
    if defects:
        raise DataError.listing(table.name, defects)
    return Categories(rows=tuple(_category(row) for row in rows))


def _bad_cells(
    rows: Iterable[tuple[int, Mapping[str, str]]], purposes: tuple[str, ...]
) -> list[str]:
    """Describe every cell that cannot be read."""
    defects = []
    for number, row in rows:
        if not row["key"]:
            defects.append(f"row {number}, key: is empty; it must name a kind of place")
        defects += [
            f"row {number}, purposes: {purpose!r} is none of {', '.join(purposes)}"
            f"{did_you_mean(purpose, purposes)}"
            for purpose in row["purposes"].split()
            if purpose not in purposes
        ]
        for column in ("jobs", "residents"):
            if not 0 <= _number(row[column]) < math.inf:
                defects.append(f"row {number}, {column}: {row[column]!r} is no number from 0 up")
        if row.get("visitors") and not 0 <= _number(row["visitors"]) < math.inf:
            problem = f"{row['visitors']!r} is no number from 0 up"
            defects.append(f"row {number}, visitors: {problem}")
        if row["price"] and not 0 <= _number(row["price"]) <= 1:
            defects.append(f"row {number}, price: {row['price']!r} is no number in [0, 1]")
        for column in _HOURS:
            if parse_spans(row[column]) is None:
                problem = f"{row[column]!r} is no span like 09:00-18:00 nor 'closed'"
                defects.append(f"row {number}, {column}: {problem}")
    return defects


def _repeated(rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[str]:
    """Describe every key that stands in the table twice."""
    first: dict[str, int] = {}
    defects = []
    for number, row in rows:
        seen = first.setdefault(folded(row["key"]), number)
        if seen != number:
            defects.append(f"row {number}, key: {row['key']!r} stands in row {seen} already")
    return defects


def _category(row: Mapping[str, str]) -> Category:
    """Make a row that has been checked."""
    weekday, saturday, sunday = (parse_spans(row[column]) or () for column in _HOURS)
    return Category(
        key=row["key"],
        purposes=tuple(row["purposes"].split()),
        jobs=float(row["jobs"]),
        residents=float(row["residents"]),
        price=_number(row["price"]),
        week=(weekday,) * 5 + (saturday, sunday),
        visitors=_number(row.get("visitors", "")),
    )


def _number(text: str) -> float:
    """Read a number; NaN if it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
