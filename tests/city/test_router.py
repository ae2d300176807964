"""Trips: which modes are possible, and that they add up."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.router import Router
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.travel import TravelConfig
from mesa_llm_city.core.values import Mode

# Four cafés on a line; the first and the last are near a station each.
PLACES = Draft.of(["amenity=cafe"] * 4, x=[0.0, 3000.0, 10_000.0, 10_200.0], y=[0.0] * 4).to_places(
    Categories.default()
)
STATIONS = Stations(names=("A", "B"), x=np.array([500.0, 10_000.0]), y=np.zeros(2))
CONFIG = TravelConfig()


def router(config: TravelConfig = CONFIG) -> Router:
    return Router(PLACES, Skims.constant(1, 1.3), STATIONS, config)


def test_all_five_modes_are_possible_between_stations_in_their_order() -> None:
    assert [option.mode for option in router().options(0, 2)] == list(Mode)


def test_there_is_no_train_where_the_station_is_too_far() -> None:
    assert Mode.TRAIN not in [option.mode for option in router().options(0, 1)]


def test_there_is_no_train_to_the_station_one_starts_from() -> None:
    assert Mode.TRAIN not in [option.mode for option in router().options(2, 3)]


def test_there_is_no_train_without_stations() -> None:
    none = Stations(names=(), x=np.empty(0), y=np.empty(0))
    rides = Router(PLACES, Skims.constant(1, 1.3), none, CONFIG).options(0, 2)
    assert [option.mode for option in rides] == list(Mode)[:4]


def test_to_stay_is_a_walk_of_no_length() -> None:
    (stay,) = router().options(1, 1)
    assert (stay.mode, stay.distance_m, stay.minutes) == (Mode.WALK, 0.0, 0.0)


def test_ways_are_straight_lines_times_the_detour() -> None:
    walk, bicycle, car, bus, _ = router().options(0, 2)
    assert walk.distance_m == bicycle.distance_m == pytest.approx(13_000.0)
    assert car.distance_m == pytest.approx(13_150.0)
    assert bus.distance_m == pytest.approx(13_500.0)


def test_a_train_trip_is_walk_ride_and_walk() -> None:
    train = router().options(0, 2)[-1]
    walk, ride = 500.0 * 1.3, 9500.0 * 1.2
    assert train.distance_m == pytest.approx(walk + ride)
    assert train.minutes == pytest.approx(walk / 80.0 + 4.0 + ride / (40_000 / 60))
    assert train.access_min == pytest.approx(walk / 80.0 + 4.0)


def test_access_is_a_part_of_the_time_and_costs_are_fares() -> None:
    for option in router(TravelConfig(train_fare=1.5, bus_fare=0.8)).options(0, 2):
        assert 0.0 <= option.access_min <= option.minutes
        fares = {Mode.WALK: 0.0, Mode.BICYCLE: 0.0, Mode.BUS: 0.8, Mode.TRAIN: 1.5}
        assert option.cost == pytest.approx(fares.get(option.mode, 0.1 * 13.0 + 0.5))


def test_figures_are_plain_floats() -> None:
    for option in router().options(0, 2):
        assert {type(option.distance_m), type(option.minutes), type(option.cost)} == {float}


def test_a_slow_pair_of_zones_slows_the_car_alone() -> None:
    slow = Skims(detour=np.full((1, 1), 1.3), pace=np.full((1, 1), 2.0))
    before, after = router().options(0, 2), Router(PLACES, slow, STATIONS, CONFIG).options(0, 2)
    changed = [a.mode for a, b in zip(after, before, strict=True) if a.minutes != b.minutes]
    assert changed == [Mode.CAR]
