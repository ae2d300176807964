"""How alike two distributions, rankings or maps are: pure functions of arrays."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter
from scipy.stats import rankdata

from mesa_llm_city.core.values import Float

__all__ = ["common_part", "gini", "kl_divergence", "pearson", "spearman", "ssim"]

_WINDOW = 7
_K1, _K2 = 0.01, 0.03
_SMOOTHING = 0.5


def pearson(one: Float, other: Float) -> float:
    """Return Pearson's correlation of two arrays of one shape; NaN if one is constant.

    Examples
    --------
    >>> pearson(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])).__round__(9)
    1.0
    """
    first, second = (values.ravel() - values.mean() for values in (one, other))
    scale = float(np.sqrt((first @ first) * (second @ second)))
    is_constant = min(np.ptp(one), np.ptp(other)) == 0  # also where rounding leaves a scale
    return float("nan") if is_constant or not scale else float(first @ second) / scale


def spearman(one: Float, other: Float) -> float:
    """Return Spearman's rank correlation, ties sharing their mean rank; NaN if one is constant.

    Examples
    --------
    >>> spearman(np.array([1.0, 2.0, 30.0]), np.array([5.0, 6.0, 7.0])).__round__(9)
    1.0
    """
    return pearson(rankdata(one), rankdata(other))


def gini(amounts: Float) -> float:
    """Return the Gini coefficient of amounts of at least 0; NaN if all are 0.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    total = float(amounts.sum())
    if not total:
        return float("nan")
    n = len(amounts)
    ranks = np.arange(1, n + 1)
    return float((2.0 * ranks - n - 1) @ np.sort(amounts)) / (n * total)


def kl_divergence(truth: Float, told: Float) -> float:
    """Return the Kullback-Leibler divergence from `told` to `truth`, in bits.

    Half a count is added to each cell, `told` having been scaled to the total of `truth`, so
    that an empty cell is not infinitely wrong (Jeffreys' prior).

    Parameters
    ----------
    truth, told : ndarray of float64, shape (n,)
        Counts of at least 0.

    Examples
    --------
    >>> kl_divergence(np.array([3.0, 1.0]), np.array([6.0, 2.0]))
    0.0
    """
    total = float(truth.sum())
    scaled = told * (total / float(told.sum())) if told.sum() else told
    p, q = (counts.ravel() + _SMOOTHING for counts in (truth, scaled))
    p, q = p / p.sum(), q / q.sum()
    return float(p @ np.log2(p / q))


def common_part(truth: Float, told: Float) -> float:
    """Return the common part of two distributions, 0 to 1 (Lenormand et al. 2016, with shares).

    Examples
    --------
    >>> common_part(np.array([1.0, 1.0]), np.array([0.0, 5.0]))
    0.5
    """
    shares = [counts / counts.sum() for counts in (truth, told)]
    return float(np.minimum(*shares).sum())


def ssim(one: Float, other: Float) -> float:
    """Return the structural similarity of two maps, -1 to 1 (Wang et al. 2004, eq. 13).

    Windows are squares of 7 x 7 cells with equal weights and the sample covariance, and the
    range is that of both maps, as scikit-image has it.

    Parameters
    ----------
    one, other : ndarray of float64, shape (rows, columns)
        The maps.

    Returns
    -------
    float
        The mean over all windows; NaN if no window fits in, or both maps are constant.
    """
    span = float(max(one.max(), other.max()) - min(one.min(), other.min()))
    if min(one.shape) < _WINDOW or not span:
        return float("nan")
    sample = _WINDOW**2 / (_WINDOW**2 - 1.0)
    mean, mean_other = _local(one), _local(other)
    var = sample * (_local(one * one) - mean * mean)
    var_other = sample * (_local(other * other) - mean_other * mean_other)
    covariance = sample * (_local(one * other) - mean * mean_other)
    c1, c2 = (_K1 * span) ** 2, (_K2 * span) ** 2
    above = (2.0 * mean * mean_other + c1) * (2.0 * covariance + c2)
    below = (mean**2 + mean_other**2 + c1) * (var + var_other + c2)
    return float((above / below).mean())


def _local(values: Float) -> Float:
    """Return the means of all windows that lie inside."""
    edge = _WINDOW // 2
    means: Float = uniform_filter(values, size=_WINDOW)[edge:-edge, edge:-edge]
    return means
