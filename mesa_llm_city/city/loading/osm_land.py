"""Land use, waters, buildings, streets with names and districts of an OpenStreetMap extract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.land.coast import sea_of
from mesa_llm_city.city.land.extent import Box, fitted_areas, fitted_lines
from mesa_llm_city.city.land.kinds import AREA_KINDS, LINE_KINDS, SEA, AreaKind, LineKind
from mesa_llm_city.city.land.land import DISTRICT, Label, Land, Shapes
from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.osm import read_osm, without_broken
from mesa_llm_city.city.loading.tables import texts
from mesa_llm_city.city.loading.tags import spread_other_tags
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame

__all__ = ["OsmLand", "read_osm_land"]

_AREA_KEYS = (
    *("building", "natural", "leisure", "amenity", "landuse", "waterway", "place"),
    *("highway", "man_made"),
)
"""Keys that say what an area is; of several, the first that says a known kind."""

_LINE_KEYS = ("highway", "railway", "waterway")
_TUNNEL_KEYS = ("tunnel", "indoor")
_NOTHING = frozenset(("", "no"))
"""Values that say that a tag does not hold."""

_AREAS = " OR ".join(
    [f'"{key}" IS NOT NULL' for key in ("building", "natural", "leisure", "amenity", "landuse")]
    + ["place = 'square'", "man_made = 'pier'"]
    + [f"other_tags LIKE '%\"{key}\"=>%'" for key in ("waterway", "highway")]
)
_LINES = " OR ".join(f"{key} IS NOT NULL" for key in _LINE_KEYS)
_COASTS = 'other_tags LIKE \'%"natural"=>"coastline"%\''

_TOWN_KEY = "addr:city"
_ADDRESSES = f"other_tags LIKE '%\"{_TOWN_KEY}\"=>%'"

_CITIES = ("city", "town", "village", "hamlet")
"""Kinds of settlement, the largest first: one of them names the city."""

_DISTRICTS = ("borough", "suburb", "quarter", "neighbourhood")


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmLand:
    """What an extract says of the looks of a city.

    Parameters
    ----------
    land : Land
        What the map shows; it may be empty.
    name : str
        Name of the city; empty if the extract has no settlement with a name, and no address.
    """

    land: Land
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Features:
    """Features of extracts, and some of their tags."""

    shapes: NDArray[np.object_]
    tags: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.shapes)

    def texts(self, key: str) -> Sequence[str]:
        """Return a tag of each feature; empty for none."""
        return self.tags.get(key) or [""] * len(self)

    def rows(self, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the tags of some keys of each feature."""
        return list(zip(*(self.texts(key) for key in keys), strict=True))

    def take(self, rows: Int) -> _Features:
        """Return some of the features."""
        tags = {key: [found[row] for row in rows.tolist()] for key, found in self.tags.items()}
        return _Features(shapes=self.shapes[rows], tags=tags)

    @classmethod
    def join(cls, parts: Sequence[_Features]) -> _Features:
        """Return the features of several extracts, each once."""
        keys = dict.fromkeys(key for part in parts for key in part.tags)
        every = cls(
            shapes=np.concatenate([part.shapes for part in parts]),
            tags={key: [one for part in parts for one in part.texts(key)] for key in keys},
        )
        if len(parts) == 1:
            return every
        _, first = np.unique(shapely.to_wkb(every.shapes), return_index=True)
        return every.take(np.sort(first))

    def projected(self, projection: Projection) -> _Features:
        """Return the same features in metres."""

        def project(corners: Float) -> Float:
            return np.column_stack(projection.project(corners[:, 0], corners[:, 1]))

        return _Features(shapes=shapely.transform(self.shapes, project), tags=self.tags)


def read_osm_land(
    paths: Sequence[str | Path], projection: Projection, box: Box, report: Report
) -> OsmLand:
    """Read what the map of a city shows of extracts, and the name of the city.

    Features whose geometry is broken are mended or left out without a word: nobody in the city
    sees them.

    Parameters
    ----------
    paths : sequence of path
        Extracts of OpenStreetMap; what several have is drawn once.
    projection : Projection
        From degrees to metres.
    box : (float, float, float, float)
        West, south, east and north end of the city in metres.
    report : Report
        Collects a defect for each file that cannot be read.
    """
    degrees = projection.degrees_of(box)

    def read(layer: str, where: str, keys: Sequence[str] = ()) -> _Features:
        parts = [
            _features(read_osm(path, report, layer=layer, where=where, bbox=degrees), keys)
            for path in paths
        ]
        return _Features.join(parts).projected(projection)

    lines = read("lines", _LINES, (*_LINE_KEYS, *_TUNNEL_KEYS))
    areas = read("multipolygons", _AREAS, _AREA_KEYS)
    coast = read("lines", _COASTS)
    settlements = read("points", "place IS NOT NULL", ("population",))
    sea = sea_of(coast.shapes, _common(box, np.concatenate([lines.shapes, areas.shapes])))
    below = Shapes.join(
        [Shapes.of(sea, [SEA] * len(sea), [""] * len(sea)), _shapes(areas, _AREA_KEYS, AREA_KINDS)]
    )
    land = Land.of(
        fitted_areas(below, box), fitted_lines(_lines(lines), box), _labels(settlements, box)
    )
    name = _city_name(settlements, box) or _addressed(read("points", _ADDRESSES, (_TOWN_KEY,)))
    return OsmLand(land=land, name=name)


def _features(frame: GeoDataFrame | None, keys: Sequence[str]) -> _Features:
    """Return features in degrees, with the tags of some keys."""
    if frame is None:
        return _Features(shapes=np.empty(0, dtype=object), tags={})
    whole, _ = without_broken(frame)
    table = spread_other_tags(whole.drop(columns=whole.geometry.name), keys)
    shapes = np.asarray(whole.geometry.array, dtype=object)
    found = {key: texts(table, key) for key in ("name", "place", *keys) if key in table.columns}
    return _Features(shapes=shapes, tags=found)


def _common(box: Box, shapes: NDArray[np.object_]) -> Box:
    """Return the part of a box that an extract covers."""
    if not len(shapes):
        return box
    west, south, east, north = shapely.total_bounds(shapes)
    return max(box[0], west), max(box[1], south), min(box[2], east), min(box[3], north)


def _shapes(
    features: _Features, keys: Sequence[str], kinds: Sequence[AreaKind | LineKind]
) -> Shapes:
    """Return the features of known kinds."""
    kind_of = {tag: kind.name for kind in kinds for tag in kind.tags}
    found = [_kind(keys, values, kind_of) for values in features.rows(keys)]
    every = Shapes.of(features.shapes, found, features.texts("name"))
    return every.take(np.flatnonzero([kind != "" for kind in found]))


def _kind(keys: Sequence[str], values: Sequence[str], kind_of: Mapping[str, str]) -> str:
    """Return the kind that the first of some tags says that says one; empty for none."""
    for key, value in zip(keys, values, strict=True):
        kind = kind_of.get(f"{key}={value}") or kind_of.get(f"{key}=*")
        if kind and value not in _NOTHING:
            return kind
    return ""


def _lines(features: _Features) -> Shapes:
    """Return the lines above the ground."""
    above = [set(row) <= _NOTHING for row in features.rows(_TUNNEL_KEYS)]
    return _shapes(features.take(np.flatnonzero(above)), _LINE_KEYS, LINE_KINDS)


def _labels(settlements: _Features, box: Box) -> tuple[Label, ...]:
    """Return the names of the districts."""
    kinds, names = settlements.texts("place"), settlements.texts("name")
    inside = shapely.intersects(settlements.shapes, shapely.box(*box)).tolist()
    return tuple(
        Label(point.x, point.y, name, DISTRICT)
        for point, kind, name, is_in in zip(settlements.shapes, kinds, names, inside, strict=True)
        if is_in and name and kind in _DISTRICTS
    )


def _city_name(settlements: _Features, box: Box) -> str:
    """Return the name of the greatest settlement within a box, empty for none.

    It is of the largest kind; of several, the one with most inhabitants, and then the one next
    to the middle.
    """
    names, kinds = settlements.texts("name"), settlements.texts("place")
    people = [float(one) if one.isdecimal() else 0.0 for one in settlements.texts("population")]
    middle = shapely.points((box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0)
    away = shapely.distance(settlements.shapes, middle)
    inside = shapely.intersects(settlements.shapes, shapely.box(*box))
    ranks = [
        (_CITIES.index(kind), -people[row], away[row], names[row])
        for row, kind in enumerate(kinds)
        if kind in _CITIES and names[row] and inside[row]
    ]
    return min(ranks)[-1] if ranks else ""


def _addressed(addresses: _Features) -> str:
    """Return the town that most addresses are in, empty without any; of several, the first."""
    towns = Counter(name for name in addresses.texts(_TOWN_KEY) if name)
    return min(towns, key=lambda name: (-towns[name], name), default="")
