"""Time use, departures and needs by time of day, as arrays to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DAY_H", "departures", "minutes_of", "occupancy", "quantiles_by_hour"]

DAY_H = DAY_MIN // HOUR_MIN


def minutes_of(times: pd.Series[Any], clock: Clock) -> Int:
    """Return time stamps as minutes since the start of the run, shape (n,)."""
    since = times.to_numpy().astype("datetime64[m]") - np.datetime64(clock.at(0), "m")
    return since.astype(np.int64)


def occupancy(
    start_min: Int, end_min: Int, kind: Int, *, kinds: int, days: int, slot_min: int = 10
) -> Float:
    """Return the share of each kind of activity by time of day.

    Parameters
    ----------
    start_min, end_min : ndarray of int64, shape (n,)
        Start (included) and end (excluded), in minutes since the start of the run.
    kind : ndarray of int64, shape (n,)
        Number of the activity, from 0 to `kinds` - 1.
    kinds, days : int
        Number of kinds, and of days.
    slot_min : int, default 10
        Length of a time slot in minutes; a day is a multiple of it.

    Returns
    -------
    ndarray of float64, shape (kinds, 1440 / slot_min)
        Shares, mean over the days; each column adds up to 1.

    Examples
    --------
    >>> one = occupancy(np.array([0, 720]), np.array([720, 1440]), np.array([0, 1]),
    ...                 kinds=2, days=1, slot_min=480)
    >>> one.tolist()
    [[1.0, 0.5, 0.0], [0.0, 0.5, 1.0]]
    """
    changes = np.zeros((kinds, days * DAY_MIN + 1))
    np.add.at(changes, (kind, start_min), 1.0)
    np.add.at(changes, (kind, end_min), -1.0)
    present = changes.cumsum(axis=1)[:, :-1].reshape(kinds, days, -1, slot_min)
    minutes = present.sum(axis=(1, 3))
    total = minutes.sum(axis=0)
    shares: Float = np.divide(minutes, total, out=np.zeros_like(minutes), where=total > 0)
    return shares


def departures(start_min: Int, kind: Int, *, kinds: int) -> Float:
    """Count the trips that begin in each hour of the day.

    Parameters
    ----------
    start_min : ndarray of int64, shape (n,)
        Departures in minutes since the start of the run.
    kind : ndarray of int64, shape (n,)
        Number of the mode, from 0 to `kinds` - 1.
    kinds : int
        Number of modes.

    Returns
    -------
    ndarray of float64, shape (kinds, 24)
        Counts over all days.

    Examples
    --------
    >>> departures(np.array([485, 500]), np.array([1, 1]), kinds=2)[:, 8].tolist()
    [0.0, 2.0]
    """
    counts = np.zeros((kinds, DAY_H))
    np.add.at(counts, (kind, start_min % DAY_MIN // HOUR_MIN), 1.0)
    return counts


def quantiles_by_hour(hour: Int, levels: Float, at: Sequence[float]) -> Float:
    """Return quantiles over people and days, for each hour of the day.

    Parameters
    ----------
    hour : ndarray of int64, shape (n,)
        Hour of the day, 0 to 23.
    levels : ndarray of float64, shape (n, m)
        One column per need.
    at : sequence of float, length q
        Quantiles, in [0, 1].

    Returns
    -------
    ndarray of float64, shape (q, 24, m)
        NaN for hours without a row.
    """
    found = np.full((len(at), DAY_H, levels.shape[1]), np.nan)
    for one in np.unique(hour):
        found[:, one] = np.quantile(levels[hour == one], at, axis=0)
    return found
