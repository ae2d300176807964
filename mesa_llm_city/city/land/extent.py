"""What of a map is kept: within bounds, simplified, and no more points than can be sent.

The numbers here are about drawing and about nothing that people do.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.land.kinds import BUILDING
from mesa_llm_city.city.land.land import Shapes
from mesa_llm_city.core.values import Int

__all__ = ["Box", "cut_to", "fitted_areas", "fitted_lines", "merged_lines"]

Box = tuple[float, float, float, float]
"""West, south, east and north end in metres."""

_TOLERANCES_M = (1.0, 3.0, 9.0)
"""Simplified lines lie this close to the true ones; the first that makes few points is taken."""

_TRIED = 4
"""So many times the greatest number of points are simplified; the rest is too small to be drawn."""

_LEAST_M2 = 12.0
"""Areas smaller than a car park for one car are not drawn."""

_MOST_AREA_POINTS = 100_000
_MOST_LINE_POINTS = 80_000
_LONGEST_LINE = 65_000
_EXTRA_LINES = ("path", "stream", "service")
"""Kinds of line that are left out, one after the other, where there are too many points."""


def fitted_areas(areas: Shapes, box: Box, *, most: int = _MOST_AREA_POINTS) -> Shapes:
    """Return areas cut to a box and simplified, with no more points than can be sent.

    Where there are too many, land and waters get coarser outlines, and only the largest buildings
    remain.

    Parameters
    ----------
    areas : Shapes
        Polygons and MultiPolygons in metres.
    box : (float, float, float, float)
        West, south, east and north end.
    most : int, default 100_000
        Greatest number of points.
    """
    parts, row = _polygons(cut_to(areas.shapes, box))
    whole = areas.take(row, parts)
    is_building = (whole.kind == BUILDING).astype(np.bool_)
    land = _largest(whole.take(np.flatnonzero(~is_building)), _TRIED * most)
    tolerances = iter(_TOLERANCES_M)
    drawn = _simplified(land, next(tolerances))
    while _points(drawn.shapes) > most and (tolerance := next(tolerances, None)):
        drawn = _simplified(land, tolerance)
    drawn = _largest(drawn, most)
    left = most - _points(drawn.shapes)
    buildings = _largest(whole.take(np.flatnonzero(is_building)), left)
    return Shapes.join([drawn, _simplified(buildings, _TOLERANCES_M[0])])


def fitted_lines(lines: Shapes, box: Box, *, most: int = _MOST_LINE_POINTS) -> Shapes:
    """Return lines cut to a box and simplified; of too many, paths and the like are left out.

    Parameters
    ----------
    lines : Shapes
        LineStrings and MultiLineStrings in metres.
    box : (float, float, float, float)
        West, south, east and north end.
    most : int, default 80_000
        Greatest number of points.
    """
    parts, row = _strings(cut_to(lines.shapes, box))
    kept = merged_lines(lines.take(row, parts))
    for tolerance in _TOLERANCES_M:
        simple = kept.take(np.arange(len(kept)), shapely.simplify(kept.shapes, tolerance))
        if _points(simple.shapes) <= most:
            break
    for left_out in _EXTRA_LINES:
        if _points(simple.shapes) <= most:
            break
        simple = simple.take(np.flatnonzero(simple.kind != left_out))
    return _longest(simple, most)


def merged_lines(lines: Shapes) -> Shapes:
    """Return lines of one kind and name joined where one ends and the other begins.

    Parameters
    ----------
    lines : Shapes
        LineStrings in metres.
    """
    groups: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(lines.kind.tolist(), lines.name.tolist(), strict=True)):
        groups.setdefault(key, []).append(row)
    joined = [
        shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines.shapes[rows])))
        for rows in groups.values()
    ]
    counts = [len(one) for one in joined]
    return Shapes.of(
        (one for part in joined for one in part),
        (kind for (kind, _), n in zip(groups, counts, strict=True) for _ in range(n)),
        (name for (_, name), n in zip(groups, counts, strict=True) for _ in range(n)),
    )


def cut_to(shapes: NDArray[np.object_], box: Box) -> NDArray[np.object_]:
    """Return shapes cut to a box; those wholly inside are left as they are.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        In metres.
    box : (float, float, float, float)
        West, south, east and north end.
    """
    west, south, east, north = shapely.bounds(shapes).T
    inside = (west >= box[0]) & (south >= box[1]) & (east <= box[2]) & (north <= box[3])
    cut = shapes.copy()
    cut[~inside] = shapely.intersection(shapes[~inside], shapely.box(*box))
    return cut


def _polygons(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], Int]:
    """Return the polygons in shapes that are large enough to be seen, and the row of each."""
    parts, row = _flat(shapes)
    seen = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) >= _LEAST_M2)
    return parts[seen], row[seen]


def _strings(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], Int]:
    """Return the lines in shapes, and the row of each."""
    parts, row = _flat(shapes)
    seen = (shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 0.0)
    return parts[seen], row[seen]


def _flat(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], Int]:
    """Return the single shapes of collections, and the row of each."""
    parts, row = shapely.get_parts(shapely.force_2d(shapes), return_index=True)
    # A collection may hold collections of one kind.
    inner, of_part = shapely.get_parts(parts, return_index=True)
    return inner, row[of_part]


def _points(shapes: NDArray[np.object_]) -> int:
    return int(np.sum(shapely.get_num_coordinates(shapes)))


def _simplified(areas: Shapes, tolerance_m: float) -> Shapes:
    """Return areas with simpler outlines; what shrinks to nothing is left out."""
    parts, row = _polygons(shapely.simplify(areas.shapes, tolerance_m))
    return areas.take(row, parts)


def _largest(areas: Shapes, most: int) -> Shapes:
    """Keep the largest areas that have no more points together."""
    order = np.argsort(-shapely.area(areas.shapes), kind="stable")
    points = np.cumsum(shapely.get_num_coordinates(areas.shapes)[order])
    return areas.take(np.sort(order[points <= most]))


def _longest(lines: Shapes, most: int) -> Shapes:
    """Keep the longest lines that have no more points together."""
    count = shapely.get_num_coordinates(lines.shapes)
    order = np.argsort(-shapely.length(lines.shapes), kind="stable")
    fits = (np.cumsum(count[order]) <= most) & (count[order] <= _LONGEST_LINE)
    return lines.take(np.sort(order[fits]))
