"""The base map of a run, as a table with geometry: zones, streets and stations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from mesa_llm_city.city import City

__all__ = ["BASE_MAP", "base_map_frame"]

BASE_MAP = "base_map.parquet"
"""Name of the table in the folder of a run."""


def base_map_frame(city: City) -> GeoDataFrame:
    """Return zones as polygons, streets as one bundle of lines, and stations as points.

    Parameters
    ----------
    city : City
        The map.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``kind`` (zone, street or station), ``name`` and ``geometry``, in metres.

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
    columns = {
        "kind": ["zone"] * len(zones) + ["street"] * len(streets) + ["station"] * len(points),
        "name": [*zones.names, *("" for _ in streets), *stations.names],
    }
    geometry = [*zones.polygons, *streets, *points]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=city.crs)
