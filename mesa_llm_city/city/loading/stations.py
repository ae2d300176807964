"""Stations from tables and timetables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import STATION_ENTRIES, STATION_NAME
from mesa_llm_city.city.loading.coordinates import coordinates
from mesa_llm_city.city.loading.formats import is_map
from mesa_llm_city.city.loading.geometry import LINES, audit_geometry
from mesa_llm_city.city.loading.layers import LayerCriteria
from mesa_llm_city.city.loading.places import count_column
from mesa_llm_city.city.loading.tables import (
    file_name,
    find_column,
    note_misspelt,
    read_table,
    texts,
)
from mesa_llm_city.city.loading.timetable import is_timetable, read_timetable
from mesa_llm_city.city.loading.vector import read_map
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["read_stations"]

_RAIL_ALONE = (
    "only the stops of rail routes are used; times, and routes of buses and boats, are not"
)
_LAYERS = LayerCriteria(
    "stations",
    ("Point",),
    lambda fields: find_column(fields, STATION_NAME) is not None,
    tables="write the table as CSV with lon and lat",
)


def read_stations(path: str | Path, report: Report) -> Stations | None:
    """Read stations in degrees; None, and reported defects, if that fails.

    A table needs longitude and latitude; a map gives points; of a GTFS archive or
    folder the stops of its rail routes are taken, stations rather than their platforms.
    """
    name = file_name(path)
    report.reading(name)
    if is_timetable(path):
        table = read_timetable(path, report)
        report.note(f"{name}: {_RAIL_ALONE}")
        return None if table is None else _of_table(table, name, report)
    if is_map(path):
        return _of_map(path, report)
    table = read_table(path, report)
    return None if table is None else _of_table(table, name, report)


def _of_table(table: DataFrame, source: str, report: Report) -> Stations | None:
    """Read names and coordinates."""
    renamed = table.rename(columns={"stop_lon": "lon", "stop_lat": "lat"})
    audit = Audit.of_table(source, renamed)
    report.audit(audit)
    at = coordinates(renamed, source, audit, report)
    if at is None:
        return None
    named = find_column(renamed, STATION_NAME)
    if named is None:
        audit.note(f"there is no column of names ({', '.join(STATION_NAME)}); they are numbered")
    note_misspelt(renamed, [STATION_NAME, STATION_ENTRIES], source, report)
    entries = count_column(renamed, STATION_ENTRIES, audit)
    return _stations(texts(renamed, named), *at, entries, audit)


def _of_map(path: str | Path, report: Report) -> Stations | None:
    """Read names and points."""
    found = read_map(path, _LAYERS, report)
    if found is None:
        return None
    name, frame = found
    audit = audit_geometry(frame, name)
    report.audit(audit)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    are_lines = np.isin(shapely.get_type_id(shapes), LINES)
    audit.flag(are_lines, "geometry", "is a line; stations are points or areas")
    centres = shapely.centroid(shapes)
    names = texts(frame, find_column(frame, STATION_NAME))
    entries = count_column(frame, STATION_ENTRIES, audit)
    return _stations(names, shapely.get_x(centres), shapely.get_y(centres), entries, audit)


def _stations(
    names: Sequence[str], lon: Float, lat: Float, entries: Float, audit: Audit
) -> Stations:
    """Keep the good rows; nameless stations are numbered."""
    rows = np.flatnonzero(audit.good).tolist()
    known = tuple(names[row] or f"station {row + 1}" for row in rows)
    counted = None if np.isnan(entries).all() else entries[rows]
    return Stations(names=known, x=lon[rows], y=lat[rows], entries=counted)
