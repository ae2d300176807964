"""Metrics of probabilities.

`target` has labels 0 and 1, and `p` probabilities of label 1, both of shape (n,). A metric
that is undefined, such as precision without positive predictions, is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int

__all__ = [
    "METRICS",
    "Reliability",
    "accuracy",
    "auc",
    "brier",
    "ece",
    "f1",
    "log_loss",
    "metrics",
    "precision",
    "recall",
    "reliability",
]

Labels = NDArray[np.int8]
_THRESHOLD = 0.5
_BINS = 10


def accuracy(target: Labels, p: Float) -> float:
    """Return the share of rows predicted correctly, with one half as the threshold.

    Examples
    --------
    >>> accuracy(np.array([0, 1]), np.array([0.2, 0.4]))
    0.5
    """
    return _ratio(np.count_nonzero((p >= _THRESHOLD) == (target == 1)), len(target))


def precision(target: Labels, p: Float) -> float:
    """Return the share of label 1 among the rows predicted as 1.

    Examples
    --------
    >>> precision(np.array([0, 1, 1]), np.array([0.9, 0.8, 0.1]))
    0.5
    """
    predicted = p >= _THRESHOLD
    return _ratio(np.count_nonzero(predicted & (target == 1)), np.count_nonzero(predicted))


def recall(target: Labels, p: Float) -> float:
    """Return the share of rows with label 1 that are predicted as 1.

    Examples
    --------
    >>> recall(np.array([0, 1, 1]), np.array([0.9, 0.8, 0.1]))
    0.5
    """
    hit = np.count_nonzero((p >= _THRESHOLD) & (target == 1))
    return _ratio(hit, np.count_nonzero(target == 1))


def f1(target: Labels, p: Float) -> float:
    """Return the harmonic mean of precision and recall.

    Examples
    --------
    >>> f1(np.array([0, 1, 1]), np.array([0.9, 0.8, 0.1]))
    0.5
    """
    predicted, true = p >= _THRESHOLD, target == 1
    both = np.count_nonzero(predicted & true)
    return _ratio(2 * both, np.count_nonzero(predicted) + np.count_nonzero(true))


def brier(target: Labels, p: Float) -> float:
    """Return the mean squared error of the probabilities.

    Brier (1950), Verification of forecasts expressed in terms of probability.

    Examples
    --------
    >>> brier(np.array([0, 1]), np.array([0.5, 0.5]))
    0.25
    """
    return float(np.mean((p - target) ** 2)) if len(target) else float("nan")


def auc(target: Labels, score: Float) -> float:
    """Return the probability that a positive row has a higher score than a negative one.

    Ties count half (Hanley and McNeil, 1982, https://doi.org/10.1148/radiology.143.1.7063747).
    NaN if all labels are the same.

    Examples
    --------
    >>> auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.8]))
    0.875
    """
    ordered, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - 0.5 * (count - 1)
    positive = int(np.count_nonzero(target))
    negative = len(target) - positive
    if not ordered.size or not positive or not negative:
        return float("nan")
    above = float(rank[place][np.asarray(target) == 1].sum()) - 0.5 * positive * (positive + 1)
    return above / (positive * negative)


def log_loss(target: Labels, log_odds: Float) -> float:
    """Return the mean cross-entropy in nats (RMS-Agent, eq. 6).

    Parameters
    ----------
    target : ndarray of int8, shape (n,)
        Labels, 0 or 1.
    log_odds : ndarray of float64, shape (n,)
        Log odds of label 1.

    Examples
    --------
    >>> round(log_loss(np.array([0, 1]), np.array([0.0, 0.0])), 4)
    0.6931
    """
    return float(np.mean(np.logaddexp(0.0, log_odds) - target * log_odds))


class Reliability(NamedTuple):
    """Predicted and observed shares in bins of probability.

    Parameters
    ----------
    n : ndarray of int64, shape (bins,)
        Number of rows in the bin.
    predicted : ndarray of float64, shape (bins,)
        Mean probability of these rows; NaN in an empty bin.
    observed : ndarray of float64, shape (bins,)
        Share of label 1 among these rows; NaN in an empty bin.
    """

    n: Int
    predicted: Float
    observed: Float


def reliability(target: Labels, p: Float, bins: int = _BINS) -> Reliability:
    """Return the reliability table over `bins` intervals of equal width.

    Examples
    --------
    >>> table = reliability(np.array([0, 1]), np.array([0.1, 0.9]), bins=2)
    >>> table.n.tolist(), table.observed.tolist()
    ([1, 1], [0.0, 1.0])
    """
    place = np.minimum((np.asarray(p) * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    rows = np.where(count, count, np.nan)
    predicted = np.bincount(place, weights=p, minlength=bins)
    observed = np.bincount(place, weights=np.asarray(target, dtype=np.float64), minlength=bins)
    return Reliability(count, predicted / rows, observed / rows)


def ece(target: Labels, p: Float, bins: int = _BINS) -> float:
    """Return the expected calibration error over `bins` intervals of equal width.

    The difference between predicted and observed shares, averaged over the rows: Naeini,
    Cooper and Hauskrecht (2015), https://doi.org/10.1609/aaai.v29i1.9602.

    Examples
    --------
    >>> round(ece(np.array([0, 1]), np.array([0.1, 0.9])), 6)
    0.1
    """
    if not len(target):
        return float("nan")
    table = reliability(target, p, bins)
    gap = np.nan_to_num(np.abs(table.predicted - table.observed))
    return float(np.dot(table.n, gap) / len(target))


METRICS: Mapping[str, Callable[[Labels, Float], float]] = MappingProxyType(
    {
        "accuracy": accuracy,
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "auc": auc,
        "brier": brier,
        "ece": ece,
    }
)
"""The seven metrics of a report, by name."""


def metrics(target: Labels, p: Float) -> dict[str, float]:
    """Return all metrics of `METRICS` by name.

    Examples
    --------
    >>> metrics(np.array([0, 1]), np.array([0.2, 0.8]))["auc"]
    1.0
    """
    return {name: formula(target, p) for name, formula in METRICS.items()}


def _ratio(part: int | np.intp, whole: int | np.intp) -> float:
    return float(part) / float(whole) if whole else float("nan")
