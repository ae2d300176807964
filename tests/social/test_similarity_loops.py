"""Interests of one pair after another, as of many pairs."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.parameters.social import SimilarityParameters
from mesa_llm_city.social.similarity import Interests, shared_interests_rows
from mesa_llm_city.social.similarity_loops import interests_in_common


def test_two_people_have_as_much_in_common_alone_as_among_many() -> None:
    rng, numbers = np.random.default_rng(3), SimilarityParameters()
    likes = rng.random((60, 4)).astype(np.float32)
    likes[rng.random(likes.shape) < 0.3] = np.nan
    hobbies = rng.integers(0, 2**10, (60, 2)).astype(np.uint64)
    everybody = Interests(likes, hobbies)
    others = np.roll(np.arange(60), 7)
    expected = shared_interests_rows(everybody, everybody.take(others), parameters=numbers)
    found = [
        interests_in_common(everybody, one, other, numbers.hobby_weight)
        for one, other in enumerate(others.tolist())
    ]
    assert found == expected.tolist()


def test_what_nothing_is_known_of_counts_as_not_liked() -> None:
    likes = np.array([[np.nan, 0.5], [0.0, 0.25]], dtype=np.float32)
    both = Interests(likes, np.zeros((2, 1), dtype=np.uint64))
    assert interests_in_common(both, 0, 1, 0.0) == 0.5
