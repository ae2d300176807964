"""Names of columns that files may use; the first that a file has counts, whatever its case.

A name that ends in ``*`` stands for all that begin like it. The page
``docs/reference/places_table.md`` lists them.
"""

from __future__ import annotations

__all__ = [
    "GRID_COUNTS",
    "KIND",
    "LAT",
    "LON",
    "PLACE_ATTRACTION",
    "PLACE_HOURS",
    "PLACE_ID",
    "PLACE_NAME",
    "STATION_ENTRIES",
    "STATION_NAME",
    "ZONE_ID",
    "ZONE_NAME",
    "ZONE_POPULATION",
]

LON = ("lon", "lng", "long", "longitude", "x")
LAT = ("lat", "latitude", "y")

KIND = ("category", "kind", "venue_category", "basic_category", "fclass")
PLACE_ID = ("id", "source_id", "venue_id", "vid", "osm_id", "osm_way_id", "fid")
PLACE_NAME = ("name", "name_en", "name*")
PLACE_HOURS = ("opening_hours",)
PLACE_ATTRACTION = ("attraction", "popularity")

GRID_COUNTS = ("population", "jobs", "schools", "healthcare")

STATION_ENTRIES = ("entries", "passengers", "ridership", "boardings")
STATION_NAME = ("name_en", "name", "stop_name", "station", "name*", "station*")

ZONE_NAME = ("name_en", "name", "label", "name*", "ward*", "district*")
ZONE_ID = ("id", "code", "zone", "zone_id", "code*", "id*")
ZONE_POPULATION = ("population", "pop", "residents", "population*")
