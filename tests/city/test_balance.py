"""Balance: visits follow attraction, also of places far away or among many others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mesa_llm_city import City
from mesa_llm_city.city.balance import balance_factors
from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters, ParameterError
from mesa_llm_city.parameters.city import BalanceParameters

PURPOSES = {"shopping": CityParameters().purposes["shopping"]}


def street(*east_m: float) -> Places:
    """Return a home at 0 and shops at distances from it."""
    kinds = ["home"] + ["shop=supermarket"] * len(east_m)
    return Draft.of(kinds, x=[0.0, *east_m], y=[0.0] * len(kinds)).to_places(Categories.default())


def balance(**changes: Any) -> BalanceParameters:  # noqa: ANN401
    """Return parameters by which people set out from home, and every place is in reach."""
    usual: dict[str, Any] = {"from_work": 0.0, "damping": 1.0, "reaches_m": (10_000.0,)}
    return BalanceParameters(**(usual | changes))


def factors(places: Places, attraction: list[float], **changes: Any) -> Float:  # noqa: ANN401
    parameters = balance(**changes)
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


def test_few_places_for_a_purpose_share_its_visits_by_attraction() -> None:
    kinds = ["home", "amenity=post_office", "amenity=post_office", *["shop=supermarket"] * 2]
    table = Draft.of(kinds, x=[0.0, 200.0, 800.0, 300.0, 600.0], y=[0.0] * 5)
    places = table.to_places(Categories.default())
    attraction = np.array([1.0, 1.0, 3.0, 1000.0, 1000.0])
    purposes = {name: CityParameters().purposes[name] for name in ("shopping", "errand")}
    parameters = balance(most=10.0)
    near, far = (attraction * balance_factors(places, attraction, purposes, parameters))[1:3]
    # The post offices have their visits, however little they draw beside the shops.
    assert (far / 800.0) / (near / 200.0) == pytest.approx(3.0, rel=1e-3)


def test_factors_have_a_bound_and_short_ways_count_as_the_least() -> None:
    assert factors(street(100.0, 9000.0), [1.0] * 3, most=2.0)[1:] == pytest.approx([0.5, 2.0])
    assert factors(street(1.0, 50.0), [1.0] * 3)[1:] == pytest.approx([1.0, 1.0])


def test_nothing_is_balanced_in_no_rounds_or_where_nobody_lives_or_nothing_draws() -> None:
    places = street(200.0, 800.0)
    assert (factors(places, [1.0] * 3, rounds=0) == 1.0).all()
    assert (factors(places, [1.0, 0.0, 0.0]) == 1.0).all()
    shops = Draft.of(["shop=supermarket"] * 2, x=[0.0, 500.0], y=[0.0, 0.0])
    assert (factors(shops.to_places(Categories.default()), [1.0, 2.0]) == 1.0).all()


def test_what_begins_at_no_hour_of_the_parameters_is_left_out_and_weekdays_are_enough() -> None:
    places, parameters = street(200.0, 800.0), balance()
    shopping = PURPOSES["shopping"]
    for hours, expected in (("08:30-09:30", [1.0, 1.0]), ("Mo-Fr 09:00-17:00", [0.5, 2.0])):
        asked = {"shopping": shopping.model_copy(update={"hours": hours})}
        found = balance_factors(places, np.ones(3), asked, parameters)
        assert found[1:] == pytest.approx(expected)


def test_places_out_of_reach_of_many_draw_the_others_more() -> None:
    # A third of the visits reach the near shop alone; it has a sixth of the visits yet to get.
    reaches = (500.0, 1000.0, 1000.0)
    near, far = factors(street(200.0, 800.0), [1.0] * 3, reaches_m=reaches, rounds=50)[1:]
    share = (near / 200.0) / (near / 200.0 + far / 800.0)
    assert 1.0 / 3.0 + 2.0 / 3.0 * share == pytest.approx(0.5, abs=0.01)
    # What nobody reaches has no visits to be balanced.
    assert (factors(street(200.0, 800.0), [1.0] * 3, reaches_m=(100.0,)) == 1.0).all()


def test_distances_of_which_none_is_above_0_are_refused() -> None:
    for reaches in ((), (0.0,), (500.0, -1.0)):
        with pytest.raises(ParameterError, match="distances above 0 m"):
            BalanceParameters(reaches_m=reaches)


def test_hours_that_no_day_has_are_refused() -> None:
    for hours in ((), (24,), (-1, 12)):
        with pytest.raises(ParameterError, match="whole hours from 0 to 23"):
            BalanceParameters(hours=hours)


def test_places_without_homes_are_balanced_by_workplaces() -> None:
    kinds = ["office", "shop=supermarket", "shop=supermarket"]
    table = Draft.of(kinds, x=[0.0, 200.0, 800.0], y=[0.0] * 3, jobs=[9.0, 0.0, 0.0])
    places, parameters = table.to_places(Categories.default()), balance(from_work=1.0)
    found = balance_factors(places, np.ones(3), PURPOSES, parameters)
    assert found[1:] == pytest.approx([0.5, 2.0])


def test_a_city_balances_attraction_only_where_places_draw_differently() -> None:
    city = City.synthetic(rng=3, places=300, stations=0)
    assert not np.array_equal(city.pull, city.attraction)
    tree = city.parameters
    alike = city.with_parameters(tree.with_("city.attraction.estimated", value=False))
    assert (alike.pull == 1.0).all()
    plain = city.with_parameters(tree.with_("city.balance.rounds", 0))
    np.testing.assert_array_equal(plain.pull, plain.attraction)
