"""Land, lines and places of a base map, packed for the widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.land import AREA_KINDS, Land
from mesa_llm_city.city.land.extent import cut_to
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.land_look import area_looks, line_looks
from mesa_llm_city.ui.map.place_look import place_looks
from mesa_llm_city.ui.views.protocols import Basemap

__all__ = ["land_traits", "place_traits"]

Packed = dict[str, Any]
Pack = Callable[[Float], NDArray[np.uint16]]


def land_traits(
    land: Land, pack: Pack, box: tuple[float, float, float, float], unit_m: float
) -> Packed:
    """Return areas, lines and names as the widget takes them.

    Parameters
    ----------
    land : Land
        The map.
    pack : function of ndarray of float64, shape (n, 2), to ndarray of uint16, shape (n, 2)
        From metres to units (`Frame.packed`).
    box : (float, float, float, float)
        West, south, east and north end of the frame in metres; what lies outside is cut off.
    unit_m : float
        Metres per unit.
    """
    return {
        **_areas(land, pack, box),
        **_lines(land, pack, box),
        "land_look": area_looks(),
        "line_look": line_looks(),
        "land_names": _names(land, pack, box, unit_m),
    }


def _areas(land: Land, pack: Pack, box: tuple[float, float, float, float]) -> Packed:
    """Return the rings of all areas one after the other, and how they belong together."""
    areas, row = _parts(cut_to(land.areas, box), _POLYGON)
    rings, of_area = shapely.get_rings(areas, return_index=True)
    return {
        "land": pack(shapely.get_coordinates(rings)).tobytes(),
        "land_rings": shapely.get_num_coordinates(rings).astype(np.uint32).tobytes(),
        "land_shapes": np.bincount(of_area, minlength=len(areas)).astype(np.uint16).tobytes(),
        "land_kinds": land.area_kind[row].astype(np.uint8).tobytes(),
    }


def _lines(land: Land, pack: Pack, box: tuple[float, float, float, float]) -> Packed:
    """Return the lines one after the other, with their kinds and names."""
    lines, row = _parts(cut_to(land.lines, box), _LINE)
    names = [land.line_name[one] for one in row.tolist()]
    distinct = [name for name in dict.fromkeys(names) if name]
    number = {"": 0} | {name: at for at, name in enumerate(distinct, start=1)}
    return {
        "lines": pack(shapely.get_coordinates(lines)).tobytes(),
        "line_sizes": shapely.get_num_coordinates(lines).astype(np.uint16).tobytes(),
        "line_kinds": land.line_kind[row].astype(np.uint8).tobytes(),
        "line_names": distinct,
        "line_name": np.array([number[name] for name in names], dtype=np.uint16).tobytes(),
    }


_LINE, _POLYGON = 1, 3
"""Numbers of the geometry types LineString and Polygon."""


def _parts(shapes: NDArray[np.object_], wanted: int) -> tuple[NDArray[np.object_], Int]:
    """Return the single shapes of a type, and the row of each."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    fits = (shapely.get_type_id(parts) == wanted) & ~shapely.is_empty(parts)
    return parts[fits], row[fits]


def _names(
    land: Land, pack: Pack, box: tuple[float, float, float, float], unit_m: float
) -> list[dict[str, object]]:
    """Return the names of areas and districts, the largest first, and where they stand.

    The size of a name is the side of a square as large as its area, in units; 0 for a district.
    Of areas of one name and kind, the largest has it.
    """
    named = [
        row
        for row, (kind, name) in enumerate(
            zip(land.area_kind.tolist(), land.area_name, strict=True)
        )
        if name and AREA_KINDS[kind].is_named
    ]
    rows = np.array(named, dtype=np.int64)
    cut = cut_to(land.areas[rows], box)
    seen = ~shapely.is_empty(cut)
    rows, cut = rows[seen], cut[seen]
    order = np.argsort(-shapely.area(cut), kind="stable")
    at = pack(shapely.get_coordinates(shapely.point_on_surface(cut[order]))).tolist()
    sides = np.rint(np.sqrt(shapely.area(cut[order])) / unit_m).astype(np.int64).tolist()
    areas = [(AREA_KINDS[land.area_kind[row]].name, land.area_name[row]) for row in rows[order]]
    marked: dict[tuple[str, str], tuple[int, int, int]] = {}
    for one, (x, y), side in zip(areas, at, sides, strict=True):
        marked.setdefault(one, (x, y, side))
    west, south, east, north = box
    for label in land.labels:
        if west <= label.x <= east and south <= label.y <= north:
            x, y = pack(np.array([[label.x, label.y]]))[0].tolist()
            marked.setdefault((label.kind, label.name), (x, y, 0))
    return [
        {"x": x, "y": y, "name": name, "kind": kind, "size": size}
        for (kind, name), (x, y, size) in marked.items()
    ]


def _own_name(basemap: Basemap, row: int) -> str:
    """Return the name of a place in one line; empty where it is only its kind and number."""
    name = basemap.names[row].replace("\n", " ")
    kind = basemap.kinds[basemap.kind[row]].replace("_", " ")
    return "" if name == f"{kind} {row}" else name


def place_traits(basemap: Basemap, pack: Pack) -> Packed:
    """Return all places that are no homes: where they are, what they are and their names."""
    shown = np.flatnonzero(~basemap.is_home)
    kinds, looks = place_looks(basemap.kind[shown], basemap.kinds)
    return {
        "place_xy": pack(basemap.places[shown]).tobytes(),
        "place_kinds": kinds.tobytes(),
        "place_names": "\n".join(_own_name(basemap, row) for row in shown.tolist()),
        "place_look": looks,
    }
