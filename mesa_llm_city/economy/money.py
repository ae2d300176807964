"""Money in whole cents: rounding, splitting, and paying what there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int

__all__ = ["MOST_CURRENCY", "affordable", "in_cents", "in_currency", "split"]

_CENTS = 100

MOST_CURRENCY = 1e12
"""Greatest amount in currency, so that sums of many amounts are still exact."""


def in_cents(amount: ArrayLike) -> Int:
    """Return amounts of currency in whole cents, half a cent to the even one.

    Raises
    ------
    ConfigError
        If an amount is no number, or beyond `MOST_CURRENCY`.

    Examples
    --------
    >>> in_cents([12.34, 0.005, 0.015]).tolist()
    [1234, 0, 2]
    """
    amounts = np.asarray(amount, dtype=np.float64)
    if amounts.size and not np.abs(amounts).max() <= MOST_CURRENCY:
        message = f"amounts are at most {MOST_CURRENCY:g}, of either sign, got {amount!r:.80}"
        raise ConfigError(message)
    return np.rint(amounts * _CENTS).astype(np.int64)


def in_currency(cents: ArrayLike) -> Float:
    """Return cents in units of the currency, for tables and rules.

    Examples
    --------
    >>> in_currency([1234]).tolist()
    [12.34]
    """
    return np.asarray(cents, dtype=np.int64) / float(_CENTS)


def split(total: int, weights: ArrayLike) -> Int:
    """Split an amount in proportion to weights so that the parts add up to it exactly.

    The cents that are left over by rounding down go to the largest remainders, the first of
    equal ones first (largest remainder method).

    Parameters
    ----------
    total : int
        Cents, 0 or more.
    weights : array_like, shape (n,)
        Weights of 0 or more; all are taken for equal if all are 0.

    Returns
    -------
    ndarray of int64, shape (n,)
        Cents; empty if there are no weights.

    Raises
    ------
    ConfigError
        If a weight is negative or no number, or the amount beyond `MOST_CURRENCY`.

    Examples
    --------
    >>> split(100, [1, 1, 1]).tolist(), split(7, [0, 0]).tolist()
    ([34, 33, 33], [4, 3])
    """
    shares = np.asarray(weights, dtype=np.float64)
    if not shares.size:
        return np.empty(0, dtype=np.int64)
    if not (shares >= 0.0).all() or not abs(total) <= MOST_CURRENCY * _CENTS:
        message = f"only weights of 0 or more split an amount, got {total} by {weights!r:.80}"
        raise ConfigError(message)
    whole = float(shares.sum())
    exact = total * (shares / whole if whole > 0.0 else np.full(shares.size, 1.0 / shares.size))
    parts = np.floor(exact).astype(np.int64)
    # Rounding of floats may lead beyond the total by a cent, which is taken back.
    left = int(total) - int(parts.sum())
    order = np.argsort(parts - exact, kind="stable")
    if left >= 0:
        parts[order[:left]] += 1
    else:
        rich = [row for row in order[::-1] if parts[row] > 0]
        parts[rich[:-left]] -= 1
    return parts


def affordable(wished: ArrayLike, balance: ArrayLike) -> Int:
    """Return what can be paid of an amount: no more than the balance, and nothing below 0.

    Examples
    --------
    >>> affordable([500, 500, -3], [200, 900, 10]).tolist()
    [200, 500, 0]
    """
    most = np.maximum(np.asarray(balance, dtype=np.int64), 0)
    return np.clip(np.asarray(wished, dtype=np.int64), 0, most)
