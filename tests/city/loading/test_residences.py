"""Homes are drawn at once, also in zones that are thin or lie in parts far apart."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city.loading.residences import draw_residences
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float

STRIP = shapely.Polygon([(0, 0), (5000, 5000), (5000, 5000.1), (0, 0.1)])
FAR_PARTS = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3000, 3000, 3002, 3001)])
RING = shapely.Polygon(
    shapely.box(0, 0, 100, 100).exterior, [shapely.box(0.5, 0.5, 99.5, 99.5).exterior]
)


def drawn(shape: BaseGeometry, count: int) -> tuple[Float, Float]:
    zones = Zones.of([shape], population=np.array([1000.0]))
    places = Draft.of((), x=(), y=()).to_plain_places()
    draft, _ = draw_residences(np.random.default_rng(1), places, zones, count, spread_m=0.0)
    return draft.x, draft.y


@pytest.mark.parametrize("shape", [STRIP, FAR_PARTS, RING])
def test_points_lie_inside_and_are_drawn_at_once(shape: BaseGeometry) -> None:
    began = time.process_time()
    x, y = drawn(shape, 2000)
    assert time.process_time() - began < 1.0
    assert shapely.dwithin(shape, shapely.points(x, y), 1e-6).all()


def test_parts_get_homes_by_their_area() -> None:
    x, _ = drawn(FAR_PARTS, 3000)
    assert np.count_nonzero(x > 1000) == pytest.approx(2000, abs=100)


def test_points_in_a_strip_are_uniform_along_it() -> None:
    x, _ = drawn(STRIP, 4000)
    assert np.histogram(x, bins=4, range=(0, 5000))[0].tolist() == pytest.approx(
        [1000] * 4, rel=0.1
    )
