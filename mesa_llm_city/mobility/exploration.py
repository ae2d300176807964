"""Exploration and preferential return: going to a new place, or back to one that is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.libm import power
from mesa_llm_city.core.ragged import Ragged
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


def exploration_probability(known: ArrayLike, rho: ArrayLike = 0.53, gamma: float = 0.21) -> Float:
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
    probability = np.asarray(rho) * power(np.maximum(number, 1.0), -gamma)
    return np.where(number > 0.0, np.clip(probability, 0.0, 1.0), 1.0)


def explore_or_return(
    new: ArrayLike,
    visits: ArrayLike,
    worth: ArrayLike,
    explores: ArrayLike,
    *,
    persons: Ragged | None = None,
) -> Float:
    """Return the probability of each place if people either explore or return.

    With probability `explores` a place never visited is drawn in proportion to `new`, else a
    known one in proportion to ``visits * worth``. Where there are only new or only known
    places, one of these is drawn.

    Parameters
    ----------
    new : array_like, shape (n,)
        Weight of each place for somebody who knows none, such as by gravity.
    visits : array_like, shape (n,)
        Number of earlier visits to each; 0 is a new place.
    worth : array_like, shape (n,)
        Factor on the visits to each place; 1 for preferential return as published.
    explores : array_like, shape () or (p,)
        Probability that each person explores, in [0, 1].
    persons : Ragged, optional
        Whose places they are; by default those of one person.

    Returns
    -------
    ndarray of float64, shape (n,)
        Probabilities that sum to 1 for each person.

    Examples
    --------
    >>> explore_or_return([0.5, 0.3, 0.2], [0, 3, 1], [1.0, 1.0, 1.0], 0.2)
    array([0.2, 0.6, 0.2])
    """
    times = np.asarray(visits, dtype=np.float64)
    who = Ragged.one(len(times)) if persons is None else persons
    explore = np.asarray(new, dtype=np.float64) * (times == 0.0)
    back = times * np.asarray(worth, dtype=np.float64)
    all_new, all_back = who.sums(explore), who.sums(back)
    share = np.where(all_back > 0.0, np.where(all_new > 0.0, explores, 0.0), 1.0)
    of_new = share / np.where(all_new > 0.0, all_new, 1.0)
    of_back = (1.0 - share) / np.where(all_back > 0.0, all_back, 1.0)
    likely: Float = of_new[who.number] * explore + of_back[who.number] * back
    return likely
