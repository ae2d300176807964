"""The formulas of travel, by hand-worked numbers and by their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.city.travel import (
    TravelConfig,
    bicycle_min,
    bus_min,
    car_cost,
    car_min,
    circuity,
    moving_min,
    rail_m,
    train_access_min,
    train_min,
)
from mesa_llm_city.core.errors import ConfigError

CONFIG = TravelConfig()
metres = st.floats(0.0, 1e5)


class TestByHand:
    def test_walking_1200_m_takes_a_quarter_of_an_hour(self) -> None:
        assert moving_min(1200.0, CONFIG.walk_km_h) == pytest.approx(15.0)

    def test_a_bicycle_adds_its_access(self) -> None:
        assert bicycle_min(6500.0, CONFIG) == pytest.approx(32.0)

    def test_a_car_adds_walk_and_parking(self) -> None:
        assert car_min(10_000.0, 1.0, CONFIG) == pytest.approx(24.0 + 1.875 + 4.0)

    def test_a_slow_street_takes_longer_by_its_pace(self) -> None:
        assert car_min(10_000.0, 1.5, CONFIG) == pytest.approx(36.0 + 5.875)

    def test_a_bus_adds_two_walks_and_a_wait(self) -> None:
        assert bus_min(5000.0, CONFIG) == pytest.approx(20.0 + 6.25 + 6.0)

    def test_a_train_adds_two_walks_and_a_wait(self) -> None:
        ride = rail_m(10_000.0, CONFIG)
        assert ride == pytest.approx(12_000.0)
        assert train_access_min(800.0, CONFIG) == pytest.approx(14.0)
        assert train_min(800.0, ride, CONFIG) == pytest.approx(32.0)

    def test_a_car_costs_by_the_kilometre_and_to_park(self) -> None:
        assert car_cost(5000.0, CONFIG) == pytest.approx(1.0)

    def test_a_way_is_never_shorter_than_the_straight_line_nor_three_times_as_long(self) -> None:
        ways, straight = np.array([50.0, 130.0, 900.0, 5.0]), np.array([100.0, 100.0, 100.0, 0.0])
        assert circuity(ways, straight).tolist() == [1.0, 1.3, 3.0, 1.0]


class TestProperties:
    @given(metres, metres)
    def test_a_longer_way_takes_longer_by_every_mode(self, a: float, b: float) -> None:
        near, far = min(a, b), max(a, b)
        for minutes in (bicycle_min, bus_min):
            assert minutes(near, CONFIG) <= minutes(far, CONFIG)
        assert car_min(near, 1.0, CONFIG) <= car_min(far, 1.0, CONFIG)
        assert train_min(near, near, CONFIG) <= train_min(near, far, CONFIG)

    @given(st.lists(metres, min_size=1, max_size=5))
    def test_columns_give_what_single_trips_give(self, ways: list[float]) -> None:
        column = np.array(ways)
        assert bus_min(column, CONFIG).tolist() == [bus_min(way, CONFIG) for way in ways]
        cars = car_min(column, np.ones(len(ways)), CONFIG)
        assert cars.tolist() == [car_min(way, 1.0, CONFIG) for way in ways]


def test_every_impossible_figure_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        TravelConfig(walk_km_h=0.0, detour=0.5, bus_fare=-1.0)
    for name in ("walk_km_h must be above 0", "detour must be at least 1", "bus_fare must not be"):
        assert name in str(caught.value)
