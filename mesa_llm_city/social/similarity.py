"""Similarity of people: of their demographic features, and of their interests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.parameters.social import SimilarityParameters
from mesa_llm_city.population import Persona

__all__ = ["demographic_similarity", "gower_similarity", "overlap", "shared_interests"]


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
    common: Float = np.asarray(np.minimum(one, other).sum(axis=-1), dtype=np.float64)
    either: Float = np.asarray(np.maximum(one, other).sum(axis=-1), dtype=np.float64)
    return np.divide(common, either, out=np.ones_like(either), where=either > 0.0)


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
    weight = (parameters or default_parameters().social.similarity).hobby_weight
    common = sum(hobby in other.hobbies for hobby in one.hobbies)
    either = len(one.hobbies) + len(other.hobbies) - common
    hobbies = common / either if either else 0.0
    purposes = dict.fromkeys((*one.preferences, *other.preferences))
    likes, other_likes = (
        [person.preferences.of(purpose, 0.0) for purpose in purposes] for person in (one, other)
    )
    return weight * hobbies + (1.0 - weight) * float(overlap(likes, other_likes))
