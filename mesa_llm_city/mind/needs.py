"""Formulas of needs: how levels decay, which need presses, and for how long needs are unmet.

All of them broadcast: one person calls them with numbers, a population with arrays.
`need_levels` has the needs of one person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.narrow import greatest_of_rows
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.needs import NEEDS

__all__ = [
    "STEADY",
    "by_priority",
    "decay",
    "dominant",
    "hours_to_threshold",
    "need_fulfilment",
    "pressing_hours",
    "unmet_hours",
]

STEADY = 1e-12
"""Numerical guard: a level that changes by less than this in an hour does not move."""


def decay(levels: ArrayLike, rates_per_h: ArrayLike, hours: ArrayLike) -> Float:
    """Return the levels after some hours of linear decay.

    ``max(0, level - rate * hours)`` (CitySim, sec. 3.1.4). A negative rate is a
    need being met; levels then stop at 1.

    Parameters
    ----------
    levels : array_like
        Levels in [0, 1]; 1 is fully satisfied.
    rates_per_h : array_like
        Loss per hour.
    hours : array_like
        Time passed, in hours.

    Returns
    -------
    ndarray of float64
        Levels in [0, 1]; all three inputs broadcast.

    Examples
    --------
    >>> decay([1.0, 0.1], 0.15, 2.0)
    array([0.7, 0. ])
    """
    fallen = np.asarray(levels, dtype=np.float64) - np.multiply(rates_per_h, hours)
    return np.minimum(np.maximum(fallen, 0.0), 1.0)


def dominant(
    levels: ArrayLike, thresholds: ArrayLike, *, priority: Sequence[int] | None = None
) -> Int:
    """Return the position of the most pressing need, or -1.

    Among the needs at or below their threshold it is the one of the first priority;
    for the built-in needs that is the order hunger, safety, energy, social
    (CitySim, sec. 3.1.4 and appendix A).

    Parameters
    ----------
    levels, thresholds : array_like, shape (..., n)
        Levels and thresholds in [0, 1], in the same order of needs.
    priority : sequence of int, length n, optional
        Rank of each need, 1 the first; of equal ranks the earlier position counts first.
        By default that of the built-in needs.

    Returns
    -------
    ndarray of int64, shape (...)
        Position in the order of `levels`, or -1 where every need is above its threshold.

    Raises
    ------
    ConfigError
        If there is not one rank for each need.

    Examples
    --------
    >>> dominant([[0.9, 0.2, 0.1, 0.1], [0.9, 0.9, 0.9, 0.9]], [0.3, 0.3, 0.2, 0.2])
    array([ 2, -1])
    >>> int(dominant([0.1, 0.1], 0.2, priority=[2, 1]))
    1
    """
    low = np.less_equal(levels, thresholds)
    ranks = [one.priority for one in NEEDS.values()] if priority is None else priority
    if len(ranks) != low.shape[-1]:
        message = (
            f"there are {low.shape[-1]} needs, but {len(ranks)} ranks of priority; "
            "give one rank for each need"
        )
        raise ConfigError(message)
    order = np.array(by_priority(ranks))
    pressing = low[..., order]
    return np.where(pressing.any(axis=-1), order[pressing.argmax(axis=-1)], -1)


def by_priority(ranks: Sequence[int]) -> tuple[int, ...]:
    """Return the positions of needs from the first priority to the last.

    Examples
    --------
    >>> by_priority([1, 3, 2, 4])
    (0, 2, 1, 3)
    """
    return tuple(sorted(range(len(ranks)), key=ranks.__getitem__))


def hours_to_threshold(levels: ArrayLike, rates_per_h: ArrayLike, thresholds: ArrayLike) -> Float:
    """Return after how many hours each level will have fallen to its threshold.

    The closed form ``(level - threshold) / rate`` of `decay`.

    Parameters
    ----------
    levels, rates_per_h, thresholds : array_like
        They broadcast; levels and thresholds in [0, 1], rates per hour.

    Returns
    -------
    ndarray of float64
        Hours; infinite where the level does not fall, or has fallen already.

    Examples
    --------
    >>> hours_to_threshold([1.0, 0.2, 0.5], [0.15, 0.08, -0.1], 0.3).round(2)
    array([4.67,  inf,  inf])
    """
    above = np.subtract(levels, thresholds)
    rates = np.broadcast_to(np.asarray(rates_per_h, dtype=np.float64), above.shape)
    falls = (above > 0.0) & (rates > 0.0)
    # A division of all is faster than one where they fall, which others must not spoil.
    return np.where(falls, above / np.where(falls, rates, 1.0), np.inf)


def unmet_hours(
    levels: ArrayLike, rates_per_h: ArrayLike, thresholds: ArrayLike, hours: ArrayLike
) -> Float:
    """Return for how long each level will be at or below its threshold.

    Parameters
    ----------
    levels, rates_per_h, thresholds : array_like
        As in `decay`; a negative rate is a need being met.
    hours : array_like
        Length of the time to come, in hours.

    Returns
    -------
    ndarray of float64
        Hours in [0, hours]; all inputs broadcast.

    Examples
    --------
    >>> unmet_hours([0.9, 0.2], [0.15, -0.1], 0.3, 8.0)
    array([4., 1.])
    """
    rates = np.asarray(rates_per_h, dtype=np.float64)
    above = np.asarray(levels, dtype=np.float64) - np.asarray(thresholds, dtype=np.float64)
    ahead = np.asarray(hours, dtype=np.float64)
    # Where the line crosses its threshold; a level that stays constant never does.
    crossing = np.divide(
        above, rates, out=np.full(above.shape, np.inf), where=np.abs(rates) > STEADY
    )
    falls, is_above = rates > 0.0, above > 0.0
    unmet = np.where(is_above, np.where(falls, ahead - crossing, 0.0), ahead)
    recovering = ~is_above & (rates < 0.0)
    unmet = np.where(recovering, np.minimum(crossing, ahead), unmet)
    return np.minimum(np.maximum(unmet, 0.0), ahead)


def pressing_hours(
    levels: ArrayLike, rates_per_h: ArrayLike, thresholds: ArrayLike, hours: ArrayLike
) -> Float:
    """Return for how long at least one need will be at or below its threshold.

    A level moves in one direction only, so a need presses either from the start on or
    until the end. The result is the longest time of each kind added up, at most `hours`.

    Parameters
    ----------
    levels, rates_per_h, thresholds : array_like, shape (..., n)
        As in `unmet_hours`, for n needs.
    hours : array_like, shape (...)
        Length of the time to come, in hours.

    Returns
    -------
    ndarray of float64, shape (...)
        Hours in [0, hours].

    Examples
    --------
    Energy recovers within two hours, hunger begins to press after four:

    >>> pressing_hours([[0.9, 0.1, 1.0, 1.0]], [0.15, -0.1, 0.0, 0.0], 0.3, [8.0]).round(2)
    array([6.])
    """
    ahead = np.asarray(hours, dtype=np.float64)
    unmet = unmet_hours(levels, rates_per_h, thresholds, ahead[..., np.newaxis])
    at_first = np.less_equal(levels, thresholds)
    until = _longest(np.where(at_first, unmet, 0.0))
    since = _longest(np.where(at_first, 0.0, unmet))
    pressing: Float = np.minimum(until + since, ahead)
    return pressing


def _longest(hours: Float) -> Float:
    """Return the greatest of the numbers along the last axis."""
    return greatest_of_rows(hours) if hours.ndim == 2 else np.asarray(hours.max(axis=-1))


def need_fulfilment(levels: ArrayLike, thresholds: ArrayLike) -> Float:
    """Return the share of moments at which every need exceeds its threshold.

    Parameters
    ----------
    levels : array_like, shape (..., t, n)
        Levels of n needs at t moments of a day.
    thresholds : array_like, shape (n,)
        Thresholds, in the same order.

    Returns
    -------
    ndarray of float64, shape (...)
        Shares in [0, 1] (CitySim, sec. 3.1.5).

    Examples
    --------
    >>> float(need_fulfilment([[0.9, 0.9, 0.9, 0.9], [0.2, 0.9, 0.9, 0.9]], [0.3, 0.3, 0.2, 0.2]))
    0.5
    """
    met = np.asarray(levels, dtype=np.float64) > np.asarray(thresholds, dtype=np.float64)
    share: Float = np.asarray(met.all(axis=-1).mean(axis=-1), dtype=np.float64)
    return share
