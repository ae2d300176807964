"""From the probability of having returned to the risk per period, and to that of a family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid

__all__ = ["hazard", "pooled", "stock"]


def hazard(p: ArrayLike, periods: float) -> Float:
    """Return the risk per period that leads to a stock probability after so many periods.

    ``h = 1 - (1 - p) ** (1 / T)``: whoever runs the risk h in each of T periods has
    left the initial state at their end with probability p.

    Parameters
    ----------
    p : array_like of float
        Probability of having returned by the time of the survey, in [0, 1].
    periods : float
        T, for how many periods people have been at risk; at least 1.

    Returns
    -------
    ndarray of float64
        Risks in [0, 1], of the shape of `p`.

    Raises
    ------
    ConfigError
        If `periods` is below 1.

    Notes
    -----
    The label of a survey is a stock: it tells who is back, whenever that was. Taken as a
    yearly risk, a stock of 0.4 would bring 99 of 100 home within ten years. The formula
    assumes a risk that is constant over the periods (geometric survival; Allison 1982,
    Discrete-time methods for the analysis of event histories, Sociological Methodology
    13, 61-98) and nobody who leaves again before the survey.

    Examples
    --------
    >>> float(hazard(0.4, 10.0).round(4))
    0.0498
    """
    _check_periods(periods)
    with np.errstate(divide="ignore"):  # whoever is certain to be back comes at once
        risk: Float = -np.expm1(np.log1p(-np.asarray(p, dtype=np.float64)) / periods)
    return risk


def stock(risk: ArrayLike, periods: float) -> Float:
    """Return the probability of having moved after `periods` at a constant `risk`.

    The inverse of `hazard`, ``p = 1 - (1 - h) ** T``.

    Examples
    --------
    >>> float(stock(hazard(0.4, 10.0), 10.0).round(12))
    0.4
    """
    _check_periods(periods)
    with np.errstate(divide="ignore"):
        p: Float = -np.expm1(np.log1p(-np.asarray(risk, dtype=np.float64)) * periods)
    return p


def pooled(p: ArrayLike, households: ArrayLike) -> Float:
    """Return for each member the probability that the household agrees upon.

    The mean of the members' log odds, the logarithmic opinion pool with equal weights
    (Genest and Zidek 1986, Combining probability distributions, Statistical Science 1,
    114-135, https://doi.org/10.1214/ss/1177013825): one member who is all but certain
    outweighs another who hardly cares, and nobody decides alone. That families rather
    than persons decide is the point of the new economics of labour migration (Stark and
    Bloom 1985, American Economic Review 75(2), 173-178); equal weights are an assumption.

    Parameters
    ----------
    p : array_like of float, shape (n,)
        Probability of each member, in [0, 1].
    households : array_like of int, shape (n,)
        Whose household it is.

    Returns
    -------
    ndarray of float64, shape (n,)
        Equal within a household, whatever the order of the members.

    Raises
    ------
    DataError
        If the lengths differ.

    Examples
    --------
    >>> pooled([0.5, 0.9, 0.2], [1, 1, 2]).round(3).tolist()
    [0.75, 0.75, 0.2]
    """
    likely, home = np.asarray(p, dtype=np.float64), np.asarray(households)
    if likely.shape != home.shape:
        message = f"there are {likely.shape} probabilities for {home.shape} households; pair them"
        raise DataError(message)
    # Sums of floats depend on their order, so the members are put into one first.
    order = np.lexsort((likely, home))
    _, household = np.unique(home, return_inverse=True)
    total = np.bincount(household[order], weights=log_odds(likely[order]))
    mean = sigmoid(total / np.maximum(np.bincount(household), 1))
    told: Float = np.where(np.bincount(household)[household] > 1, mean[household], likely)
    return told


def _check_periods(periods: float) -> None:
    # NaN fails the comparison as well.
    if not periods >= 1.0:
        message = f"periods must be at least 1, got {periods}; a risk spreads over whole periods"
        raise ConfigError(message)
