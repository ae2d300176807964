"""How far people go in the time there is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.mobility import least_stay_min, least_stays_min, radii_m, radius_m
from mesa_llm_city.parameters import CityParameters
from tests.mobility.new_kinds import with_new_kinds

DEFAULT = CityParameters()


def reach(
    purpose: str,
    minutes: float,
    *,
    age: int = 30,
    has_car: bool = False,
    wet: bool = False,
    parameters: CityParameters = DEFAULT,
) -> float:
    return radius_m(purpose, minutes, age=age, has_car=has_car, wet=wet, parameters=parameters)


def test_a_lunch_break_leaves_a_walk_of_twelve_minutes_each_way() -> None:
    assert reach("meal", 45.0) == 12.5 * 75.0


def test_with_more_time_people_ride_and_with_a_car_they_drive() -> None:
    assert reach("leisure", 80.0) == 25.0 * 180.0
    assert reach("leisure", 80.0, has_car=True) == 25.0 * 260.0


def test_children_and_the_very_old_stay_close() -> None:
    assert reach("leisure", 300.0, age=9, has_car=True) == 1500.0
    assert reach("leisure", 300.0, age=85, has_car=True) == 1500.0


def test_rain_takes_a_third_off() -> None:
    assert reach("sport", 120.0, wet=True) == 0.67 * reach("sport", 120.0)


@given(st.sampled_from(list(DEFAULT.purposes)), st.floats(0.0, 600.0), st.integers(0, 110))
def test_a_place_within_300_metres_is_always_in_reach(
    purpose: str, minutes: float, age: int
) -> None:
    assert 300.0 <= reach(purpose, minutes, age=age, has_car=True) <= 8000.0
    assert least_stay_min(purpose, DEFAULT) >= 5


def test_a_purpose_may_have_a_reach_of_its_own() -> None:
    far = with_new_kinds().with_("purposes.worship.reach_m", 20_000.0)
    near = with_new_kinds().with_("purposes.worship.reach_m", 200.0)
    assert reach("worship", 600.0, has_car=True, parameters=far) == 20_000.0
    assert reach("worship", 600.0, age=9, has_car=True, parameters=far) == 1500.0
    assert reach("worship", 600.0, has_car=True, parameters=near) == 200.0


def test_a_purpose_that_the_parameters_do_not_name_has_the_defaults_of_a_row() -> None:
    assert least_stay_min("worship", DEFAULT) == 15
    assert reach("worship", 45.0) == reach("worship", 45.0, parameters=with_new_kinds())


def test_many_persons_reach_as_far_as_each_alone() -> None:
    tree, rng, count = with_new_kinds(), np.random.default_rng(1), 200
    names = [*tree.purposes, "unheard of"]
    purpose = rng.integers(-1, len(tree.purposes), count)
    minutes, age = rng.uniform(0.0, 400.0, count), rng.integers(0, 100, count)
    has_car, wet = rng.random((2, count)) < 0.5
    radii = radii_m(purpose, minutes, age=age, has_car=has_car, wet=wet, parameters=tree)
    for row in range(count):
        alone = radius_m(
            names[purpose[row]],
            minutes[row],
            age=age[row],
            has_car=has_car[row],
            wet=wet[row],
            parameters=tree,
        )
        assert alone == radii[row]
    stays = [least_stay_min(names[one], tree) for one in purpose.tolist()]
    assert least_stays_min(purpose, tree).tolist() == stays
