"""How a city of files looks on a map, and what it is called."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import shapely

from mesa_llm_city.city.land import Land
from mesa_llm_city.city.land.extent import Box
from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.contents import Contents
from mesa_llm_city.city.loading.network_land import network_land
from mesa_llm_city.city.loading.osm import is_osm
from mesa_llm_city.city.loading.osm_land import OsmLand, read_osm_land
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.city.zones import Zones

__all__ = ["looks_of", "readable_name"]

_MARGIN_M = 500.0
"""How far outside the zones and places the map goes on."""

_NO_LAND = OsmLand(land=Land.of(), name="")

_OF_FILES = re.compile(
    r"osm|latest|pois?|places|venues|nodes|edges|network|roads?|streets|hex|hexgrid|grid|"
    r"buildings|shops|city|map|extract|export|data|\d+|[a-z]+\d{2,}",
)
"""Words in names of files that say what is in them rather than where it lies."""


def looks_of(read: Contents, projection: Projection, zones: Zones, places: Places) -> OsmLand:
    """Return the map below the people, and the name of the city.

    Extracts of OpenStreetMap have both. Without any, the map has the streets of the files, and
    the city is called what the first file is, or what the options say.

    Parameters
    ----------
    read : Contents
        What the files hold.
    projection : Projection
        From degrees to metres.
    zones, places : Zones, Places
        Those of the city, in metres: the map reaches a little farther.
    """
    box = _box(zones, places)
    extracts = list(dict.fromkeys(path for path in read.files if is_osm(path)))
    # What can be read of these files has been read: any defect here is about looks only.
    report = Report(drop_bad_rows=True)
    try:
        found = read_osm_land(extracts, projection, box, report) if extracts else _NO_LAND
    except shapely.errors.ShapelyError as error:
        # Coordinates beyond all measure, of which the places that are kept have none.
        read.notes.append(f"land use, waters and buildings are not drawn: {error}")
        found = _NO_LAND
    land = found.land
    if not len(land.lines) and read.streets is not None:
        land = network_land(land, read.streets, projection, box)
    name = read.options.name or found.name or readable_name(read.files[0])
    return OsmLand(land=land, name=name)


def readable_name(path: Path) -> str:
    """Return the name of a file as that of a city.

    Examples
    --------
    >>> readable_name(Path("shibuya_pois_osm2014.csv")), readable_name(Path("new-york.osm.pbf"))
    ('Shibuya', 'New York')
    >>> readable_name(Path("places.csv"))
    'places'
    """
    stem = path.name.split(".")[0]
    words = [word for word in re.split(r"[\W_]+", stem) if word]
    kept = [word for word in words if not _OF_FILES.fullmatch(word.casefold())]
    return " ".join(word[:1].upper() + word[1:] for word in kept) or stem


def _box(zones: Zones, places: Places) -> Box:
    """Return the bounds of zones and places, and a margin."""
    ends = np.array(
        [
            shapely.total_bounds(zones.polygons),
            [places.x.min(), places.y.min(), places.x.max(), places.y.max()],
        ]
    )
    west, south = ends[:, :2].min(axis=0) - _MARGIN_M
    east, north = ends[:, 2:].max(axis=0) + _MARGIN_M
    return float(west), float(south), float(east), float(north)
