"""What people are shown: how varied it is, and whether it agrees with them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.diffusion.checks import checked_numbers, checked_people

__all__ = ["echo_correlation", "echo_index", "exposure_counts", "exposure_entropy"]


def exposure_counts(viewers: ArrayLike, categories: ArrayLike, *, people: int, kinds: int) -> Float:
    """Return how often each person was shown each category.

    Parameters
    ----------
    viewers, categories : array_like of int, shape (m,)
        Person and category of each exposure, numbered from 0.
    people, kinds : int
        Number of people, and of categories.

    Returns
    -------
    ndarray of float64, shape (people, kinds)
    """
    who = checked_people(viewers, people)
    what = checked_people(categories, kinds)
    if who.shape != what.shape:
        message = f"every exposure has a viewer and a category, got {len(who)} and {len(what)}"
        raise DataError(message)
    counted = np.bincount(who * kinds + what, minlength=people * kinds)
    return counted.reshape(people, kinds).astype(np.float64)


def exposure_entropy(counts: ArrayLike, *, normalised: bool = False) -> float:
    """Return the mean entropy of the categories that people are shown.

    RecAgent (ACM TOIS 2025, sec. 5) measures information cocoons by it: ``E = -1/|U|``
    times the sum over people and categories of ``f ln f``, where f is the share of a category in
    what a person is shown. A low value means that each person sees few categories.

    Parameters
    ----------
    counts : array_like of float, shape (n, k)
        How often each person was shown each category (`exposure_counts`). People who were shown
        nothing are left out.
    normalised : bool, default False
        Whether to divide by ln k, so that even exposure has the value 1.

    Returns
    -------
    float
        In nats, or in [0, 1]; NaN if nobody was shown anything.

    Examples
    --------
    >>> exposure_entropy([[4, 0], [2, 2]], normalised=True)
    0.5
    """
    rows = checked_numbers("counts", counts, 0.0, np.inf)
    seen = rows[rows.sum(axis=1) > 0]
    if not len(seen):
        return float("nan")
    share = seen / seen.sum(axis=1, keepdims=True)
    terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    entropy = -terms.sum(axis=1).mean()
    return float(entropy / np.log(seen.shape[1]) if normalised else entropy) + 0.0


def echo_index(
    viewers: ArrayLike, shown: ArrayLike, stances: ArrayLike, offered: ArrayLike
) -> float:
    """Return by how much the share of agreeing posts is higher in feeds than in all there is.

    Parameters
    ----------
    viewers : array_like of int, shape (m,)
        Person of each exposure.
    shown : array_like of float, shape (m,)
        Stance of the post that was shown, in [-1, 1].
    stances : array_like of float, shape (n,)
        Stance of each person, in [-1, 1].
    offered : array_like of float, shape (k,)
        Stances of all posts that could have been shown.

    Returns
    -------
    float
        Mean over people, each with equal weight, of the share of posts of their own side among
        those shown minus that among those offered. 0 is a random feed, in expectation; stances
        of 0 have no side, and such posts and people are left out. NaN if nobody is left.

    Examples
    --------
    >>> echo_index([0, 0, 1, 1], [0.5, 0.2, -0.4, 0.4], [0.9, -0.9], [0.5, -0.5])
    0.25
    """
    mine = np.sign(checked_numbers("stances", stances, -1.0, 1.0))
    post = np.sign(checked_numbers("shown", shown, -1.0, 1.0))
    stock = np.sign(checked_numbers("offered", offered, -1.0, 1.0))
    who = checked_people(viewers, len(mine))
    counted = (mine[who] != 0) & (post != 0)
    agreeing = np.bincount(who[counted], post[counted] == mine[who][counted], len(mine))
    total = np.bincount(who[counted], minlength=len(mine))
    taking = stock != 0
    positive = (stock[taking] > 0).mean() if taking.any() else np.nan
    on_offer = np.where(mine > 0, positive, 1.0 - positive)
    seen = total > 0
    return float((agreeing[seen] / total[seen] - on_offer[seen]).mean()) if seen.any() else np.nan


def echo_correlation(viewers: ArrayLike, shown: ArrayLike, stances: ArrayLike) -> float:
    """Return the correlation of people's own stance with the mean stance they are shown.

    Parameters
    ----------
    viewers : array_like of int, shape (m,)
        Person of each exposure.
    shown : array_like of float, shape (m,)
        Stance of the post that was shown, in [-1, 1].
    stances : array_like of float, shape (n,)
        Stance of each person, in [-1, 1].

    Returns
    -------
    float
        In [-1, 1], over people who were shown anything; NaN if one side is constant.

    Examples
    --------
    >>> echo_correlation([0, 1, 2], [0.5, 0.0, -0.5], [0.9, 0.0, -0.9]).__round__(9)
    1.0
    """
    mine = checked_numbers("stances", stances, -1.0, 1.0)
    post = checked_numbers("shown", shown, -1.0, 1.0)
    who = checked_people(viewers, len(mine))
    total = np.bincount(who, minlength=len(mine))
    seen = total > 0
    mean = np.bincount(who, post, len(mine))[seen] / total[seen]
    if len(mean) < 2 or not np.ptp(mean) or not np.ptp(mine[seen]):
        return float("nan")
    return float(np.corrcoef(mine[seen], mean)[0, 1])
