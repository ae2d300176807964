"""Tables with geometry, for maps and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.places import purpose_bit
from mesa_llm_city.core.values import Purpose

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from mesa_llm_city.city.city import City

__all__ = ["places_frame", "zones_frame"]


def places_frame(city: City) -> GeoDataFrame:
    """Return one row per place, indexed by id, with a point."""
    import geopandas as gpd
    import pandas as pd

    places = city.places
    columns = {
        "name": places.name,
        "category": np.array(places.category_names, dtype=object)[places.category],
        "purposes": _told(places.purposes),
        "zone": np.array(city.zones.names, dtype=object)[places.zone],
        "source_id": places.source_id,
        "jobs": places.jobs,
        "residents": places.residents,
        "price": places.price,
        "rating": places.rating,
    }
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(places), name="id"))
    points = gpd.points_from_xy(places.x, places.y)
    return gpd.GeoDataFrame(frame, geometry=points, crs=city.crs)


def zones_frame(city: City) -> GeoDataFrame:
    """Return one row per zone, indexed by its row, with a polygon."""
    import geopandas as gpd
    import pandas as pd

    zones = city.zones
    columns = {"name": zones.names, "source_id": zones.ids, "population": zones.population}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(zones), name="zone"))
    return gpd.GeoDataFrame(frame, geometry=list(zones.polygons), crs=city.crs)


def _told(purposes: np.ndarray[tuple[int, ...], np.dtype[np.uint32]]) -> list[str]:
    """Write each bit mask as words; there are few different ones."""
    masks, which = np.unique(purposes, return_inverse=True)
    words = [" ".join(p for p in Purpose if mask & purpose_bit(p)) for mask in masks.tolist()]
    return [words[mask] for mask in which.tolist()]
