"""How alike two people are: in what can be seen of them, and in what they like to do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.population import Persona

__all__ = ["gower_similarity", "overlap", "shared_interests", "similarity"]

_AGE_RANGE = 40.0


def gower_similarity(
    age_gap: ArrayLike, *matches: ArrayLike, age_range: float = _AGE_RANGE
) -> Float:
    """Return the demographic similarity of people.

    The mean over age and the other features, of which age counts
    ``1 - |gap| / age_range`` and is cut at 0, and each of the others 1 if it
    agrees and 0 if not (Gower's general coefficient [1]_).

    Parameters
    ----------
    age_gap : array_like
        Difference of ages in years.
    *matches : array_like
        Agreement in each further feature, in [0, 1].
    age_range : float, default 40.0
        Difference from which ages have nothing in common; an assumption.

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
    >>> gower_similarity([0, 20, 60], [1, 0, 0])
    array([1.  , 0.25, 0.  ])
    """
    near = np.maximum(1.0 - np.abs(np.asarray(age_gap, dtype=np.float64)) / age_range, 0.0)
    alike = near
    for match in matches:
        alike = alike + np.asarray(match, dtype=np.float64)
    return alike / (1 + len(matches))


def overlap(one: ArrayLike, other: ArrayLike) -> Float:
    """Return the proportion that two ways to share out time have in common.

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


def similarity(one: Persona, others: Sequence[Persona]) -> Float:
    """Return how like `one` each of `others` is, shape (k,), in [0, 1].

    By age, gender, education and occupation (see `gower_similarity`), the traits
    along which people are most often found to flock together, after race and
    religion, of which a persona says nothing (McPherson et al. 2001, see
    `initial_tie`). Weights are equal; an assumption.
    """
    return gower_similarity(
        [other.age - one.age for other in others],
        [other.gender is one.gender for other in others],
        [other.education is one.education for other in others],
        [other.occupation is one.occupation for other in others],
    )


def shared_interests(one: Persona, other: Persona) -> float:
    """Return how alike two people's interests are, in [0, 1].

    The mean of the share of hobbies they have in common (Jaccard's coefficient,
    0 if neither has any) and of the `overlap` of their preferences.
    """
    common = sum(hobby in other.hobbies for hobby in one.hobbies)
    either = len(one.hobbies) + len(other.hobbies) - common
    hobbies = common / either if either else 0.0
    purposes = dict.fromkeys((*one.preferences, *other.preferences))
    likes, other_likes = (
        [person.preferences.of(purpose, 0.0) for purpose in purposes] for person in (one, other)
    )
    return 0.5 * hobbies + 0.5 * float(overlap(likes, other_likes))
