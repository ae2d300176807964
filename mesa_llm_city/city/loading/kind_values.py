"""Kinds of place as Geofabrik and Overture Maps write them: values without keys of tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mesa_llm_city.city.loading.tables import find_column, texts
from mesa_llm_city.city.loading.wanted_kinds import TAG_KEYS, WantedKinds

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from pandas import DataFrame

__all__ = ["VALUE_COLUMNS", "kinds_of_values"]

VALUE_COLUMNS = ("fclass", "basic_category")
"""Columns of values: of Geofabrik's shapefiles, and of places of Overture Maps."""

_RENAMED = {
    "bookshop": "books",
    "toilet": "toilets",
    "town_hall": "townhall",
    "market_place": "marketplace",
    "guesthouse": "guest_house",
    "tourist_info": "information",
    "graveyard": "grave_yard",
    "bicycle_shop": "bicycle",
    "shoe_shop": "shoes",
    "toy_shop": "toys",
    "jeweller": "jewelry",
    "car_dealership": "car",
    "beauty_shop": "beauty",
    "outdoor_shop": "outdoor",
    "archaeological": "archaeological_site",
    "railway_station": "station",
    "railway_halt": "halt",
}
"""Values that Geofabrik words otherwise than OpenStreetMap ("OpenStreetMap Data in Layered GIS
Format", sec. 6)."""

_KEYS_OF_CODES = {
    "10": ("place",),
    "15": ("building",),
    "22": ("leisure",),
    "25": ("shop",),
    "27": ("tourism", "historic"),
    "56": ("railway", "public_transport", "amenity", "aeroway"),
    "72": ("landuse", "leisure"),
}
"""Keys of tags by the first digits of Geofabrik's codes; any key elsewhere."""


def kinds_of_values(frame: DataFrame, column: str, wanted: WantedKinds) -> list[str]:
    """Return the kind of each row: the tag or name that the table of kinds has for its value.

    Values that are not known stay as they are.
    """
    values, codes = texts(frame, column), texts(frame, find_column(frame, ("code",)))
    types = texts(frame, find_column(frame, ("type",)))
    rows = list(zip(values, codes, types, strict=True))
    found = {row: _kind(*row, wanted) for row in dict.fromkeys(rows)}
    return [found[row] for row in rows]


def _kind(value: str, code: str, building: str, wanted: WantedKinds) -> str:
    """Return the kind of one row."""
    if not value or "=" in value:
        return value
    if value == "building":
        return f"building={building or 'yes'}"
    own = _KEYS_OF_CODES.get(code[:2], ())
    words = tuple(dict.fromkeys((_RENAMED.get(value, value), value, value.removesuffix("_shop"))))
    tags = [f"{key}={word}" for key in (*own, *TAG_KEYS) for word in words]
    by_code = [f"{key}={word}" for key in own for word in words]
    names = [word.replace("_", " ") for word in words]
    return next(_known(tags, names, by_code, wanted), value)


def _known(
    tags: Sequence[str], names: Sequence[str], by_code: Sequence[str], wanted: WantedKinds
) -> Iterator[str]:
    """Yield what the table has: tags by their own row first, then names, then any tag."""
    find = wanted.categories.find
    yield from (tag for tag in tags if (row := find(tag)) is not None and row.key == tag)
    yield from (name for name in names if find(name) is not None)
    yield from (tag for tag in by_code if find(tag) is not None)
