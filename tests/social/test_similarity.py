"""How alike people are: hand-worked, symmetric, and within nought and one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.population import Preferences
from mesa_llm_city.social import gower_similarity, overlap, shared_interests, similarity
from tests.social.people import aya, ben, cora

WEIGHTS = arrays(np.float64, 5, elements=st.floats(0.0, 1.0))


def test_people_who_agree_in_all_are_wholly_alike() -> None:
    assert similarity(aya(), [aya()]).tolist() == [1.0]


def test_a_worked_case() -> None:
    # Four years of forty apart and else the same; thirty-seven years, and gender only.
    expected = [(0.9 + 3.0) / 4.0, (1.0 - 37.0 / 40.0 + 1.0) / 4.0]
    np.testing.assert_allclose(similarity(aya(), [ben(), cora()]), expected)


@given(st.integers(0, 120), st.booleans(), st.booleans())
def test_it_lies_within_nought_and_one(gap: int, one: object, other: object) -> None:
    alike = float(gower_similarity(gap, bool(one), bool(other)))
    assert 0.0 <= alike <= 1.0


def test_likeness_is_mutual() -> None:
    for one, other in ((aya(), ben()), (ben(), cora())):
        assert similarity(one, [other]) == similarity(other, [one])
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


def test_who_has_no_hobby_shares_none() -> None:
    bare = replace(cora(), hobbies=(), habits=replace(cora().habits, preferences=Preferences()))
    assert shared_interests(bare, bare) == 0.5
