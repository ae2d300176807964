"""Street networks from maps, OpenStreetMap extracts, tables of edges and GraphML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.formats import is_map
from mesa_llm_city.city.loading.geometry import LINES, audit_geometry
from mesa_llm_city.city.loading.graphml import read_graphml
from mesa_llm_city.city.loading.layers import LayerCriteria
from mesa_llm_city.city.loading.osm import is_osm, read_osm_streets
from mesa_llm_city.city.loading.street_kinds import class_column, street_speeds
from mesa_llm_city.city.loading.street_rows import StreetRows
from mesa_llm_city.city.loading.street_tables import rows_of_edges, rows_of_tables
from mesa_llm_city.city.loading.tables import file_name, find_column, texts
from mesa_llm_city.city.loading.tags import spread_other_tags
from mesa_llm_city.city.loading.vector import read_map
from mesa_llm_city.parameters.city import StreetParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = ["read_streets"]


def read_streets(
    path: str | Path, report: Report, parameters: StreetParameters
) -> StreetRows | None:
    """Read streets; None, and reported defects, if that fails.

    Parameters
    ----------
    path : str or pathlib.Path
        Lines, a table of edges beside one of junctions, or GraphML as OSMnx writes it.
    report : Report
        Collects the defects.
    parameters : StreetParameters
        Speeds where the file gives no limit.
    """
    name = file_name(path)
    report.reading(name)
    if is_osm(path):
        frame = read_osm_streets(path, report)
        if frame is None:
            return None
        return _of_lines(spread_other_tags(frame), name, report, parameters)
    if is_map(path):
        criteria = LayerCriteria(
            "streets",
            ("LineString",),
            lambda fields: _has_classes(fields, parameters),
            tables="tables of edges and nodes as CSV",
        )
        found = read_map(path, criteria, report)
        return None if found is None else _of_lines(found[1], found[0], report, parameters)
    if Path(path).suffix.casefold() == ".graphml":
        graph = read_graphml(path, report)
        return None if graph is None else rows_of_edges(*graph, (name, name), report, parameters)
    return rows_of_tables(path, report, parameters)


def _has_classes(fields: DataFrame, parameters: StreetParameters) -> bool:
    """Return whether a class of street stands in a field, or the ends of streets do."""
    column = class_column(fields, parameters)
    has_ends = find_column(fields, ("u",)) is not None and find_column(fields, ("v",)) is not None
    return has_ends or (column is not None and any(texts(fields, column)))


def _of_lines(
    frame: GeoDataFrame, name: str, report: Report, parameters: StreetParameters
) -> StreetRows | None:
    """Keep the lines that are streets."""
    audit = audit_geometry(frame, name)
    report.audit(audit)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    audit.flag(
        ~np.isin(shapely.get_type_id(shapes), LINES), "geometry", "is no line; streets are lines"
    )
    speeds = street_speeds(frame.drop(columns=frame.geometry.name), parameters)
    report.note(*(f"{name}: {note}" for note in speeds.notes()))
    used = np.flatnonzero(audit.good & ~np.isnan(speeds.km_h))
    if not len(used):
        report.add(f"{name}: there is no street, that is no line with a known highway tag")
        return None
    parts, whole = _parts(shapes[used])
    return StreetRows(lines=parts, speed_km_h=speeds.km_h[used][whole], source=name)


def _parts(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the single lines of streets without heights, and the row of each."""
    parts, whole = shapely.get_parts(shapely.force_2d(shapes), return_index=True)
    return parts, whole
