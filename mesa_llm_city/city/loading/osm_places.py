"""Places of an extract of OpenStreetMap: its points and areas with a tag of a place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.osm import read_osm, without_broken
from mesa_llm_city.city.loading.places import PlaceRows
from mesa_llm_city.city.loading.tables import file_name, texts
from mesa_llm_city.city.loading.tags import kinds_of, spread_other_tags
from mesa_llm_city.city.loading.untyped_homes import homes_among
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.parameters.city import LoadingParameters

if TYPE_CHECKING:  # heavy, and so imported only where they are used
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = ["osm_rows"]

_POINT_KEYS = ("amenity", "shop", "leisure", "tourism", "office", "healthcare", "craft")
_KEYS = {
    "points": _POINT_KEYS,
    "multipolygons": (*_POINT_KEYS, "landuse", "building"),
}
"""Keys of tags that are read by layer of an extract, besides those that purposes name."""

_OWN_COLUMNS = {
    "points": ("barrier", "highway", "man_made", "place", "ref"),
    "multipolygons": (
        *("aeroway", "amenity", "barrier", "boundary", "building", "craft", "geological"),
        *("historic", "land_area", "landuse", "leisure", "man_made", "military", "natural"),
        *("office", "place", "shop", "sport", "tourism"),
    ),
}
"""Keys to which GDAL gives a column of their own; all others stand in ``other_tags``."""


def osm_rows(
    path: str | Path, wanted: WantedKinds, parameters: LoadingParameters, report: Report
) -> list[PlaceRows]:
    """Read the places of an extract; only a file that cannot be read is a defect.

    Parameters
    ----------
    path : str or pathlib.Path
        The extract.
    wanted : WantedKinds
        Kinds of place that the city has a use for.
    parameters : LoadingParameters
        How many people live in a building of which nobody says what it is.
    report : Report
        Collects defects and notes.

    Returns
    -------
    list of PlaceRows
        One for its points and one for its areas, unless there are none.
    """
    rows: list[PlaceRows] = []
    keys: tuple[str, ...] = ()
    for layer, usual in _KEYS.items():
        keys = tuple(dict.fromkeys([*usual, *wanted.named_keys]))
        frame = read_osm(path, report, layer=layer, where=_condition(layer, keys))
        if frame is None:
            return []
        if len(frame):
            source = f"{file_name(path)} ({layer})"
            rows.append(_layer_rows(frame, source, wanted, parameters))
            report.audit(rows[-1].audit)
    if not rows:
        problem = f"there is no feature tagged {', '.join(keys)}, so no place to go to"
        report.add(f"{file_name(path)}: {problem}; take a larger extract, or add a table of places")
    return rows


def _layer_rows(
    frame: GeoDataFrame, source: str, wanted: WantedKinds, parameters: LoadingParameters
) -> PlaceRows:
    """Make rows of the features of a layer; areas count as a point inside them."""
    whole, note = without_broken(frame)
    audit = Audit(source, len(whole), first_row=1)
    if note:
        audit.note(note)
    table = spread_other_tags(whole.drop(columns=whole.geometry.name), wanted.tag_keys)
    shapes = np.asarray(whole.geometry.array, dtype=object)
    homes = homes_among(table, shapes, kinds_of(table, wanted) or [], wanted, parameters)
    audit.good &= homes.is_kept
    for note in homes.notes:
        audit.note(note)
    inside = shapely.point_on_surface(shapes)
    draft = Draft.of(
        homes.kinds,
        x=shapely.get_x(inside),
        y=shapely.get_y(inside),
        name=texts(table, "name" if "name" in table.columns else None),
        source_id=_ids(table),
        hours=texts(table, "opening_hours" if "opening_hours" in table.columns else None),
        residents=homes.residents,
    )
    return PlaceRows(draft, audit, are_tags=True)


def _ids(table: DataFrame) -> list[str]:
    """Return ids such as ``"way/9"``: nodes, ways and relations are numbered on their own."""
    if "osm_way_id" not in table.columns:
        return [f"node/{one}" for one in texts(table, "osm_id")]
    both = zip(texts(table, "osm_id"), texts(table, "osm_way_id"), strict=True)
    return [f"way/{way}" if way else f"relation/{relation}" for relation, way in both]


def _condition(layer: str, keys: Sequence[str]) -> str:
    """Return the SQL condition for features with one of the keys."""
    return " OR ".join(
        f"{key} IS NOT NULL" if key in _OWN_COLUMNS[layer] else f"other_tags LIKE '%\"{key}\"=>%'"
        for key in keys
    )
