"""Pairing in columns: whose wishes to talk come about. `pair` uses it for named wishes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.values import Int

__all__ = ["pair_wishes"]


def pair_wishes(person: ArrayLike, other: ArrayLike, channel: ArrayLike, draw: ArrayLike) -> Int:
    """Return the wishes that come about, such that nobody talks to two people.

    Mutual wishes come first, then the others; within each group, the lowest draw (of a
    mutual wish, the lower of the two) and then the lowest ids. Wishes are met in this order as
    long as both people are free. All that no better wish stands against are met at once, and
    those against them are given up, until none is left; this gives the same pairs as one after
    another [1]_.

    Parameters
    ----------
    person, other : array_like of int, shape (k,)
        Ids of who wishes to talk, and to whom; never the same in one row.
    channel : array_like of int, shape (k,)
        How, as a position in `CHANNELS`.
    draw : array_like, shape (k,)
        Random numbers drawn by the persons; wishes with lower numbers are met first.

    Returns
    -------
    ndarray of int64, shape (p,)
        Positions of the wishes that come about, in their order.

    References
    ----------
    .. [1] Hoepman (2004), Simple distributed weighted matchings. arXiv:cs/0410047.

    Examples
    --------
    >>> pair_wishes([1, 2, 3], [2, 3, 2], [0, 0, 0], [0.0, 0.9, 0.8])
    array([2])
    """
    wishing = np.asarray(person)
    people, both = np.unique(np.concatenate((wishing, other)), return_inverse=True)
    first, second = both[: len(wishing)], both[len(wishing) :]
    ranked = _ranked(first, second, np.asarray(channel), np.asarray(draw), len(people))
    is_free = np.ones(len(people), dtype=np.bool_)
    # Turn of the best wish left that concerns each person.
    best = np.empty(len(people), dtype=np.int64)
    turn, one, two = np.arange(len(ranked)), first[ranked], second[ranked]
    met = [turn[:0]]
    while len(turn):
        # What is written last stands, so the best are written last.
        best[np.stack((one, two), axis=1)[::-1].ravel()] = np.repeat(turn[::-1], 2)
        is_met = (best[one] == turn) & (best[two] == turn)
        met.append(turn[is_met])
        is_free[one[is_met]] = is_free[two[is_met]] = False
        keep = is_free[one] & is_free[two]
        turn, one, two = turn[keep], one[keep], two[keep]
    return ranked[np.sort(np.concatenate(met))]


def _ranked(
    first: Int, second: Int, channel: NDArray[np.integer], draw: NDArray[np.float64], count: int
) -> Int:
    """Return the positions of the wishes, the first to be met first."""
    given = np.lexsort((draw, channel, second, first))
    code, back = (first * count + second)[given], (second * count + first)[given]
    # Of several wishes of the same two, the first counts as the answer.
    at = np.searchsorted(code, back, side="left")
    at[at == len(code)] = 0
    is_mutual = code[at] == back if len(code) else np.zeros(0, dtype=np.bool_)
    own = draw[given]
    best = np.where(is_mutual, np.minimum(own, own[at]), own)
    order = np.lexsort((np.arange(len(given)), own, best, ~is_mutual))
    return given[order]
