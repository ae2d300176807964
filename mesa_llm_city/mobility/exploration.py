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


def exploration_probability(known: int, rho: float = 0.53, gamma: float = 0.21) -> float:
    """Return the probability that the next place is a new one: ``rho * known ** -gamma``.

    Parameters
    ----------
    known : int
        Number of different places visited so far; with none the probability is 1.
    rho : float, default 0.53
        How readily the person tries new places; the probability is cut to [0, 1].
    gamma : float, default 0.21
        How fast this declines with the number of known places.

    References
    ----------
    .. [1] Song, Koren, Wang and Barabasi (2010), Modelling the scaling properties of human
       mobility. Nature Physics 6, 818-823.

    Examples
    --------
    >>> exploration_probability(0), round(exploration_probability(16, rho=0.6, gamma=0.25), 2)
    (1.0, 0.3)
    """
    if not known:
        return 1.0
    probability: float = rho * known**-gamma
    return min(max(probability, 0.0), 1.0)


def explore_or_return(
    new: ArrayLike, visits: ArrayLike, worth: ArrayLike, explores: float
) -> Float:
    """Return the probability of each place if people either explore or return.

    With probability `explores` a place never visited is drawn in proportion to `new`, else a
    known one in proportion to ``visits * worth``. Where there are only new or only known
    places, one of these is drawn.

    Parameters
    ----------
    new : array_like, shape (k,)
        Weight of each place for somebody who knows none, such as by gravity.
    visits : array_like, shape (k,)
        Number of earlier visits to each; 0 is a new place.
    worth : array_like, shape (k,)
        Factor on the visits to each place; 1 for preferential return as published.
    explores : float
        Probability of exploring, in [0, 1].

    Returns
    -------
    ndarray of float64, shape (k,)
        Probabilities that sum to 1.

    Examples
    --------
    >>> explore_or_return([0.5, 0.3, 0.2], [0, 3, 1], [1.0, 1.0, 1.0], 0.2)
    array([0.2, 0.6, 0.2])
    """
    times = np.asarray(visits, dtype=np.float64)
    explore = np.where(times > 0.0, 0.0, np.asarray(new, dtype=np.float64))
    back = times * np.asarray(worth, dtype=np.float64)
    all_new, all_back = float(explore.sum()), float(back.sum())
    if not all_back:
        return explore / all_new
    if not all_new:
        return back / all_back
    return explores / all_new * explore + (1.0 - explores) / all_back * back
