"""Probabilities that mean what they say: temperature and intercept, and another base rate."""

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

_EDGE = 1e-12
_COLDEST, _HOTTEST = 0.01, 100.0
_STEPS = 100
_CLOSE = 1e-10
# Pulls towards "as it is", by far too little to be seen unless the data say nothing.
_RIDGE = 1e-6


def sigmoid(x: ArrayLike) -> Float:
    """Return 1 / (1 + exp(-x)), without overflow.

    Examples
    --------
    >>> float(sigmoid(0.0))
    0.5
    """
    told: Float = np.exp(-np.logaddexp(0.0, -np.asarray(x, dtype=np.float64)))
    return told


def log_odds(p: ArrayLike) -> Float:
    """Return log(p / (1 - p)); certainty counts as odds of 1e12.

    Examples
    --------
    >>> float(log_odds(0.5))
    0.0
    """
    inside = np.clip(np.asarray(p, dtype=np.float64), _EDGE, 1.0 - _EDGE)
    told: Float = np.log(inside) - np.log1p(-inside)
    return told


def prior_shift(p: ArrayLike, base_from: float, base_to: float) -> Float:
    """Return probabilities for a population in which the label is more or less common.

    The odds are multiplied by the ratio of the odds of the two base rates, which is
    right where people of one label look alike in both populations [1]_.

    Parameters
    ----------
    p : array_like of float
        Probabilities in [0, 1].
    base_from : float
        Share of the label where the probabilities were learnt, in (0, 1).
    base_to : float
        Share of the label where they are used, in (0, 1).

    Returns
    -------
    ndarray of float64
        Probabilities, of the shape of `p`.

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
            message = f"{name} must be in (0, 1), got {base}; give the share of the label"
            raise ConfigError(message)
    return sigmoid(log_odds(p) + log_odds(base_to) - log_odds(base_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilityCalibration:
    """Log odds divided by a temperature, plus an intercept.

    Parameters
    ----------
    temperature : float, default 1.0
        In [0.01, 100]; above 1 takes certainty away.
    intercept : float, default 0.0
        Added to the log odds.

    Raises
    ------
    ConfigError
        If one is outside its range.

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
        """Check both at birth."""
        if not _COLDEST <= self.temperature <= _HOTTEST:
            message = f"temperature must be in [0.01, 100], got {self.temperature}"
            raise ConfigError(message)
        if not isfinite(self.intercept):
            message = f"intercept must be finite, got {self.intercept}"
            raise ConfigError(message)

    @classmethod
    def fit(cls, p: ArrayLike, target: ArrayLike) -> Self:
        """Return the calibration that makes `target` most likely.

        Parameters
        ----------
        p : array_like of float, shape (n,)
            Probabilities of label 1 for rows that were not learnt from.
        target : array_like of int, shape (n,)
            Labels, 0 or 1.

        Raises
        ------
        DataError
            If labels are of one class, lengths differ, or a probability is none.

        Notes
        -----
        Labels are softened as by Platt (1999), so that rows told apart without a mistake
        do not ask for infinite certainty. Probabilities that order the rows the wrong way
        round are flattened by the highest temperature, never turned over.
        """
        known, label = _checked(p, target)
        x, goal = log_odds(known), _softened(label)
        slope, intercept = _newton(x, goal)
        if not 1.0 / _HOTTEST <= slope <= 1.0 / _COLDEST:
            slope = float(np.clip(slope, 1.0 / _HOTTEST, 1.0 / _COLDEST))
            _, intercept = _newton(x, goal, slope=slope)
        return cls(temperature=1.0 / slope, intercept=intercept)

    def apply(self, p: ArrayLike) -> Float:
        """Return calibrated probabilities, of the shape of `p`."""
        return sigmoid(log_odds(p) / self.temperature + self.intercept)

    def state(self) -> dict[str, float]:
        """Return both numbers, for JSON."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Build from `state`.

        Raises
        ------
        DataError
            If the numbers are missing, or there is something else.
        """
        try:
            numbers = {name: float(value) for name, value in state.items()}
            return cls(**numbers)
        except (AttributeError, TypeError, ValueError) as error:
            message = f"{state!r} is no state of a calibration; it has temperature and intercept"
            raise DataError(message) from error


def _checked(p: ArrayLike, target: ArrayLike) -> tuple[Float, Float]:
    known = np.asarray(p, dtype=np.float64)
    label = np.asarray(target, dtype=np.float64)
    if known.shape != label.shape or known.ndim != 1:
        message = f"p and target must be two arrays of one length, got {known.shape}, {label.shape}"
        raise DataError(message)
    if not np.all((known >= 0.0) & (known <= 1.0)):
        message = "probabilities to calibrate must be in [0, 1]; some are outside, or not numbers"
        raise DataError(message)
    if not np.array_equal(np.unique(label), [0.0, 1.0]):
        message = (
            f"{len(label)} rows to calibrate on have the labels {np.unique(label).tolist()}; "
            "both 0 and 1 are needed"
        )
        raise DataError(message)
    return known, label


def _softened(label: Float) -> Float:
    positive = float(np.count_nonzero(label))
    negative = len(label) - positive
    return np.where(label == 1.0, (positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0))


def _newton(x: Float, goal: Float, *, slope: float | None = None) -> tuple[float, float]:
    """Return slope and intercept of the logistic regression of `goal` on `x`.

    A `slope` that is given is kept, and only the intercept is fitted.
    """
    at = np.array([1.0 if slope is None else slope, 0.0])
    free = slice(0 if slope is None else 1, None)
    worth = _loss(x, goal, at)
    for _ in range(_STEPS):
        gradient, curvature = _derivatives(x, goal, at)
        step = np.zeros(2)
        step[free] = np.linalg.solve(curvature[free, free], gradient[free])
        # The loss is convex, so that some part of the step helps.
        while (lower := _loss(x, goal, at - step)) > worth and np.abs(step).max() > _CLOSE:
            step = step / 2.0
        at, worth = at - step, lower
        if np.abs(step).max() <= _CLOSE:
            break
    return float(at[0]), float(at[1])


def _loss(x: Float, goal: Float, at: Float) -> float:
    told = at[0] * x + at[1]
    pull = _RIDGE * ((at[0] - 1.0) ** 2 + at[1] ** 2) / 2.0
    return float(np.mean(np.logaddexp(0.0, told) - goal * told) + pull)


def _derivatives(x: Float, goal: Float, at: Float) -> tuple[Float, Float]:
    """Return gradient and curvature of the loss by slope and intercept."""
    p = sigmoid(at[0] * x + at[1])
    off, spread = p - goal, p * (1.0 - p)
    gradient = np.array([np.mean(off * x), np.mean(off)]) + _RIDGE * (at - [1.0, 0.0])
    cross = np.mean(spread * x)
    curvature = np.array([[np.mean(spread * x * x), cross], [cross, np.mean(spread)]])
    return gradient, curvature + _RIDGE * np.eye(2)
