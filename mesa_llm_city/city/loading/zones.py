"""Zones from maps of areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import ZONE_ID, ZONE_NAME, ZONE_POPULATION
from mesa_llm_city.city.loading.tables import file_name, find_column, numbers, texts
from mesa_llm_city.city.loading.vector import audit_geometry, read_vector
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.city import ZoneParameters

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame

__all__ = ["ZoneRows", "read_zones"]

_AREAS = (3, 6)
"""Numbers of the geometry types Polygon and MultiPolygon."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneRows:
    """Usable zones of a file, in degrees."""

    names: tuple[str, ...]
    ids: tuple[str, ...]
    polygons: NDArray[np.object_]
    population: Float

    def to_zones(self, projection: Projection, parameters: ZoneParameters) -> Zones:
        """Project the zones; the parameters tell how far they reach."""

        def project(corners: Float) -> Float:
            return np.column_stack(projection.project(corners[:, 0], corners[:, 1]))

        return Zones.of(
            shapely.transform(self.polygons, project),
            names=self.names,
            ids=self.ids,
            population=self.population,
            reach_m=parameters.given_reach_m,
        )


def read_zones(path: str | Path, report: Report) -> ZoneRows | None:
    """Read zones; None if the file cannot be read or holds no usable area."""
    report.reading(file_name(path))
    frame = read_vector(path, report)
    if frame is None:
        return None
    frame, crossing = _repaired(frame)
    audit = audit_geometry(frame, file_name(path))
    report.audit(audit)
    if crossing:
        audit.note(f"{crossing} outlines cross themselves and were repaired")
    shapes = np.asarray(frame.geometry.array, dtype=object)
    kinds = shapely.get_type_id(shapes)
    audit.flag(~np.isin(kinds, _AREAS), "geometry", "is no area; zones are polygons")
    ids, population = _ids(frame, audit), _population(frame, audit)
    if not np.any(audit.good):
        report.add(f"{file_name(path)}: there is no usable area")
        return None
    rows = np.flatnonzero(audit.good).tolist()
    names = texts(frame, find_column(frame, ZONE_NAME))
    return ZoneRows(
        names=tuple(names[row] or ids[row] for row in rows),
        ids=tuple(ids[row] for row in rows),
        polygons=shapes[rows],
        population=population[rows],
    )


def _repaired(frame: GeoDataFrame) -> tuple[GeoDataFrame, int]:
    """Repair outlines that cross themselves, as simplified maps have them, and count them.

    What has no area once repaired is left as it is, for the audit to refuse.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    crossing = ~shapely.is_valid(shapes) & (shapely.area(shapes) > 0.0)
    areas = shapely.buffer(shapely.make_valid(shapes[crossing]), 0.0)
    shapes[crossing] = np.where(shapely.is_empty(areas), shapes[crossing], areas)
    return frame.set_geometry(shapes, crs=frame.crs), int(np.count_nonzero(crossing))


def _ids(frame: GeoDataFrame, audit: Audit) -> list[str]:
    """Return the ids of zones, and flag those that come twice."""
    column = find_column(frame, ZONE_ID)
    if column is None:
        return [str(row) for row in range(len(frame))]
    ids = texts(frame, column)
    seen: set[str] = set()
    twice = np.zeros(len(ids), dtype=np.bool_)
    for row, own in enumerate(ids):
        twice[row] = own in seen
        seen.add(own)
    audit.flag(twice, column, lambda row: f"{ids[row]!r} stands in an earlier row already")
    return ids


def _population(frame: GeoDataFrame, audit: Audit) -> Float:
    """Return residents; NaN where unknown."""
    column = find_column(frame, ZONE_POPULATION)
    values = numbers(frame, column)
    if column is not None:
        audit.flag(values < 0, column, lambda row: f"{values[row]:g} is negative")
    return values
