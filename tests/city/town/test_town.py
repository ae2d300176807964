"""The synthetic town: the same for a seed, plausible, and changed by its parameters."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.city.city import City
from mesa_llm_city.city.town import synthetic_city
from mesa_llm_city.city.town.place_mix import RESIDENTIAL
from mesa_llm_city.city.town.place_names import AREAS, NOUNS, STREET_NAMES
from mesa_llm_city.city.town.streets import river_y
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Mode, Purpose
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.city.town import PLACE_KINDS


@cache
def town() -> City:
    return synthetic_city(0)


def test_a_seed_makes_the_same_town_again() -> None:
    one, two = synthetic_city(5, 400), synthetic_city(5, 400)
    assert one.places.name == two.places.name
    assert np.array_equal(one.places.x, two.places.x)
    assert one.zones.names == two.zones.names
    assert np.array_equal(one.streets, two.streets)


def test_another_seed_makes_another_town() -> None:
    assert synthetic_city(5, 400).places.name != synthetic_city(6, 400).places.name


@pytest.mark.slow
@settings(max_examples=12)
@given(st.integers(0, 2**32), st.integers(200, 2500), st.sampled_from([0, 2, 5, 9]))
def test_every_town_is_whole(seed: int, places: int, stations: int) -> None:
    city = synthetic_city(seed, places, stations=stations)
    assert abs(len(city.places) - places) <= 45
    assert len(city.stations) == stations
    assert len(set(city.stations.names)) == stations
    assert len(set(city.zones.names)) == len(city.zones)
    assert city.contains(city.places.x, city.places.y).all()
    at_home = {Purpose.HOUSEWORK, Purpose.CARE_OF_OTHERS}
    assert all(len(city.supply(p).places) for p in set(Purpose) - at_home - {Purpose.TRAVEL})
    assert np.isfinite(city.skims.detour).all()


class TestDefault:
    def test_half_of_its_places_are_homes(self) -> None:
        assert 1500 <= len(town().supply(Purpose.SLEEP).places) <= 2000

    def test_there_is_about_one_job_for_two_residents(self) -> None:
        jobs, residents = np.sum(town().places.jobs), np.sum(town().places.residents)
        assert 0.4 < jobs / residents < 0.8

    def test_it_is_a_few_kilometres_across(self) -> None:
        west, south, east, north = town().bounds
        assert 5000 < east - west < 9000
        assert 5000 < north - south < 9000

    def test_it_is_denser_in_the_middle(self) -> None:
        shops = town().supply(Purpose.SHOPPING)
        away = np.hypot(shops.x - np.median(shops.x), shops.y - np.median(shops.y))
        homes = town().supply(Purpose.SLEEP)
        home_away = np.hypot(homes.x - np.median(shops.x), homes.y - np.median(shops.y))
        assert np.median(away) < 0.8 * np.median(home_away)

    def test_no_door_opens_into_the_river(self) -> None:
        x, y = town().places.x - 500_000.0, town().places.y - 5_370_000.0
        assert np.abs(y - river_y(x, 3300.0)).min() > CityParameters().city.town.river_half_width_m

    def test_job_sizes_are_skewed(self) -> None:
        jobs = town().supply(Purpose.WORK).weight
        assert np.max(jobs) > 20 * np.median(jobs)

    def test_zones_tile_the_town_and_count_its_people(self) -> None:
        zones = town().zones
        whole = shapely.area(shapely.union_all(zones.polygons))
        assert np.sum(zones.area_m2) == pytest.approx(whole, rel=1e-6)
        assert np.sum(zones.population) == pytest.approx(np.sum(town().places.residents))

    def test_the_train_runs_for_some_trips(self) -> None:
        homes = town().supply(Purpose.SLEEP).places.tolist()
        trips = [town().travel(*pair) for pair in pairwise(homes[::5])]
        trains = [trip for trip in trips if trip[-1].mode == Mode.TRAIN]
        assert 0.05 < len(trains) / len(trips) < 0.6

    def test_streets_make_ways_longer_than_straight_lines(self) -> None:
        assert 1.1 < np.median(town().skims.detour) < 1.5

    def test_one_station_is_central(self) -> None:
        assert "Central Station" in town().stations.names


def test_every_kind_has_words_for_its_names() -> None:
    assert set(PLACE_KINDS) - set(RESIDENTIAL) == set(NOUNS)


def test_words_do_not_repeat() -> None:
    assert len(set(AREAS)) == len(AREAS)
    assert len(set(STREET_NAMES)) == len(STREET_NAMES)


@pytest.mark.parametrize(("places", "stations"), [(10, 5), (500, 1), (500, -2)])
def test_too_few_places_and_a_single_station_are_refused(places: int, stations: int) -> None:
    with pytest.raises(ConfigError, match="must be"):
        synthetic_city(0, places, stations=stations)


def told(**town: object) -> CityParameters:
    return CityParameters(city={"town": town})


class TestParameters:
    def test_an_even_number_of_zones_for_a_thousand_places_is_met(self) -> None:
        assert len(synthetic_city(3, 500, parameters=told(zones_per_1000=30)).zones) == 15

    def test_a_large_town_has_no_more_zones_than_asked_for(self) -> None:
        few = CityParameters.from_dotted({"city.town.most_zones": 7})
        assert len(synthetic_city(1, 1000, parameters=few).zones) == 7

    def test_a_kind_can_be_more_common_or_absent(self) -> None:
        kinds = {"amenity=bank": {"per_1000": 40}, "amenity=cinema": {"per_1000": 0}}
        city = synthetic_city(3, 500, parameters=told(kinds=kinds))
        found = [city.places[place].category for place in range(len(city.places))]
        assert (found.count("amenity=bank"), found.count("amenity=cinema")) == (20, 0)

    def test_a_smaller_radius_makes_a_smaller_town(self) -> None:
        small = synthetic_city(3, 500, parameters=told(radius_m=1650))
        west, _, east, _ = synthetic_city(3, 500).bounds
        assert small.bounds[2] - small.bounds[0] == pytest.approx((east - west) / 2, rel=0.2)


class TestNewPurpose:
    named = CityParameters(purposes={"worship": {"places": ["amenity=place_of_worship"]}})
    made = CityParameters(purposes={"retreat": {"places": ["*=hut", "amenity=monastery"]}})

    def test_it_takes_places_that_the_town_has(self) -> None:
        before, after = synthetic_city(3, 600), synthetic_city(3, 600, parameters=self.named)
        churches = after.supply("worship").places.tolist()
        assert len(churches) == 3
        assert {after.places[one].category for one in churches} == {"amenity=place_of_worship"}
        assert len(after.places) == len(before.places)

    def test_places_of_another_kind_are_added_and_the_rest_stays_as_it_was(self) -> None:
        before, after = synthetic_city(3, 1500), synthetic_city(3, 1500, parameters=self.made)
        count = len(before.places)
        # 2 among 1000 places.
        assert after.supply("retreat").places.tolist() == [count, count + 1, count + 2]
        assert after.places.name[:count] == before.places.name
        assert np.array_equal(after.places.x[:count], before.places.x)
        assert after.zones.names == before.zones.names
        assert after.travel(0, 700) == before.travel(0, 700)
        assert after.contains(after.places.x, after.places.y).all()
        assert after.places[count].name.endswith("Monastery")
        assert after.places[count].purposes == ("retreat",)
        assert after.open_now(np.array([count]), date(2024, 5, 6), 0, 1440).all()

    def test_how_many_are_added_is_a_parameter(self) -> None:
        many = self.made.with_("city.town.other_kind.per_1000", 10)
        assert len(synthetic_city(3, 600, parameters=many).supply("retreat").places) == 6

    def test_a_town_that_was_made_before_gets_the_same_places(self) -> None:
        early = synthetic_city(3, 600, parameters=self.made)
        late = synthetic_city(3, 600).with_parameters(self.made)
        assert late.places.name == early.places.name
        assert np.array_equal(late.places.y, early.places.y)

    def test_a_purpose_that_names_no_kind_finds_no_place(self) -> None:
        city = synthetic_city(3, 300, parameters=CityParameters(purposes={"dream": {}}))
        assert city.lacking == ("dream",)
