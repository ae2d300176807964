"""Zones: which zone holds a point, how far zones reach, and grids of cells."""

from __future__ import annotations

import pickle

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.city import ZoneParameters

TWO = Zones.of([shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)])


def at(*points: tuple[float, float]) -> tuple[Float, Float]:
    x, y = np.array(points).T
    return x, y


def test_a_point_belongs_to_the_zone_that_holds_it() -> None:
    assert TWO.zone_of(*at((10, 10), (1500, 500))).tolist() == [0, 1]


def test_a_point_on_a_border_belongs_to_the_first_of_its_zones() -> None:
    assert TWO.zone_of(*at((1000, 500))).tolist() == [0]


def test_a_point_outside_belongs_to_the_nearest_zone() -> None:
    assert TWO.zone_of(*at((9000, 500), (-5, -5))).tolist() == [1, 0]


def test_points_inside_on_borders_and_outside_are_told_apart_together() -> None:
    x, y = at((1000, 500), (-5, 3), (1999, 999), (2100, 1000), (1000, 0), (0, 0))
    assert TWO.zone_of(x, y).tolist() == [0, 0, 1, 1, 0, 0]
    one_by_one = [TWO.zone_of(*at(point))[0] for point in zip(x, y, strict=True)]
    assert TWO.zone_of(x, y).tolist() == one_by_one


def test_a_point_counts_as_inside_up_to_the_reach() -> None:
    x, y = at((2250, 500), (2251, 500), (1, 1))
    assert TWO.contains(x, y).tolist() == [True, False, True]


def test_no_points_have_no_zones() -> None:
    assert TWO.zone_of(np.empty(0), np.empty(0)).tolist() == []
    assert TWO.contains(np.empty(0), np.empty(0)).tolist() == []


def test_names_are_the_ids_unless_given() -> None:
    assert TWO.names == ("0", "1")
    assert np.isnan(TWO.population).all()


def test_areas_and_centres_are_those_of_the_polygons() -> None:
    assert TWO.area_m2.tolist() == [1e6, 1e6]
    assert TWO.centroids[0].tolist() == [500, 1500]


def test_zones_can_be_pickled_before_and_after_use() -> None:
    TWO.zone_of(*at((10, 10)))
    again: Zones = pickle.loads(pickle.dumps(TWO))
    assert again.zone_of(*at((1500, 500))).tolist() == [1]


class TestGrid:
    spots = arrays(
        np.float64, st.tuples(st.integers(1, 30), st.just(2)), elements=st.integers(-9000, 9000)
    )

    @given(spots)
    def test_every_cell_holds_a_place_and_every_place_lies_in_a_cell(self, xy: Float) -> None:
        zones = Zones.grid(xy[:, 0], xy[:, 1], size_m=1000.0)
        zone = zones.zone_of(xy[:, 0], xy[:, 1])
        assert np.array_equal(
            shapely.distance(zones.polygons[zone], shapely.points(xy)), np.zeros(len(xy))
        )
        assert len(zones) == len(np.unique(np.floor(xy / 1000.0), axis=0))

    def test_a_large_city_gets_larger_cells(self) -> None:
        x, y = (
            part.ravel() for part in np.meshgrid(np.arange(0, 3e4, 500), np.arange(0, 3e4, 500))
        )
        assert 50 <= len(Zones.grid(x, y)) <= 150

    def test_side_and_reach_of_the_cells_are_parameters(self) -> None:
        x, y = at((0, 0), (1900, 0), (2100, 0))
        zones = Zones.grid(x, y, parameters=ZoneParameters(side_m=2000, grid_reach_m=10))
        assert zones.area_m2.tolist() == [4e6, 4e6]
        assert zones.contains(*at((4009, 0), (4011, 0))).tolist() == [True, False]
