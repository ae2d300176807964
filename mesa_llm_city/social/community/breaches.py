"""What rules of a community can forbid, and how likely a member does it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.society import CommunityParameters

__all__ = ["BREACHES", "breach_probability"]

BREACHES = ("hostility", "off_topic", "promotion")
"""Kinds of posts that rules can forbid: against persons, about something else, and selling."""


def breach_probability(
    disposition: ArrayLike,
    *,
    upset: ArrayLike,
    hostile_share: ArrayLike,
    ruled: ArrayLike,
    removed: ArrayLike,
    parameters: CommunityParameters,
) -> Float:
    """Return how likely a post is of a kind that rules can forbid.

    ``logit p = logit d + mood u + context h - norms r - removed n``: the disposition d of the
    member, how upset the member is, the share of hostile posts on the page, whether a rule on
    display forbids it, and how many own posts were removed.

    Parameters
    ----------
    disposition : array_like
        Probability for a calm member, with nothing hostile on the page and no rule, in [0, 1].
    upset, hostile_share : array_like
        In [0, 1]; 0 for kinds of posts that hostility does not lead to.
    ruled : array_like of bool
        Whether a rule on display forbids it.
    removed : array_like of int
        Number of own posts that were removed.
    parameters : CommunityParameters
        Weights of the terms.

    Returns
    -------
    ndarray of float64
        All inputs broadcast.

    Examples
    --------
    >>> breach_probability(
    ...     0.35, upset=[0, 1], hostile_share=[0, 1], ruled=False, removed=0,
    ...     parameters=CommunityParameters()).round(2)
    array([0.35, 0.68])
    """
    share = np.asarray(disposition, dtype=np.float64)
    counted = np.minimum(np.asarray(removed), parameters.most_removed)
    shift = (
        parameters.mood * np.asarray(upset, dtype=np.float64)
        + parameters.context * np.asarray(hostile_share, dtype=np.float64)
        - parameters.norms * np.asarray(ruled, dtype=np.float64)
        - parameters.removed * counted
    )
    odds = share * np.exp(shift)
    return np.asarray(odds / (1.0 - share + odds))
