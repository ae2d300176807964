"""Street networks from maps, OpenStreetMap extracts and tables of edges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.osm import is_osm, read_osm_streets
from mesa_llm_city.city.loading.places import coordinates
from mesa_llm_city.city.loading.tables import (
    file_name,
    find_column,
    note_misspelt,
    numbers,
    read_table,
    texts,
)
from mesa_llm_city.city.loading.tags import spread_other_tags
from mesa_llm_city.city.loading.vector import audit_geometry, is_vector, read_vector
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import StreetParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = ["StreetRows", "network_of_lines", "read_streets"]

_LINES = (1, 5)
"""Numbers of the geometry types LineString and MultiLineString."""

_EDGE_FACTS = (("length_m", "length"), ("highway",), ("maxspeed",))
"""Columns that a table of edges may have; names of one meaning stand together."""

_MILE_KM = 1.609344


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetRows:
    """Streets in degrees: either lines, or junctions and the edges between them."""

    speed_km_h: Float
    lines: NDArray[np.object_] | None = None
    lon: Float | None = None
    lat: Float | None = None
    start: Int | None = None
    end: Int | None = None
    length_m: Float | None = None

    def to_network(
        self, projection: Projection, bounds: tuple[float, float, float, float]
    ) -> Network:
        """Project the streets and join those within bounds (west, south, east, north) in m."""
        if self.lines is not None:

            def project(corners: Float) -> Float:
                return np.column_stack(projection.project(corners[:, 0], corners[:, 1]))

            lines = shapely.transform(self.lines, project)
            near = shapely.intersects(lines, shapely.box(*bounds))
            return network_of_lines(lines[near], self.speed_km_h[near])
        return self._network_of_edges(projection, bounds)

    def _network_of_edges(
        self, projection: Projection, bounds: tuple[float, float, float, float]
    ) -> Network:
        """Project the junctions and keep the edges within bounds."""
        nothing = np.empty(0)
        start = np.empty(0, dtype=np.int64) if self.start is None else self.start
        end = start if self.end is None else self.end
        x, y = projection.project(
            nothing if self.lon is None else self.lon, nothing if self.lat is None else self.lat
        )
        west, south, east, north = bounds
        inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        near = inside[start] & inside[end]
        length = None if self.length_m is None else self.length_m[near]
        speed = self.speed_km_h[near]
        return Network.of_edges(
            x, y, start=start[near], end=end[near], length_m=length, speed_km_h=speed
        )


def read_streets(
    path: str | Path, report: Report, parameters: StreetParameters
) -> StreetRows | None:
    """Read streets; None, and reported defects, if that fails.

    Parameters
    ----------
    path : str or pathlib.Path
        Lines, or a table of edges beside one of junctions.
    report : Report
        Collects the defects.
    parameters : StreetParameters
        Speeds where the file gives no limit.
    """
    report.reading(file_name(path))
    if not (is_osm(path) or is_vector(path)):
        return _of_tables(path, report, parameters)
    if is_osm(path):
        frame = read_osm_streets(path, report)
        frame = None if frame is None else spread_other_tags(frame)
    else:
        frame = read_vector(path, report)
    return None if frame is None else _of_lines(frame, path, report, parameters)


def network_of_lines(lines: NDArray[np.object_], speed_km_h: Float) -> Network:
    """Join lines into a network at the vertices they share.

    Lines that cross without a common vertex, as at a bridge, are not joined.

    Parameters
    ----------
    lines : ndarray of LineStrings, shape (m,)
        In metres.
    speed_km_h : ndarray of float64, shape (m,)
        Free-flow speed on each.

    Examples
    --------
    >>> lines = shapely.from_wkt(["LINESTRING (0 0, 50 0, 90 0)", "LINESTRING (50 0, 50 70)"])
    >>> net = network_of_lines(lines, np.array([30.0, 30.0]))
    >>> len(net), net.length_m.tolist()
    (3, [50.0, 40.0, 70.0])
    """
    corners, line = shapely.get_coordinates(lines, return_index=True)
    # Vertices within a centimetre are the same.
    key = np.round(corners[:, 0] * 100) * 2.0**31 + np.round(corners[:, 1] * 100)
    _, first, vertex, uses = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    at_end = np.ones(len(line), dtype=np.bool_)
    at_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    # Streets begin and end where lines do, and where several pass.
    is_junction = np.zeros(len(first), dtype=np.bool_)
    is_junction[vertex[at_end]] = True
    is_junction[uses > 1] = True
    inner = line[1:] == line[:-1]
    piece = np.hypot(*np.diff(corners, axis=0).T)[inner]
    street = np.cumsum(is_junction[vertex[:-1]] & inner)[inner] - 1
    begins = np.flatnonzero(is_junction[vertex[:-1]] & inner)
    ends = np.flatnonzero(is_junction[vertex[1:]] & inner) + 1
    length = np.bincount(street, piece, minlength=len(begins)).astype(np.float64)
    return Network.of_edges(
        corners[first, 0],
        corners[first, 1],
        start=vertex[begins],
        end=vertex[ends],
        length_m=length,
        speed_km_h=speed_km_h[line[begins]],
        segments=np.stack([corners[:-1][inner], corners[1:][inner]], axis=1),
    )


def _of_lines(
    frame: GeoDataFrame, path: str | Path, report: Report, parameters: StreetParameters
) -> StreetRows | None:
    """Keep the lines that are streets."""
    name = file_name(path)
    audit = audit_geometry(frame, name)
    report.audit(audit)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    kind = shapely.get_type_id(shapes)
    audit.flag(~np.isin(kind, _LINES), "geometry", "is no line; streets are lines")
    classes = texts(frame, find_column(frame, ("highway",)))
    limits = texts(frame, find_column(frame, ("maxspeed",)))
    speed = _speeds(classes, limits, parameters)
    used = np.flatnonzero(audit.good & ~np.isnan(speed))
    if not len(used):
        report.add(f"{name}: there is no street, that is no line with a known highway tag")
        return None
    parts, whole = shapely.get_parts(shapes[used], return_index=True)
    return StreetRows(lines=parts, speed_km_h=speed[used][whole])


def _of_tables(path: str | Path, report: Report, parameters: StreetParameters) -> StreetRows | None:
    """Read edges (u, v, length_m), and their junctions from the table beside them."""
    edges, name = read_table(path, report), file_name(path)
    nodes_path = _nodes_beside(Path(path))
    if nodes_path is None:
        missing = "there is no table of junctions beside it, named like *nodes*.csv"
        report.add(f"{name}: {missing}; a table of edges needs one with node, lon, lat")
    if edges is None or nodes_path is None:
        return None
    report.reading(nodes_path.name)
    nodes = read_table(nodes_path, report)
    columns = [find_column(edges, names) for names in (("u", "from"), ("v", "to"))]
    if None in columns:
        report.add(f"{name}: needs columns u and v (the junctions) and, if known, length_m")
    else:
        note_misspelt(edges, _EDGE_FACTS, name, report)
    if nodes is None or None in columns:
        return None
    audit = Audit.of_table(nodes_path.name, nodes)
    report.audit(audit)
    at = coordinates(nodes, nodes_path.name, audit, report)
    if at is None:
        return None
    audit = Audit.of_table(name, edges)
    report.audit(audit)
    return _edge_rows(edges, nodes, at, audit, parameters)


def _edge_rows(
    edges: DataFrame,
    nodes: DataFrame,
    at: tuple[Float, Float],
    audit: Audit,
    parameters: StreetParameters,
) -> StreetRows:
    """Look up the junctions of the edges, and flag those that are not there."""
    known = texts(nodes, find_column(nodes, ("node", "id", "node*")))
    row_of = {node: row for row, node in enumerate(known)}
    ends = []
    for names in (("u", "from"), ("v", "to")):
        column = find_column(edges, names) or names[0]
        names_of = texts(edges, column)
        rows = np.array([row_of.get(node, -1) for node in names_of], dtype=np.int64)
        _flag_unknown(audit, rows, column, names_of)
        ends.append(rows)
    length_column = find_column(edges, ("length_m", "length"))
    length = numbers(edges, length_column)
    if length_column is not None:
        audit.flag(~(length >= 0), length_column, "is no length in metres")
    good = audit.good
    classes = texts(edges, find_column(edges, ("highway",)))
    limits = texts(edges, find_column(edges, ("maxspeed",)))
    speed = _speeds(classes, limits, parameters)
    return StreetRows(
        lon=at[0],
        lat=at[1],
        start=ends[0][good],
        end=ends[1][good],
        length_m=None if length_column is None else length[good],
        speed_km_h=np.where(np.isnan(speed), parameters.other_km_h, speed)[good],
    )


def _flag_unknown(audit: Audit, rows: Int, column: str, nodes: Sequence[str]) -> None:
    """Flag edges whose junction is not in the table of junctions."""

    def problem(row: int) -> str:
        return f"junction {nodes[row]!r} is not in the table of nodes"

    audit.flag(rows < 0, column, problem)


def _nodes_beside(path: Path) -> Path | None:
    """Return the table of junctions in the same folder: best the one named alike."""
    alike = path.with_name(path.name.replace("edges", "nodes"))
    if alike != path and alike.is_file():
        return alike
    found = sorted(other for other in path.parent.glob("*nodes*.csv*") if other != path)
    return found[0] if found else None


def _speeds(classes: Sequence[str], limits: Sequence[str], parameters: StreetParameters) -> Float:
    """Return the speed of each street: its limit, else that of its class; NaN if no street."""
    rows = zip(classes, limits, strict=True)
    return np.array([_speed(*row, parameters) for row in rows], dtype=np.float64)


def _speed(kind: str, limit: str, parameters: StreetParameters) -> float:
    """Return the speed of one street; links, such as ``primary_link``, are as their class."""
    by_class = parameters.other_km_h
    if kind:
        by_class = parameters.speed_km_h.get(kind.removesuffix("_link"), np.nan)
    match = re.fullmatch(r"(\d+)\s*(mph)?", limit)
    if match is None or np.isnan(by_class) or int(match[1]) == 0:
        return by_class
    return int(match[1]) * (_MILE_KM if match[2] else 1.0)
