"""Similarity of people: of their demographic features, and of their interests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.shares import Codes, coded_shares
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.parameters.social import SimilarityParameters
from mesa_llm_city.population import Education, Gender, Occupation, Persona

__all__ = [
    "Interests",
    "SimilarityTraits",
    "demographic_similarity",
    "gower_similarity",
    "overlap",
    "shared_interests",
    "shared_interests_rows",
    "similarity_rows",
]

_GENDERS = {one: code for code, one in enumerate(Gender)}
_EDUCATIONS = {one: code for code, one in enumerate(Education)}
_OCCUPATIONS = {one: code for code, one in enumerate(Occupation)}
_WORD_BITS = 64
_WORD = 2**_WORD_BITS - 1


def gower_similarity(age_gap: ArrayLike, *matches: ArrayLike, age_range: float) -> Float:
    """Return the similarity of people by age and other features.

    The mean over all features: age counts ``max(1 - |gap| / age_range, 0)``, each of the
    others 1 if it is the same and 0 if not (Gower's general coefficient [1]_).

    Parameters
    ----------
    age_gap : array_like
        Difference of ages, in years.
    *matches : array_like
        Agreement in each further feature, in [0, 1].
    age_range : float
        Difference from which ages have nothing in common, in years.

    Returns
    -------
    ndarray of float64
        Similarity in [0, 1]; all inputs broadcast.

    References
    ----------
    .. [1] Gower (1971), A general coefficient of similarity and some of its
       properties. Biometrics 27(4), 857-871.

    Examples
    --------
    >>> gower_similarity([0, 20, 60], [1, 0, 0], age_range=40.0)
    array([1.  , 0.25, 0.  ])
    """
    near = np.maximum(1.0 - np.abs(np.asarray(age_gap, dtype=np.float64)) / age_range, 0.0)
    alike = near
    for match in matches:
        alike = alike + np.asarray(match, dtype=np.float64)
    return alike / (1 + len(matches))


def overlap(one: ArrayLike, other: ArrayLike) -> Float:
    """Return how much two distributions of time have in common.

    ``sum min(p_i, q_i) / sum max(p_i, q_i)`` (Ruzicka similarity, the form of
    Jaccard's coefficient [1]_ for weights).

    Parameters
    ----------
    one, other : array_like, shape (..., k)
        Weights, not negative.

    Returns
    -------
    ndarray of float64, shape (...)
        Overlap in [0, 1], 1 for equal weights, also where all are 0; both inputs
        broadcast.

    References
    ----------
    .. [1] Jaccard (1912), The distribution of the flora in the alpine zone. New
       Phytologist 11(2), 37-50.

    Examples
    --------
    >>> float(overlap([0.5, 0.5, 0.0], [0.5, 0.0, 0.5]).round(3))
    0.333
    """
    common, either = _added(np.minimum(one, other)), _added(np.maximum(one, other))
    return np.divide(common, either, out=np.ones_like(either), where=either > 0.0)


def _added(weights: Float) -> Float:
    """Return sums along the last axis that weights of 0 among the others do not change."""
    if not weights.shape[-1]:
        return np.zeros(weights.shape[:-1])
    # From the first to the last; `sum` would add in an order that depends on their number.
    return np.asarray(np.cumsum(weights, axis=-1, dtype=np.float64)[..., -1])


def demographic_similarity(
    one: Persona, others: Sequence[Persona], *, parameters: SimilarityParameters | None = None
) -> Float:
    """Return how similar each of `others` is to `one`.

    By age, gender, education and occupation with equal weights (see `gower_similarity`).
    These are the traits for which homophily is found most often, after race and religion,
    which a persona does not have (McPherson et al. 2001, see `initial_tie`). Equal weights
    are an assumption.

    Parameters
    ----------
    one : Persona
        The person to compare with.
    others : sequence of Persona, length k
        The people compared.
    parameters : SimilarityParameters, optional
        Reads ``age_range``.

    Returns
    -------
    ndarray of float64, shape (k,)
        Similarity in [0, 1].
    """
    numbers = parameters or default_parameters().social.similarity
    return gower_similarity(
        [other.age - one.age for other in others],
        [other.gender is one.gender for other in others],
        [other.education is one.education for other in others],
        [other.occupation is one.occupation for other in others],
        age_range=numbers.age_range,
    )


def shared_interests(
    one: Persona, other: Persona, *, parameters: SimilarityParameters | None = None
) -> float:
    """Return how alike the interests of two people are, in [0, 1].

    The weighted mean of the share of hobbies they have in common (Jaccard's coefficient,
    0 if neither has any) and of the `overlap` of their preferences. Weights are assumptions.

    Parameters
    ----------
    one, other : Persona
        The two people.
    parameters : SimilarityParameters, optional
        Reads ``hobby_weight``.
    """
    numbers = parameters or default_parameters().social.similarity
    both = Interests.of((one, other))
    first, second = both.take(slice(0, 1)), both.take(slice(1, 2))
    return float(shared_interests_rows(first, second, parameters=numbers)[0])


class SimilarityTraits(NamedTuple):
    """What the demographic similarity of n people depends on, in columns.

    Attributes
    ----------
    age : ndarray of int, shape (n,)
        In years.
    gender, education, occupation : ndarray of int, shape (n,)
        Codes; equal codes are alike.
    """

    age: NDArray[np.integer]
    gender: NDArray[np.integer]
    education: NDArray[np.integer]
    occupation: NDArray[np.integer]

    @classmethod
    def of(cls, people: Sequence[Persona]) -> Self:
        """Return the traits of persons, in their order; codes are positions in the enumerations."""
        return cls(
            np.array([one.age for one in people], dtype=np.int64),
            np.array([_GENDERS[one.gender] for one in people], dtype=np.int8),
            np.array([_EDUCATIONS[one.education] for one in people], dtype=np.int8),
            np.array([_OCCUPATIONS[one.occupation] for one in people], dtype=np.int8),
        )

    def take(self, rows: Int) -> Self:
        """Return some of the people."""
        return type(self)(*(column[rows] for column in self))


class Interests(NamedTuple):
    """What n people like, in columns.

    Attributes
    ----------
    likes : ndarray of float32, shape (n, p)
        How much each likes each of p purposes, in [0, 1]; NaN where nothing is known, which
        counts as 0. Two people are compared in 60,000ths (see `core.shares`), of which sums are
        whole numbers: they do not depend on the order of purposes.
    hobbies : ndarray of uint64, shape (n, w)
        Hobbies as bits, in words of 64.
    """

    likes: NDArray[np.float32]
    hobbies: NDArray[np.uint64]

    @classmethod
    def of(cls, people: Sequence[Persona]) -> Self:
        """Return the interests of persons, in their order, whose bits and columns are comparable.

        Purposes and hobbies have the order of their names.
        """
        purposes = sorted({name for one in people for name in one.preferences})
        names = sorted({name for one in people for name in one.hobbies})
        bit = {name: at for at, name in enumerate(names)}
        likes = [[one.preferences.of(name, np.nan) for name in purposes] for one in people]
        words = []
        for one in people:
            # One whole number of as many bits as there are hobbies, in words of 64.
            number = sum({1 << bit[name] for name in one.hobbies})
            words.append([number >> first & _WORD for first in range(0, len(names), _WORD_BITS)])
        hobbies = np.array(words, dtype=np.uint64).reshape(
            len(people), -(-len(names) // _WORD_BITS)
        )
        weights = np.array(likes, dtype=np.float32)
        return cls(weights.reshape(len(people), len(purposes)), hobbies)

    def take(self, rows: Int | slice) -> Self:
        """Return some of the people."""
        if isinstance(rows, slice):
            return type(self)(self.likes[rows], self.hobbies[rows])
        return type(self)(self.likes.take(rows, axis=0), self.hobbies.take(rows, axis=0))


def similarity_rows(
    one: SimilarityTraits, other: SimilarityTraits, *, parameters: SimilarityParameters
) -> Float:
    """Return how similar each of m people is to another (see `demographic_similarity`).

    Parameters
    ----------
    one, other : SimilarityTraits
        Traits of m people, and of m others.
    parameters : SimilarityParameters
        Reads ``age_range``.

    Returns
    -------
    ndarray of float64, shape (m,)
        Similarity in [0, 1].
    """
    return gower_similarity(
        np.subtract(other.age, one.age, dtype=np.int64),
        other.gender == one.gender,
        other.education == one.education,
        other.occupation == one.occupation,
        age_range=parameters.age_range,
    )


def shared_interests_rows(
    one: Interests, other: Interests, *, parameters: SimilarityParameters
) -> Float:
    """Return how alike the interests of each of m people and of another are, in [0, 1].

    Parameters
    ----------
    one, other : Interests
        Interests of m people, and of m others, with the same columns.
    parameters : SimilarityParameters
        Reads ``hobby_weight``; the rest is the weight of preferences.

    Returns
    -------
    ndarray of float64, shape (m,)
        The weighted mean of the share of hobbies in common, 0 if neither has any, and of the
        `overlap` of preferences.
    """
    weight = parameters.hobby_weight
    common = np.bitwise_count(one.hobbies & other.hobbies).sum(axis=-1, dtype=np.int64)
    either = np.bitwise_count(one.hobbies | other.hobbies).sum(axis=-1, dtype=np.int64)
    hobbies = common / np.maximum(either, 1)
    liked = overlap(_liking_codes(one.likes), _liking_codes(other.likes))
    alike: Float = weight * hobbies + (1.0 - weight) * liked
    return alike


def _liking_codes(likes: NDArray[np.float32]) -> Codes:
    return coded_shares(np.nan_to_num(likes, nan=0.0))
