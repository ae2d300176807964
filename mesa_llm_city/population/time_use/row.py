"""The values of one kind of person on one kind of day, ready to be drawn from."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.population.time_use.cells import Cell
from mesa_llm_city.population.time_use.dimensions import ACTIVITIES, EMPLOYMENT
from mesa_llm_city.population.time_use.table import TimeUseTable

__all__ = ["AWAY", "DayRow", "day_row", "log_normal", "mean_after_cut"]

AWAY = tuple(ACTIVITIES.index(name) for name in ("shopping", "services", "sport", "civic"))
"""Activities that people leave home for."""

_WORK, _EDUCATION = ACTIVITIES.index("work"), ACTIVITIES.index("education")
_TRAVEL = ACTIVITIES.index("travel")
# Beyond this a share of doing or not doing has no finite quantile.
_CERTAIN = 1.0 - 1e-9


class DayRow(NamedTuple):
    """Values of one kind of person on one kind of day; arrays of shape (activities,).

    Attributes
    ----------
    share : ndarray of float64
        Share of person-days with each activity.
    quantile : ndarray of float64
        Standard normal number above which it is done; for what people leave home for, on days
        on which they do.
    log_mean, log_sd : ndarray of float64
        Mean and standard deviation of the logarithm of its minutes.
    doers_min : ndarray of float64
        Mean minutes of those who do it.
    leaves_home : float
        Share of person-days away from home at some time.
    duty_min, duty_sd_min : float
        Mean and standard deviation of the minutes of work and school of a day.
    """

    share: Float
    quantile: Float
    log_mean: Float
    log_sd: Float
    doers_min: Float
    leaves_home: float
    duty_min: float
    duty_sd_min: float


@lru_cache(maxsize=8192)
def day_row(
    table: TimeUseTable,
    cell: Cell,
    day: int,
    most_min: tuple[float, ...],
    most_lengthened: float,
) -> DayRow:
    """Return the values of one kind of person on one kind of day.

    Parameters
    ----------
    table : TimeUseTable
        The table.
    cell : Cell
        The kind of person.
    day : int
        Index in `DAY_TYPES`.
    most_min : tuple of float
        Longest time for each activity. Those above it are cut, and the others are as much
        longer as keeps the mean.
    most_lengthened : float
        By how much they become longer at most.
    """
    from scipy.special import ndtri

    age = next(row for row, one in enumerate(table.ages) if cell.age <= one.high)
    at = (list(cell.sexes), age, cell.employment, cell.youngest_child, day)
    share = table.share_doing[at].mean(axis=0)
    minutes, spread = table.doers_min[at].mean(axis=0), table.doers_sd_min[at].mean(axis=0)
    leaves = float(share[_TRAVEL])
    asked = share.copy()
    asked[list(AWAY)] = share[list(AWAY)] / max(leaves, 1e-9)
    duties = [_WORK, _EDUCATION] if cell.employment < EMPLOYMENT.index("none") else [_EDUCATION]
    mean = share * minutes
    square = share * (spread**2 + minutes**2) - mean**2
    log_mean, log_sd = log_normal(minutes, spread)
    log_mean = mean_after_cut(log_mean, log_sd, np.array(most_min), most_lengthened)
    return DayRow(
        share=share,
        quantile=-ndtri(np.clip(asked, 1.0 - _CERTAIN, _CERTAIN)),
        log_mean=log_mean,
        log_sd=log_sd,
        doers_min=minutes,
        leaves_home=leaves,
        duty_min=float(mean[duties].sum()),
        duty_sd_min=float(np.sqrt(np.maximum(square[duties], 0.0).sum())),
    )


def mean_after_cut(log_mean: Float, log_sd: Float, most: Float, most_lengthened: float) -> Float:
    """Return the mean logarithm of numbers that have the same mean once they are cut.

    Parameters
    ----------
    log_mean, log_sd : ndarray of float64
        Mean and standard deviation of the logarithm of log-normal numbers.
    most : ndarray of float64
        Where they are cut.
    most_lengthened : float
        Greatest factor on the numbers.

    Returns
    -------
    ndarray of float64
        ``E min(X, c) = m F((ln c - mu - s^2) / s) + c (1 - F((ln c - mu) / s))`` with the
        normal distribution function F is solved for the logarithmic mean mu by four steps of
        a fixed point.

    Examples
    --------
    >>> at, spread = np.array([4.0]), np.array([1.0])
    >>> bool(mean_after_cut(at, spread, np.array([1e9]), 1.5)[0] == 4.0)
    True
    """
    from scipy.special import ndtr

    spread = np.maximum(log_sd, 1e-6)
    wanted, shifted = np.exp(log_mean + spread**2 / 2.0), log_mean
    for _ in range(4):
        mean = np.exp(shifted + spread**2 / 2.0)
        gap = np.log(most) - shifted
        cut = mean * ndtr(gap / spread - spread) + most * (1.0 - ndtr(gap / spread))
        shifted = np.clip(
            shifted + np.log(wanted / cut), log_mean, log_mean + math.log(most_lengthened)
        )
    return shifted


def log_normal(mean: Float, sd: Float) -> tuple[Float, Float]:
    """Return mean and standard deviation of the logarithm of log-normal numbers.

    Parameters
    ----------
    mean, sd : ndarray of float64
        Mean and standard deviation of the numbers themselves; means are positive.

    Examples
    --------
    >>> log_mean, log_sd = log_normal(np.array([100.0]), np.array([50.0]))
    >>> round(float(np.exp(log_mean + log_sd**2 / 2)[0]))
    100
    """
    variance = np.log1p((sd / mean) ** 2)
    return np.log(mean) - variance / 2.0, np.sqrt(variance)
