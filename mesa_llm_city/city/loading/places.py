"""Places from tables and maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.loading.audit import Audit, Report
from mesa_llm_city.city.loading.columns import (
    GRID_COUNTS,
    KIND,
    PLACE_ATTRACTION,
    PLACE_HOURS,
    PLACE_ID,
    PLACE_NAME,
)
from mesa_llm_city.city.loading.coordinates import coordinates
from mesa_llm_city.city.loading.geometry import audit_geometry, mended
from mesa_llm_city.city.loading.ids import typed_ids, unique_ids
from mesa_llm_city.city.loading.layers import LayerCriteria
from mesa_llm_city.city.loading.tables import (
    find_column,
    misspelt,
    note_misspelt,
    numbers,
    texts,
)
from mesa_llm_city.city.loading.tags import are_of_tags, kinds_of, spread_other_tags
from mesa_llm_city.city.loading.vector import read_maps
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.core.values import Float

if TYPE_CHECKING:  # heavy, and so imported only where they are used
    from geopandas import GeoDataFrame
    from pandas import DataFrame

__all__ = ["PlaceRows", "count_column", "map_rows", "table_rows"]

_SCALES = {"rating": (1.0, 5.0, 10.0), "price": (1.0, 4.0)}

_READ = (
    *(PLACE_ID, PLACE_NAME, PLACE_HOURS, PLACE_ATTRACTION),
    *(("jobs",), ("residents",), *((one,) for one in _SCALES)),
)
"""Columns that a table of places may have; names of one meaning stand together."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceRows:
    """Rows of one file, in degrees, and what is wrong with them.

    Parameters
    ----------
    draft : Draft
        The rows.
    audit : Audit
        What is wrong with them.
    are_tags : bool, default False
        Whether their kinds are tags of OpenStreetMap and not of somebody's own choice: then
        kinds that nobody knows are left out and noted, and are no defect.
    """

    draft: Draft
    audit: Audit
    are_tags: bool = False


def map_rows(path: str | Path, wanted: WantedKinds, report: Report) -> list[PlaceRows]:
    """Read the places of a map; defects of the whole file go to the report.

    Returns
    -------
    list of PlaceRows
        One per layer that is read; none if it cannot be read.
    """
    criteria = LayerCriteria(
        "places",
        ("Point", "Polygon"),
        lambda fields: _names_kinds(fields, wanted),
        takes_all=True,
        tables="write the table as CSV with lon and lat",
    )
    rows: list[PlaceRows] = []
    for name, frame in read_maps(path, criteria, report):
        rows += _vector_rows(frame, name, wanted, report)
    return rows


def table_rows(
    table: DataFrame, source: str, wanted: WantedKinds, report: Report
) -> list[PlaceRows]:
    """Make rows of a table with longitude and latitude."""
    audit = Audit.of_table(source, table)
    report.audit(audit)
    at = coordinates(table, source, audit, report)
    kinds = kinds_of(table, wanted)
    if kinds is None:
        missing = "there is no column category, nor osm_key and osm_value, nor one of "
        keys = ", ".join(wanted.tag_keys)
        near = misspelt(table, (*KIND, *GRID_COUNTS, *wanted.tag_keys))
        report.add(f"{source}: {missing}{keys}; it must say the kind of each place{near}")
    note_misspelt(table, _READ, source, report)
    if at is None or kinds is None:
        return []
    return [PlaceRows(_draft(table, kinds, at, audit), audit)]


def _draft(table: DataFrame, kinds: Sequence[str], at: tuple[Float, Float], audit: Audit) -> Draft:
    """Read the other columns, and flag what is wrong in them."""
    ids = _ids(table, audit)
    empty = np.array([not kind for kind in kinds], dtype=np.bool_)
    audit.flag(empty, "category", "is empty; it must say the kind of place")
    figures = {name: count_column(table, (name,), audit) for name in ("jobs", "residents")}
    levels = {name: _level(table, name, audit) for name in _SCALES}
    return Draft.of(
        kinds,
        x=at[0],
        y=at[1],
        name=texts(table, find_column(table, PLACE_NAME)),
        source_id=ids,
        hours=texts(table, find_column(table, PLACE_HOURS)),
        attraction=count_column(table, PLACE_ATTRACTION, audit),
        **figures,
        **levels,
    )


def _ids(table: DataFrame, audit: Audit) -> list[str]:
    """Return the ids of the rows, which are numbered if the field is no key."""
    column = find_column(table, PLACE_ID)
    return unique_ids(typed_ids(table, texts(table, column)), column or "id", audit)


def count_column(table: DataFrame, names: Sequence[str], audit: Audit) -> Float:
    """Read a column of counts, NaN where it is missing; flag what is no number from 0 up."""
    column = find_column(table, names)
    values = numbers(table, column)
    if column is not None:
        cells = texts(table, column)
        wrong = np.array([bool(cell) for cell in cells]) & ~(np.isfinite(values) & (values >= 0))
        audit.flag(wrong, column, lambda row: f"{cells[row]!r} is no number from 0 up")
    return values


def _level(table: DataFrame, name: str, audit: Audit) -> Float:
    """Read a column of levels and bring the usual scales (to 5 stars, to 4 signs) to [0, 1]."""
    values = count_column(table, (name,), audit)
    top = float(np.max(values[audit.good], initial=0.0, where=~np.isnan(values[audit.good])))
    scale = next((scale for scale in _SCALES[name] if top <= scale), _SCALES[name][-1])
    column = find_column(table, (name,)) or name
    audit.flag(values > scale, column, lambda row: f"{values[row]:g} exceeds {scale:g}")
    return values / scale


def _vector_rows(
    frame: GeoDataFrame, source: str, wanted: WantedKinds, report: Report
) -> list[PlaceRows]:
    """Make rows of the features of a map; areas count as a point inside them."""
    frame, repaired = mended(frame)
    audit = audit_geometry(frame, source)
    report.audit(audit)
    if repaired:
        audit.note(f"{repaired} outlines cross themselves and were repaired")
    table = spread_other_tags(frame.drop(columns=frame.geometry.name), wanted.tag_keys)
    kinds = kinds_of(table, wanted)
    if kinds is None:
        missing = f"there is no field category, nor one of {', '.join(wanted.tag_keys)}"
        report.add(f"{source}: {missing}; it must say the kind of each place")
        return []
    at = _points(np.asarray(frame.geometry.array, dtype=object), audit.good)
    return [PlaceRows(_draft(table, kinds, at, audit), audit, are_tags=are_of_tags(table))]


def _names_kinds(fields: DataFrame, wanted: WantedKinds) -> bool:
    """Return whether the fields of a layer name a kind of place that is known."""
    kinds = kinds_of(spread_other_tags(fields, wanted.tag_keys), wanted) or []
    return any(kind and wanted.knows(kind) for kind in dict.fromkeys(kinds))


def _points(shapes: NDArray[np.object_], good: NDArray[np.bool_]) -> tuple[Float, Float]:
    """Return a point inside each shape; NaN where the shape is of no use."""
    x, y = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    points = shapely.point_on_surface(shapes[good])
    x[good], y[good] = shapely.get_x(points), shapely.get_y(points)
    x[x > 180.0] -= 360.0  # Outlines across 180 degrees go on beyond it.
    return x, y
