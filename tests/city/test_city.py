"""A city answers where, what, when and how, and stays itself when pickled."""

from __future__ import annotations

import pickle
from dataclasses import fields
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city import City, Environment, Event, TravelConfig, Zones
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose


@cache
def town() -> City:
    return City.synthetic(rng=1, places=800)


def hamlet() -> City:
    """Return four places in two zones, without streets and stations."""
    kinds = ["home", "amenity=cafe", "amenity=school", "office"]
    draft = Draft.of(kinds, x=[0.0, 300.0, 1500.0, 1500.0], y=[0.0, 400.0, 0.0, 0.0])
    zones = Zones.of([shapely.box(-500, -500, 1000, 1000), shapely.box(1000, -500, 2000, 1000)])
    places = draft.to_places(Categories.default())
    located = places.with_zone(zones.zone_of(places.x, places.y))
    return City(places=located, zones=zones, crs="EPSG:32654", travel=TravelConfig(detour=1.5))


class TestNearby:
    def test_distances_are_straight_lines_times_the_detour(self) -> None:
        near = hamlet().nearby((0.0, 0.0), Purpose.MEAL, radius_m=1000.0)
        assert near.places.tolist() == [1]
        assert near.distance_m.tolist() == [750.0]
        assert near.boost.tolist() == [1.0]

    def test_where_there_is_nothing_the_choice_set_is_empty(self) -> None:
        assert len(hamlet().nearby((0.0, 0.0), Purpose.SPORT, radius_m=1e6)) == 0
        assert len(hamlet().nearby((1e6, 0.0), Purpose.MEAL, radius_m=1000.0)) == 0

    def test_homes_count_for_sleep_alone(self) -> None:
        assert hamlet().nearby((0.0, 0.0), Purpose.SLEEP, radius_m=10.0).places.tolist() == [0]
        assert len(hamlet().nearby((0.0, 0.0), Purpose.REST, radius_m=10.0)) == 0

    @given(st.integers(0, 799), st.floats(100.0, 8000.0), st.integers(1, 30))
    def test_a_sample_is_part_of_the_whole_and_reaches_as_far(
        self, start: int, radius_m: float, k: int
    ) -> None:
        here = town().position(start)
        every = town().nearby(here, Purpose.SHOPPING, radius_m=radius_m, k=10_000)
        some = town().nearby(here, Purpose.SHOPPING, radius_m=radius_m, k=k)
        assert len(some) == min(k, len(every))
        assert set(some.places.tolist()) <= set(every.places.tolist())
        if len(every) > 2 * k > 2:
            ranks = [every.places.tolist().index(place) for place in some.places.tolist()]
            assert max(ranks) >= len(every) * (1 - 1 / k)

    def test_the_nearest_are_the_nearest(self) -> None:
        here = town().position(0)
        every = town().nearby(here, Purpose.WORK, radius_m=5000.0, k=10_000)
        some = town().nearby(here, Purpose.WORK, radius_m=5000.0, k=5, nearest=True)
        assert some.places.tolist() == every.places[:5].tolist()

    def test_distances_are_those_of_the_city(self) -> None:
        near = town().nearby(town().position(3), Purpose.MEAL, radius_m=2000.0)
        assert np.allclose(near.distance_m, town().distance_m(3, near.places))

    def test_a_position_that_is_no_place_has_a_zone_too(self) -> None:
        x, y = town().position(0)
        assert len(town().nearby((x + 0.5, y), Purpose.MEAL, radius_m=5000.0)) > 0


class TestSupply:
    def test_weights_are_residents_jobs_and_staff(self) -> None:
        city = hamlet()
        assert city.supply(Purpose.SLEEP).weight.tolist() == [3.0]
        assert city.supply(Purpose.WORK).places.tolist() == [1, 2, 3]
        assert city.supply(Purpose.WORK).weight.tolist() == [5.0, 40.0, 25.0]
        assert city.supply(Purpose.SCHOOL).weight.tolist() == [40.0]
        assert city.supply(Purpose.MEAL).weight.tolist() == [1.0]

    def test_what_nobody_offers_is_an_empty_supply(self) -> None:
        assert len(hamlet().supply(Purpose.TRAVEL).places) == 0


class TestResidences:
    def test_added_homes_get_the_next_ids_a_zone_and_a_bed(self) -> None:
        city = hamlet()
        ids = city.add_residences(np.array([1800.0, 10.0]), np.array([0.0, 10.0]))
        assert ids.tolist() == [4, 5]
        assert city.places.zone[ids].tolist() == [1, 0]
        assert city.position(4) == (1800.0, 0.0)
        near = city.nearby((1800.0, 0.0), Purpose.SLEEP, radius_m=1.0)
        assert near.places.tolist() == [4]

    def test_ways_between_old_places_stay_as_they_were(self) -> None:
        before, after = City.synthetic(rng=2, places=300), City.synthetic(rng=2, places=300)
        after.add_residences(np.array([500_000.0]), np.array([5_370_000.0]))
        assert before.travel(0, 200) == after.travel(0, 200)
        assert len(after.travel(0, 309)) >= 4

    def test_no_homes_can_be_added(self) -> None:
        assert len(hamlet().add_residences(np.empty(0), np.empty(0))) == 0


class TestSpace:
    def test_contains_asks_the_zones(self) -> None:
        inside = hamlet().contains(np.array([0.0, 5000.0]), np.array([0.0, 0.0]))
        assert inside.tolist() == [True, False]

    def test_open_now_asks_the_places(self) -> None:
        cafe = np.array([1])
        assert hamlet().open_now(cafe, 0, 600, 660).all()
        assert not hamlet().open_now(cafe, 0, 180, 240).any()

    def test_bounds_hold_all_places(self) -> None:
        assert hamlet().bounds == (0.0, 0.0, 1500.0, 400.0)

    def test_without_a_network_there_are_no_streets_to_draw(self) -> None:
        assert hamlet().streets.shape == (0, 2, 2)
        assert town().streets.shape[1:] == (2, 2)

    def test_degrees_become_metres(self) -> None:
        x, y = hamlet().project(np.array([141.0]), np.array([0.0]))
        assert np.allclose([x[0], y[0]], [500_000.0, 0.0])

    def test_a_system_in_degrees_is_refused(self) -> None:
        city = hamlet()
        with pytest.raises(ConfigError, match="not projected in metres"):
            City(places=city.places, zones=city.zones, crs="EPSG:4326")

    def test_events_come_with_the_environment(self) -> None:
        city = hamlet()
        fair = Event(name="fair", place=1, start_min=0, end_min=60)
        lively = City(
            places=city.places,
            zones=city.zones,
            crs=city.crs,
            environment=Environment(events=(fair,)),
        )
        assert lively.environment.events_at(30) == (fair,)


def test_a_city_is_the_same_when_pickled_before_and_after_use() -> None:
    city = City.synthetic(rng=3, places=300)
    fresh: City = pickle.loads(pickle.dumps(city))
    city.travel(0, 200)
    city.nearby(city.position(0), Purpose.MEAL, radius_m=900.0)
    used: City = pickle.loads(pickle.dumps(city))
    for other in (fresh, used):
        assert other.travel(0, 200) == city.travel(0, 200)
        near = other.nearby(city.position(0), Purpose.MEAL, radius_m=900.0)
        here = city.nearby(city.position(0), Purpose.MEAL, radius_m=900.0)
        assert near.places.tolist() == here.places.tolist()
    columns = [field.name for field in fields(Places) if field.name != "category_names"]
    assert all(
        np.array_equal(getattr(fresh.places, c), getattr(city.places, c)) for c in columns[:4]
    )


class TestFrames:
    def test_places_come_as_points_by_id(self) -> None:
        frame = hamlet().to_geodataframe()
        assert frame.index.name == "id"
        assert frame.crs == "EPSG:32654"
        assert frame.loc[1, "category"] == "amenity=cafe"
        assert frame.loc[1, "purposes"] == "rest meal work social"
        assert frame.geometry.x.tolist() == [0.0, 300.0, 1500.0, 1500.0]

    def test_zones_come_as_polygons(self) -> None:
        frame = hamlet().zones_to_geodataframe()
        assert len(frame) == 2
        assert frame.geometry.area.tolist() == [2.25e6, 1.5e6]


class TestSummary:
    def test_it_tells_what_there_is_and_what_there_is_not(self) -> None:
        told = hamlet().summary()
        assert "4 places" in told
        assert "no trains" in told
        assert "straight lines times 1.5" in told

    def test_it_tells_what_people_cannot_go_out_for(self) -> None:
        city = hamlet()
        assert Purpose.SHOPPING in city.lacking
        assert Purpose.SCHOOL not in city.lacking
        assert "no place for: shopping, " in city.summary()
        assert town().lacking == ()
        assert "no place for" not in town().summary()

    def test_it_tells_of_streets_and_stations(self) -> None:
        told = town().summary()
        assert "stations: 5" in told
        assert "junctions" in told
        assert "fictional town" in told
