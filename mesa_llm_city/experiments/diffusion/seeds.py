"""Intervals over seeds: what differs by the arm, and what by chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.futures.difference import paired_interval

__all__ = ["Interval", "mean_over_seeds", "paired_difference"]


class Interval(NamedTuple):
    """A mean and its interval.

    Attributes
    ----------
    mean : float
        The mean over seeds.
    low, high : float
        Ends of the interval; NaN with one seed.
    seeds : int
        Number of seeds.
    """

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def sign(self) -> int:
        """Sign of the mean if the interval excludes 0, otherwise 0."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    def __str__(self) -> str:
        """Return mean, interval and number of seeds on one line."""
        return f"{self.mean:.3f} ({self.low:.3f} to {self.high:.3f}, {self.seeds} seeds)"


def mean_over_seeds(values: ArrayLike, *, level: float = 0.95) -> Interval:
    """Return the mean over seeds with the interval of Student.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        A measure in runs that differ by the seed only. NaN is left out.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Raises
    ------
    DataError
        If no value is left.

    Examples
    --------
    >>> str(mean_over_seeds([1.0, 2.0, 3.0]))
    '2.000 (-0.484 to 4.484, 3 seeds)'
    """
    rows = np.asarray(values, dtype=np.float64)
    rows = rows[~np.isnan(rows)]
    if not len(rows):
        message = "there is no value, so there is no mean; give one value per seed"
        raise DataError(message)
    low, high = paired_interval(rows[:, np.newaxis], level=level)
    return Interval(float(rows.mean()), float(low[0]), float(high[0]), len(rows))


def paired_difference(arm: ArrayLike, control: ArrayLike, *, level: float = 0.95) -> Interval:
    """Return the mean difference of two arms that were run with the same seeds.

    Parameters
    ----------
    arm, control : array_like of float, shape (n,)
        A measure in both arms, in the same order of seeds.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Raises
    ------
    DataError
        If the arms do not have equally many seeds.

    Examples
    --------
    >>> paired_difference([2.0, 3.0, 4.0], [1.0, 2.0, 2.0]).mean.__round__(9)
    1.333333333
    """
    ours, theirs = np.asarray(arm, dtype=np.float64), np.asarray(control, dtype=np.float64)
    if ours.shape != theirs.shape:
        message = f"arms must have the same seeds, got {ours.shape} and {theirs.shape} values"
        raise DataError(message)
    return mean_over_seeds(ours - theirs, level=level)
