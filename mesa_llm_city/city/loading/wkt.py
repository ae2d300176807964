"""Positions in tables that hold geometry as text (WKT), as GeoPandas writes them to CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.loading.audit import Audit
from mesa_llm_city.city.loading.tables import find_column, texts
from mesa_llm_city.city.projection import degrees_are_valid
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["WKT", "points_of_wkt"]

WKT = ("geometry", "wkt", "geom", "the_geom")
"""Names of the column."""


def points_of_wkt(table: DataFrame, audit: Audit) -> tuple[Float, Float] | None:
    """Return longitude and latitude of a point in each shape; None without such a column.

    Rows whose text is no geometry in degrees are flagged, and have NaN.
    """
    column = find_column(table, WKT)
    if column is None:
        return None
    cells = texts(table, column)
    points = shapely.point_on_surface(shapely.from_wkt(cells, on_invalid="ignore"))
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    wrong = ~degrees_are_valid(lon, lat)
    audit.flag(wrong, column, lambda row: f"{cells[row][:40]!r} is no geometry in degrees (WKT)")
    return np.where(wrong, np.nan, lon), np.where(wrong, np.nan, lat)
