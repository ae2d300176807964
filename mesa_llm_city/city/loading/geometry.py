"""Shapes of maps: reference systems, outlines that need repair, and the line at 180 degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.projection import degrees_are_valid, exchanged_hint
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame
    from pyproj import CRS

__all__ = ["AREAS", "LINES", "SHAPES_MENDED", "audit_geometry", "in_degrees", "mended"]

LINES = (1, 5)
"""Numbers of the geometry types LineString and MultiLineString."""

AREAS = (3, 6)
"""Numbers of the geometry types Polygon and MultiPolygon."""

SHAPES_MENDED = "outlines that do not end where they begin were closed"

_MISSING = "is missing, or has too few points"
_TRUE_SYSTEM = "the file needs its true reference system"
_BEYOND_DEGREES = 10.0
"""How far outside the area of its reference system a map may lie, as maps of borders do."""


def in_degrees(frame: GeoDataFrame, source: str, report: Report) -> GeoDataFrame | None:
    """Return features in degrees (WGS 84); None, and a defect, if they cannot be where they say."""
    if not len(frame):
        report.add(f"{source}: has no features")
        return None
    if frame.crs is None:
        lacks = "has no reference system; save it with one, such as EPSG:4326"
        report.add(f"{source}: {lacks}{_missing_prj(source)}")
        return None
    bounds = shapely.bounds(np.asarray(frame.geometry.array, dtype=object))
    problem = _cannot_be(frame.crs, bounds)
    if problem is None and frame.crs.is_geographic:
        in_wgs84 = _two_sided(frame.to_crs("EPSG:4326"))
    elif problem is None:
        in_wgs84 = frame.to_crs("EPSG:4326")
        problem = _elsewhere(frame.crs, in_wgs84)
    if problem is not None:
        report.add(f"{source}: {problem}; {_TRUE_SYSTEM}")
        return None
    return in_wgs84


def audit_geometry(frame: GeoDataFrame, source: str) -> Audit:
    """Flag rows without a geometry, with a broken one, or outside the degrees there are."""
    audit = Audit(source, len(frame), first_row=1)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    audit.flag(shapely.is_missing(shapes) | shapely.is_empty(shapes), "geometry", _MISSING)

    def broken(row: int) -> str:
        return f"is broken: {shapely.is_valid_reason(shapes[row])}"

    audit.flag(~shapely.is_valid(shapes), "geometry", broken)
    west, south, east, north = shapely.bounds(shapes).T
    # Shapes across 180 degrees go on beyond it (see `_two_sided`).
    on_globe = degrees_are_valid(west, south) & (np.abs(east) < 360.0) & (np.abs(north) <= 90.0)

    def off_globe(row: int) -> str:
        at = f"x {west[row]:.6g} to {east[row]:.6g}, y {south[row]:.6g} to {north[row]:.6g}"
        return f"{at} are no degrees; {_TRUE_SYSTEM}"

    audit.flag(~on_globe, "geometry", off_globe)
    return audit


def mended(frame: GeoDataFrame) -> tuple[GeoDataFrame, int]:
    """Repair outlines that cross themselves or are turned inside out, and count them.

    What has no area once repaired is left as it is, for the audit to refuse.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    wrong = ~shapely.is_valid(shapes) & np.isin(shapely.get_type_id(shapes), AREAS)
    if not np.any(wrong):
        return frame, 0
    areas = _repaired(shapes[wrong])
    has_area = ~shapely.is_empty(areas)
    shapes = shapes.copy()
    shapes[wrong] = np.where(has_area, areas, shapes[wrong])
    return frame.set_geometry(shapes, crs=frame.crs), int(np.count_nonzero(has_area))


def _repaired(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return what shapes cover; nothing where GEOS gives up, as with coordinates beyond measure."""
    try:
        return shapely.buffer(shapely.make_valid(shapes), 0.0)
    except shapely.errors.GEOSException:
        if len(shapes) == 1:
            return np.array([shapely.Polygon()], dtype=object)
    return np.concatenate([_repaired(shapes[row : row + 1]) for row in range(len(shapes))])


def _missing_prj(source: str) -> str:
    return " (the .prj beside it)" if source.casefold().endswith(".shp") else ""


def _cannot_be(crs: CRS, bounds: Float) -> str | None:
    """Say why the coordinates of a whole file are none of their reference system."""
    known = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(known):
        return None
    west, south = np.min(known[:, :2], axis=0)
    east, north = np.max(known[:, 2:], axis=0)
    at = f"x {west:.6g} to {east:.6g}, y {south:.6g} to {north:.6g}"
    are_degrees = bool(degrees_are_valid(known[:, 0], known[:, 1]).any())
    if crs.is_geographic and not are_degrees:
        hint = exchanged_hint(known[:, 0], known[:, 1])
        return f"{at} are no degrees, as {crs.name} has them{hint}"
    if (
        crs.is_projected
        and degrees_are_valid(np.array([west, east]), np.array([south, north])).all()
    ):
        return f"{at} look like degrees, but {crs.name} has metres or feet"
    return None


def _elsewhere(crs: CRS, in_wgs84: GeoDataFrame) -> str | None:
    """Say that a map lies outside the part of the world that its reference system is for."""
    bounds = shapely.bounds(np.asarray(in_wgs84.geometry.array, dtype=object))
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2.0
    missing = np.asarray(in_wgs84.geometry.isna() | in_wgs84.geometry.is_empty)
    if missing.all():
        return None
    centre = centre[~missing]
    finite = np.isfinite(centre).all(axis=1)
    if not finite.any():
        return f"its coordinates are none of {crs.name}"
    area = crs.area_of_use
    lon, lat = np.median(centre[finite], axis=0)
    if area is None or _is_near(lon, lat, area.bounds):
        return None
    return f"it would lie at {lon:.1f} E {lat:.1f} N, but {crs.name} is for {area.name}"


def _is_near(lon: float, lat: float, bounds: tuple[float, float, float, float]) -> bool:
    """Return whether a point lies in or near a box, which may cross 180 degrees."""
    west, south, east, north = bounds
    wide = (east - west) % 360.0 or 360.0
    from_west = (lon - west + _BEYOND_DEGREES) % 360.0
    is_between = from_west <= wide + 2.0 * _BEYOND_DEGREES
    return is_between and south - _BEYOND_DEGREES <= lat <= north + _BEYOND_DEGREES


def _two_sided(frame: GeoDataFrame) -> GeoDataFrame:
    """Let single shapes that seem to go round the world continue beyond 180 degrees instead."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    west, _, east, _ = shapely.bounds(shapes).T
    single = ~np.isin(shapely.get_type_id(shapes), (4, 5, 6, 7))
    around = single & (east - west > 180.0) & (east <= 180.0) & (west >= -180.0)
    if not np.any(around):
        return frame
    shapes = shapes.copy()
    shapes[around] = shapely.transform(shapes[around], _eastward)
    return frame.set_geometry(shapes, crs=frame.crs)


def _eastward(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add 360 degrees to western longitudes."""
    east = np.where(corners[:, 0] < 0.0, corners[:, 0] + 360.0, corners[:, 0])
    return np.column_stack([east, corners[:, 1]])
