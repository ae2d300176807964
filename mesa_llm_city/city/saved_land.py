"""Shapes of a city as bytes, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.land import Label, Land, Shapes

__all__ = ["land_of", "land_state", "shapes_of", "shapes_state"]

_State = dict[str, Any]


def shapes_state(shapes: NDArray[np.object_]) -> _State:
    """Return shapes as the bytes of the standard WKB, one after the other, and where each ends."""
    written = [shapely.to_wkb(one) for one in shapes]
    data = np.frombuffer(b"".join(written), dtype=np.uint8)
    return {"wkb": data, "ends": np.cumsum([len(one) for one in written], dtype=np.int64)}


def shapes_of(state: Mapping[str, Any]) -> NDArray[np.object_]:
    """Return the shapes that `shapes_state` has written."""
    parts = np.split(state["wkb"], state["ends"][:-1]) if len(state["ends"]) else []
    shapes = np.empty(len(parts), dtype=object)
    shapes[:] = [shapely.from_wkb(part.tobytes()) for part in parts]
    return shapes


def land_state(land: Land) -> _State:
    """Return what maps show as plain values and arrays; kinds go by their names.

    Examples
    --------
    >>> land = Land.of(Shapes.of([shapely.box(0, 0, 9, 9)], ["park"], ["Mill Park"]))
    >>> land_of(land_state(land)).area_name
    ('Mill Park',)
    """
    return {
        "areas": shapes_state(land.areas),
        "area_kind": list(land.area_kind_names),
        "area_name": list(land.area_name),
        "lines": shapes_state(land.lines),
        "line_kind": list(land.line_kind_names),
        "line_name": list(land.line_name),
        "labels": [list(one) for one in land.labels],
    }


def land_of(state: Mapping[str, Any]) -> Land:
    """Return what `land_state` has written."""
    return Land.of(
        Shapes.of(shapes_of(state["areas"]), state["area_kind"], state["area_name"]),
        Shapes.of(shapes_of(state["lines"]), state["line_kind"], state["line_name"]),
        (Label(*one) for one in state["labels"]),
    )
