"""Similarity of one pair after another, in a form that is compiled (see `kernels`).

The functions do what those of `similarity` do in NumPy, in the same order of operations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.shares import code_of
from mesa_llm_city.social.similarity import Interests, SimilarityTraits

__all__ = ["interests_in_common", "similarity_of_two"]

_TRAITS = len(SimilarityTraits._fields)
_ONE = np.uint64(1)


def similarity_of_two(traits: SimilarityTraits, one: int, other: int, age_range: float) -> float:
    """Return how similar two rows are (see `similarity_rows`).

    Parameters
    ----------
    traits : SimilarityTraits
        By what people are alike.
    one, other : int
        The rows.
    age_range : float
        Difference from which ages have nothing in common, in years.
    """
    gap = abs(int(traits.age[other]) - int(traits.age[one]))
    alike = max(1.0 - gap / age_range, 0.0)
    alike += 1.0 if traits.gender[other] == traits.gender[one] else 0.0
    alike += 1.0 if traits.education[other] == traits.education[one] else 0.0
    alike += 1.0 if traits.occupation[other] == traits.occupation[one] else 0.0
    return alike / _TRAITS


def interests_in_common(interests: Interests, one: int, other: int, hobby_weight: float) -> float:
    """Return how alike the interests of two rows are (see `shared_interests_rows`).

    Parameters
    ----------
    interests : Interests
        What people like to do.
    one, other : int
        The rows.
    hobby_weight : float
        Weight of hobbies; the rest is that of preferences.
    """
    common, either = 0, 0
    for word in range(interests.hobbies.shape[1]):
        first, second = interests.hobbies[one, word], interests.hobbies[other, word]
        common += _bit_count(first & second)
        either += _bit_count(first | second)
    less, more = 0, 0
    for purpose in range(interests.likes.shape[1]):
        first_likes = _liking_code(interests.likes, one, purpose)
        second_likes = _liking_code(interests.likes, other, purpose)
        less += min(first_likes, second_likes)
        more += max(first_likes, second_likes)
    overlap = less / more if more > 0 else 1.0
    return hobby_weight * (common / max(either, 1)) + (1.0 - hobby_weight) * overlap


def _liking_code(likes: NDArray[np.float32], row: int, purpose: int) -> int:
    liking = float(likes[row, purpose])
    return 0 if np.isnan(liking) else code_of(liking)


def _bit_count(word: np.uint64) -> int:
    count = 0
    while word != 0:
        word &= word - _ONE
        count += 1
    return count
