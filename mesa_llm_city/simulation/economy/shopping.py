"""What visits and trips cost, and who pays for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.economy import affordable, in_cents
from mesa_llm_city.parameters.economy import EconomyParameters, ShoppingParameters

if TYPE_CHECKING:
    from mesa_llm_city.simulation.economy.purse import Purse

__all__ = ["cost_factor", "fare_cents", "paid_cents", "visit_cents", "willingness"]


def cost_factor(price: float, parameters: ShoppingParameters) -> float:
    """Return the cost at a place over that at a place of middle price.

    Straight lines from `cheapest` at price 0 to 1 at a half and to `dearest` at price 1.

    Parameters
    ----------
    price : float
        Price level of the place, in [0, 1]; NaN counts as a half.
    parameters : ShoppingParameters
        Factors.

    Examples
    --------
    >>> [cost_factor(one, ShoppingParameters()) for one in (0.0, 0.5, 1.0, float("nan"))]
    [0.5, 1.0, 1.5, 1.0]
    """
    if np.isnan(price):
        return 1.0
    return float(np.interp(price, [0.0, 0.5, 1.0], [parameters.cheapest, 1.0, parameters.dearest]))


def visit_cents(purpose: str, price: float, scale: float, numbers: EconomyParameters) -> int:
    """Return what somebody means to pay for a visit, in cents.

    Parameters
    ----------
    purpose : str
        What for.
    price : float
        Price level of the place.
    scale : float
        What the person spends over the usual (see `willingness`).
    numbers : EconomyParameters
        Costs of visits, and the median income.
    """
    usual = numbers.shopping.per_visit.get(purpose, 0.0) * numbers.median_income
    return int(in_cents(usual * cost_factor(price, numbers.shopping) * scale))


def willingness(purse: Purse | None, parameters: ShoppingParameters) -> float:
    """Return what somebody spends at a visit over the usual: the budget over the first one."""
    if purse is None or purse.usual_budget <= 0:
        return 1.0
    ratio = purse.budget / purse.usual_budget
    return float(np.clip(ratio, parameters.least_share, parameters.most_share))


def fare_cents(cost: float, numbers: EconomyParameters) -> int:
    """Return what a trip costs that costs so many train fares, in cents."""
    return int(in_cents(cost * numbers.fares.train_fare * numbers.median_income))


def paid_cents(wished: int, balance: int) -> int:
    """Return what is paid of a price: no more than there is."""
    return int(affordable(wished, balance))
