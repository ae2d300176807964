"""The formulas of travel, by hand-worked numbers and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city.travel import (
    access_min,
    circuity,
    moving_min,
    rail_m,
    ride_min,
    trip_cost,
)
from mesa_llm_city.parameters import CityParameters, ModeSpec

MODES = CityParameters().modes
WALK_KM_H = MODES["walk"].speed_km_h
metres = st.floats(0.0, 1e5)
rows = st.sampled_from([*MODES.values(), ModeSpec(speed_km_h=15, in_traffic=True)])


class TestByHand:
    def test_walking_1200_m_takes_a_quarter_of_an_hour(self) -> None:
        assert moving_min(1200.0, WALK_KM_H) == pytest.approx(15.0)

    def test_a_bicycle_takes_two_minutes_to_unlock_and_park(self) -> None:
        bicycle = MODES["bicycle"]
        assert ride_min(6500.0, bicycle) == pytest.approx(30.0)
        assert access_min(bicycle.access_m, bicycle, WALK_KM_H) == 2.0

    def test_a_car_takes_a_walk_of_150_m_and_parking(self) -> None:
        car = MODES["car"]
        assert ride_min(10_000.0, car) == pytest.approx(24.0)
        assert access_min(car.access_m, car, WALK_KM_H) == pytest.approx(1.875 + 4.0)

    def test_a_slow_street_slows_cars_and_not_buses(self) -> None:
        assert ride_min(10_000.0, MODES["car"], 1.5) == pytest.approx(36.0)
        assert ride_min(5000.0, MODES["bus"], 1.5) == ride_min(5000.0, MODES["bus"])

    def test_a_bus_takes_two_walks_and_a_wait(self) -> None:
        bus = MODES["bus"]
        assert ride_min(5000.0, bus) == pytest.approx(20.0)
        assert access_min(bus.access_m, bus, WALK_KM_H) == pytest.approx(6.25 + 6.0)

    def test_a_train_takes_two_walks_and_a_wait(self) -> None:
        train = MODES["train"]
        ride = rail_m(10_000.0, train)
        assert ride == pytest.approx(12_000.0)
        assert ride_min(ride, train) == pytest.approx(18.0)
        assert access_min(800.0, train, WALK_KM_H) == pytest.approx(14.0)

    def test_a_car_costs_by_the_kilometre_and_to_park(self) -> None:
        assert trip_cost(5000.0, MODES["car"]) == pytest.approx(1.0)

    def test_a_ticket_costs_the_same_for_any_way(self) -> None:
        assert trip_cost(5000.0, MODES["bus"]) == trip_cost(1.0, MODES["bus"]) == 1.0

    def test_a_detour_is_at_least_1_and_at_most_the_longest(self) -> None:
        ways, straight = np.array([50.0, 130.0, 900.0, 5.0]), np.array([100.0, 100.0, 100.0, 0.0])
        assert circuity(ways, straight, 3.0).tolist() == [1.0, 1.3, 3.0, 1.0]


class TestProperties:
    @given(metres, metres, rows)
    def test_a_longer_way_takes_longer_and_costs_no_less(
        self, a: float, b: float, mode: ModeSpec
    ) -> None:
        near, far = min(a, b), max(a, b)
        assert ride_min(near, mode, 1.5) <= ride_min(far, mode, 1.5)
        assert access_min(near, mode, WALK_KM_H) <= access_min(far, mode, WALK_KM_H)
        assert trip_cost(near, mode) <= trip_cost(far, mode)

    @given(st.lists(metres, min_size=1, max_size=5), rows)
    def test_columns_give_what_single_trips_give(self, ways: list[float], mode: ModeSpec) -> None:
        column, pace = np.array(ways), np.full(len(ways), 1.5)
        assert ride_min(column, mode, pace).tolist() == [ride_min(way, mode, 1.5) for way in ways]
        costs = trip_cost(column, mode) + np.zeros(len(ways))
        assert costs.tolist() == [trip_cost(way, mode) for way in ways]
