"""Tables with geometry, for maps and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city.places import Places
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:
    from geopandas import GeoDataFrame  # heavy, and so imported only where it is used

__all__ = ["places_frame", "zones_frame"]


def places_frame(places: Places, zones: Zones, crs: str, attraction: Float) -> GeoDataFrame:
    """Return one row per place, indexed by id, with a point."""
    import geopandas as gpd
    import pandas as pd

    columns = {
        "name": places.name,
        "category": np.array(places.category_names, dtype=object)[places.category],
        "purposes": _purposes(places),
        "zone": np.array(zones.names, dtype=object)[places.zone],
        "source_id": places.source_id,
        "jobs": places.jobs,
        "residents": places.residents,
        "price": places.price,
        "rating": places.rating,
        "attraction": attraction,
    }
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(places), name="id"))
    points = gpd.points_from_xy(places.x, places.y)
    return gpd.GeoDataFrame(frame, geometry=points, crs=crs)


def zones_frame(zones: Zones, crs: str) -> GeoDataFrame:
    """Return one row per zone, indexed by its row, with a polygon."""
    import geopandas as gpd
    import pandas as pd

    columns = {"name": zones.names, "source_id": zones.ids, "population": zones.population}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(zones), name="zone"))
    return gpd.GeoDataFrame(frame, geometry=list(zones.polygons), crs=crs)


def _purposes(places: Places) -> list[str]:
    """Write the purposes of each place as words; they depend on its kind, and on its jobs."""
    words: dict[tuple[int, bool], str] = {}
    written = []
    staffed = (places.jobs > 0).tolist()
    for place, kind in enumerate(zip(places.category.tolist(), staffed, strict=True)):
        if kind not in words:
            words[kind] = " ".join(places.purposes_of(place))
        written.append(words[kind])
    return written
