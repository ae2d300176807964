"""Preferences and hobbies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.schedules.free_time import draw_hobbies, draw_preferences

CITY = CityParameters()
FREE_TIME, HOBBIES = CITY.population.free_time, CITY.population.hobbies
PURPOSES = tuple(FREE_TIME.mean)
EVEN = dict.fromkeys(PURPOSES, np.full(500, 0.2))


def _draws(n: int = 500) -> Float:
    return np.random.default_rng(1).random((n, len(HOBBIES) + 1))


def _hobbies(
    age: int, shares: dict[str, Float] = EVEN, city: CityParameters = CITY
) -> list[tuple[str, ...]]:
    hobbies = city.population.hobbies
    return draw_hobbies(
        np.full(500, age),
        shares,
        np.random.default_rng(1).random((500, len(hobbies) + 1)),
        hobbies=hobbies,
        purposes=city.purposes,
        parameters=city.population.free_time,
    )


@given(st.integers(0, 2**32 - 1))
def test_shares_are_twentieths_that_add_up_to_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = draw_preferences(rng.integers(1, 4, (50, 5)), rng.standard_normal((50, 5)), FREE_TIME)
    assert (np.abs(shares * 20 - np.round(shares * 20)) < 1e-9).all()
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert (shares >= 0).all()


def test_people_of_medium_traits_and_no_deviation_like_the_mean() -> None:
    shares = draw_preferences(np.full((1, 5), 2), np.zeros((1, 5)), FREE_TIME)
    # 20 x (0.20, 0.10, 0.20, 0.12, 0.38) = (4, 2, 4, 2.4, 7.6): the largest remainder is of rest.
    assert (20 * shares[0]).round().tolist() == [4, 2, 4, 2, 8]


def test_the_mean_is_a_parameter_and_can_name_further_purposes() -> None:
    city = CityParameters(
        purposes={"worship": {}}, population={"free_time": {"mean": {"worship": 1.0}}}
    )
    shares = draw_preferences(np.full((1, 5), 2), np.zeros((1, 6)), city.population.free_time)
    assert list(city.population.free_time.mean) == [*PURPOSES, "worship"]
    # Half of the weights, which add up to 2, are those of worship.
    assert shares[0, 5] == pytest.approx(0.5)


def test_outgoing_people_spend_more_time_with_others() -> None:
    draws = np.random.default_rng(1).standard_normal((1000, 5))
    traits = np.full((1000, 5), 2)
    reserved, outgoing = traits.copy(), traits.copy()
    reserved[:, 2], outgoing[:, 2] = 1, 3
    social = PURPOSES.index("social")
    less, more = (
        draw_preferences(one, draws, FREE_TIME)[:, social].mean() for one in (reserved, outgoing)
    )
    assert more > 1.5 * less


def test_the_tilt_by_personality_is_a_parameter() -> None:
    branch = "population.free_time"
    flat = CITY.with_({f"{branch}.extraversion.{purpose}": 0.0 for purpose in PURPOSES})
    flat = flat.with_(f"{branch}.spread", 0.0)
    traits = np.array([[2, 2, 1, 2, 2], [2, 2, 3, 2, 2]])
    reserved, outgoing = draw_preferences(traits, np.ones((2, 5)), flat.population.free_time)
    assert reserved.tolist() == outgoing.tolist()


def test_everybody_has_one_to_four_different_hobbies() -> None:
    for age in (0, 10, 40, 90):
        for hobbies in _hobbies(age):
            assert 1 <= len(hobbies) <= 4
            assert len(set(hobbies)) == len(hobbies)
            assert set(hobbies) <= set(HOBBIES)


def test_the_greatest_number_of_hobbies_is_a_parameter() -> None:
    city = CITY.with_("population.free_time.most_hobbies", 2)
    assert {len(one) for one in _hobbies(40, city=city)} == {1, 2}


def test_children_do_not_go_to_bars() -> None:
    assert all("bars" not in hobbies for hobbies in _hobbies(12))


def test_hobbies_follow_preferences() -> None:
    sporty = {purpose: np.full(500, float(purpose == "sport")) for purpose in PURPOSES}
    drawn = _hobbies(30, sporty)
    assert {HOBBIES[hobby].purpose for hobbies in drawn for hobby in hobbies} == {"sport"}


@pytest.mark.parametrize(("weight", "is_drawn"), [(0.0, False), (1.0, True)])
def test_a_hobby_of_a_new_purpose_is_liked_as_much_as_its_specification_says(
    weight: float, *, is_drawn: bool
) -> None:
    city = CityParameters(
        purposes={"worship": {"free_time_weight": weight}},
        population={"hobbies": {"choir": {"purpose": "worship"}}},
    )
    assert any("choir" in one for one in _hobbies(40, city=city)) is is_drawn
