"""How far one goes in the time there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import Purpose
from mesa_llm_city.mobility import least_stay_min, radius_m


def test_a_lunch_break_leaves_a_walk_of_twelve_minutes_each_way() -> None:
    assert radius_m(Purpose.MEAL, 45.0, age=30, has_car=False) == 12.5 * 75.0


def test_with_more_time_one_rides_and_with_a_car_one_drives() -> None:
    by_bus = radius_m(Purpose.LEISURE, 80.0, age=30, has_car=False)
    by_car = radius_m(Purpose.LEISURE, 80.0, age=30, has_car=True)
    assert (by_bus, by_car) == (25.0 * 180.0, 25.0 * 260.0)


def test_children_and_the_very_old_stay_close() -> None:
    assert radius_m(Purpose.LEISURE, 300.0, age=9, has_car=True) == 1500.0
    assert radius_m(Purpose.LEISURE, 300.0, age=85, has_car=True) == 1500.0


def test_rain_takes_a_third_off() -> None:
    dry = radius_m(Purpose.SPORT, 120.0, age=30, has_car=False)
    assert radius_m(Purpose.SPORT, 120.0, age=30, has_car=False, wet=True) == 0.67 * dry


@given(st.sampled_from(list(Purpose)), st.floats(0.0, 600.0), st.integers(0, 110))
def test_something_within_300_metres_is_always_in_reach(
    purpose: Purpose, minutes: float, age: int
) -> None:
    assert 300.0 <= radius_m(purpose, minutes, age=age, has_car=True) <= 8000.0
    assert least_stay_min(purpose) >= 5
