"""Similarity of people: by hand, symmetric, and between 0 and 1."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.parameters.social import SimilarityParameters
from mesa_llm_city.population import Preferences
from mesa_llm_city.social import (
    demographic_similarity,
    gower_similarity,
    overlap,
    shared_interests,
)
from tests.social.people import aya, ben, cora

WEIGHTS = arrays(np.float64, 5, elements=st.floats(0.0, 1.0))


def test_people_who_agree_in_everything_have_a_similarity_of_1() -> None:
    assert demographic_similarity(aya(), [aya()]).tolist() == [1.0]


def test_a_case_worked_by_hand() -> None:
    # 4 of 40 years and another gender; 37 of 40 years and the gender only.
    expected = [(0.9 + 3.0) / 4.0, (1.0 - 37.0 / 40.0 + 1.0) / 4.0]
    np.testing.assert_allclose(demographic_similarity(aya(), [ben(), cora()]), expected)


@given(st.integers(0, 120), st.booleans(), st.booleans())
def test_similarity_is_between_0_and_1(gap: int, one: object, other: object) -> None:
    alike = float(gower_similarity(gap, bool(one), bool(other), age_range=40.0))
    assert 0.0 <= alike <= 1.0


def test_similarity_is_symmetric() -> None:
    for one, other in ((aya(), ben()), (ben(), cora())):
        assert demographic_similarity(one, [other]) == demographic_similarity(other, [one])
        assert shared_interests(one, other) == shared_interests(other, one)


@given(WEIGHTS, WEIGHTS)
def test_overlap_is_symmetric_and_a_share(one: np.ndarray, other: np.ndarray) -> None:
    common = float(overlap(one, other))
    assert 0.0 <= common <= 1.0
    assert common == float(overlap(other, one))
    assert float(overlap(one, one)) == 1.0


def test_interests_are_half_hobbies_and_half_preferences() -> None:
    # One hobby of three in common, preferences the same.
    assert shared_interests(aya(), ben()) == pytest.approx(0.5 / 3.0 + 0.5)


def test_people_without_hobbies_share_none() -> None:
    bare = replace(cora(), hobbies=(), habits=replace(cora().habits, preferences=Preferences()))
    assert shared_interests(bare, bare) == 0.5


def test_the_range_of_ages_and_the_weight_of_hobbies_are_parameters() -> None:
    numbers = SimilarityParameters(age_range=8.0, hobby_weight=1.0)
    # 4 of 8 years and the rest the same; one hobby of three.
    expected = (0.5 + 3.0) / 4.0
    assert demographic_similarity(aya(), [ben()], parameters=numbers).tolist() == [expected]
    assert shared_interests(aya(), ben(), parameters=numbers) == pytest.approx(1.0 / 3.0)
