"""Streets of a map that has nothing but pieces of them."""

from __future__ import annotations

import numpy as np
import shapely

from mesa_llm_city.city.land import DISTRICT, Label, Land, Shapes
from mesa_llm_city.city.land.streets import with_streets

PIECES = np.array([[0.0, 0.0, 50.0, 0.0], [50.0, 0.0, 50.0, 40.0], [200.0, 0.0, 200.0, 30.0]])


def test_pieces_are_joined_and_the_rest_of_the_map_stays() -> None:
    bare = Land.of(
        Shapes.of([shapely.box(0, 0, 9, 9)], ["park"], ["Green"]),
        labels=[Label(0.0, 0.0, "Old Town", DISTRICT)],
    )
    land = with_streets(bare, PIECES)
    assert sorted(shapely.length(land.lines).tolist()) == [30.0, 90.0]
    assert set(land.line_kind_names) == {"minor"}
    assert (land.area_name, land.labels) == (bare.area_name, bare.labels)


def test_a_map_with_lines_or_without_streets_stays_as_it_is() -> None:
    rail = Shapes.of([shapely.LineString([(0, 0), (9, 9)])], ["rail"], [""])
    land = Land.of(None, rail)
    assert with_streets(land, PIECES) is land
    nothing = Land.of()
    assert with_streets(nothing, np.empty((0, 4))) is nothing
