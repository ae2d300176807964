"""Places: the utility of the village relative to the city."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
from mesa_llm_city.parameters.migration import PushPullParameters


def around(**changed: float) -> Surroundings:
    plain = {
        "city_wage": 48_000.0,
        "village_wage": 24_000.0,
        "city_price": 1.0,
        "subsidy": 0.0,
        "distance_km": 0.0,
    }
    return Surroundings(**{name: np.array([one]) for name, one in {**plain, **changed}.items()})


def test_equal_real_incomes_without_a_distance_have_a_utility_of_0() -> None:
    even = around(city_wage=36_000.0, city_price=1.5)
    assert place_utility(even).tolist() == pytest.approx([0.0])


def test_a_value_worked_by_hand() -> None:
    (value,) = place_utility(around(subsidy=6_000.0, city_price=1.2, distance_km=100.0))
    assert value == pytest.approx(1.5 * log(30.0 * 1.2 / 48.0) + 0.1 * log(2.0))


@given(st.floats(1.0, 1e5), st.floats(1.0, 1e5))
def test_a_larger_subsidy_increases_the_utility_of_the_village(some: float, more: float) -> None:
    assert place_utility(around(subsidy=some)) < place_utility(around(subsidy=some + more))


@pytest.mark.parametrize(
    ("name", "higher"),
    [("city_wage", False), ("village_wage", True), ("city_price", True), ("distance_km", True)],
)
def test_each_number_has_the_right_sign(name: str, *, higher: bool) -> None:
    plain, changed = place_utility(around()), place_utility(around(**{name: 70_000.0}))
    assert bool(changed > plain) is higher


def test_all_defects_are_listed() -> None:
    one: Float = np.ones(2)
    with pytest.raises(DataError, match=r"(?s)3 defects.*village_wage.*subsidy.*distance_km"):
        Surroundings(
            city_wage=one,
            village_wage=0.0 * one,
            city_price=one,
            subsidy=-one,
            distance_km=np.ones(3),
        )


def test_the_unit_of_distance_is_a_parameter() -> None:
    (value,) = place_utility(
        around(village_wage=48_000.0, distance_km=300.0), PushPullParameters(distance_km=300.0)
    )
    assert value == pytest.approx(0.1 * log(2.0))
