"""The map of a finished run, from the tables in its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.base_map import BASE_MAP
from mesa_llm_city.experiments.figures.town import town_of
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

    base = read_map(home, "base_map") if is_file(home / BASE_MAP) else _hulls(places)
    town = town_of(places, base, "")
    components, row = shapely.get_parts(town.zones.polygons, return_index=True)
    rows, kinds = places["category"].astype(str).factorize(sort=True)
    return Basemap(
        zones=tuple(shapely.get_coordinates(shapely.get_exterior_ring(one)) for one in components),
        streets=town.streets.reshape(-1, 4),
        places=np.column_stack([town.places.x, town.places.y]),
        kind=rows.astype(np.int64),
        kinds=tuple(kinds),
        names=_names(places),
        is_home=town.places.is_residence,
        stations=np.column_stack([town.stations.x, town.stations.y]),
        station_names=town.stations.names,
        zone_names=tuple(town.zones.names[one] for one in row),
        land=town.land,
        area_names=town.zones.names,
        area=row.astype(np.int64),
        place_area=_areas(places, town.zones.names),
    )


def _areas(places: GeoDataFrame, names: Sequence[str]) -> Int:
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
