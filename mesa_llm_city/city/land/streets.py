"""Streets of a map that has nothing but pieces of them."""

from __future__ import annotations

import shapely

from mesa_llm_city.city.land.extent import fitted_lines
from mesa_llm_city.city.land.land import Land, Shapes
from mesa_llm_city.core.values import Float

__all__ = ["with_streets"]

_KIND = "minor"


def with_streets(land: Land, pieces: Float) -> Land:
    """Return a map with streets as lines; one that has lines stays as it is.

    Cities put together in Python, and runs of earlier versions, know their streets as pieces
    without class or name.

    Parameters
    ----------
    land : Land
        The map.
    pieces : ndarray of float64, shape (m, 4)
        Pieces of street from (x, y) to (x, y) in metres.

    Examples
    --------
    >>> import numpy as np
    >>> street = np.array([[0.0, 0.0, 50.0, 0.0], [50.0, 0.0, 90.0, 30.0]])
    >>> [line.length for line in with_streets(Land.of(), street).lines]
    [100.0]
    """
    if len(land.lines) or not len(pieces):
        return land
    lines = shapely.get_parts(shapely.multilinestrings(pieces.reshape(-1, 2, 2)))
    west, south, east, north = shapely.total_bounds(lines)
    streets = Shapes.of(lines, [_KIND] * len(lines), [""] * len(lines))
    drawn = fitted_lines(streets, (west, south, east, north))
    areas = Shapes.of(land.areas, land.area_kind_names, land.area_name)
    return Land.of(areas, drawn, land.labels)
