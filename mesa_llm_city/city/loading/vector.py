"""Reading maps: GeoJSON, GeoPackage and Shapefile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.tables import file_name
from mesa_llm_city.city.projection import degrees_are_valid

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame

__all__ = ["audit_geometry", "is_vector", "read_vector"]

_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".kml")


def is_vector(path: str | Path) -> bool:
    """Return whether the name is that of a map."""
    return Path(path).suffix.casefold() in _SUFFIXES


def read_vector(path: str | Path, report: Report) -> GeoDataFrame | None:
    """Read a map in degrees (WGS 84); None, and a reported defect, if that fails."""
    frame = _read(path, report)
    if frame is None:
        return None
    if frame.crs is None:
        problem = "has no reference system; save it with one, such as EPSG:4326"
        report.add(f"{file_name(path)}: {problem}")
        return None
    return frame.to_crs("EPSG:4326")


def audit_geometry(frame: GeoDataFrame, source: str) -> Audit:
    """Flag rows without a geometry, with a broken one, or outside the degrees there are."""
    audit = Audit(source, len(frame), first_row=1)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    audit.flag(shapely.is_missing(shapes) | shapely.is_empty(shapes), "geometry", "is missing")

    def broken(row: int) -> str:
        return f"is broken: {shapely.is_valid_reason(shapes[row])}"

    audit.flag(~shapely.is_valid(shapes), "geometry", broken)
    west, south, east, north = shapely.bounds(shapes).T
    on_globe = degrees_are_valid(west, south) & degrees_are_valid(east, north)

    def off_globe(row: int) -> str:
        at = f"x {west[row]:.6g} to {east[row]:.6g}, y {south[row]:.6g} to {north[row]:.6g}"
        return f"{at} are no degrees; the file needs its true reference system"

    audit.flag(~on_globe, "geometry", off_globe)
    return audit


def _read(
    path: str | Path, report: Report, *, layer: str | None = None, where: str | None = None
) -> GeoDataFrame | None:
    """Read with GDAL, and turn its errors into defects."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    if not Path(path).is_file():
        report.add(f"{file_name(path)}: there is no such file ({path})")
        return None
    try:
        return pyogrio.read_dataframe(path, layer=layer, where=where)
    except (DataSourceError, DataLayerError) as error:
        report.add(f"{file_name(path)}: cannot be read as a map ({error})")
        return None
