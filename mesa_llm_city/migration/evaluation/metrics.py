"""Metrics of probabilities.

`target` has labels 0 and 1, `p` probabilities of label 1, and `sample_weight` how much each row
counts, all of shape (n,); without weights all rows count the same. Multiplying all weights by
one number changes nothing. A metric that is undefined, such as precision without positive
predictions, is NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int

__all__ = [
    "METRICS",
    "THRESHOLD",
    "F1Curve",
    "Reliability",
    "accuracy",
    "auc",
    "average_precision",
    "brier",
    "cost",
    "cost_threshold",
    "cross_entropy",
    "ece",
    "f1",
    "f1_curve",
    "log_loss",
    "metrics",
    "precision",
    "recall",
    "reliability",
]

THRESHOLD = 0.5
"""Rows with at least this probability are predicted as 1, unless costs differ."""

Labels: TypeAlias = NDArray[np.int8]
Weights: TypeAlias = Float | None

_BINS = 10
_LEAST = 1e-12  # probabilities closer to 0 or 1 would give an infinite cross-entropy
_STEPS = np.arange(1, 20) / 20


class _Counts(NamedTuple):
    """Weight of the rows by label and prediction."""

    hit: float
    false_alarm: float
    missed: float
    right_0: float

    @classmethod
    def of(cls, target: Labels, p: Float, sample_weight: Weights, threshold: float) -> _Counts:
        weight = _weights(target, sample_weight)
        predicted, true = np.asarray(p) >= threshold, np.asarray(target) == 1
        cells = (predicted & true, predicted & ~true, ~predicted & true, ~predicted & ~true)
        return cls(*(float(weight[rows].sum()) for rows in cells))


def accuracy(
    target: Labels, p: Float, sample_weight: Weights = None, *, threshold: float = THRESHOLD
) -> float:
    """Return the share of rows predicted correctly.

    Examples
    --------
    >>> accuracy(np.array([0, 1]), np.array([0.2, 0.4]))
    0.5
    >>> accuracy(np.array([0, 1]), np.array([0.2, 0.4]), np.array([3.0, 1.0]))
    0.75
    """
    found = _Counts.of(target, p, sample_weight, threshold)
    right = found.hit + found.right_0
    return _ratio(right, right + found.false_alarm + found.missed)


def precision(
    target: Labels, p: Float, sample_weight: Weights = None, *, threshold: float = THRESHOLD
) -> float:
    """Return the share of label 1 among the rows predicted as 1.

    Examples
    --------
    >>> precision(np.array([0, 1, 1]), np.array([0.9, 0.8, 0.1]))
    0.5
    """
    found = _Counts.of(target, p, sample_weight, threshold)
    return _ratio(found.hit, found.hit + found.false_alarm)


def recall(
    target: Labels, p: Float, sample_weight: Weights = None, *, threshold: float = THRESHOLD
) -> float:
    """Return the share of rows with label 1 that are predicted as 1.

    Examples
    --------
    >>> recall(np.array([0, 1, 1]), np.array([0.9, 0.8, 0.1]))
    0.5
    """
    found = _Counts.of(target, p, sample_weight, threshold)
    return _ratio(found.hit, found.hit + found.missed)


def f1(
    target: Labels, p: Float, sample_weight: Weights = None, *, threshold: float = THRESHOLD
) -> float:
    """Return the harmonic mean of precision and recall.

    Examples
    --------
    >>> f1(np.array([0, 1, 1]), np.array([0.9, 0.8, 0.1]))
    0.5
    """
    found = _Counts.of(target, p, sample_weight, threshold)
    return _ratio(2.0 * found.hit, 2.0 * found.hit + found.false_alarm + found.missed)


def cost(
    target: Labels,
    p: Float,
    sample_weight: Weights = None,
    *,
    cost_ratio: float,
    threshold: float | None = None,
) -> float:
    """Return the mean cost of a row, in units of the cost of a false alarm.

    Parameters
    ----------
    target, p, sample_weight
        See above.
    cost_ratio : float
        Cost of missing a row of label 1, divided by the cost of a false alarm; positive.
    threshold : float, optional
        Rows with at least this probability are predicted as 1; by default that of
        `cost_threshold`.

    Examples
    --------
    >>> cost(np.array([0, 1, 1, 0]), np.array([0.6, 0.1, 0.9, 0.0]), cost_ratio=3.0)
    1.0
    """
    at = cost_threshold(cost_ratio) if threshold is None else threshold
    found = _Counts.of(target, p, sample_weight, at)
    return _ratio(found.false_alarm + cost_ratio * found.missed, float(np.sum(found)))


def cost_threshold(cost_ratio: float) -> float:
    """Return the threshold with the least expected cost, if the probabilities are right.

    1 / (1 + r), where missing a row of label 1 costs r times as much as a false alarm: Elkan
    (2001), The foundations of cost-sensitive learning, IJCAI-01, theorem 1. It is not chosen
    by looking at labels.

    Raises
    ------
    ConfigError
        If the ratio is not positive and finite.

    Examples
    --------
    >>> cost_threshold(1.0), cost_threshold(4.0)
    (0.5, 0.2)
    """
    if not 0.0 < cost_ratio < float("inf"):
        message = (
            f"cost_ratio must be positive and finite, got {cost_ratio}; give the cost of missing "
            "a row of label 1, divided by that of a false alarm"
        )
        raise ConfigError(message)
    return 1.0 / (1.0 + cost_ratio)


def brier(target: Labels, p: Float, sample_weight: Weights = None) -> float:
    """Return the mean squared error of the probabilities.

    Brier (1950), Verification of forecasts expressed in terms of probability.

    Examples
    --------
    >>> brier(np.array([0, 1]), np.array([0.5, 0.5]))
    0.25
    """
    return _mean((p - target) ** 2, sample_weight)


def auc(target: Labels, score: Float, sample_weight: Weights = None) -> float:
    """Return the probability that a positive row has a higher score than a negative one.

    Ties count half (Hanley and McNeil, 1982, https://doi.org/10.1148/radiology.143.1.7063747);
    with weights, each pair counts with the product of its weights. NaN if all labels are the
    same.

    Examples
    --------
    >>> auc(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.4, 0.8]))
    0.875
    """
    positive, negative = _by_score(target, score, sample_weight)
    below = np.cumsum(negative) - 0.5 * negative
    pairs = float(positive.sum()) * float(negative.sum())
    return _ratio(float((positive * below).sum()), pairs)


def average_precision(target: Labels, score: Float, sample_weight: Weights = None) -> float:
    """Return the average precision, the area under the steps of precision over recall (PR-AUC).

    Unlike the AUC, it shows how few of the rows with the highest scores have label 1 if that
    label is rare; a score without information has the base rate: Davis and Goadrich (2006),
    https://doi.org/10.1145/1143844.1143874. NaN without rows of label 1.

    Examples
    --------
    >>> round(average_precision(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])), 4)
    0.8333
    """
    positive, negative = _by_score(target, score, sample_weight)
    if not positive.sum() > 0.0:
        return float("nan")
    # From the highest score downwards.
    hit, alarm = np.cumsum(positive[::-1]), np.cumsum(negative[::-1])
    known = hit + alarm > 0.0
    shares = hit[known] / (hit + alarm)[known]
    return float((positive[::-1][known] * shares).sum() / positive.sum())


def log_loss(target: Labels, log_odds: Float, sample_weight: Weights = None) -> float:
    """Return the mean cross-entropy in nats (RMS-Agent, eq. 6).

    Parameters
    ----------
    target : ndarray of int8, shape (n,)
        Labels, 0 or 1.
    log_odds : ndarray of float64, shape (n,)
        Log odds of label 1.
    sample_weight : ndarray of float64, shape (n,), optional
        How much each row counts.

    Examples
    --------
    >>> round(log_loss(np.array([0, 1]), np.array([0.0, 0.0])), 4)
    0.6931
    """
    return _mean(np.logaddexp(0.0, log_odds) - target * log_odds, sample_weight)


def cross_entropy(target: Labels, p: Float, sample_weight: Weights = None) -> float:
    """Return the mean cross-entropy in nats of probabilities, the log loss of a report.

    Probabilities are limited to [1e-12, 1 - 1e-12], so that it is finite.

    Examples
    --------
    >>> round(cross_entropy(np.array([0, 1]), np.array([0.5, 0.5])), 4)
    0.6931
    """
    inside = np.clip(p, _LEAST, 1.0 - _LEAST)
    return _mean(-np.where(target == 1, np.log(inside), np.log1p(-inside)), sample_weight)


class Reliability(NamedTuple):
    """Predicted and observed shares in bins of probability, the calibration table.

    Parameters
    ----------
    n : ndarray of int64, shape (bins,)
        Number of rows in the bin.
    predicted : ndarray of float64, shape (bins,)
        Mean probability of these rows; NaN in an empty bin.
    observed : ndarray of float64, shape (bins,)
        Share of label 1 among these rows; NaN in an empty bin.
    weight : ndarray of float64, shape (bins,)
        Share of the rows in the bin, by their weights; the sum is 1.
    """

    n: Int
    predicted: Float
    observed: Float
    weight: Float


def reliability(
    target: Labels, p: Float, sample_weight: Weights = None, *, bins: int = _BINS
) -> Reliability:
    """Return the reliability table over `bins` intervals of equal width.

    Examples
    --------
    >>> table = reliability(np.array([0, 1]), np.array([0.1, 0.9]), bins=2)
    >>> table.n.tolist(), table.observed.tolist()
    ([1, 1], [0.0, 1.0])
    """
    weight = _weights(target, sample_weight)
    place = np.minimum((np.asarray(p) * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    total, predicted, observed = (
        np.bincount(place, weights=weight * of, minlength=bins)
        for of in (np.ones(len(weight)), p, np.asarray(target, dtype=np.float64))
    )
    inside = np.where(total > 0.0, total, np.nan)
    share = total / max(float(total.sum()), np.finfo(np.float64).tiny)
    return Reliability(count, predicted / inside, observed / inside, share)


def ece(target: Labels, p: Float, sample_weight: Weights = None, *, bins: int = _BINS) -> float:
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
    table = reliability(target, p, sample_weight, bins=bins)
    return float(np.dot(table.weight, np.nan_to_num(np.abs(table.predicted - table.observed))))


class F1Curve(NamedTuple):
    """Precision, recall and F1 over thresholds.

    Parameters
    ----------
    threshold : ndarray of float64, shape (k,)
        Rows with at least this probability are predicted as 1.
    precision, recall, f1 : ndarray of float64, shape (k,)
        Metrics at each threshold; NaN where undefined.
    """

    threshold: Float
    precision: Float
    recall: Float
    f1: Float

    @property
    def best(self) -> float:
        """The threshold with the highest F1; NaN if F1 is undefined throughout.

        It is chosen by looking at these labels, so F1 will be lower on other rows.
        """
        if np.isnan(self.f1).all():
            return float("nan")
        return float(self.threshold[int(np.nanargmax(self.f1))])


def f1_curve(
    target: Labels, p: Float, sample_weight: Weights = None, *, thresholds: Float = _STEPS
) -> F1Curve:
    """Return precision, recall and F1 at several thresholds, by default 0.05 to 0.95.

    Examples
    --------
    >>> curve = f1_curve(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.4]))
    >>> curve.best, float(curve.f1.max())
    (0.25, 1.0)
    """
    at = np.asarray(thresholds, dtype=np.float64)
    rows = [
        [one(target, p, sample_weight, threshold=t) for one in (precision, recall, f1)]
        for t in at.tolist()
    ]
    return F1Curve(at, *np.array(rows, dtype=np.float64).reshape(-1, 3).T)


METRICS: Mapping[str, Callable[[Labels, Float, Weights], float]] = MappingProxyType(
    {
        "accuracy": accuracy,
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "auc": auc,
        "average_precision": average_precision,
        "brier": brier,
        "log_loss": cross_entropy,
        "ece": ece,
    }
)
"""The metrics of a report, by name."""

_OF_THRESHOLD = frozenset({"accuracy", "precision", "recall", "f1"})


def metrics(
    target: Labels, p: Float, sample_weight: Weights = None, *, threshold: float = THRESHOLD
) -> dict[str, float]:
    """Return all metrics of `METRICS` by name.

    Examples
    --------
    >>> metrics(np.array([0, 1]), np.array([0.2, 0.8]))["auc"]
    1.0
    """
    return {
        name: formula(target, p, sample_weight, **_options(name, threshold))
        for name, formula in METRICS.items()
    }


def _options(name: str, threshold: float) -> dict[str, float]:
    return {"threshold": threshold} if name in _OF_THRESHOLD else {}


def _by_score(target: Labels, score: Float, sample_weight: Weights) -> tuple[Float, Float]:
    """Return the weights of labels 1 and 0 at each distinct score, from the lowest upwards."""
    weight, true = _weights(target, sample_weight), np.asarray(target) == 1
    ordered, place = np.unique(score, return_inverse=True)
    positive, negative = (
        np.bincount(place, weights=weight * rows, minlength=len(ordered)).astype(np.float64)
        for rows in (true, ~true)
    )
    return positive, negative


def _weights(target: Labels, sample_weight: Weights) -> Float:
    if sample_weight is None:
        return np.ones(len(target))
    return np.asarray(sample_weight, dtype=np.float64)


def _mean(values: Float, sample_weight: Weights) -> float:
    if not len(values):
        return float("nan")
    if sample_weight is None:
        return float(np.mean(values))
    return _ratio(float(np.dot(sample_weight, values)), float(np.sum(sample_weight)))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
