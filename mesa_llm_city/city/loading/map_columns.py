"""Fields of maps under their usual names: shapefiles cut them, Overture nests them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.city.loading.columns import (
    KIND,
    PLACE_ATTRACTION,
    PLACE_HOURS,
    PLACE_ID,
    PLACE_NAME,
    STATION_NAME,
    ZONE_ID,
    ZONE_NAME,
    ZONE_POPULATION,
)
from mesa_llm_city.city.loading.tables import find_column, texts
from mesa_llm_city.city.loading.wanted_kinds import TAG_KEYS
from mesa_llm_city.core.tables.numerals import plain_numbers

if TYPE_CHECKING:  # heavy, and so imported only where it is used
    from geopandas import GeoDataFrame

__all__ = ["usual_columns"]

_CUT = 10
"""Letters that a shapefile keeps of the name of a field."""

_KNOWN = (
    *(*KIND, *PLACE_ID, *PLACE_NAME, *PLACE_HOURS, *PLACE_ATTRACTION, *STATION_NAME),
    *(*ZONE_ID, *ZONE_NAME, *ZONE_POPULATION, *TAG_KEYS),
)
_FULL = {name[:_CUT]: name for name in _KNOWN if len(name) > _CUT and "*" not in name}

_COUNTS = (ZONE_POPULATION, ("jobs",), ("residents",))
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
"""People are whole, so a sign before three digits separates thousands."""


_NESTED = {
    "names": (("primary",), "name"),
    "categories": (("primary", "main"), "basic_category"),
    "taxonomy": (("primary",), "basic_category"),
}
"""Structures of Overture Maps: which of their parts is wanted, and its usual name."""


def usual_columns(frame: GeoDataFrame, *, is_cut: bool) -> GeoDataFrame:
    """Return features with fields named as other files name them.

    Parameters
    ----------
    frame : GeoDataFrame
        Features of a map, with the fields as its file names them.
    is_cut : bool
        Whether the names of fields may be cut to ten letters, as in a shapefile.
    """
    has = {str(column).casefold() for column in frame.columns}
    if is_cut:
        full = {column: _FULL.get(str(column).casefold(), column) for column in frame.columns}
        frame = frame.rename(columns={a: b for a, b in full.items() if b not in has})
    frame = _with_numbers(frame)
    frame = frame.assign(**{column: _joined(frame[column]) for column in _lists(frame)})
    for nested, (parts, name) in _NESTED.items():
        if nested in has and name not in has:
            column = next(one for one in frame.columns if str(one).casefold() == nested)
            inner = [_inner(cell, parts) for cell in frame[column]]
            if any(inner):
                frame, has = frame.assign(**{name: inner}), {*has, name}
    return frame


def _with_numbers(frame: GeoDataFrame) -> GeoDataFrame:
    """Write counts that are text, such as 12,345, as Python reads them."""
    found = dict.fromkeys(find_column(frame, names) for names in _COUNTS)
    columns = [one for one in found if one is not None and frame[one].dtype.kind not in "iufb"]
    cells = [list(map(_without_thousands, texts(frame, column))) for column in columns]
    plain_numbers(cells, ",")
    return frame.assign(**dict(zip(columns, cells, strict=True)))


def _without_thousands(cell: str) -> str:
    return re.sub("[.,]", "", cell) if _THOUSANDS.fullmatch(cell) else cell


def _lists(frame: GeoDataFrame) -> list[str]:
    """Return the fields in which some cells are lists."""
    return [
        str(column)
        for column in frame.columns
        if frame[column].dtype == object
        and any(isinstance(cell, (list, tuple, np.ndarray)) for cell in frame[column])
    ]


def _joined(cells: Iterable[object]) -> list[object]:
    """Write lists as values between semicolons, as OpenStreetMap does."""
    return [
        ";".join(map(str, cell)) if isinstance(cell, (list, tuple, np.ndarray)) else cell
        for cell in cells
    ]


def _inner(cell: object, parts: tuple[str, ...]) -> str:
    """Return a part of a structure, which may be written as JSON; empty if there is none."""
    value: Any = cell
    if isinstance(cell, str):
        try:
            value = json.loads(cell)
        except ValueError:
            return ""
    if not isinstance(value, dict):
        return ""
    return next((str(value[part]) for part in parts if value.get(part)), "")
