"""The base map of a run, as a table with geometry: zones, streets, stations and what maps show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.land import (
    AREA_KINDS,
    LINE_KINDS,
    AreaKind,
    Label,
    Land,
    LineKind,
    Shapes,
)

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

    from mesa_llm_city.city import City

__all__ = ["BASE_MAP", "base_map_frame", "land_of_frame"]

_POINT, _LINE, _POLYGON = 0, 1, 3
"""Numbers of the geometry types Point, LineString and Polygon."""

BASE_MAP = "base_map.parquet"
"""Name of the table in the folder of a run."""


def base_map_frame(city: City) -> GeoDataFrame:
    """Return zones as polygons, streets as one bundle of lines, stations as points, and the land.

    Parameters
    ----------
    city : City
        The map.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``kind`` (zone, street, station, area, line or label), ``class`` (of an area,
        line or label, such as ``"park"``; empty for the others), ``name`` and ``geometry``, in
        metres.

    Examples
    --------
    >>> from mesa_llm_city import City
    >>> frame = base_map_frame(City.synthetic(rng=1, places=400))
    >>> frame["kind"].value_counts().to_dict()["street"]
    1
    """
    import geopandas as gpd
    import shapely

    zones, stations = city.zones, city.stations
    streets = [shapely.multilinestrings(city.streets)] if len(city.streets) else []
    points = list(gpd.points_from_xy(stations.x, stations.y))
    geometry = [*zones.polygons, *streets, *points]
    columns = {
        "kind": ["zone"] * len(zones) + ["street"] * len(streets) + ["station"] * len(points),
        "class": [""] * len(geometry),
        "name": [*zones.names, *("" for _ in streets), *stations.names],
    }
    land = _land(city.land)
    return gpd.GeoDataFrame(
        {name: [*cells, *land[name]] for name, cells in columns.items()},
        geometry=[*geometry, *_land_shapes(city.land)],
        crs=city.crs,
    )


def land_of_frame(frame: GeoDataFrame) -> Land:
    """Return the land of a base map; an empty one of a run that kept none.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        As `base_map_frame` makes it. Rows of classes that are not known are passed over.
    """
    import shapely

    if "class" not in frame.columns:
        return Land.of()
    kind, group = (frame[name].astype(str).to_numpy() for name in ("kind", "class"))
    name, shapes = frame["name"].astype(str).to_numpy(), frame.geometry.to_numpy()
    shape = shapely.get_type_id(shapes)

    def rows(wanted: str, type_id: int) -> NDArray[np.int64]:
        return np.flatnonzero((kind == wanted) & (shape == type_id))

    def taken(at: NDArray[np.int64], known: Sequence[AreaKind | LineKind]) -> Shapes:
        used = at[np.isin(group[at], [one.name for one in known])]
        return Shapes.of(shapes[used], group[used].tolist(), name[used].tolist())

    points = rows("label", _POINT)
    x, y = shapely.get_x(shapes[points]).tolist(), shapely.get_y(shapes[points]).tolist()
    labels = zip(x, y, name[points].tolist(), group[points].tolist(), strict=True)
    return Land.of(
        taken(rows("area", _POLYGON), AREA_KINDS),
        taken(rows("line", _LINE), LINE_KINDS),
        (Label(*one) for one in labels),
    )


def _land(land: Land) -> dict[str, list[str]]:
    """Return the columns of areas, lines and labels."""
    labels = land.labels
    return {
        "kind": ["area"] * len(land.areas) + ["line"] * len(land.lines) + ["label"] * len(labels),
        "class": [
            *land.area_kind_names,
            *land.line_kind_names,
            *(one.kind for one in labels),
        ],
        "name": [*land.area_name, *land.line_name, *(one.name for one in labels)],
    }


def _land_shapes(land: Land) -> list[BaseGeometry]:
    """Return the geometry of areas, lines and labels."""
    import shapely

    points = [shapely.Point(one.x, one.y) for one in land.labels]
    return [*land.areas, *land.lines, *points]
