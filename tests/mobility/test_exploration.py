"""Exploration and preferential return: probabilities, and what place choice makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.values import ChoiceSet, Float
from mesa_llm_city.mobility import (
    GravityChoice,
    PlaceHistory,
    exploration_probability,
    explore_or_return,
)
from mesa_llm_city.parameters import CityParameters

FOUR = ChoiceSet(
    places=np.array([10, 11, 12, 13]),
    distance_m=np.array([200.0, 600.0, 400.0, 800.0]),
    category=np.zeros(4, dtype=np.int64),
    boost=np.ones(4),
)


class Opinions:
    """Believes 0.8 of the third place and 0.4 of the others."""

    def attractiveness(self, _: ChoiceSet) -> Float:
        return np.array([0.4, 0.4, 0.8, 0.4])

    def uncertainty(self, _: ChoiceSet) -> Float:
        return np.full(4, 0.25)


def test_the_probability_of_a_new_place_falls_with_the_number_of_known_ones() -> None:
    # 0.6 * 32 ** -0.21 = 0.6 * 0.4830
    assert exploration_probability(32, rho=0.6) == pytest.approx(0.2898, abs=1e-4)
    assert exploration_probability(1, rho=0.6) == 0.6
    assert exploration_probability(0, rho=0.0) == 1.0


def test_the_probability_of_a_new_place_stays_between_0_and_1() -> None:
    assert exploration_probability(5, rho=-0.1) == 0.0
    assert exploration_probability(1, rho=1.2) == 1.0


@given(
    visits=st.lists(st.integers(0, 9), min_size=1, max_size=8),
    explores=st.floats(0.0, 1.0),
)
def test_known_and_new_places_share_the_probability(visits: list[int], explores: float) -> None:
    counts = np.array(visits)
    likely = explore_or_return(np.full(len(counts), 0.3), counts, np.ones(len(counts)), explores)
    assert likely.sum() == pytest.approx(1.0)
    if (counts == 0).any() and (counts > 0).any():
        assert likely[counts == 0].sum() == pytest.approx(explores)


def test_where_nothing_is_known_gravity_alone_decides() -> None:
    history = PlaceHistory(np.zeros(4, dtype=np.int64), 0.2)
    choice = GravityChoice()
    np.testing.assert_allclose(
        choice.probabilities(FOUR, Opinions(), history), choice.probabilities(FOUR, Opinions())
    )


def test_a_known_place_is_returned_to_by_visits_and_liking() -> None:
    history = PlaceHistory(np.array([0, 3, 1, 0]), 0.3)
    likely = GravityChoice().probabilities(FOUR, Opinions(), history)
    assert likely[[0, 3]].sum() == pytest.approx(0.3)
    # Places 0 and 3 are liked alike, 200 and 800 m away, the unit being 500 m.
    assert likely[0] / likely[3] == pytest.approx(4.0**0.8)
    assert likely[1] / likely[2] == pytest.approx(3 * 0.401 / 0.801)


def test_without_liking_people_return_in_proportion_to_visits() -> None:
    as_published = CityParameters().with_("mobility.exploration.liking", 0.0)
    history = PlaceHistory(np.array([0, 3, 1, 0]), 0.3)
    likely = GravityChoice(as_published).probabilities(FOUR, Opinions(), history)
    assert likely[1:3].tolist() == pytest.approx([0.525, 0.175])
