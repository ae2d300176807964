"""Hours of work by rule: pure functions over arrays, for one person or for columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.economy import WorkParameters

__all__ = [
    "WEEKS_PER_MONTH",
    "hours_by_rule",
    "personal_effect",
    "power_hours",
    "wage_per_hour",
    "wished_hours",
]

WEEKS_PER_MONTH = 365.25 / 7 / 12


def wage_per_hour(monthly: ArrayLike, hours: ArrayLike) -> Float:
    """Return the wage of an hour of somebody who earns so much a month with hours a week.

    Examples
    --------
    >>> float(wage_per_hour(3600.0, 40.0).round(2))
    20.7
    """
    worked = np.asarray(hours, dtype=np.float64) * WEEKS_PER_MONTH
    return np.asarray(np.asarray(monthly, dtype=np.float64) / worked)


def personal_effect(draw: ArrayLike, parameters: WorkParameters) -> Float:
    """Return the income effect of people, log-normal around the mean of `parameters`.

    ``mean exp(s z - s^2 / 2)`` with z the standard-normal quantile of the draw.

    Parameters
    ----------
    draw : array_like
        Uniform draws in (0, 1), which stay with a person.
    parameters : WorkParameters
        Mean and spread.

    Examples
    --------
    >>> personal_effect(0.5, WorkParameters(effect_spread=0)).item()
    0.11
    """
    from scipy.special import ndtri

    spread = parameters.effect_spread
    scale = np.exp(spread * ndtri(np.asarray(draw, dtype=np.float64)) - spread**2 / 2.0)
    return np.asarray(parameters.income_effect * scale)


def wished_hours(
    usual: ArrayLike,
    *,
    wage: ArrayLike,
    unearned: ArrayLike,
    kept: ArrayLike,
    effect: ArrayLike,
    parameters: WorkParameters,
) -> Float:
    """Return the hours a week that people wish to work.

    ``usual kept^elasticity - effect unearned / (wage weeks)``: a share `effect` of unearned
    income is taken off earnings [1]_, and hours follow what is left of a wage [2]_. Who wishes
    to work less than `least_hours` rather does not work.

    Parameters
    ----------
    usual : array_like
        Hours a week without unearned income.
    wage : array_like
        Wage of an hour, before taxes.
    unearned : array_like
        Unearned income a month beyond the usual, in units of the wage.
    kept : array_like
        What is left of one more unit of earned income over what usually is left; 1 for no
        change of taxes and levies.
    effect : array_like
        Income effect (see `personal_effect`).
    parameters : WorkParameters
        Elasticity and bounds.

    Returns
    -------
    ndarray of float64
        Hours in [0, most_hours]; all inputs broadcast.

    References
    ----------
    .. [1] Imbens, Rubin and Sacerdote (2001), Am. Econ. Rev. 91(4), 778-794.
    .. [2] Chetty (2012), Econometrica 80(3), 969-1018.

    Examples
    --------
    >>> hours = wished_hours(
    ...     [40.0, 9.0], wage=20.0, unearned=1000.0, kept=1.0, effect=0.11,
    ...     parameters=WorkParameters(),
    ... )
    >>> hours.round(2).tolist()  # 110 a month less, at 20 an hour
    [38.74, 0.0]
    """
    at_rate = np.asarray(usual) * np.maximum(kept, 0.0) ** parameters.wage_elasticity
    paid = np.maximum(np.asarray(wage, dtype=np.float64) * WEEKS_PER_MONTH, 1e-9)
    wished = np.asarray(at_rate - np.asarray(effect) * np.asarray(unearned) / paid)
    bounded = np.minimum(wished, parameters.most_hours)
    return np.where(bounded < parameters.least_hours, 0.0, bounded)


def power_hours(
    income: ArrayLike, wealth: ArrayLike, draw: ArrayLike, parameters: WorkParameters
) -> Float:
    """Return hours by the rule of EconAgent: full time with a probability, or none.

    The probability is ``min(1, (income / wealth)^power)`` with what a full month would bring,
    and 1 without wealth.

    Parameters
    ----------
    income : array_like
        What a month of full-time work would bring.
    wealth : array_like
        Savings with a month's interest, in the same unit.
    draw : array_like
        Uniform draws in [0, 1).
    parameters : WorkParameters
        The exponent, and full time.

    Examples
    --------
    >>> power_hours(1000.0, 100_000.0, [0.5, 0.7], WorkParameters()).tolist()  # p = .63
    [40.0, 0.0]
    """
    ratio = np.asarray(income, dtype=np.float64) / np.maximum(wealth, 1e-9)
    likely = np.minimum(ratio**parameters.power, 1.0)
    return np.where(np.asarray(draw) < likely, parameters.week_hours, 0.0)


def hours_by_rule(
    now: ArrayLike,
    wished: ArrayLike,
    draw: ArrayLike,
    parameters: WorkParameters,
) -> Float:
    """Return the hours of the coming month: those wished by who can change them, else as now.

    Parameters
    ----------
    now, wished : array_like
        Hours a week.
    draw : array_like
        Uniform draws in [0, 1); below `adjusting` hours can be changed.
    parameters : WorkParameters
        Share of people who can.

    Examples
    --------
    >>> hours_by_rule(40.0, 36.0, [0.05, 0.5], WorkParameters()).tolist()
    [36.0, 40.0]
    """
    return np.where(np.asarray(draw) < parameters.adjusting, wished, now)
