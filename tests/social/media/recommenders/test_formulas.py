"""Scores of posts: hand-worked numbers and properties."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from mesa_llm_city.social.media.recommenders import crowd_utility, hot_score, recency_weight
from mesa_llm_city.social.media.recommenders.formulas import products


def test_ten_times_the_votes_make_up_for_the_scale_of_age() -> None:
    older, newer = hot_score([1000, 100], [0, 0], [0.0, 12.5], scale_h=12.5)
    assert older == pytest.approx(newer)
    assert older == pytest.approx(3.0)


def test_votes_against_lower_a_post_below_one_without_votes() -> None:
    assert hot_score(0, 10, 0.0, scale_h=12.5) == pytest.approx(-1.0)
    assert hot_score([0, 1], [0, 0], [0.0, 0.0], scale_h=12.5).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("age", [0.0, 1.0, 24.0, 100.0, 171.0])
def test_the_weight_by_age_is_that_of_oasis(age: float) -> None:
    expected = log((100.0 * exp(1.0) - age) / 100.0)
    assert recency_weight(age, scale_h=100.0) == pytest.approx(expected, abs=1e-12)


def test_posts_from_the_future_count_as_new() -> None:
    assert recency_weight(-5.0, scale_h=100.0) == pytest.approx(1.0)


def test_the_odds_of_a_post_rise_with_its_count_to_the_power_of_the_weight() -> None:
    utility = crowd_utility([0, 99], weight=0.5)
    assert np.exp(utility[1] - utility[0]) == pytest.approx(100.0**0.5)


def test_products_are_those_of_each_person_with_the_posts_of_their_row() -> None:
    rng = np.random.default_rng(7)
    profiles, vectors = rng.normal(size=(1200, 3)), rng.normal(size=(50, 3))
    rows = rng.integers(-1, 50, size=(1200, 4))
    found = products(profiles, vectors, rows)
    expected = np.einsum("vd,vcd->vc", profiles, vectors[rows])
    assert np.allclose(found, np.where(rows < 0, 0.0, expected), atol=1e-8)


def test_posts_without_a_vector_yet_have_the_product_zero() -> None:
    assert products(np.ones((1, 2)), np.ones((3, 2)), np.array([[2, 3, -1]])).tolist() == [
        [2, 0, 0]
    ]
    assert products(np.ones((1, 2)), np.ones((0, 2)), np.array([[0]])).tolist() == [[0]]
