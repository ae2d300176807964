"""Counts of people who enter a district, read from a table or made from a few numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite, nan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.table import Table, read_table
from mesa_llm_city.population.outsiders.entries import DAYS
from mesa_llm_city.population.outsiders.outsider import OutsiderRole

if TYPE_CHECKING:
    import pandas as pd

    Counts: TypeAlias = str | Path | pd.DataFrame

__all__ = ["EntryCount", "Gate", "Outsiders"]

_COLUMNS = ("gate", "lon", "lat", "role", "day", "hour", "count")
_REQUIRED = ("role", "hour", "count")
_OTHER_NAMES = {"station": "gate", "name": "gate", "day_type": "day", "date": "day"}
_ALL = "all"
_HOURS = DAY_MIN // HOUR_MIN


class Gate(NamedTuple):
    """Where people enter: a name, a point in degrees (WGS 84), or both.

    Attributes
    ----------
    name : str
        Name of a station, or of the gate at the point; may be empty if there is a point.
    lon, lat : float or None
        The point; None for a station that is found by its name.
    """

    name: str
    lon: float | None = None
    lat: float | None = None


class EntryCount(NamedTuple):
    """How many people enter at a gate in an hour.

    Attributes
    ----------
    gate : Gate
        Where.
    role : OutsiderRole
        Why.
    day : str
        ``weekday``, ``saturday``, ``sunday`` (holidays too), ``all``, or a date.
    hour : int
        Hour of the day, 0 to 23.
    people : float
        How many on one such day; need not be whole.
    """

    gate: Gate
    role: OutsiderRole
    day: str
    hour: int
    people: float


@dataclass(frozen=True, slots=True)
class Outsiders:
    """How many people enter a district from outside: where, why, on which days and when.

    Parameters
    ----------
    counts : tuple of EntryCount, optional
        The counts. Without any, numbers follow from the parameters
        ``population.outsiders.commuters.per_open_job`` and ``visitors.per_place``.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"gate": ["West"], "role": ["commuter"], "hour": [8], "count": [40]})
    >>> Outsiders.from_counts(table).counts[0].day
    'all'
    """

    counts: tuple[EntryCount, ...] = ()

    @classmethod
    def from_counts(cls, table: Counts) -> Self:
        """Read a table of counts (see ``docs/reference/outsiders_table.md``).

        Parameters
        ----------
        table : str, Path or pandas.DataFrame
            A CSV or Parquet file, or the table itself.

        Raises
        ------
        DataError
            If columns are missing or cells are bad; one message lists every defect.
        """
        read = _read(table)
        renamed = read.frame.rename(columns=_OTHER_NAMES)
        defects = list(_column_defects(renamed.columns.tolist()))
        if defects:
            raise DataError.listing(read.name, defects)
        own = Table(name=read.name, frame=renamed, lines=read.lines)
        rows = [
            (line, dict(zip(_COLUMNS, row, strict=True)))
            for line, row in zip(own.lines.tolist(), own.texts(_COLUMNS), strict=True)
        ]
        defects = [
            f"row {line}, {defect}" for line, row in rows for defect in _row_defects(row)
        ] or list(_repeated(rows))
        if not rows:
            defects = ["there is no row; give one row per gate, role, day and hour"]
        if defects:
            raise DataError.listing(read.name, defects)
        return cls(tuple(_count(row) for _, row in rows))


def _read(table: Counts) -> Table:
    if isinstance(table, str | Path):
        return read_table(table, comments=True)
    frame = table.reset_index(drop=True)
    frame.columns = [str(one).strip() for one in frame.columns]
    return Table(name="counts of outsiders", frame=frame, lines=np.arange(1, len(frame) + 1))


def _column_defects(columns: Sequence[str]) -> Iterator[str]:
    for name in columns:
        if name not in _COLUMNS:
            near = did_you_mean(name, _COLUMNS)
            yield f"column {name} is unknown; the columns are {', '.join(_COLUMNS)}{near}"
        elif columns.count(name) > 1:
            yield f"column {name} occurs twice, perhaps under another name; keep one"
    missing = [one for one in _REQUIRED if one not in columns]
    if "gate" not in columns and not {"lon", "lat"} <= set(columns):
        missing.append("gate (or lon and lat)")
    if missing:
        yield f"columns {', '.join(missing)} are missing"


def _row_defects(row: dict[str, str]) -> Iterator[str]:
    lon, lat = _number(row["lon"]), _number(row["lat"])
    if bool(row["lon"]) != bool(row["lat"]):
        yield "lon, lat: one of them is blank; give both, or the name of a station"
    elif row["lon"] and not (abs(lon) <= 180 and abs(lat) <= 90):  # degrees
        yield f"lon, lat: {row['lon']}, {row['lat']} is no point in degrees"
    elif not row["lon"] and not row["gate"]:
        yield "gate: is blank; give the name of a station, or lon and lat"
    if row["role"].lower() not in set(OutsiderRole):
        near = did_you_mean(row["role"], [one.value for one in OutsiderRole])
        yield f"role: {row['role']!r} is none of {', '.join(OutsiderRole)}{near}"
    if _day(row["day"]) is None:
        yield f"day: {row['day']!r} is none of {', '.join((*DAYS, _ALL))}, nor a date (2024-04-01)"
    hour = _number(row["hour"])
    if not (0 <= hour < _HOURS and hour == int(hour)):
        yield f"hour: {row['hour']!r} is no whole number from 0 to {_HOURS - 1}"
    count = _number(row["count"])
    if not (isfinite(count) and count >= 0):
        yield f"count: {row['count']!r} is no number from 0 up"


def _repeated(rows: Sequence[tuple[int, dict[str, str]]]) -> Iterator[str]:
    first: dict[EntryCount, int] = {}
    for line, row in rows:
        key = _count(row)._replace(people=0.0)
        seen = first.setdefault(key, line)
        if seen != line:
            yield f"row {line}: gate, role, day and hour stand in row {seen} already"


def _count(row: dict[str, str]) -> EntryCount:
    point = _number(row["lon"]), _number(row["lat"])
    return EntryCount(
        gate=Gate(row["gate"], *point) if row["lon"] else Gate(row["gate"]),
        role=OutsiderRole(row["role"].lower()),
        day=_day(row["day"]) or _ALL,
        hour=int(_number(row["hour"])),
        people=_number(row["count"]),
    )


def _day(text: str) -> str | None:
    """Return a kind of day, or a date as ISO has it; None if it is neither."""
    word = text.lower().removesuffix(" 00:00:00")
    if word in {*DAYS, _ALL, ""}:
        return word or _ALL
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        return None


def _number(text: str) -> float:
    """Read a number; NaN if it is none."""
    try:
        return float(text)
    except ValueError:
        return nan
