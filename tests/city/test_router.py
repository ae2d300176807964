"""Trips: which modes are possible, and that their times and costs add up."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.router import Router
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.core.values import Mode, TravelOption
from mesa_llm_city.parameters import CityParameters

# Four cafés on a line; the first and the last are near a station each.
PLACES = Draft.of(["amenity=cafe"] * 4, x=[0.0, 3000.0, 10_000.0, 10_200.0], y=[0.0] * 4).to_places(
    Categories.default()
)
STATIONS = Stations(names=("A", "B"), x=np.array([500.0, 10_000.0]), y=np.zeros(2))
BUILT_IN = [mode.value for mode in Mode]


def router(parameters: CityParameters | None = None) -> Router:
    return Router(PLACES, Skims.constant(1, 1.3), STATIONS, parameters)


def with_modes(**modes: object) -> CityParameters:
    return CityParameters(modes=modes)


def by_mode(options: tuple[TravelOption, ...]) -> dict[str, TravelOption]:
    return {option.mode: option for option in options}


class TestBuiltIn:
    def test_all_five_modes_are_possible_between_stations_in_their_order(self) -> None:
        assert [option.mode for option in router().options(0, 2)] == BUILT_IN

    def test_there_is_no_train_where_the_station_is_too_far(self) -> None:
        assert Mode.TRAIN not in by_mode(router().options(0, 1))

    def test_there_is_no_train_to_the_station_where_the_trip_starts(self) -> None:
        assert Mode.TRAIN not in by_mode(router().options(2, 3))

    def test_there_is_no_train_without_stations(self) -> None:
        none = Stations(names=(), x=np.empty(0), y=np.empty(0))
        rides = Router(PLACES, Skims.constant(1, 1.3), none).options(0, 2)
        assert [option.mode for option in rides] == BUILT_IN[:4]

    def test_to_stay_is_a_walk_of_no_length(self) -> None:
        (stay,) = router().options(1, 1)
        assert (stay.mode, stay.distance_m, stay.minutes) == ("walk", 0.0, 0.0)

    def test_ways_are_straight_lines_times_the_detour(self) -> None:
        walk, bicycle, car, bus, _ = router().options(0, 2)
        assert walk.distance_m == bicycle.distance_m == pytest.approx(13_000.0)
        assert car.distance_m == pytest.approx(13_150.0)
        assert bus.distance_m == pytest.approx(13_500.0)

    def test_a_train_trip_is_walk_ride_and_walk(self) -> None:
        train = router().options(0, 2)[-1]
        walk, ride = 500.0 * 1.3, 9500.0 * 1.2
        assert train.distance_m == pytest.approx(walk + ride)
        assert train.minutes == pytest.approx(walk / 80.0 + 4.0 + ride / (40_000 / 60))
        assert train.access_min == pytest.approx(walk / 80.0 + 4.0)

    def test_access_is_a_part_of_the_time_and_costs_are_fares(self) -> None:
        fares = with_modes(train={"cost_per_trip": 1.5}, bus={"cost_per_trip": 0.8})
        for option in router(fares).options(0, 2):
            assert 0.0 <= option.access_min <= option.minutes
            costs = {"walk": 0.0, "bicycle": 0.0, "bus": 0.8, "train": 1.5}
            assert option.cost == pytest.approx(costs.get(option.mode, 0.1 * 13.0 + 0.5))

    def test_figures_are_plain_floats(self) -> None:
        for option in router().options(0, 2):
            assert {type(option.distance_m), type(option.minutes), type(option.cost)} == {float}

    def test_a_slow_pair_of_zones_slows_the_car_alone(self) -> None:
        slow = Skims(detour=np.full((1, 1), 1.3), pace=np.full((1, 1), 2.0))
        before, after = router().options(0, 2), Router(PLACES, slow, STATIONS).options(0, 2)
        changed = [a.mode for a, b in zip(after, before, strict=True) if a.minutes != b.minutes]
        assert changed == ["car"]


class TestNewModes:
    scooter = with_modes(scooter={"speed_km_h": 15, "access_min": 2, "cost_per_km": 0.9})

    def test_a_scooter_takes_its_access_and_the_way_at_its_speed(self) -> None:
        # 3 km as the crow flies are 3.9 km of street: 2 + 15.6 minutes, 0.9 x 3.9 fares.
        option = router(self.scooter).options(0, 1)[-1]
        assert option.mode == "scooter"
        assert option.minutes == pytest.approx(2.0 + 15.6)
        assert option.access_min == 2.0
        assert option.distance_m == pytest.approx(3900.0)
        assert option.cost == pytest.approx(3.51)

    def test_without_a_detour_three_kilometres_take_two_and_twelve_minutes(self) -> None:
        straight = Router(PLACES, Skims.constant(1, 1.0), STATIONS, self.scooter)
        assert straight.options(0, 1)[-1].minutes == pytest.approx(2.0 + 12.0)

    def test_other_modes_are_as_they_were_and_come_first(self) -> None:
        assert router(self.scooter).options(0, 2)[:5] == router().options(0, 2)

    def test_a_mode_that_is_not_enabled_is_left_out(self) -> None:
        options = router(with_modes(bus={"enabled": False})).options(0, 1)
        assert [option.mode for option in options] == ["walk", "bicycle", "car"]

    def test_another_mode_between_stations_has_its_own_reach_and_speed(self) -> None:
        metro = {"between_stations": True, "speed_km_h": 30, "wait_min": 2, "detour": 1.0}
        near = router(with_modes(metro={**metro, "longest_access_m": 649}))
        assert "metro" not in by_mode(near.options(0, 2))
        far = by_mode(router(with_modes(metro={**metro, "longest_access_m": 651})).options(0, 2))
        # A walk of 650 m at 4.8 km/h, a wait, and 9.5 km at 30 km/h.
        assert far["metro"].minutes == pytest.approx(8.125 + 2.0 + 19.0)

    def test_a_mode_in_traffic_is_as_slow_as_the_streets(self) -> None:
        taxi = with_modes(taxi={"speed_km_h": 30, "in_traffic": True})
        slow = Skims(detour=np.full((1, 1), 1.0), pace=np.full((1, 1), 2.0))
        assert Router(PLACES, slow, STATIONS, taxi).options(0, 1)[-1].minutes == 12.0

    def test_slower_walking_makes_every_access_on_foot_longer(self) -> None:
        slow = by_mode(router(with_modes(walk={"speed_km_h": 2.4})).options(0, 2))
        usual = by_mode(router().options(0, 2))
        assert slow["bus"].access_min - usual["bus"].access_min == pytest.approx(6.25)
        assert slow["train"].access_min - usual["train"].access_min == pytest.approx(8.125)
