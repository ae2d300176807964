"""From the probability of having returned to moves in one period: risks and households."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid

__all__ = ["Risks", "hazard", "moving_risks", "pooled_probability", "stock_probability"]


class Risks(NamedTuple):
    """Risks of moving within a year, of persons who live away or at home.

    Attributes
    ----------
    returning : ndarray of float64, shape (n,)
        Risk of returning, for a person who is away.
    leaving : ndarray of float64, shape (n,)
        Risk of leaving again, for a person at home.
    """

    returning: Float
    leaving: Float


def moving_risks(
    p: ArrayLike, *, years_at_risk: float, years_at_home: float, flow_years: float | None = None
) -> Risks:
    """Return the risks of a year that follow from the probabilities of a model.

    Parameters
    ----------
    p : array_like of float, shape (n,)
        Probability of being back (a stock), or of returning within a period (a flow).
    years_at_risk : float
        T, the number of years in which people could return; at least 1.
    years_at_home : float
        H, the number of years in which people at home could leave; at least 1.
    flow_years : float, optional
        Length of the period of a flow, in years; by default `p` is that of a stock.

    Returns
    -------
    Risks
        Risks of a year.

    Raises
    ------
    ConfigError
        If a number of years is outside its range.

    Notes
    -----
    From a stock, the risk of returning is ``1 - (1 - p) ** (1 / T)``, and that of leaving
    ``1 - p ** (1 / H)`` (see `hazard`). From a flow of Y years, the risk of returning is
    ``h = 1 - (1 - p) ** (1 / Y)``, whatever T is; the flow says nothing of those at home, so
    they leave by the stock to which it would lead, ``1 - (1 - h) ** T``. In the long run a
    person is at home with probability ``r / (r + l)``, from the risks r of returning and l of
    leaving; `calibrate_flows` solves for the horizons at which the share at home stays.

    Examples
    --------
    >>> stock = moving_risks([0.75], years_at_risk=2.0, years_at_home=1.0)
    >>> stock.returning.tolist(), stock.leaving.round(9).tolist()
    ([0.5], [0.25])
    >>> moving_risks([0.75], years_at_risk=9.0, years_at_home=9.0, flow_years=2.0).returning
    array([0.5])
    """
    if flow_years is None:
        stock = np.asarray(p, dtype=np.float64)
        return Risks(hazard(stock, years_at_risk), hazard(1.0 - stock, years_at_home))
    if not flow_years > 0.0:
        message = f"the period of a flow must have more than 0 years, got {flow_years}"
        raise ConfigError(message)
    returning = _risk(p, flow_years)
    stock = stock_probability(returning, years_at_risk)
    return Risks(returning, hazard(1.0 - stock, years_at_home))


def hazard(p: ArrayLike, periods: float) -> Float:
    """Return the risk per period that leads to probability `p` after `periods`.

    ``h = 1 - (1 - p) ** (1 / T)``: with a risk of h in each of T periods, a person has moved
    at their end with probability p.

    Parameters
    ----------
    p : array_like of float
        Probability of having returned by the time of the survey, in [0, 1].
    periods : float
        T, the number of periods in which people were at risk; at least 1.

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
    The label of a survey is a stock: it says who is back, but not since when. Taken as a
    yearly risk, a probability of 0.4 would return 99 of 100 people within ten years. The
    formula assumes a constant risk (geometric survival; Allison 1982, Discrete-time methods
    for the analysis of event histories, Sociological Methodology 13, 61-98), and that nobody
    leaves again before the survey.

    Examples
    --------
    >>> float(hazard(0.4, 10.0).round(4))
    0.0498
    """
    _check_periods(periods)
    return _risk(p, periods)


def stock_probability(risk: ArrayLike, periods: float) -> Float:
    """Return the probability of having moved after `periods` at a constant `risk`.

    The inverse of `hazard`, ``p = 1 - (1 - h) ** T``.

    Parameters
    ----------
    risk : array_like of float
        Risk per period, in [0, 1].
    periods : float
        T, the number of periods; at least 1.

    Raises
    ------
    ConfigError
        If `periods` is below 1.

    Examples
    --------
    >>> float(stock_probability(hazard(0.4, 10.0), 10.0).round(12))
    0.4
    """
    _check_periods(periods)
    with np.errstate(divide="ignore"):
        p: Float = -np.expm1(np.log1p(-np.asarray(risk, dtype=np.float64)) * periods)
    return p


def pooled_probability(p: ArrayLike, households: ArrayLike) -> Float:
    """Return the probability of each person's household.

    The mean of the log odds of all members: the logarithmic opinion pool with equal weights
    (Genest and Zidek 1986, Combining probability distributions, Statistical Science 1,
    114-135, https://doi.org/10.1214/ss/1177013825). A member who is almost certain outweighs
    one who is undecided. That families rather than persons decide is the point of the new
    economics of labour migration (Stark and Bloom 1985, American Economic Review 75(2),
    173-178); equal weights are an assumption.

    Parameters
    ----------
    p : array_like of float, shape (n,)
        Probability of each person, in [0, 1].
    households : array_like of int, shape (n,)
        Number of the person's household.

    Returns
    -------
    ndarray of float64, shape (n,)
        Equal within a household, whatever the order of its members.

    Raises
    ------
    DataError
        If the lengths differ.

    Examples
    --------
    >>> pooled_probability([0.5, 0.9, 0.2], [1, 1, 2]).round(3).tolist()
    [0.75, 0.75, 0.2]
    """
    own, home = np.asarray(p, dtype=np.float64), np.asarray(households)
    if own.shape != home.shape:
        message = f"p has shape {own.shape}, households {home.shape}; give one household a person"
        raise DataError(message)
    # Sums of floats depend on their order, so the members are sorted first.
    order = np.lexsort((own, home))
    _, household = np.unique(home, return_inverse=True)
    total = np.bincount(household[order], weights=log_odds(own[order]))
    mean = sigmoid(total / np.maximum(np.bincount(household), 1))
    pooled: Float = np.where(np.bincount(household)[household] > 1, mean[household], own)
    return pooled


def _risk(p: ArrayLike, periods: float) -> Float:
    with np.errstate(divide="ignore"):  # a probability of 1 is a risk of 1
        risk: Float = -np.expm1(np.log1p(-np.asarray(p, dtype=np.float64)) / periods)
    return risk


def _check_periods(periods: float) -> None:
    # NaN fails the comparison as well.
    if not periods >= 1.0:
        message = f"periods must be at least 1, got {periods}"
        raise ConfigError(message)
