"""Calibration of probabilities: temperature and intercept, and a change of base rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float

__all__ = ["ProbabilityCalibration", "log_odds", "prior_shift", "sigmoid"]

_LEAST = 1e-12
_LOWEST, _HIGHEST = 0.01, 100.0  # temperatures
_STEPS = 100
_TOLERANCE = 1e-10
# Weak regularisation towards no change; it matters only if the data contain no information.
_RIDGE = 1e-6


def sigmoid(x: ArrayLike) -> Float:
    """Return 1 / (1 + exp(-x)), without overflow.

    Examples
    --------
    >>> float(sigmoid(0.0))
    0.5
    """
    p: Float = np.exp(-np.logaddexp(0.0, -np.asarray(x, dtype=np.float64)))
    return p


def log_odds(p: ArrayLike) -> Float:
    """Return log(p / (1 - p)); p is limited to [1e-12, 1 - 1e-12].

    Examples
    --------
    >>> float(log_odds(0.5))
    0.0
    """
    inside = np.clip(np.asarray(p, dtype=np.float64), _LEAST, 1.0 - _LEAST)
    odds: Float = np.log(inside) - np.log1p(-inside)
    return odds


def prior_shift(p: ArrayLike, base_from: float, base_to: float) -> Float:
    """Return probabilities for a population with another base rate.

    The odds are multiplied by the ratio of the odds of the two base rates. This is correct
    if people with the same label have the same distribution in both populations [1]_.

    Parameters
    ----------
    p : array_like of float
        Probabilities in [0, 1].
    base_from : float
        Share of label 1 in the training population, in (0, 1).
    base_to : float
        Share of label 1 in the population to predict, in (0, 1).

    Returns
    -------
    ndarray of float64
        Probabilities of the shape of `p`.

    Raises
    ------
    ConfigError
        If a base rate is outside (0, 1).

    References
    ----------
    .. [1] Saerens, Latinne and Decaestecker (2002), Adjusting the outputs of a classifier
       to new a priori probabilities. Neural Computation 14(1).
       https://doi.org/10.1162/089976602753284446

    Examples
    --------
    >>> float(prior_shift(0.5, 0.5, 0.25).round(6))
    0.25
    """
    for name, base in (("base_from", base_from), ("base_to", base_to)):
        if not 0.0 < base < 1.0:
            message = f"{name} must be in (0, 1), got {base}; give the share of label 1"
            raise ConfigError(message)
    return sigmoid(log_odds(p) + log_odds(base_to) - log_odds(base_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilityCalibration:
    """Calibration of log odds: division by a temperature, plus an intercept.

    Parameters
    ----------
    temperature : float, default 1.0
        In [0.01, 100]; above 1 it makes probabilities less extreme.
    intercept : float, default 0.0
        Added after the division.

    Raises
    ------
    ConfigError
        If a number is outside its range.

    References
    ----------
    Platt (1999), Probabilistic outputs for support vector machines; Guo, Pleiss, Sun and
    Weinberger (2017), On calibration of modern neural networks, https://arxiv.org/abs/1706.04599

    Examples
    --------
    >>> ProbabilityCalibration(temperature=2.0).apply([0.5, 0.9]).round(2)
    array([0.5 , 0.75])
    """

    temperature: float = 1.0
    intercept: float = 0.0

    def __post_init__(self) -> None:
        """Check both numbers."""
        if not _LOWEST <= self.temperature <= _HIGHEST:
            message = f"temperature must be in [0.01, 100], got {self.temperature}"
            raise ConfigError(message)
        if not isfinite(self.intercept):
            message = f"intercept must be finite, got {self.intercept}"
            raise ConfigError(message)

    @classmethod
    def fit(cls, p: ArrayLike, target: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Return the calibration with the greatest likelihood of `target`.

        Parameters
        ----------
        p : array_like of float, shape (n,)
            Probabilities of label 1 for rows that are not training rows.
        target : array_like of int, shape (n,)
            Labels, 0 or 1.
        sample_weight : array_like of float, shape (n,), optional
            How much each row counts; by default all the same. Multiplying all weights by one
            number changes nothing.

        Raises
        ------
        DataError
            If labels are all the same, lengths differ, or `p` or weights have other values.

        Notes
        -----
        Labels are smoothed as in Platt (1999), so that perfect separation does not lead to
        infinite log odds. Probabilities that order the rows in the wrong way get the
        highest temperature; they are never reversed.
        """
        known, label = _checked(p, target)
        weight = _checked_weights(sample_weight, label)
        x, goal = log_odds(known), _smoothed(label, weight)
        slope, intercept = _newton(x, goal, weight)
        if not 1.0 / _HIGHEST <= slope <= 1.0 / _LOWEST:
            slope = float(np.clip(slope, 1.0 / _HIGHEST, 1.0 / _LOWEST))
            _, intercept = _newton(x, goal, weight, slope=slope)
        return cls(temperature=1.0 / slope, intercept=intercept)

    def apply(self, p: ArrayLike) -> Float:
        """Return calibrated probabilities of the shape of `p`."""
        return sigmoid(log_odds(p) / self.temperature + self.intercept)

    def state(self) -> dict[str, float]:
        """Return both numbers for JSON."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the calibration that `state` described.

        Raises
        ------
        DataError
            If numbers are missing, or there are other values.
        """
        try:
            numbers = {name: float(value) for name, value in state.items()}
            return cls(**numbers)
        except (AttributeError, TypeError, ValueError) as error:
            message = f"{state!r} is no state of a calibration; give temperature and intercept"
            raise DataError(message) from error


def _checked(p: ArrayLike, target: ArrayLike) -> tuple[Float, Float]:
    known = np.asarray(p, dtype=np.float64)
    label = np.asarray(target, dtype=np.float64)
    if known.shape != label.shape or known.ndim != 1:
        message = f"p and target must be two arrays of one length, got {known.shape}, {label.shape}"
        raise DataError(message)
    if not np.all((known >= 0.0) & (known <= 1.0)):
        message = "probabilities to calibrate must be numbers in [0, 1]"
        raise DataError(message)
    if not np.array_equal(np.unique(label), [0.0, 1.0]):
        message = (
            f"{len(label)} rows to calibrate on have the labels {np.unique(label).tolist()}; "
            "both 0 and 1 are needed"
        )
        raise DataError(message)
    return known, label


def _checked_weights(sample_weight: ArrayLike | None, label: Float) -> Float:
    """Return weights with a mean of 1."""
    if sample_weight is None:
        return np.ones(len(label))
    weight = np.asarray(sample_weight, dtype=np.float64)
    is_valid = weight.shape == label.shape and bool(np.all((weight >= 0.0) & (weight < np.inf)))
    if not is_valid or any(not weight[label == one].sum() > 0.0 for one in (0.0, 1.0)):
        message = (
            "weights to calibrate with must be one finite number of at least 0 for each row, "
            f"with a positive sum for each label; got shape {weight.shape} for {len(label)} rows"
        )
        raise DataError(message)
    scaled: Float = weight / weight.mean()
    return scaled


def _smoothed(label: Float, weight: Float) -> Float:
    positive = float(weight[label == 1.0].sum())
    negative = float(weight[label == 0.0].sum())
    return np.where(label == 1.0, (positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0))


def _newton(
    x: Float, goal: Float, weight: Float, *, slope: float | None = None
) -> tuple[float, float]:
    """Return slope and intercept of the logistic regression of `goal` on `x`.

    If `slope` is given, only the intercept is fitted.
    """
    at = np.array([1.0 if slope is None else slope, 0.0])
    free = slice(0 if slope is None else 1, None)
    current = _loss(x, goal, weight, at)
    for _ in range(_STEPS):
        gradient, curvature = _derivatives(x, goal, weight, at)
        step = np.zeros(2)
        step[free] = np.linalg.solve(curvature[free, free], gradient[free])
        # The loss is convex, so a part of the step decreases it.
        while (lower := _loss(x, goal, weight, at - step)) > current and np.abs(
            step
        ).max() > _TOLERANCE:
            step = step / 2.0
        at, current = at - step, lower
        if np.abs(step).max() <= _TOLERANCE:
            break
    return float(at[0]), float(at[1])


def _loss(x: Float, goal: Float, weight: Float, at: Float) -> float:
    odds = at[0] * x + at[1]
    penalty = _RIDGE * ((at[0] - 1.0) ** 2 + at[1] ** 2) / 2.0
    return float(np.mean(weight * (np.logaddexp(0.0, odds) - goal * odds)) + penalty)


def _derivatives(x: Float, goal: Float, weight: Float, at: Float) -> tuple[Float, Float]:
    """Return gradient and Hessian of the loss with respect to slope and intercept."""
    p = sigmoid(at[0] * x + at[1])
    off, spread = weight * (p - goal), weight * p * (1.0 - p)
    gradient = np.array([np.mean(off * x), np.mean(off)]) + _RIDGE * (at - [1.0, 0.0])
    cross = np.mean(spread * x)
    curvature = np.array([[np.mean(spread * x * x), cross], [cross, np.mean(spread)]])
    return gradient, curvature + _RIDGE * np.eye(2)
