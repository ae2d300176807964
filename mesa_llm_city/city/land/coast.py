"""The sea beside coastlines."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city.land.extent import Box
from mesa_llm_city.core.values import Float

__all__ = ["sea_of"]

_REACH_M = 150.0
"""A coast that ends so close to the border of an extract goes on to the border."""

_ASIDE_M = 0.5
_A_LITTLE_MORE = 1.001


def sea_of(coast: NDArray[np.object_], box: Box) -> list[BaseGeometry]:
    """Return the parts of a box that lie in the sea.

    Coastlines have land on their left and water on their right (OpenStreetMap wiki,
    "Tag:natural=coastline"). They divide the box into faces; a face is sea if more of the coast
    along it has the face on its right than on its left. Where a coast ends in the middle of the
    box, there is no telling, and there is no sea.

    Parameters
    ----------
    coast : ndarray of LineStrings, shape (n,)
        Coastlines in metres, in the direction in which they were drawn.
    box : (float, float, float, float)
        West, south, east and north end of the extract in metres.

    Examples
    --------
    >>> eastward = shapely.linestrings([[[0.0, 40.0], [100.0, 40.0]]])
    >>> [part.bounds for part in sea_of(eastward, (0.0, 0.0, 100.0, 100.0))]
    [(0.0, 0.0, 100.0, 40.0)]
    """
    if not len(coast):
        return []
    frame = shapely.box(*box)
    merged = shapely.get_parts(
        shapely.line_merge(shapely.multilinestrings(list(coast)), directed=True)
    )
    led = np.array([_led_to_border(line, frame) for line in merged], dtype=object)
    network = shapely.union_all([*led, shapely.boundary(frame)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    faces = faces[shapely.intersects(frame, shapely.point_on_surface(faces))]
    right, left = (_length_beside(led, faces, side) for side in (-1.0, 1.0))
    return list(faces[right > left])


def _led_to_border(line: BaseGeometry, frame: BaseGeometry) -> BaseGeometry:
    """Lead a coast whose ends lie close to the border of the extract a little beyond it."""
    corners = shapely.get_coordinates(line)
    if shapely.is_closed(line):
        return line
    border = shapely.boundary(frame)
    first, last = (_beyond(corners[at], border) for at in (0, -1))
    return shapely.LineString(np.vstack([first, corners, last]))


def _beyond(corner: Float, border: BaseGeometry) -> Float:
    """Return the point of the border next to a corner and one beyond it, or the corner itself."""
    way = shapely.shortest_line(shapely.points(corner), border)
    if shapely.length(way) > _REACH_M:
        return corner[None, :]
    target = shapely.get_coordinates(way)[-1]
    beyond: Float = corner + (target - corner) * _A_LITTLE_MORE
    return beyond[None, :]


def _length_beside(lines: NDArray[np.object_], faces: NDArray[np.object_], side: float) -> Float:
    """Return how much of the coast has each face on one side, shape (faces,).

    Parameters
    ----------
    side : float
        1 for the left of the coast, -1 for its right.
    """
    corners, line = shapely.get_coordinates(lines, return_index=True)
    inner = line[1:] == line[:-1]
    start, step = corners[:-1][inner], np.diff(corners, axis=0)[inner]
    length = np.hypot(*step.T)
    start, step, length = start[length > 0], step[length > 0], length[length > 0]
    normal = np.column_stack([-step[:, 1], step[:, 0]]) / length[:, None]
    aside = start + step / 2.0 + side * _ASIDE_M * normal
    face, piece = shapely.STRtree(faces).query(shapely.points(aside), predicate="within")[::-1]
    return np.bincount(face, length[piece], minlength=len(faces)).astype(np.float64)
