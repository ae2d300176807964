"""Scores of posts as pure functions over arrays that broadcast."""

from __future__ import annotations

from math import e

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float, Int

__all__ = ["crowd_utility", "hot_score", "products", "recency_weight", "rows_of"]

# Persons computed at once, so that the vectors of their posts stay in the processor's cache.
_ROWS = 512


def hot_score(up: ArrayLike, down: ArrayLike, hour: ArrayLike, *, scale_h: float) -> Float:
    """Return the rank of posts by votes and age, as Reddit computes it [1]_.

    ``sign(u - d) log10(max(|u - d|, 1)) + t / scale``: a post that is `scale_h` hours older
    needs ten times as many votes for the same rank.

    Parameters
    ----------
    up, down : array_like
        Votes for and against.
    hour : array_like
        When the post was written, in hours since any fixed time.
    scale_h : float
        Age that ten times as many votes make up for, in hours; 12.5 on Reddit.

    Returns
    -------
    ndarray of float64
        Scores; higher comes first.

    References
    ----------
    .. [1] Salihefendic (2015), How Reddit ranking algorithms work.

    Examples
    --------
    >>> hot_score([1, 10, 0], [0, 0, 100], [12.5, 0.0, 0.0], scale_h=12.5)
    array([ 1.,  1., -2.])
    """
    votes = np.asarray(up, dtype=np.float64) - np.asarray(down, dtype=np.float64)
    order = np.log10(np.maximum(np.abs(votes), 1.0))
    score: Float = np.sign(votes) * order + np.asarray(hour, dtype=np.float64) / scale_h
    return score


def recency_weight(age_h: ArrayLike, *, scale_h: float) -> Float:
    """Return the weight of a post by its age: 1 at first, 0 in the end.

    ``ln(e - age / scale)``, and 0 from an age of (e - 1) * scale on: 172 hours for a scale of
    100. This is the weight ln((271.8 - age) / 100) of OASIS [1]_.

    Parameters
    ----------
    age_h : array_like
        Age in hours; negative ones count as 0.
    scale_h : float
        Time scale in hours.

    Returns
    -------
    ndarray of float64
        Weights in [0, 1].

    References
    ----------
    .. [1] Yang et al. (2024), OASIS: open agent social interaction simulations with one
       million agents. arXiv 2411.11581.

    Examples
    --------
    >>> recency_weight([0.0, 100.0, 1000.0], scale_h=100.0).round(3)
    array([1.   , 0.541, 0.   ])
    """
    age = np.maximum(np.asarray(age_h, dtype=np.float64), 0.0) / scale_h
    weight: Float = np.log(np.maximum(e - age, 1.0))
    return weight


def crowd_utility(counts: ArrayLike, *, weight: float) -> Float:
    """Return what it adds to the utility of a post that many people have chosen it.

    ``weight * ln(1 + count)``, so that in a logit choice the odds of a post rise with the
    count to the power of the weight; the form is an assumption.

    Parameters
    ----------
    counts : array_like
        How many people have chosen each post, as far as this is shown.
    weight : float
        Weight; 0 if counts are hidden.

    Examples
    --------
    >>> crowd_utility([0, 9], weight=0.5).round(3)
    array([0.   , 1.151])
    """
    utility: Float = weight * np.log1p(np.asarray(counts, dtype=np.float64))
    return utility


def products(profiles: Float, vectors: Float, rows: Int) -> Float:
    """Return the product of the profile of each person with the vectors of some posts.

    If both have length 1, it is the cosine of the angle between them.

    Parameters
    ----------
    profiles : ndarray of float64, shape (v, d)
        A vector for each person.
    vectors : ndarray of float64, shape (m, d)
        A vector for each post.
    rows : ndarray of int64, shape (v, c)
        Posts for each person; -1 for none.

    Returns
    -------
    ndarray of float64, shape (v, c)
        Products, rounded to nine digits so that equals are equal on every machine; 0 for none
        and for posts that have no vector yet.

    Examples
    --------
    >>> products(np.eye(2), np.array([[1.0, 0.0], [0.6, 0.8]]), np.array([[0, 1], [1, -1]]))
    array([[1. , 0.6],
           [0.8, 0. ]])
    """
    scores = np.zeros(rows.shape)
    has_vector = (rows >= 0) & (rows < len(vectors))
    known = np.where(has_vector, rows, 0)
    for first in range(0, len(rows) if len(vectors) else 0, _ROWS):
        part = slice(first, first + _ROWS)
        scores[part] = np.einsum("vcd,vd->vc", vectors[known[part]], profiles[part])
    return np.where(has_vector, scores, 0.0).round(9)


def rows_of(vectors: Float, viewers: Int) -> Float:
    """Return the vectors of viewers, shape (v, d); zeros for those who came after learning.

    Examples
    --------
    >>> rows_of(np.ones((2, 1)), np.array([1, 5])).tolist()
    [[1.0], [0.0]]
    """
    is_known = viewers < len(vectors)
    found = np.zeros((len(viewers), vectors.shape[1]))
    found[is_known] = vectors[viewers[is_known]]
    return found
