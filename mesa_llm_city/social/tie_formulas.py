"""The formulas of ties: how they begin, move and fade, and whom they make one talk to.

A tie is three beliefs in [0, 1] about another person, in the order affinity,
trust, familiarity (CitySim, sec. 3.3). The paper gives the dimensions, the rule
of drawing a partner, and that outcomes move all three; it gives no constants.
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
    "moved_tie",
    "partner_probabilities",
]


def initial_tie(start: ArrayLike, similarity: ArrayLike, homophily: ArrayLike) -> Float:
    """Return the tie with which two people begin.

    ``start + homophily (similarity - 0.5)``, cut to [0, 1]: a relation gives the
    level, likeness shifts it (CitySim, sec. 3.3: "demographic similarity and
    relationships"). That people who are alike tie more closely is homophily [1]_.

    Parameters
    ----------
    start : array_like, shape (..., 3)
        Tie of the relation between people neither alike nor unlike.
    similarity : array_like, shape (..., 1) or ()
        Likeness, in [0, 1].
    homophily : array_like, shape (3,)
        Difference that likeness makes from 0 to 1.

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


def moved_tie(tie: ArrayLike, step: ArrayLike) -> Float:
    """Return a tie after an encounter.

    Each belief goes a share of the way that is left: to 1 if its step is
    positive, to 0 if it is negative. So beliefs stay within [0, 1], and a tie
    that is strong already gains little.

    Parameters
    ----------
    tie : array_like, shape (..., 3)
        Beliefs before, in [0, 1].
    step : array_like, shape (..., 3)
        Shares of the way, in [-1, 1].

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Beliefs after; both inputs broadcast.

    Examples
    --------
    >>> moved_tie([0.5, 0.4, 0.2], [0.1, -0.15, 0.05])
    array([0.55, 0.34, 0.24])
    """
    before, share = np.asarray(tie, dtype=np.float64), np.asarray(step, dtype=np.float64)
    return before + np.where(share > 0.0, share * (1.0 - before), share * before)


def faded_familiarity(familiarity: ArrayLike, floor: ArrayLike, share: ArrayLike) -> Float:
    """Return familiarity after some time without contact.

    What goes beyond the level of the relation shrinks by `share`:
    ``floor + (1 - share) (familiarity - floor)``. Like beliefs about places,
    familiarity drifts to what it was; colleagues who never speak still know
    each other as colleagues. The paper lets ties rest; that closeness falls
    without contact was observed by [1]_.

    Parameters
    ----------
    familiarity, floor : array_like
        Now, and that of the relation; in [0, 1].
    share : array_like
        Share forgotten, in [0, 1]; for n days it is ``1 - (1 - fade) ** n``.

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

    The paper draws by "current belief score" without saying how three become
    one; the mean is what it takes for places (CitySim, appendix A).

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
    """Return how likely each person in reach is to become the partner.

    ``p_v = b_uv / sum_v' b_uv'`` over the people eligible (CitySim, sec. 3.3).

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
        If there is nobody, or every score is 0.

    Examples
    --------
    >>> partner_probabilities([0.6, 0.2, 0.0])
    array([0.75, 0.25, 0.  ])
    """
    score = np.asarray(belief, dtype=np.float64)
    total: Float = score.sum(axis=-1, keepdims=True)
    if score.shape[-1:] in {(), (0,)} or not (total > 0.0).all():
        message = f"nobody can be drawn by the beliefs {score}; give one above 0"
        raise ChoiceError(message)
    return score / total
