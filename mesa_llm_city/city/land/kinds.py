"""Kinds of area and of line on a map, and the tags of OpenStreetMap that say them.

The tags are those of the tables "Map features" of the OpenStreetMap wiki. A kind more is a row
more; its colours are a row in ``experiments/land_look.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AREA_KINDS", "BUILDING", "LINE_KINDS", "SEA", "AreaKind", "LineKind"]


@dataclass(frozen=True, slots=True)
class AreaKind:
    """A kind of area.

    Parameters
    ----------
    name : str
        Its name in files and tables.
    label : str
        What a legend calls it.
    tags : tuple of str
        Tags of OpenStreetMap, as ``key=value``; ``key=*`` for any value but ``no``.
    is_named : bool, default False
        Whether names of such areas are written on maps.
    """

    name: str
    label: str
    tags: tuple[str, ...]
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class LineKind:
    """A kind of line.

    Parameters
    ----------
    name : str
        Its name in files and tables.
    label : str
        What a legend calls it.
    tags : tuple of str
        Tags of OpenStreetMap, as ``key=value``.
    """

    name: str
    label: str
    tags: tuple[str, ...]


def _tags(key: str, *values: str) -> tuple[str, ...]:
    return tuple(f"{key}={value}" for value in values)


SEA = "sea"
"""The kind of area that no tag says: it lies on the right of coastlines."""

BUILDING = "building"
"""The kind of area of which a map may have more than can be drawn."""

AREA_KINDS = (
    AreaKind(SEA, "sea", (), is_named=True),
    AreaKind("residential", "residential area", _tags("landuse", "residential")),
    AreaKind("retail", "shops and offices", _tags("landuse", "retail", "commercial")),
    AreaKind(
        "industrial",
        "industry and railways",
        (
            *_tags("landuse", "industrial", "railway", "port", "depot", "quarry", "landfill"),
            *_tags("landuse", "construction", "brownfield"),
        ),
    ),
    AreaKind(
        "campus",
        "school, university or hospital",
        (
            *_tags("amenity", "school", "university", "college", "hospital", "kindergarten"),
            *_tags("landuse", "education", "institutional", "religious"),
        ),
        is_named=True,
    ),
    AreaKind(
        "farmland",
        "farmland",
        (
            *_tags("landuse", "farmland", "farmyard", "orchard", "vineyard"),
            *_tags("landuse", "plant_nursery", "greenhouse_horticulture"),
        ),
    ),
    AreaKind(
        "park",
        "park",
        (
            *_tags("leisure", "park", "garden", "nature_reserve", "golf_course", "common"),
            *_tags("leisure", "dog_park"),
            *_tags("landuse", "recreation_ground", "village_green", "cemetery", "allotments"),
            *_tags("amenity", "grave_yard"),
        ),
        is_named=True,
    ),
    AreaKind(
        "grass",
        "grass and shrubs",
        (
            *_tags("landuse", "grass", "meadow", "flowerbed", "greenfield"),
            *_tags("natural", "grassland", "heath", "scrub", "shrubbery", "wetland"),
        ),
    ),
    AreaKind(
        "wood",
        "wood",
        (*_tags("natural", "wood"), *_tags("landuse", "forest")),
        is_named=True,
    ),
    AreaKind("beach", "beach or bare ground", _tags("natural", "beach", "sand", "shingle")),
    AreaKind(
        "pitch",
        "sports ground",
        _tags("leisure", "pitch", "track", "sports_centre", "stadium", "playground"),
    ),
    AreaKind(
        "square",
        "square or pier",
        (
            *_tags("place", "square"),
            *_tags("highway", "pedestrian", "footway", "platform"),
            *_tags("amenity", "marketplace"),
            *_tags("man_made", "pier"),
        ),
        is_named=True,
    ),
    AreaKind(
        "water",
        "water",
        (
            *_tags("natural", "water", "bay"),
            *_tags("waterway", "riverbank", "dock"),
            *_tags("landuse", "basin", "reservoir"),
            *_tags("leisure", "swimming_pool"),
        ),
        is_named=True,
    ),
    AreaKind(BUILDING, "building", _tags("building", "*")),
)
"""Kinds of area, in the order in which they are drawn."""

LINE_KINDS = (
    LineKind("river", "river or canal", _tags("waterway", "river", "canal")),
    LineKind("stream", "stream", _tags("waterway", "stream")),
    LineKind(
        "path",
        "path",
        (
            *_tags("highway", "footway", "path", "cycleway", "pedestrian", "steps"),
            *_tags("highway", "bridleway", "trail"),
        ),
    ),
    LineKind("service", "service road", _tags("highway", "service", "track", "busway")),
    LineKind(
        "minor",
        "minor street",
        (
            *_tags("highway", "residential", "living_street", "unclassified", "road"),
            *_tags("highway", "minor"),
        ),
    ),
    LineKind(
        "secondary",
        "secondary street",
        _tags("highway", "secondary", "secondary_link", "tertiary", "tertiary_link"),
    ),
    LineKind("primary", "main street", _tags("highway", "primary", "primary_link")),
    LineKind(
        "motorway",
        "motorway",
        _tags("highway", "motorway", "motorway_link", "trunk", "trunk_link"),
    ),
    LineKind("tram", "tramway", _tags("railway", "tram")),
    LineKind(
        "rail",
        "railway",
        _tags("railway", "rail", "light_rail", "subway", "narrow_gauge", "monorail"),
    ),
)
"""Kinds of line, in the order in which they are drawn."""
