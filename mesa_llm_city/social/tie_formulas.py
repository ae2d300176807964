"""The formulas of ties: how they begin, change and fade, and how a partner is drawn.

A tie is three beliefs in [0, 1] about another person, in the order affinity, trust,
familiarity (CitySim, sec. 3.3). The paper gives the dimensions, the rule of drawing a
partner, and that outcomes change all three beliefs; it gives no constants.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.core.values import Float

__all__ = [
    "belief_score",
    "faded_familiarity",
    "initial_tie",
    "partner_probabilities",
    "updated_tie",
]


def initial_tie(start: ArrayLike, similarity: ArrayLike, homophily: ArrayLike) -> Float:
    """Return the tie with which two people begin.

    ``start + homophily (similarity - 0.5)``, clipped to [0, 1]: a relation gives the
    level, similarity shifts it (CitySim, sec. 3.3: "demographic similarity and
    relationships"). That similar people have closer ties is homophily [1]_.

    Parameters
    ----------
    start : array_like, shape (..., 3)
        Tie of the relation at a similarity of 0.5.
    similarity : array_like, shape (..., 1) or ()
        Similarity of the two, in [0, 1].
    homophily : array_like, shape (3,)
        Difference between a similarity of 1 and of 0.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Ties in [0, 1]; all inputs broadcast.

    References
    ----------
    .. [1] McPherson, Smith-Lovin and Cook (2001), Birds of a feather: homophily
       in social networks. Annu. Rev. Sociol. 27, 415-444.

    Examples
    --------
    >>> initial_tie([0.4, 0.4, 0.5], 0.9, [0.3, 0.15, 0.0])
    array([0.52, 0.46, 0.5 ])
    """
    shift = np.multiply(homophily, np.asarray(similarity, dtype=np.float64) - 0.5)
    return np.minimum(np.maximum(np.asarray(start, dtype=np.float64) + shift, 0.0), 1.0)


def updated_tie(tie: ArrayLike, step: ArrayLike) -> Float:
    """Return a tie after an encounter.

    Each belief moves by a share of the remaining distance: to 1 if its step is positive,
    to 0 if it is negative. So beliefs stay within [0, 1], and a strong tie gains little.

    Parameters
    ----------
    tie : array_like, shape (..., 3)
        Beliefs before, in [0, 1].
    step : array_like, shape (..., 3)
        Shares of the distance, in [-1, 1].

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Beliefs after; both inputs broadcast.

    Examples
    --------
    >>> updated_tie([0.5, 0.4, 0.2], [0.1, -0.15, 0.05])
    array([0.55, 0.34, 0.24])
    """
    before, share = np.asarray(tie, dtype=np.float64), np.asarray(step, dtype=np.float64)
    return before + np.where(share > 0.0, share * (1.0 - before), share * before)


def faded_familiarity(familiarity: ArrayLike, floor: ArrayLike, share: ArrayLike) -> Float:
    """Return familiarity after some time without contact.

    The part above the level of the relation shrinks by `share`:
    ``floor + (1 - share) (familiarity - floor)``. Like beliefs about places, familiarity
    returns to its initial level; colleagues who never talk still know each other as
    colleagues. In the paper ties do not change without contact; [1]_ observed that
    closeness decreases.

    Parameters
    ----------
    familiarity, floor : array_like
        Current level, and the level of the relation; in [0, 1].
    share : array_like
        Share that is lost, in [0, 1]; for n days it is ``1 - (1 - fade) ** n``.

    Returns
    -------
    ndarray of float64
        All three broadcast.

    References
    ----------
    .. [1] Roberts and Dunbar (2011), The costs of family and friends: an
       18-month longitudinal study of relationship maintenance and decay. Evol.
       Hum. Behav. 32(3), 186-197.

    Examples
    --------
    >>> faded_familiarity([0.9, 0.5], 0.5, 0.25)
    array([0.8, 0.5])
    """
    level = np.asarray(floor, dtype=np.float64)
    return level + (1.0 - np.asarray(share)) * (np.asarray(familiarity, dtype=np.float64) - level)


def belief_score(tie: ArrayLike) -> Float:
    """Return the score ``b_uv`` of a tie: the mean of its three beliefs.

    The paper draws by "current belief score" and does not say how three beliefs become
    one; the mean is what it uses for places (CitySim, appendix A).

    Parameters
    ----------
    tie : array_like, shape (..., 3)
        Beliefs in [0, 1].

    Returns
    -------
    ndarray of float64, shape (...)
        Scores in [0, 1].

    Examples
    --------
    >>> belief_score([[0.6, 0.5, 0.4], [1.0, 1.0, 1.0]])
    array([0.5, 1. ])
    """
    # By columns, so that the result is the same for one tie as for many.
    beliefs = np.asarray(tie, dtype=np.float64)
    score: Float = (beliefs[..., 0] + beliefs[..., 1] + beliefs[..., 2]) / 3.0
    return score


def partner_probabilities(belief: ArrayLike) -> Float:
    """Return the probability of each person in reach to be drawn as partner.

    ``p_v = b_uv / sum_v' b_uv'`` over the people in reach (CitySim, sec. 3.3).

    Parameters
    ----------
    belief : array_like, shape (..., k)
        Scores, not negative (see `belief_score`).

    Returns
    -------
    ndarray of float64, shape (..., k)
        Probabilities that sum to 1 along the last axis.

    Raises
    ------
    ChoiceError
        If nobody is in reach, or all scores are 0.

    Examples
    --------
    >>> partner_probabilities([0.6, 0.2, 0.0])
    array([0.75, 0.25, 0.  ])
    """
    score = np.asarray(belief, dtype=np.float64)
    total: Float = score.sum(axis=-1, keepdims=True)
    if score.shape[-1:] in {(), (0,)} or not (total > 0.0).all():
        message = f"nobody can be drawn with belief scores {score}; give at least one above 0"
        raise ChoiceError(message)
    return score / total
