"""Whether people follow the crowd: measures over worlds that differ by chance only."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.checks import checked_numbers
from mesa_llm_city.experiments.validation.similarity import gini

__all__ = ["changed_by_friends", "inequality", "unpredictability"]


def inequality(choices: ArrayLike) -> float:
    """Return the mean Gini coefficient of how often items are chosen, over worlds.

    Salganik, Dodds and Watts (2006), Science 311, 854-856 (the Music Lab): it is higher where
    people see what others chose.

    Parameters
    ----------
    choices : array_like of float, shape (worlds, items) or (items,)
        How often each item was chosen in each world.

    Returns
    -------
    float
        From 0, all items alike, towards 1, one item has all; NaN if nothing was chosen.

    Examples
    --------
    >>> inequality([[5, 5], [0, 10]])
    0.25
    """
    worlds = np.atleast_2d(checked_numbers("choices", choices, 0.0, np.inf))
    return float(np.mean([gini(one) for one in worlds]))


def unpredictability(choices: ArrayLike) -> float:
    """Return by how much the share of an item differs between two worlds, in the mean.

    Salganik, Dodds and Watts (2006): the mean over pairs of worlds of the absolute difference of
    an item's share, and the mean of that over items. Worlds with few choices differ by chance,
    so compare worlds where the crowd is shown with as many where it is hidden.

    Parameters
    ----------
    choices : array_like of float, shape (worlds, items)
        How often each item was chosen in each world.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    DataError
        If there are fewer than two worlds, or nothing was chosen in one.

    Examples
    --------
    >>> unpredictability([[8, 2], [2, 8]]).__round__(9)
    0.6
    """
    worlds = checked_numbers("choices", choices, 0.0, np.inf)
    if worlds.ndim != 2 or len(worlds) < 2:
        message = f"choices must have a row for each of two or more worlds, got {worlds.shape}"
        raise DataError(message)
    total = worlds.sum(axis=1, keepdims=True)
    if not total.all():
        message = "nothing was chosen in one of the worlds; leave it out"
        raise DataError(message)
    share = worlds / total
    first, second = np.triu_indices(len(worlds), k=1)
    return float(np.abs(share[first] - share[second]).mean())


def changed_by_friends(friends: ArrayLike, changed: ArrayLike) -> tuple[Float, Float]:
    """Return the share of people whose rating changed, by the number of their friends.

    RecAgent (ACM TOIS 2025) takes a rise as conformity. It has no null model: who has more
    friends also hears more, so compare with a run where the crowd is hidden.

    Parameters
    ----------
    friends : array_like of int, shape (m,)
        Number of friends of a person in a round.
    changed : array_like of bool, shape (m,)
        Whether the rating changed in this round.

    Returns
    -------
    share : ndarray of float64, shape (k + 1,)
        By number of friends, from 0 to the most; NaN where nobody has as many.
    rows : ndarray of float64, shape (k + 1,)
        How many rows each share is over.

    Examples
    --------
    >>> changed_by_friends([0, 0, 2], [False, True, True])[0].tolist()
    [0.5, nan, 1.0]
    """
    degree, moved = np.asarray(friends), np.asarray(changed, dtype=bool)
    if degree.shape != moved.shape:
        message = f"friends and changed have one value a row, got {degree.shape} and {moved.shape}"
        raise DataError(message)
    rows = np.bincount(degree).astype(np.float64)
    of_them = np.bincount(degree, moved)
    share = np.divide(of_them, rows, out=np.full(len(rows), np.nan), where=rows > 0)
    return share, rows
