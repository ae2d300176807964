"""Measured weather from tables."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.tables import (
    file_name,
    find_column,
    misspelt,
    numbers,
    read_table,
    texts,
)
from mesa_llm_city.city.weather import WeatherTable
from mesa_llm_city.core.values import Float, Weather

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["read_weather"]

_COLUMNS = ("time", "temperature_c", "rain_mm_h")
_COLDEST_C, _WARMEST_C = -90.0, 60.0
_UNREAD = datetime.fromisoformat("0001-01-01")


def read_weather(path: str | Path) -> WeatherTable:
    """Read a table of weather (see `Environment.from_table`).

    Raises
    ------
    DataError
        Lists every missing column, unreadable or repeated time, and bad number.
    """
    report = Report(drop_bad_rows=False)
    report.reading(file_name(path))
    table = read_table(path, report)
    columns = [None if table is None else find_column(table, (name,)) for name in _COLUMNS]
    if table is not None and None in columns:
        missing = [n for n, column in zip(_COLUMNS, columns, strict=True) if column is None]
        needed = f"it needs {', '.join(_COLUMNS)}{misspelt(table, missing)}"
        report.add(f"{file_name(path)}: lacks {', '.join(missing)}; {needed}")
    if table is None or None in columns:
        raise report.error()
    audit = Audit.of_table(file_name(path), table)
    report.audit(audit)
    times = _times(table, str(columns[0]), audit)
    warmth, rain = (numbers(table, column) for column in columns[1:])
    _check_figures(warmth, rain, audit)
    if not len(table):
        report.add(f"{file_name(path)}: has no rows")
    report.close()
    order = sorted(range(len(times)), key=times.__getitem__)
    return WeatherTable(
        times=tuple(times[row] for row in order),
        weather=tuple(
            Weather(temperature_c=float(warmth[row]), rain_mm_h=float(rain[row])) for row in order
        ),
    )


def _times(table: DataFrame, column: str, audit: Audit) -> list[datetime]:
    """Read the times, and flag those that are unreadable or come twice."""
    cells = texts(table, column)
    times = [_time(cell) for cell in cells]
    unread = np.array([time is None for time in times], dtype=np.bool_)
    audit.flag(unread, column, lambda row: f"{cells[row]!r} is no naive time like 2024-04-01 09:00")
    read = [time or _UNREAD for time in times]
    seen: set[datetime] = set()
    twice = np.zeros(len(read), dtype=np.bool_)
    for row, time in enumerate(read):
        twice[row] = time in seen
        seen.add(time)
    audit.flag(twice, column, lambda row: f"{cells[row]!r} stands in an earlier row already")
    return read


def _time(text: str) -> datetime | None:
    """Read a time without zone."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is None else None


def _check_figures(warmth: Float, rain: Float, audit: Audit) -> None:
    """Flag impossible temperatures and rain."""
    mild = (warmth >= _COLDEST_C) & (warmth <= _WARMEST_C)
    audit.flag(~mild, "temperature_c", lambda row: f"{warmth[row]:g} is not within -90 to 60 C")
    wet = (rain >= 0) & np.isfinite(rain)
    audit.flag(~wet, "rain_mm_h", lambda row: f"{rain[row]:g} is no rain from 0 mm/h up")
