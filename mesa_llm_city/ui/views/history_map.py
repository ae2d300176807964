"""The map of a finished run, from the tables in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.experiments.base_map import BASE_MAP, land_of_frame
from mesa_llm_city.experiments.saved_tables import read_map
from mesa_llm_city.ui.views.protocols import Basemap

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["base_map_of"]


def base_map_of(places: GeoDataFrame, home: Path) -> Basemap:
    """Return the map of a run; of one that kept no streets, hulls stand for the zones.

    Parameters
    ----------
    places : geopandas.GeoDataFrame
        ``places.parquet``.
    home : Path
        Folder of the run.
    """
    import shapely

    base_map = read_map(home, "base_map") if is_file(home / BASE_MAP) else _hulls(places)
    zones = base_map[base_map["kind"] == "zone"]
    components, row = shapely.get_parts(zones.geometry.to_numpy(), return_index=True)
    stations = base_map[base_map["kind"] == "station"]
    rows, kinds = places["category"].astype(str).factorize(sort=True)
    return Basemap(
        zones=tuple(shapely.get_coordinates(shapely.get_exterior_ring(one)) for one in components),
        streets=_pieces(base_map),
        places=shapely.get_coordinates(places.geometry.to_numpy()),
        kind=rows.astype(np.int64),
        kinds=tuple(kinds),
        names=_names(places),
        is_home=np.array([Purpose.SLEEP in one.split() for one in places["purposes"]], dtype=bool),
        stations=shapely.get_coordinates(stations.geometry.to_numpy()),
        station_names=tuple(stations["name"].astype(str)),
        zone_names=tuple(zones["name"].astype(str).iloc[row]),
        land=land_of_frame(base_map),
        area_names=tuple(zones["name"].astype(str)),
        area=row.astype(np.int64),
        place_area=_areas(places, zones["name"].astype(str).tolist()),
    )


def _pieces(base_map: GeoDataFrame) -> Float:
    """Return streets as pieces from (x, y) to (x, y), shape (m, 4)."""
    import shapely

    streets = shapely.get_parts(base_map[base_map["kind"] == "street"].geometry.to_numpy())
    ends = [shapely.get_coordinates(shapely.get_point(streets, at)) for at in (0, -1)]
    return np.hstack(ends)


def _areas(places: GeoDataFrame, names: list[str]) -> Int:
    """Return the zone of each place, -1 for one that is not on the map."""
    numbers = {name: number for number, name in enumerate(names)}
    found = places["zone"].astype(str).map(numbers).fillna(-1)
    areas: Int = found.to_numpy(dtype=np.int64)
    return areas


def _names(places: GeoDataFrame) -> tuple[str, ...]:
    named = zip(places["name"].astype(str), places["category"].astype(str), strict=True)
    return tuple(
        name or f"{kind.replace('_', ' ')} {place}" for place, (name, kind) in enumerate(named)
    )


def _hulls(places: GeoDataFrame) -> GeoDataFrame:
    """Return the hull of the places of each zone."""
    import geopandas as gpd

    hulls = places.dissolve(by="zone").geometry.convex_hull
    hulls = hulls[hulls.geom_type == "Polygon"]
    columns = {"kind": ["zone"] * len(hulls), "name": list(hulls.index.astype(str))}
    return gpd.GeoDataFrame(columns, geometry=list(hulls), crs=places.crs)
