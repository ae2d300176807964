"""Positions in tables: longitude and latitude, or geometry as text (WKT)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import LAT, LON
from mesa_llm_city.city.loading.tables import find_column, misspelt, numbers, texts
from mesa_llm_city.city.projection import EXCHANGED, degrees_are_valid, exchanged_hint
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["coordinates"]

_WKT = ("geometry", "wkt", "geom", "the_geom")
"""Names of a column of geometry as text, as GeoPandas writes it to CSV."""

_PROJECTED = "; convert projected coordinates to longitude and latitude (WGS 84)"


def coordinates(
    table: DataFrame, source: str, audit: Audit, report: Report
) -> tuple[Float, Float] | None:
    """Read longitude and latitude in degrees.

    Returns
    -------
    tuple of ndarray of float64, shape (n,), or None
        None, and a reported defect, if a column is missing or nothing in it can be degrees.
    """
    columns = find_column(table, LON), find_column(table, LAT)
    wkt = find_column(table, _WKT)
    if columns == (None, None) and wkt is not None:
        return _points_of_wkt(table, wkt, audit, report)
    for column, what, names in zip(columns, ("longitude", "latitude"), (LON, LAT), strict=True):
        if column is None:
            has = ", ".join(str(known) for known in table.columns)
            missing = f"there is no column of {what}; call it {' or '.join(names)} (it has {has})"
            report.add(f"{source}: {missing}{misspelt(table, names)}")
    lon, lat = (numbers(table, column) for column in columns)
    if None in columns:
        return None
    if problem := _none_in_degrees(lon, lat, audit):
        report.add(f"{source}: {' and '.join(map(str, columns))}: {problem}")
        return None
    for column, values, limit in zip(columns, (lon, lat), (180, 90), strict=True):
        _audit_numbers(table, str(column), values, audit)
        _audit_degrees(str(column), values, limit, degrees_are_valid(lat, lon), audit)
    return lon, lat


def _audit_numbers(table: DataFrame, column: str, values: Float, audit: Audit) -> None:
    """Flag cells that are no numbers."""
    cells = texts(table, column)
    blank = np.array([not cell for cell in cells], dtype=np.bool_)
    audit.leave_out(blank, column, "is empty")
    unreadable = np.isnan(values)
    audit.flag(unreadable, column, lambda row: f"{cells[row]!r} is no number of degrees")


def _audit_degrees(
    column: str, values: Float, limit: int, is_exchanged: NDArray[np.bool_], audit: Audit
) -> None:
    """Flag numbers that are no degrees, and ask whether longitude and latitude are exchanged."""

    def beyond(row: int) -> str:
        hint = EXCHANGED if is_exchanged[row] else ""
        return f"{values[row]} is not within -{limit} to {limit} degrees (WGS 84){hint}"

    audit.flag(~(np.abs(values) <= limit), column, beyond)


def _points_of_wkt(
    table: DataFrame, column: str, audit: Audit, report: Report
) -> tuple[Float, Float] | None:
    """Return longitude and latitude of a point in each shape.

    Rows whose text is no geometry in degrees are flagged, and have NaN. If no row is in
    degrees, None is returned and a defect is reported.
    """
    cells = texts(table, column)
    points = shapely.point_on_surface(shapely.from_wkt(cells, on_invalid="ignore"))
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    if problem := _none_in_degrees(lon, lat, audit):
        report.add(f"{audit.source}: {column}: {problem}")
        return None
    wrong = ~degrees_are_valid(lon, lat)
    audit.flag(wrong, column, lambda row: f"{cells[row][:40]!r} is no geometry in degrees (WKT)")
    return np.where(wrong, np.nan, lon), np.where(wrong, np.nan, lat)


def _none_in_degrees(lon: Float, lat: Float, audit: Audit) -> str:
    """Say why no position of a whole file can be in degrees; empty if some can.

    Parameters
    ----------
    lon, lat : ndarray of float64, shape (n,)
        What stands for longitude and latitude; NaN where there is no number.
    audit : Audit
        Of the file; it knows how many rows make a fault one of the whole file.

    Examples
    --------
    >>> _none_in_degrees(np.full(3, 35.7), np.full(3, 139.7), Audit("shops.csv", 3))
    '35.7 to 35.7 and 139.7 to 139.7 are no degrees; are longitude and latitude exchanged?'
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    lon, lat = lon[known], lat[known]
    if not audit.is_of_file(len(lon)) or degrees_are_valid(lon, lat).any():
        return ""
    at = f"{lon.min():.6g} to {lon.max():.6g} and {lat.min():.6g} to {lat.max():.6g}"
    return f"{at} are no degrees{exchanged_hint(lon, lat) or _PROJECTED}"
