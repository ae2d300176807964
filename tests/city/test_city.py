"""A city finds places, ways and opening hours, takes parameters, and can be pickled."""

from __future__ import annotations

import pickle
from dataclasses import fields
from datetime import date, datetime
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city import City, Environment, Event, Zones
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Purpose
from mesa_llm_city.parameters import CityParameters


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
    parameters = CityParameters(city={"travel": {"detour": 1.5}})
    return City(places=located, zones=zones, crs="EPSG:32654", parameters=parameters)


class TestNearby:
    def test_distances_are_straight_lines_times_the_detour(self) -> None:
        near = hamlet().nearby((0.0, 0.0), Purpose.MEAL, radius_m=1000.0)
        assert near.places.tolist() == [1]
        assert near.distance_m.tolist() == [750.0]
        assert near.boost.tolist() == [1.0]

    def test_without_places_in_reach_the_choice_set_is_empty(self) -> None:
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

    def test_a_place_that_somebody_knows_is_never_left_out_of_the_sample(self) -> None:
        here = town().position(0)
        every = town().nearby(here, Purpose.SHOPPING, radius_m=5000.0, k=10_000).places
        known = np.array([every[1], every[2], 10_000_000])
        some = town().nearby(here, Purpose.SHOPPING, radius_m=5000.0, k=5, always=known)
        sampled = town().nearby(here, Purpose.SHOPPING, radius_m=5000.0, k=5).places
        assert set(some.places.tolist()) == {*sampled.tolist(), int(every[1]), int(every[2])}

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
    def test_added_homes_get_the_next_ids_and_a_zone_and_can_be_found(self) -> None:
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

    def test_homes_can_be_found_though_areas_were_asked_for_before(self) -> None:
        city = hamlet()
        assert len(city.areas.of_place) == 4
        city.add_residences(np.array([1800.0]), np.array([0.0]))
        assert len(city.areas.of_place) == 5
        assert city.nearby((1800.0, 0.0), Purpose.SLEEP, radius_m=1.0).places.tolist() == [4]

    def test_no_homes_can_be_added(self) -> None:
        assert len(hamlet().add_residences(np.empty(0), np.empty(0))) == 0


class TestSpace:
    def test_a_point_is_in_the_city_if_a_zone_holds_it(self) -> None:
        inside = hamlet().contains(np.array([0.0, 5000.0]), np.array([0.0, 0.0]))
        assert inside.tolist() == [True, False]

    def test_a_cafe_is_open_in_the_morning_and_closed_at_night(self) -> None:
        cafe = np.array([1])
        assert hamlet().open_now(cafe, date(2024, 5, 6), 600, 660).all()
        assert not hamlet().open_now(cafe, date(2024, 5, 6), 180, 240).any()

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


@pytest.mark.parametrize(("people", "places"), [(10, 300), (1000, 300), (2001, 601)])
def test_a_town_for_more_people_has_more_places_in_proportion(people: int, places: int) -> None:
    parameters = CityParameters().with_(
        {"city.town.usual_places": 300, "city.town.usual_people": 1000}
    )
    made = City.for_people(people, rng=3, parameters=parameters)
    asked = City.synthetic(3, places, parameters=parameters)
    assert made.places.x.tolist() == asked.places.x.tolist()


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
    columns = [field.name for field in fields(Places)]
    assert all(
        np.array_equal(getattr(fresh.places, c), getattr(city.places, c)) for c in columns[:4]
    )


class TestParameters:
    def test_a_city_has_the_default_parameters_unless_given_others(self) -> None:
        assert town().parameters == CityParameters()
        assert hamlet().parameters.city.travel.detour == 1.5

    def test_equal_parameters_give_the_city_itself(self) -> None:
        assert town().with_parameters(CityParameters()) is town()

    def test_other_parameters_give_another_city_that_shares_what_it_can(self) -> None:
        city = City.synthetic(rng=1, places=300)
        slow = city.with_parameters(CityParameters(modes={"walk": {"speed_km_h": 2.4}}))
        assert slow.travel(0, 200)[0].minutes == 2 * city.travel(0, 200)[0].minutes
        assert slow.places is city.places
        assert slow.skims is city.skims
        assert slow.zones is city.zones
        assert city.parameters == CityParameters()

    def test_the_same_parameters_give_the_same_city_again(self) -> None:
        parameters = CityParameters(modes={"walk": {"speed_km_h": 3.0}})
        assert town().with_parameters(parameters) is town().with_parameters(parameters)

    def test_only_the_last_few_cities_are_kept(self) -> None:
        city = hamlet()
        speeds = [CityParameters(modes={"walk": {"speed_km_h": 1.0 + n}}) for n in range(5)]
        first, *_, last = [city.with_parameters(parameters) for parameters in speeds]
        assert city.with_parameters(speeds[-1]) is last
        assert city.with_parameters(speeds[0]) is not first

    def test_residences_added_to_one_city_are_in_no_other(self) -> None:
        city = hamlet()
        parameters = CityParameters(modes={"walk": {"speed_km_h": 3.0}})
        settled = city.with_parameters(parameters)
        settled.add_residences(np.array([10.0]), np.array([10.0]))
        assert (len(settled.places), len(city.places)) == (5, 4)
        assert len(city.with_parameters(parameters).places) == 4

    def test_residences_added_before_are_there_after(self) -> None:
        city = hamlet()
        parameters = CityParameters(modes={"walk": {"speed_km_h": 3.0}})
        city.with_parameters(parameters)
        city.add_residences(np.array([10.0]), np.array([10.0]))
        assert len(city.with_parameters(parameters).places) == 5

    def test_a_new_purpose_finds_its_places_and_lacks_them_without_a_name(self) -> None:
        named = CityParameters(purposes={"worship": {"places": ["amenity=school"]}})
        city = hamlet().with_parameters(named)
        near = city.nearby((0.0, 0.0), "worship", radius_m=2000.0)
        assert near.places.tolist() == [2]
        assert city.supply("worship").weight.tolist() == [1.0]
        assert "worship" not in city.lacking
        assert "worship 1" in city.summary()
        assert city.to_geodataframe().loc[2, "purposes"] == "work school worship"
        unnamed = hamlet().with_parameters(CityParameters(purposes={"worship": {}}))
        assert unnamed.lacking[-1] == "worship"
        assert len(unnamed.nearby((0.0, 0.0), "worship", radius_m=2000.0)) == 0

    def test_what_is_done_at_home_is_never_lacking(self) -> None:
        city = hamlet().with_parameters(CityParameters(purposes={"prayer": {"at_home": True}}))
        assert "prayer" not in city.lacking

    def test_the_detour_without_streets_and_the_size_of_areas_are_parameters(self) -> None:
        small = {"large_m": 100, "cell_m": 100}
        tree = CityParameters(city={"travel": {"detour": 2.0}, "areas": small})
        city = hamlet().with_parameters(tree)
        assert city.distance_m(0, np.array([1])).tolist() == [1000.0]
        assert hamlet().areas.names == ("0", "1")
        assert len(city.areas.names) == 3

    def test_the_greatest_number_of_places_is_a_parameter(self) -> None:
        few = town().with_parameters(CityParameters(mobility={"gravity": {"most_places": 3}}))
        assert len(few.nearby(few.position(0), Purpose.MEAL, radius_m=1e5)) == 3

    def test_rain_is_a_parameter(self) -> None:
        months = dict.fromkeys(range(1, 13), 0.0)
        dry = town().with_parameters(CityParameters(city={"weather": {"rain_mm": months}}))
        hours = [datetime(2024, 6, day, 12) for day in range(1, 29)]  # noqa: DTZ001 - local
        assert any(town().environment.weather_at(hour).is_wet for hour in hours)
        assert not any(dry.environment.weather_at(hour).is_wet for hour in hours)

    def test_a_changed_city_survives_pickling(self) -> None:
        named = CityParameters(purposes={"worship": {"places": ["amenity=school"]}})
        again: City = pickle.loads(pickle.dumps(hamlet().with_parameters(named)))
        assert again.parameters == named
        assert again.supply("worship").places.tolist() == [2]


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
    def test_it_says_what_there_is_and_what_is_missing(self) -> None:
        told = hamlet().summary()
        assert "4 places" in told
        assert "no trains" in told
        assert "straight lines times 1.5" in told

    def test_it_says_what_people_cannot_leave_home_for(self) -> None:
        city = hamlet()
        assert Purpose.SHOPPING in city.lacking
        assert Purpose.SCHOOL not in city.lacking
        assert "no place for: shopping, " in city.summary()
        assert town().lacking == ()
        assert "no place for" not in town().summary()

    def test_it_says_how_many_streets_and_stations_there_are(self) -> None:
        told = town().summary()
        assert "stations: 5" in told
        assert "junctions" in told
        assert "fictional town" in told
