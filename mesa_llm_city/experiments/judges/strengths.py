"""Strengths of several runs from paired comparisons: Bradley and Terry, with ties by Davidson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int

__all__ = ["Strengths", "bradley_terry", "outcome_probabilities"]

_PRIOR_SD = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strengths:
    """Fitted strengths of k runs.

    Parameters
    ----------
    value : ndarray of float64, shape (k,)
        Logarithms of the strengths; their mean is 0.
    low, high : ndarray of float64, shape (k,)
        Interval of each.
    tie : float
        Davidson's parameter of ties; 0 if there was none.
    """

    value: Float
    low: Float
    high: Float
    tie: float


def outcome_probabilities(first: Float, second: Float, tie: float) -> Float:
    """Return the probabilities that the first wins, the second wins, and that it is a tie.

    ``(a, b, t sqrt(ab)) / (a + b + t sqrt(ab))`` with strengths a and b (Davidson 1970); with
    t = 0 it is the model of Bradley and Terry (1952).

    Parameters
    ----------
    first, second : ndarray of float64, shape (n,)
        Logarithms of the strengths.
    tie : float
        The parameter t of ties, at least 0.

    Returns
    -------
    ndarray of float64, shape (3, n)
        Rows: first wins, second wins, tie.

    Examples
    --------
    >>> outcome_probabilities(np.array([0.0]), np.array([0.0]), 1.0).round(3).tolist()
    [[0.333], [0.333], [0.333]]
    """
    gap = np.asarray(first, dtype=np.float64) - second
    # Divided by sqrt(ab), which is the same and cannot overflow for strengths of this size.
    weights: Float = np.stack([np.exp(gap / 2.0), np.exp(-gap / 2.0), np.full_like(gap, tie)])
    shares: Float = weights / weights.sum(axis=0)
    return shares


def bradley_terry(wins: Int, ties: Int | None = None, *, level: float = 0.95) -> Strengths:
    """Fit strengths to paired comparisons by maximum likelihood.

    Parameters
    ----------
    wins : ndarray of int64, shape (k, k)
        How often the run of the row was preferred to that of the column.
    ties : ndarray of int64, shape (k, k), optional
        How often neither was; symmetric.
    level : float, default 0.95
        Confidence level of the intervals.

    Returns
    -------
    Strengths
        A normal prior of standard deviation 3 on each log-strength, and on the logarithm of
        the parameter of ties, keeps a run finite that always wins (assumption; with 15
        comparisons a pair it moves strengths by some percent). Intervals are by the expected
        information.

    Raises
    ------
    ConfigError
        If the tables are not square and of one size, hold negative numbers, or compare
        nothing.

    References
    ----------
    .. [1] Bradley and Terry (1952), Rank analysis of incomplete block designs. Biometrika
       39(3/4), 324-345.
    .. [2] Davidson (1970), On extending the Bradley-Terry model to accommodate ties in paired
       comparison experiments. J. American Statistical Association 65(329), 317-328.

    Examples
    --------
    >>> fitted = bradley_terry(np.array([[0, 30], [10, 0]]))
    >>> round(float(np.exp(fitted.value[0] - fitted.value[1])), 1)
    3.0
    """
    from scipy.special import ndtri

    won, drawn = _tables(wins, ties)
    count, has_ties = len(won), bool(drawn.any())
    theta = _fitted(won, drawn, has_ties=has_ties)
    strengths = theta[:count] - theta[:count].mean()
    tie = float(np.exp(theta[count])) if has_ties else 0.0
    half = float(ndtri((1.0 + level) / 2.0)) * _deviations(won, drawn, strengths, tie)
    return Strengths(value=strengths, low=strengths - half, high=strengths + half, tie=tie)


def _tables(wins: Int, ties: Int | None) -> tuple[Float, Float]:
    won = np.asarray(wins, dtype=np.float64)
    drawn = np.zeros_like(won) if ties is None else np.asarray(ties, dtype=np.float64)
    if won.ndim != 2 or won.shape[0] != won.shape[1] or drawn.shape != won.shape:
        message = f"wins and ties must be square and of one size, got {won.shape}, {drawn.shape}"
        raise ConfigError(message)
    if (won < 0).any() or (drawn < 0).any() or not np.array_equal(drawn, drawn.T):
        message = "wins and ties must hold counts of at least 0, and ties be symmetric"
        raise ConfigError(message)
    if not (np.triu(won + won.T + drawn, 1) > 0).any():
        message = "nothing was compared; give at least one win or tie between two runs"
        raise ConfigError(message)
    return won, drawn


def _fitted(won: Float, drawn: Float, *, has_ties: bool) -> Float:
    """Return log-strengths, and the logarithm of the parameter of ties if there are any."""
    from scipy.optimize import minimize

    count = len(won)
    one, other = np.triu_indices(count, 1)
    seen = np.stack([won[one, other], won[other, one], drawn[one, other]])

    def loss(theta: Float) -> tuple[float, Float]:
        tie = float(np.exp(theta[count])) if has_ties else 0.0
        shares = outcome_probabilities(theta[one], theta[other], tie)
        kept = seen > 0.0
        value = -float(np.sum(seen[kept] * np.log(shares[kept])))
        # Both derivatives of log p are by gap/2 and -gap/2 less their means.
        by_gap = 0.5 * (seen[0] - seen[1] - seen.sum(axis=0) * (shares[0] - shares[1]))
        slope = np.zeros(len(theta))
        np.subtract.at(slope, one, by_gap)
        np.add.at(slope, other, by_gap)
        if has_ties:
            slope[count] = -float(np.sum(seen[2] - seen.sum(axis=0) * shares[2]))
        prior = theta / _PRIOR_SD**2
        return value + 0.5 * float(np.sum(prior * theta)), slope + prior

    start = np.zeros(count + int(has_ties))
    found: Float = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-8}).x
    return found


def _deviations(won: Float, drawn: Float, strengths: Float, tie: float) -> Float:
    """Return the standard deviations of centred log-strengths by the expected information."""
    count, extra = len(won), int(tie > 0.0)
    one, other = np.triu_indices(count, 1)
    trials = (won + won.T + drawn)[one, other]
    shares = outcome_probabilities(strengths[one], strengths[other], tie)
    # Gradients of log p by both log-strengths and log t, for each outcome and pair.
    by_gap = np.array([[0.5], [-0.5], [0.0]]) - 0.5 * (shares[0] - shares[1])
    by_tie = np.array([[0.0], [0.0], [1.0]]) - shares[2]
    pairs = np.arange(len(one))
    slopes = np.zeros((3, len(one), count + extra))
    slopes[:, pairs, one] = by_gap
    slopes[:, pairs, other] = -by_gap
    if extra:
        slopes[:, pairs, count] = by_tie
    information = np.einsum("op,opi,opj->ij", trials * shares, slopes, slopes)
    information += np.eye(count + extra) / _PRIOR_SD**2
    covariance = np.linalg.inv(information)[:count, :count]
    centred = np.eye(count) - 1.0 / count
    deviations: Float = np.sqrt(np.diag(centred @ covariance @ centred))
    return deviations
