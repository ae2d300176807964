"""Targets are found by name, number, area and nearness, and say what does not exist."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from mesa_llm_city import City, ConfigError
from mesa_llm_city.city.gates import GATE, with_gates
from mesa_llm_city.population.outsiders.counts import Gate
from mesa_llm_city.simulation.interventions.targets import PlaceTarget, Target
from tests.town import small_town


def square(city: City) -> shapely.Polygon:
    """Return an area around some of the places, in metres."""
    west, south, east, north = city.bounds
    return shapely.box(west, south, (west + east) / 2, (south + north) / 2)


def test_an_area_may_be_a_geometry_or_points_in_metres_or_degrees() -> None:
    city = small_town()
    area = square(city)
    west, south, east, north = area.bounds
    columns = city.places
    by_hand = (columns.x <= east) & (columns.y <= north)
    expected = tuple(np.flatnonzero(by_hand & (columns.x >= west) & (columns.y >= south)).tolist())
    points = shapely.get_coordinates(area)
    to_degrees = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)
    degrees = np.column_stack(to_degrees.transform(points[:, 0], points[:, 1])).tolist()
    assert 20 < len(expected) < len(columns)
    for given in (area, points.tolist(), [points.tolist()], degrees):
        assert PlaceTarget(polygon=given).found(city).places == expected


def test_several_keys_mean_all_of_it_together() -> None:
    city = small_town()
    zone, kind = PlaceTarget(zone=0).found(city), PlaceTarget(place_kind="amenity").found(city)
    both = PlaceTarget(zone=0, place_kind="amenity").found(city)
    assert set(both.places) == set(zone.places) | set(kind.places)
    named = Target(place=7, mode=["car", "bus"]).found(city)
    assert (named.places, named.modes) == ((7,), ("car", "bus"))


def test_a_street_is_a_row_or_the_one_nearest_to_a_point() -> None:
    city = small_town()
    network = city.network
    assert network is not None
    x = (network.x[network.start[4]] + network.x[network.end[4]]) / 2
    y = (network.y[network.start[4]] + network.y[network.end[4]]) / 2
    assert Target(link=4).found(city).links == (4,)
    assert Target(link=[float(x), float(y)]).found(city).links == (4,)
    assert Target(link=[[x, y], 2]).found(city).links == (2, 4)


def test_a_city_without_streets_says_so() -> None:
    whole = small_town()
    city = City(places=whole.places, zones=whole.zones, crs=whole.crs)
    with pytest.raises(ConfigError, match="no network of streets, so none can be closed"):
        Target(link=3).found(city)


def test_gates_are_never_meant() -> None:
    city, _ = with_gates(small_town(), [Gate("north"), Gate("east")])
    gates = np.flatnonzero(city.places.category == city.places.category_names.index(GATE))
    assert len(gates) == 2
    meant = PlaceTarget(zone=list(city.zones.names)).found(city).places
    assert not set(gates.tolist()) & set(meant)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "there is no target; give place, place_kind, zone, polygon, link or mode"),
        ({"polygon": [[0, 0], [1, 1]]}, "must be an area"),
        ({"polygon": [[0, 0], [9e6, 9e6], [0, 9e6], [9e6, 0]]}, "must be an area"),
        ({"polygon": [[0, 0], [1, 0], [1, 1]]}, "there is no place in"),
        ({"link": 10**6}, "there is no street 1000000"),
        ({"mode": "trian"}, "did you mean 'train'"),
        ({"mode": "walk"}, "walk cannot be closed"),
    ],
)
def test_what_is_not_there_is_told(given: dict[str, object], message: str) -> None:
    (defect,) = Target(**given).target_defects(small_town())
    assert message in defect
