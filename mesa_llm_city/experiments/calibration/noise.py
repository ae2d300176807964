"""What of a difference between run and survey is more than the noise of few people."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.validation.time_use import SurveyCells

__all__ = ["beyond_noise", "shrunk"]


def beyond_noise(cells: SurveyCells, amounts: Float, days: Float, wanted: Float) -> Float:
    """Return by how much the means of cells are to grow, without what may be noise.

    Parameters
    ----------
    cells : SurveyCells
        The c cells.
    amounts : ndarray of float64, shape (p, 3, g)
        Of each person, by kind of day.
    days : ndarray of float64, shape (p, 3)
        Days of each person, by kind.
    wanted : ndarray of float64, shape (c, g)
        Means of the survey.

    Notes
    -----
    The variance of a mean is that of its persons, whose days hang together: the sum of squares
    of ``sum_k w_k (amount_k - mean_k days_k) / total days_k`` over persons.
    """
    gaps, variances = np.empty_like(wanted), np.empty_like(wanted)
    for at, (who, weight) in enumerate(zip(cells.who, cells.weights, strict=True)):
        lived = who[:, None] * days
        total = np.maximum(lived.sum(axis=0), 1e-9)
        amount = who[:, None, None] * amounts
        means = amount.sum(axis=0) / total[:, None]
        share = (amount - means * lived[:, :, None]) * (weight / total)[:, None]
        variances[at] = (share.sum(axis=1) ** 2).sum(axis=0)
        gaps[at] = wanted[at] - weight @ means
    return shrunk(gaps, variances)


def shrunk(gaps: Float, variances: Float) -> Float:
    """Return differences without the part that is expected of noise.

    A difference d of variance v counts as ``d max(0, 1 - v / d^2)``: the estimator of James and
    Stein (1961), its positive part, for each difference alone.

    Examples
    --------
    >>> shrunk(np.array([20.0, -10.0, 5.0]), np.array([100.0, 25.0, 100.0])).tolist()
    [15.0, -7.5, 0.0]
    """
    square = gaps**2
    kept = np.divide(variances, square, out=np.ones_like(gaps), where=square > 0)
    smaller: Float = gaps * np.maximum(1.0 - kept, 0.0)
    return smaller
