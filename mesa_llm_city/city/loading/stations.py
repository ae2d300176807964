"""Stations from tables and timetables."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import STATION_NAME
from mesa_llm_city.city.loading.formats import is_map
from mesa_llm_city.city.loading.geometry import audit_geometry
from mesa_llm_city.city.loading.layers import Wish
from mesa_llm_city.city.loading.places import coordinates
from mesa_llm_city.city.loading.tables import file_name, find_column, read_table, texts
from mesa_llm_city.city.loading.vector import read_map
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["read_stations"]

_WISH = Wish("stations", ("Point",), lambda fields: find_column(fields, STATION_NAME) is not None)


def read_stations(path: str | Path, report: Report) -> Stations | None:
    """Read stations in degrees; None, and reported defects, if that fails.

    A table needs longitude and latitude; a map gives points; of a GTFS archive
    the stops of its rail routes are taken, stations rather than their platforms.
    """
    name = file_name(path)
    report.reading(name)
    if Path(path).suffix.casefold() == ".zip" and not is_map(path):
        table = _timetable(path, report)
        return None if table is None else _of_table(table, name, report)
    if is_map(path):
        return _of_map(path, report)
    table = read_table(path, report)
    return None if table is None else _of_table(table, name, report)


def _of_table(table: DataFrame, source: str, report: Report) -> Stations | None:
    """Read names and coordinates."""
    renamed = table.rename(columns={"stop_lon": "lon", "stop_lat": "lat"})
    audit = Audit(source, len(renamed))
    report.audit(audit)
    at = coordinates(renamed, source, audit, report)
    if at is None:
        return None
    return _stations(texts(renamed, find_column(renamed, STATION_NAME)), *at, audit)


def _of_map(path: str | Path, report: Report) -> Stations | None:
    """Read names and points."""
    import shapely

    found = read_map(path, _WISH, report)
    if found is None:
        return None
    name, frame = found
    audit = audit_geometry(frame, name)
    report.audit(audit)
    centres = shapely.centroid(np.asarray(frame.geometry.array, dtype=object))
    names = texts(frame, find_column(frame, STATION_NAME))
    return _stations(names, shapely.get_x(centres), shapely.get_y(centres), audit)


def _stations(names: Sequence[str], lon: Float, lat: Float, audit: Audit) -> Stations:
    """Keep the good rows; nameless stations are numbered."""
    rows = np.flatnonzero(audit.good).tolist()
    known = tuple(names[row] or f"station {row + 1}" for row in rows)
    return Stations(names=known, x=lon[rows], y=lat[rows])


def _timetable(path: str | Path, report: Report) -> DataFrame | None:
    """Read the stops of rail routes of a GTFS archive."""
    name = file_name(path)
    if not zipfile.is_zipfile(path):
        report.add(f"{name}: there is no such archive ({path})")
        return None
    with zipfile.ZipFile(path) as archive:
        needed = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
        missing = [file for file in needed if file not in archive.namelist()]
        if missing:
            report.add(f"{name}: lacks {', '.join(missing)}; a GTFS archive has {needed}")
            return None
        stops = _rail_stops(archive)
    if not len(stops):
        report.add(f"{name}: no route runs on rails (route_type 0, 1, 2, 5, 7 or 12)")
        return None
    return stops


def _rail_stops(archive: zipfile.ZipFile) -> DataFrame:
    """Return the stations, or stops without one, at which a train calls."""
    routes = _gtfs(archive, "routes.txt", ["route_id", "route_type"])
    trips = _gtfs(archive, "trips.txt", ["route_id", "trip_id"])
    calls = _gtfs(archive, "stop_times.txt", ["trip_id", "stop_id"])
    stops = _gtfs(archive, "stops.txt", None).set_index("stop_id", drop=False)
    rail = routes.route_id[[_is_rail(kind) for kind in routes.route_type]]
    trains = trips.trip_id[trips.route_id.isin(rail)]
    called = stops.loc[stops.index.isin(calls.stop_id[calls.trip_id.isin(trains)])]
    if "parent_station" not in stops.columns:
        return called
    parents = called.parent_station.where(called.parent_station != "", called.stop_id)
    return stops.loc[stops.index.isin(parents)]


def _gtfs(archive: zipfile.ZipFile, member: str, columns: list[str] | None) -> DataFrame:
    """Read one table of an archive as text."""
    import pandas as pd

    with archive.open(member) as file:
        return pd.read_csv(
            file, usecols=columns, dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )


def _is_rail(kind: str) -> bool:
    """Return whether a GTFS `route_type`, basic or extended, runs on rails."""
    basic = ("0", "1", "2", "5", "7", "12")
    return kind in basic or (len(kind) == 3 and kind[:2] in ("10", "11", "40", "90"))
