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
from mesa_llm_city.city.weather import (
    COLDEST_C,
    HEAVIEST_MM_H,
    HIGHEST_WARNING,
    STRONGEST_KM_H,
    WARMEST_C,
    WeatherTable,
)
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Weather

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["read_weather"]

_COLUMNS = ("time", "temperature_c", "rain_mm_h")
_UNREAD = datetime.fromisoformat("0001-01-01")


def read_weather(path: str | Path | DataFrame) -> WeatherTable:
    """Read a table of weather (see `Environment.from_table`).

    Raises
    ------
    ConfigError
        If it is neither a path nor a table.
    DataError
        Lists every missing column, every time that is unreadable or not later than the one
        above it, and every bad number.
    """
    report = Report(drop_bad_rows=False, repair="correct the rows named, or take them out")
    name = file_name(path) if isinstance(path, str | Path) else "the table of weather"
    report.reading(name)
    table = _table(path, report)
    columns = [None if table is None else find_column(table, (one,)) for one in _COLUMNS]
    if table is not None and None in columns:
        missing = [n for n, column in zip(_COLUMNS, columns, strict=True) if column is None]
        needed = f"it needs {', '.join(_COLUMNS)}{misspelt(table, missing)}"
        report.add(f"{name}: lacks {', '.join(missing)}; {needed}")
    if table is None or None in columns:
        raise report.error()
    audit = Audit.of_table(name, table)
    report.audit(audit)
    times = _times(table, str(columns[0]), audit)
    warmth = _figures(table, columns[1], audit, (COLDEST_C, WARMEST_C, "degrees Celsius"))
    rain = _figures(table, columns[2], audit, (0.0, HEAVIEST_MM_H, "mm/h"))
    wind = _optional(table, "wind_km_h", audit, (0.0, STRONGEST_KM_H, "km/h"))
    level = _optional(table, "warning", audit, (0.0, HIGHEST_WARNING, "(level of the warning)"))
    if not len(table):
        report.add(f"{name}: has no rows; give one per hour")
    report.close()
    return WeatherTable(
        times=tuple(times),
        weather=tuple(
            Weather(
                temperature_c=float(warm),
                rain_mm_h=float(wet),
                wind_km_h=float(blows),
                warning=round(float(warned)),
            )
            for warm, wet, blows, warned in zip(warmth, rain, wind, level, strict=True)
        ),
    )


def _table(given: str | Path | DataFrame, report: Report) -> DataFrame | None:
    import pandas as pd

    if isinstance(given, str | Path):
        return read_table(given, report)
    if not isinstance(given, pd.DataFrame):
        message = f"weather must be the path of a file or a pandas.DataFrame, got {given!r}"
        raise ConfigError(message)
    # The header counts as row 1, as in a file.
    return given.set_axis(range(2, len(given) + 2), axis=0)


def _times(table: DataFrame, column: str, audit: Audit) -> list[datetime]:
    """Read the times; flag those that are unreadable, come twice, or are earlier than one above."""
    cells = texts(table, column)
    times = [_time(cell) for cell in cells]
    unread = np.array([time is None for time in times], dtype=np.bool_)
    audit.flag(unread, column, lambda row: f"{cells[row]!r} is no naive time like 2024-04-01 09:00")
    twice, early = np.zeros((2, len(times)), dtype=np.bool_)
    seen: set[datetime] = set()
    latest = _UNREAD
    for row, time in enumerate(times):
        if time is not None:
            twice[row], early[row] = time in seen, time < latest
            seen.add(time)
            latest = max(latest, time)
    audit.flag(twice, column, lambda row: f"{cells[row]!r} stands in an earlier row already")
    audit.flag(early, column, lambda row: f"{cells[row]!r} is earlier than a row above; sort them")
    return [time or _UNREAD for time in times]


def _time(text: str) -> datetime | None:
    """Read a time without zone."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is None else None


def _optional(
    table: DataFrame, name: str, audit: Audit, accepted: tuple[float, float, str]
) -> Float:
    """Read a column of numbers that may be missing, which then is 0."""
    column = find_column(table, (name,))
    return np.zeros(len(table)) if column is None else _figures(table, column, audit, accepted)


def _figures(
    table: DataFrame, column: str | None, audit: Audit, accepted: tuple[float, float, str]
) -> Float:
    """Read a column of numbers, and flag those that are none or impossible."""
    cells, values = texts(table, column), numbers(table, column)
    low, high, unit = accepted
    good = (values >= low) & (values <= high)
    problem = f"is no number from {low:g} to {high:g} {unit}"
    audit.flag(~good, str(column), lambda row: f"{cells[row]!r} {problem}")
    return values
