"""Probabilities by permutation of labels, also those smaller than one in the permutations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr  # much quicker to import than scipy.stats

from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float

__all__ = ["adjusted", "auc_p_values", "permuted_labels", "tail_probability"]

_TAIL_SHARE = 0.025
_LEAST_TAIL = 20  # values; fewer say too little about a tail
_COUNTED = 10  # values that reach a statistic; its probability is then counted
_SMALLEST = 1e-300
_AT_ONCE = 50  # permutations


def permuted_labels(
    target: NDArray[np.int8], group: NDArray[Any] | None, times: int, seed: int
) -> NDArray[np.int8]:
    """Return labels in random orders, shape (times, n).

    Members of a household are alike, and so are their labels. Therefore the labels of whole
    households are exchanged, among households of equal size, and shuffled inside each
    household. Without households, all labels are shuffled.

    Examples
    --------
    >>> labels = np.array([1, 1, 0, 0], dtype=np.int8)
    >>> homes = np.array([7, 7, 8, 8])
    >>> sorted(set(map(tuple, permuted_labels(labels, homes, 20, seed=1).tolist())))
    [(0, 0, 1, 1), (1, 1, 0, 0)]
    """
    draws = rng(seed, 0, "label permutations", 0)
    permuted = np.tile(target, (times, 1))
    for rows in _blocks(len(target), group):
        for one in permuted:
            homes = one[rows[draws.permutation(len(rows))]]
            one[rows] = draws.permuted(homes, axis=1)
    return permuted


def _blocks(count: int, group: NDArray[Any] | None) -> list[NDArray[np.int64]]:
    """Return the rows of the households of each size, shape (households, size)."""
    if group is None:
        return [np.arange(count, dtype=np.int64)[:, None]]
    _, home, size = np.unique(group, return_inverse=True, return_counts=True)
    order = np.argsort(home, kind="stable")
    of = size[home[order]]
    return [order[of == one].reshape(-1, one) for one in np.unique(size).tolist()]


def auc_p_values(target: NDArray[np.int8], scores: Float, permuted: NDArray[np.int8]) -> Float:
    """Return the probability, for each score, of so high an AUC among permuted labels.

    Parameters
    ----------
    target : ndarray of int8, shape (n,)
        Labels, 0 or 1.
    scores : ndarray of float64, shape (n, k)
        Scores in columns.
    permuted : ndarray of int8, shape (times, n)
        Labels in random orders (see `permuted_labels`).

    Returns
    -------
    ndarray of float64, shape (k,)
        Probabilities, of one side; 1 if all labels are the same.
    """
    positives = int(target.sum())
    if not 0 < positives < len(target) or not scores.size:
        return np.ones(scores.shape[1])
    # The sum of the ranks of label 1, which orders permutations as the AUC does.
    ranks = np.column_stack([_ranks(column) for column in scores.T])
    found = target.astype(np.float64) @ ranks
    # In parts, since floats take eight times the memory of labels.
    parts = [
        permuted[at : at + _AT_ONCE].astype(np.float64) @ ranks
        for at in range(0, len(permuted), _AT_ONCE)
    ]
    chance = np.concatenate(parts)
    return np.array(
        [tail_probability(one, null) for one, null in zip(found, chance.T, strict=True)]
    )


def tail_probability(statistic: float, null: Float) -> float:
    """Return the probability of a value of at least `statistic`, given values by chance.

    Where ten or more values reach it, (k + 1) / (n + 1) for k of n values. Further out, a tail
    is fitted to the largest values, as in Knijnenburg, Wessels, Reinders and Shmulevich (2009),
    Fewer permutations, more accurate P-values, https://doi.org/10.1093/bioinformatics/btp211.
    Sums of ranks drawn without replacement have tails as those of the normal distribution
    (Hoeffding, 1963, https://doi.org/10.1080/01621459.1963.10500830, sec. 6), so squares of the
    distance from the median are continued by an exponential distribution. Its mean is raised by
    two standard errors, and the probability is at least that of the normal distribution, since
    scores of few values have few sums: it is rather too large than too small.

    Examples
    --------
    >>> null = np.random.default_rng(1).normal(size=200)
    >>> tail_probability(0.0, null) > 0.4, tail_probability(10.0, null) < 1e-4
    (True, True)
    """
    count = len(null)
    reached = int(np.count_nonzero(null >= statistic))
    counted = (reached + 1.0) / (count + 1.0)
    tail = max(_LEAST_TAIL, round(_TAIL_SHARE * count))
    if reached >= _COUNTED or count <= tail:
        return counted
    middle = float(np.median(null))
    largest = (np.sort(null)[-tail - 1 :] - middle) ** 2
    excess = float((largest[1:] - largest[0]).mean()) * (1.0 + 2.0 / np.sqrt(tail))
    if not excess > 0.0 or statistic <= middle:
        return counted
    fitted = tail / count * float(np.exp((largest[0] - (statistic - middle) ** 2) / excess))
    normal = float(ndtr(-(statistic - float(null.mean())) / float(null.std())))
    return max(min(max(fitted, normal), counted), _SMALLEST)


def adjusted(p: Float) -> Float:
    """Return probabilities corrected for their number, by Holm (1979).

    A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6(2).

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    result = np.empty(len(p))
    result[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return result


def _ranks(score: Float) -> Float:
    """Return ranks; equal scores share the mean of theirs."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    mean: Float = (np.cumsum(count) - 0.5 * (count - 1))[place]
    return mean
