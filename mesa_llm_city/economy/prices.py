"""Prices that follow demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.economy import PriceParameters

__all__ = ["imbalance", "next_price"]


def imbalance(demand: ArrayLike, supply: ArrayLike) -> Float:
    """Return how far demand is above supply: their difference over the larger one, in [-1, 1].

    Examples
    --------
    >>> imbalance([120.0, 50.0, 0.0], [100.0, 100.0, 0.0]).round(3).tolist()
    [0.167, -0.5, 0.0]
    """
    wanted, there = np.asarray(demand, dtype=np.float64), np.asarray(supply, dtype=np.float64)
    larger = np.maximum(np.maximum(wanted, there), 1e-9)
    return np.asarray((wanted - there) / larger)


def next_price(
    price: ArrayLike, demand: ArrayLike, supply: ArrayLike, parameters: PriceParameters
) -> Float:
    """Return the prices of the next month: ``price (1 + most_step response imbalance)``.

    Parameters
    ----------
    price : array_like
        Prices now.
    demand, supply : array_like
        Goods that people wanted to buy, and that there were.
    parameters : PriceParameters
        Greatest step, response, and whether prices change at all.

    Examples
    --------
    >>> next_price(2.0, [200.0, 100.0], 100.0, PriceParameters()).tolist()
    [2.05, 2.0]
    """
    now = np.asarray(price, dtype=np.float64)
    if not parameters.flexible:
        return np.broadcast_arrays(now, demand)[0].copy()
    step = parameters.most_step * parameters.response * imbalance(demand, supply)
    return np.asarray(now * (1.0 + step))
