"""The map of the synthetic town: it moves nothing, and nothing on it stands in the way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.city import City
from mesa_llm_city.city.land import AREA_KINDS, LINE_KINDS
from mesa_llm_city.city.town import synthetic_city
from mesa_llm_city.parameters import CityParameters


@cache
def town() -> City:
    return synthetic_city(2, 600)


def _areas(kind: str, city: City | None = None) -> NDArray[np.object_]:
    land = (city or town()).land
    row = [one.name for one in AREA_KINDS].index(kind)
    found: NDArray[np.object_] = land.areas[land.area_kind == row]
    return found


def _lines(*kinds: str) -> NDArray[np.object_]:
    rows = [row for row, one in enumerate(LINE_KINDS) if one.name in kinds]
    found: NDArray[np.object_] = town().land.lines[np.isin(town().land.line_kind, rows)]
    return found


def _doors(city: City) -> NDArray[np.object_]:
    return np.asarray(shapely.points(city.places.x, city.places.y), dtype=np.object_)


def test_a_seed_draws_the_same_map_again() -> None:
    one, two = town().land, synthetic_city(2, 600).land
    assert list(one.areas) == list(two.areas)
    assert (one.area_name, one.line_name, one.labels) == (
        two.area_name,
        two.line_name,
        two.labels,
    )


def test_drawing_moves_no_place_and_draws_nothing_twice() -> None:
    looked_at, other = synthetic_city(4, 300), synthetic_city(4, 300)
    assert looked_at.land is looked_at.land
    assert np.array_equal(looked_at.places.x, other.places.x)
    assert (
        looked_at.with_parameters(CityParameters().with_("modes.walk.speed_km_h", 3.0)).land
        is looked_at.land
    )


@pytest.mark.parametrize("seed", [2, 5])
def test_no_door_is_in_the_river(seed: int) -> None:
    city = synthetic_city(seed, 600)
    (river,) = _areas("water", city)
    assert not shapely.intersects(river, _doors(city)).any()


def test_no_house_stands_in_the_river_or_on_a_street() -> None:
    houses = _areas("building")
    (river,) = _areas("water")
    built = [
        kind not in ("leisure=park", "leisure=playground")
        for kind in np.array(town().places.category_names)[town().places.category].tolist()
    ]
    of_places = shapely.STRtree(houses).query(_doors(town())[built], predicate="intersects")[1]
    between = np.delete(houses, of_places)
    streets = shapely.union_all(_lines("primary", "secondary", "minor"))
    assert len(between) > 50
    assert not shapely.intersects(between, river).any()
    assert not shapely.intersects(between, streets).any()


def test_every_place_but_those_outdoors_has_a_building() -> None:
    kinds = np.array(town().places.category_names)[town().places.category]
    indoors = ~np.isin(kinds, ("leisure=park", "leisure=playground"))
    near = shapely.STRtree(_areas("building")).query_nearest(
        _doors(town())[indoors], return_distance=True
    )[1]
    assert near.max() < 1.0


def test_parks_keep_away_from_the_doors_of_others() -> None:
    kinds = np.array(town().places.category_names)[town().places.category]
    others = _doors(town())[~np.isin(kinds, ("leisure=park", "leisure=playground"))]
    parks = shapely.union_all(_areas("park"))
    assert parks.area > 10_000.0
    assert not shapely.intersects(parks, others).any()


def test_only_main_streets_and_the_railway_cross_the_river() -> None:
    (river,) = _areas("water")
    assert shapely.crosses(_lines("primary", "secondary"), river).any()
    assert not shapely.crosses(_lines("minor"), river).any()


def test_the_railway_passes_its_stations() -> None:
    track = shapely.union_all(_lines("rail"))
    stations = shapely.points(town().stations.x, town().stations.y)
    assert shapely.distance(track, stations).max() < 1.5


def test_districts_have_the_names_of_zones() -> None:
    assert [label.name for label in town().land.labels] == list(town().zones.names)


def test_streets_have_names() -> None:
    named = [
        name
        for name, kind in zip(town().land.line_name, town().land.line_kind_names, strict=True)
        if kind == "minor"
    ]
    assert all(named)


def test_a_town_without_railway_or_river_has_neither() -> None:
    dry = CityParameters().with_("city.town.river_half_width_m", 0.0)
    city = synthetic_city(2, 300, stations=0, parameters=dry)
    assert len(_areas("water", city)) == 0
    assert "rail" not in city.land.line_kind_names


def test_the_country_around_fills_a_map_twice_as_wide_as_high() -> None:
    west, south, east, north = shapely.total_bounds(town().land.areas)
    zones = shapely.total_bounds(town().zones.polygons)
    assert east - west > 2.3 * (zones[2] - zones[0])
    assert north - south > 1.4 * (zones[3] - zones[1])


def test_woods_and_meadows_around_leave_the_streets_of_the_town_free() -> None:
    net = town().network
    assert net is not None
    crossings = shapely.points(net.x, net.y)
    far = [one for one in _areas("wood") if shapely.distance(one, crossings).min() > 50.0]
    assert len(far) > 20
    assert shapely.distance(shapely.union_all(_areas("farmland")), crossings).max() > 100.0


def test_main_streets_lead_on_to_the_end_of_the_country() -> None:
    bounds = shapely.total_bounds(town().land.areas)
    edge = shapely.box(*bounds).exterior
    roads = shapely.union_all(_lines("primary"))
    assert shapely.distance(roads, edge) < 1.0
