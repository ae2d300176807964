"""Streets of a map whose files have no land use: lines by their speed."""

from __future__ import annotations

import numpy as np
import shapely

from mesa_llm_city.city.land import Land, Shapes
from mesa_llm_city.city.land.extent import Box, fitted_lines
from mesa_llm_city.city.loading.street_rows import StreetRows
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.core.values import Float

__all__ = ["network_land"]

_CLASSES = ("path", "service", "minor", "secondary", "primary", "motorway")
_FROM_KM_H = (9.0, 20.0, 35.0, 49.0, 65.0)
"""Least speed of each class but the first: between the usual speeds of `StreetParameters`."""


def network_land(land: Land, streets: StreetRows, projection: Projection, box: Box) -> Land:
    """Return a map with streets as lines, their classes told by their speeds.

    Parameters
    ----------
    land : Land
        The map without streets.
    streets : StreetRows
        Streets of a file, in degrees.
    projection : Projection
        From degrees to metres.
    box : (float, float, float, float)
        West, south, east and north end of the city in metres.
    """

    def project(corners: Float) -> Float:
        return np.column_stack(projection.project(corners[:, 0], corners[:, 1]))

    lines = shapely.transform(streets.as_lines(), project)
    row = np.searchsorted(_FROM_KM_H, streets.speed_km_h, side="right")
    kinds = [_CLASSES[one] for one in row.tolist()]
    drawn = fitted_lines(Shapes.of(lines, kinds, [""] * len(lines)), box)
    areas = Shapes.of(land.areas, land.area_kind_names, land.area_name)
    return Land.of(areas, drawn, land.labels)
