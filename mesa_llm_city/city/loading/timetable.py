"""Stops of rail routes from GTFS timetables, in an archive or a folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.formats import archive_members
from mesa_llm_city.city.loading.tables import file_name
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.tables.content import read_content, read_member
from mesa_llm_city.core.tables.faults import fault
from mesa_llm_city.core.tables.table import parse_table

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["is_timetable", "read_timetable"]

_COLUMNS = {
    "stops.txt": ("stop_id",),
    "routes.txt": ("route_id", "route_type"),
    "trips.txt": ("route_id", "trip_id"),
    "stop_times.txt": ("trip_id", "stop_id"),
}
"""The tables that are needed, and the columns in them that must be there."""

_Read = Callable[[str], bytes]


def is_timetable(path: str | Path) -> bool:
    """Return whether a file or folder is a GTFS timetable: it has one of its tables."""
    if Path(path).is_dir():
        return any((Path(path) / table).is_file() for table in _COLUMNS)
    if Path(path).suffix.casefold() != ".zip":
        return False
    return any(PurePosixPath(member).name in _COLUMNS for member in archive_members(path))


def read_timetable(path: str | Path, report: Report) -> DataFrame | None:
    """Read the stations, or stops without one, at which a train calls.

    Parameters
    ----------
    path : str or pathlib.Path
        A GTFS archive (``.zip``), or a folder with its tables.
    report : Report
        Collects defects and notes.

    Returns
    -------
    pandas.DataFrame or None
        Rows of ``stops.txt``; None, and reported defects, if the timetable cannot be used.
    """
    name = file_name(path)
    try:
        if Path(path).is_dir():
            stops = _rail_stops(name, lambda table: read_content(Path(path) / table).data, report)
        else:
            with zipfile.ZipFile(path) as archive:
                stops = _rail_stops(name, _of_archive(name, archive), report)
    except DataError as error:
        report.add(*error.defects)
        return None
    if not len(stops):
        report.add(f"{name}: no route runs on rails (route_type 0, 1, 2, 5, 7 or 12)")
        return None
    return stops


def _of_archive(name: str, archive: zipfile.ZipFile) -> _Read:
    """Return how to read a table of an archive; it may lie in a folder there."""
    members = {PurePosixPath(one).name: one for one in reversed(archive.namelist())}
    missing = [table for table in _COLUMNS if table not in members]
    if missing:
        needed = ", ".join(_COLUMNS)
        raise fault(name, f"lacks {', '.join(missing)}; a GTFS archive has {needed}")
    return lambda table: read_member(archive, members[table], name)


def _rail_stops(name: str, read: _Read, report: Report) -> DataFrame:
    """Join the tables."""
    tables = {
        table: parse_table(
            read(table),
            f"{name}/{table}",
            columns=None if table == "stops.txt" else columns,
            drop_bad_rows=True,
        )
        for table, columns in _COLUMNS.items()
    }
    for table in tables.values():
        report.table(table)
    stops, routes, trips, calls = (table.frame for table in tables.values())
    stops = stops.set_axis(tables["stops.txt"].lines, axis="index")
    if "stop_id" not in stops.columns:
        has = ", ".join(stops.columns)
        raise fault(tables["stops.txt"].name, f"lacks the column stop_id (it has {has})")
    rail = routes.route_id[[_is_rail(kind) for kind in routes.route_type]]
    if rail.empty:
        return stops.iloc[:0]
    trains = trips.trip_id[trips.route_id.isin(rail)]
    if not calls.trip_id.isin(trains).any():
        raise fault(name, _no_calls(len(rail), "trip with a row in stop_times.txt"))
    called = stops[stops.stop_id.isin(calls.stop_id[calls.trip_id.isin(trains)])]
    if called.empty:
        raise fault(name, _no_calls(len(rail), "stop of stop_times.txt in stops.txt"))
    if "parent_station" not in stops.columns:
        return called
    parents = called.parent_station.where(called.parent_station != "", called.stop_id)
    return stops[stops.stop_id.isin(parents)]


def _no_calls(n_routes: int, missing: str) -> str:
    return f"{n_routes} routes run on rails, but none has a {missing}; give the whole timetable"


def _is_rail(kind: str) -> bool:
    """Return whether a GTFS `route_type`, basic or extended, runs on rails."""
    basic = ("0", "1", "2", "5", "7", "12")
    return kind in basic or (len(kind) == 3 and kind[:2] in ("10", "11", "40", "90"))
