"""Exploration and preferential return: going to a new place, or back to one that is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float, Int

__all__ = ["PlaceHistory", "exploration_probability", "explore_or_return"]


class PlaceHistory(NamedTuple):
    """What a person's own visits say about some places.

    Attributes
    ----------
    visits : ndarray of int64, shape (k,)
        How often the person has been to each place.
    explores : float
        Probability that the next place is a new one, in [0, 1].
    """

    visits: Int
    explores: float


def exploration_probability(
    known: ArrayLike, rho: ArrayLike = 0.53, gamma: float = 0.21
) -> Float:
    """Return the probability that the next place is a new one: ``rho * known ** -gamma``.

    Parameters
    ----------
    known : array_like of int
        Number of different places visited so far; with none the probability is 1.
    rho : array_like, default 0.53
        How readily the person tries new places; the probability is cut to [0, 1].
    gamma : float, default 0.21
        How fast this declines with the number of known places.

    References
    ----------
    .. [1] Song, Koren, Wang and Barabasi (2010), Modelling the scaling properties of human
       mobility. Nature Physics 6, 818-823.

    Examples
    --------
    >>> exploration_probability([0, 16], rho=0.6, gamma=0.25).round(2)
    array([1. , 0.3])
    """
    number = np.asarray(known, dtype=np.float64)
    probability = np.asarray(rho) * np.power(np.maximum(number, 1.0), -gamma)
    return np.where(number > 0.0, np.clip(probability, 0.0, 1.0), 1.0)


def explore_or_return(
    new: ArrayLike, visits: ArrayLike, worth: ArrayLike, explores: ArrayLike
) -> Float:
    """Return the probability of each place if people either explore or return.

    With probability `explores` a place never visited is drawn in proportion to `new`, else a
    known one in proportion to ``visits * worth``. Where there are only new or only known
    places, one of these is drawn.

    Parameters
    ----------
    new : array_like, shape (..., k)
        Weight of each place for somebody who knows none, such as by gravity; 0 for a place
        that does not come into question.
    visits : array_like, shape (..., k)
        Number of earlier visits to each; 0 is a new place, or one that does not come into
        question.
    worth : array_like, shape (..., k)
        Factor on the visits to each place; 1 for preferential return as published.
    explores : array_like, shape (...)
        Probability of exploring, in [0, 1].

    Returns
    -------
    ndarray of float64, shape (..., k)
        Probabilities that sum to 1, or are 0 where there is no place.

    Examples
    --------
    >>> explore_or_return([0.5, 0.3, 0.2], [0, 3, 1], [1.0, 1.0, 1.0], 0.2)
    array([0.2, 0.6, 0.2])
    """
    times = np.asarray(visits, dtype=np.float64)
    explore = np.where(times > 0.0, 0.0, np.asarray(new, dtype=np.float64))
    back = times * np.asarray(worth, dtype=np.float64)
    # Added in order, so that places that do not come into question change no last digit.
    all_new, all_back = (np.cumsum(one, axis=-1)[..., -1] for one in (explore, back))
    share = np.where(all_back > 0.0, np.where(all_new > 0.0, explores, 0.0), 1.0)
    of_new = share / np.where(all_new > 0.0, all_new, 1.0)
    of_back = (1.0 - share) / np.where(all_back > 0.0, all_back, 1.0)
    return of_new[..., np.newaxis] * explore + of_back[..., np.newaxis] * back
