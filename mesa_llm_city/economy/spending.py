"""Spending by rule: pure functions over arrays, for one person or for columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.economy import SpendingParameters

__all__ = ["buffer_stock_spending", "personal_cushion", "power_spending"]


def personal_cushion(draw: ArrayLike, parameters: SpendingParameters) -> Float:
    """Return the savings that people wish for, in months of income: log-normal.

    Parameters
    ----------
    draw : array_like
        Uniform draws in (0, 1), which stay with a person.
    parameters : SpendingParameters
        Median and spread. No cushion is larger than ``1 / of_savings`` months, beyond which
        nothing of an income would be spent.

    Examples
    --------
    >>> personal_cushion([0.5, 0.8413447], SpendingParameters()).round(3).tolist()
    [1.5, 4.077]
    """
    from scipy.special import ndtri

    spread = parameters.cushion_spread * ndtri(np.asarray(draw, dtype=np.float64))
    return np.minimum(parameters.cushion_months * np.exp(spread), 1.0 / parameters.of_savings)


def buffer_stock_spending(
    disposable: ArrayLike,
    transfers: ArrayLike,
    savings: ArrayLike,
    *,
    cushion: ArrayLike,
    least: ArrayLike = 0.0,
    parameters: SpendingParameters,
) -> Float:
    """Return what people wish to spend in a month who keep a cushion of savings.

    ``income + of_savings (savings - cushion income)`` where income is what is left after taxes
    and rent, and a share `of_transfers` of transfers. With no transfers, savings stay as they
    are where they equal the cushion, so that nothing trickles away [1]_. It is the same as
    ``(1 - of_savings cushion) income + of_savings savings``, a consumption function of income
    and wealth.

    Parameters
    ----------
    disposable : array_like
        Income of the month after taxes and rent, without transfers.
    transfers : array_like
        Transfers of the month.
    savings : array_like
        Savings when the month began.
    cushion : array_like
        Wished savings, in months of income (see `personal_cushion`).
    least : array_like, default 0
        What is spent at least, if there is as much.
    parameters : SpendingParameters
        Shares.

    Returns
    -------
    ndarray of float64
        Never below 0 nor above what there is; all inputs broadcast.

    References
    ----------
    .. [1] Carroll (1997), Buffer-stock saving and the life cycle/permanent income hypothesis,
       Q. J. Econ. 112(1), 1-55.

    Examples
    --------
    >>> buffer_stock_spending(
    ...     2000.0, [0.0, 1000.0], 3000.0, cushion=1.5, parameters=SpendingParameters()
    ... ).tolist()
    [2000.0, 2238.75]
    """
    own = np.asarray(disposable, dtype=np.float64)
    more = np.asarray(transfers, dtype=np.float64)
    stock = np.asarray(savings, dtype=np.float64)
    income = np.maximum(own + parameters.of_transfers * more, 0.0)
    wished = income + parameters.of_savings * (stock - np.asarray(cushion) * income)
    there = np.maximum(stock + own + more, 0.0)
    return np.asarray(np.minimum(np.maximum(wished, least), there), dtype=np.float64)


def power_spending(
    price: ArrayLike, income: ArrayLike, savings: ArrayLike, parameters: SpendingParameters
) -> Float:
    """Return what people spend by the rule of EconAgent.

    ``(price / (savings + income))^power`` of savings and income together, at most all of it.

    Parameters
    ----------
    price : array_like
        Price of a unit of goods.
    income, savings : array_like
        Income of the month and savings, in the same unit.
    parameters : SpendingParameters
        The exponent.

    Examples
    --------
    >>> power_spending(1.0, 2000.0, 8000.0, SpendingParameters()).round(0).item()
    3981.0
    """
    there = np.maximum(np.asarray(income, dtype=np.float64) + np.asarray(savings), 0.0)
    share = (np.asarray(price) / np.maximum(there, 1e-9)) ** parameters.power
    return np.asarray(np.minimum(share, 1.0) * there, dtype=np.float64)
