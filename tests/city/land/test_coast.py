"""The sea beside coastlines: on their right, and only where they can tell."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.city.land.coast import sea_of

BOX = (0.0, 0.0, 1000.0, 1000.0)


def _coast(*corners: tuple[float, float]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([shapely.LineString(corners)], dtype=object)


def test_the_sea_is_on_the_right_of_the_coast() -> None:
    eastward = sea_of(_coast((0.0, 400.0), (1000.0, 400.0)), BOX)
    westward = sea_of(_coast((1000.0, 400.0), (0.0, 400.0)), BOX)
    assert [part.area for part in eastward] == [400_000.0]
    assert [part.area for part in westward] == [600_000.0]


def test_an_island_is_no_sea() -> None:
    # Land is on the left, so an island is drawn against the clock.
    ring = (400.0, 400.0), (600.0, 400.0), (600.0, 600.0), (400.0, 600.0), (400.0, 400.0)
    (sea,) = sea_of(_coast(*ring), BOX)
    assert sea.area == 1_000_000.0 - 40_000.0
    (lagoon,) = sea_of(_coast(*ring[::-1]), BOX)
    assert lagoon.area == 40_000.0


def test_a_coast_that_ends_in_the_middle_tells_nothing() -> None:
    assert sea_of(_coast((0.0, 400.0), (500.0, 400.0)), BOX) == []
    assert sea_of(np.empty(0, dtype=object), BOX) == []


def test_a_coast_that_ends_close_to_the_border_goes_on_to_it() -> None:
    (sea,) = sea_of(_coast((30.0, 400.0), (980.0, 400.0)), BOX)
    assert abs(sea.area - 400_000.0) < 1.0


def test_pieces_of_a_coast_are_joined() -> None:
    pieces = np.concatenate(
        [_coast((0.0, 400.0), (500.0, 500.0)), _coast((500.0, 500.0), (1000.0, 400.0))]
    )
    (sea,) = sea_of(pieces, BOX)
    assert abs(sea.area - 450_000.0) < 1.0


@given(st.lists(st.floats(100.0, 900.0), min_size=2, max_size=12))
@settings(max_examples=40, deadline=None)
def test_sea_and_land_make_the_whole(heights: list[float]) -> None:
    x = np.linspace(0.0, 1000.0, len(heights))
    line = list(zip(x.tolist(), heights, strict=True))
    sea, land = (shapely.union_all(sea_of(_coast(*corners), BOX)) for corners in (line, line[::-1]))
    assert abs(sea.area + land.area - 1_000_000.0) < 1e-3
    assert sea.intersection(land).area < 1e-3
