"""Balance: visits follow attraction, also of places far away or among many others."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.city.balance import balance_factors
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.city import BalanceParameters

PURPOSES = {"shopping": CityParameters().purposes["shopping"]}


def street(*east_m: float) -> Places:
    """Return a home at 0 and shops at distances from it."""
    kinds = ["home"] + ["shop=supermarket"] * len(east_m)
    return Draft.of(kinds, x=[0.0, *east_m], y=[0.0] * len(kinds)).to_places(Categories.default())


def factors(places: Places, attraction: list[float], **changes: float) -> Float:
    alone = {"from_work": 0.0, "damping": 1.0}
    parameters = BalanceParameters(**(alone | changes))  # type: ignore[arg-type]
    return balance_factors(places, np.array(attraction), PURPOSES, parameters)


def test_the_factors_of_shops_make_up_for_their_distance() -> None:
    near, far = factors(street(200.0, 800.0), [1.0, 1.0, 1.0])[1:]
    # Visits go by factor / distance; they are even if the factors are 1 to 4 (mean of logs 0).
    assert [near, far] == pytest.approx([0.5, 2.0])


def test_visits_are_in_proportion_to_attraction() -> None:
    attraction = np.array([1.0, 3.0, 1.0])
    found = factors(street(200.0, 800.0), attraction.tolist())
    visits = (attraction * found)[1:] / [200.0, 800.0]
    assert visits[0] / visits[1] == pytest.approx(3.0, rel=1e-5)


def test_factors_have_a_bound_and_short_ways_count_as_the_least() -> None:
    assert factors(street(100.0, 9000.0), [1.0] * 3, most=2.0)[1:] == pytest.approx([0.5, 2.0])
    assert factors(street(1.0, 50.0), [1.0] * 3)[1:] == pytest.approx([1.0, 1.0])


def test_nothing_is_balanced_in_no_rounds_or_where_nobody_lives_or_nothing_draws() -> None:
    places = street(200.0, 800.0)
    assert (factors(places, [1.0] * 3, rounds=0) == 1.0).all()
    assert (factors(places, [1.0, 0.0, 0.0]) == 1.0).all()
    shops = Draft.of(["shop=supermarket"] * 2, x=[0.0, 500.0], y=[0.0, 0.0])
    assert (factors(shops.to_places(Categories.default()), [1.0, 2.0]) == 1.0).all()


def test_a_city_balances_attraction_only_where_places_draw_differently() -> None:
    city = City.synthetic(rng=3, places=300, stations=0)
    assert (city.pull == 1.0).all()
    tree = city.parameters.with_("city.attraction.estimated", value=True)
    told = city.with_parameters(tree)
    assert not np.array_equal(told.pull, told.attraction)
    plain = city.with_parameters(tree.with_("city.balance.rounds", 0))
    np.testing.assert_array_equal(plain.pull, plain.attraction)
