"""Intervals by bootstrap over persons: a figure is a function of how often each is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.values import Float

__all__ = ["Bootstrap", "Estimate"]

_NORMAL_95 = 1.959964


class Estimate(NamedTuple):
    """Figures with their intervals, each an array of shape (k,).

    Attributes
    ----------
    value : ndarray of float64
        The figures.
    low, high : ndarray of float64
        Ends of their 95 % intervals; NaN without two resamples that have the figure.
    """

    value: Float
    low: Float
    high: Float

    def at(self, row: int) -> tuple[float, tuple[float, float]]:
        """Return one figure and its interval."""
        return float(self.value[row]), (float(self.low[row]), float(self.high[row]))


class Bootstrap:
    """Resamples of persons: as many as there are, drawn with replacement.

    The interval is the value plus and minus 1.96 bootstrap standard errors. Quantiles of the
    resamples would be biased for errors and correlations, since a resample has the noise of
    sampling twice (Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13).

    Parameters
    ----------
    persons : int
        Number of persons.
    draws : int, default 200
        Number of resamples.
    seed : int, default 0
        Seed of the draws.

    Examples
    --------
    >>> values = np.arange(100.0)
    >>> found = Bootstrap(100).estimate(lambda count: np.atleast_1d(count @ values / count.sum()))
    >>> float(found.value[0]), bool(5.0 < found.high[0] - found.value[0] < 6.5)
    (49.5, True)
    """

    def __init__(self, persons: int, *, draws: int = 200, seed: int = 0) -> None:
        self.persons, self.draws, self.seed = persons, draws, seed

    def estimate(self, statistic: Callable[[Float], Float]) -> Estimate:
        """Return figures and their intervals.

        Parameters
        ----------
        statistic : callable
            Takes how often each person counts, shape (persons,), and returns k figures; NaN
            where there are none.
        """
        value = np.asarray(statistic(np.ones(self.persons)), dtype=np.float64)
        found = [np.asarray(statistic(self._counts(draw))) for draw in range(self.draws)]
        half = _NORMAL_95 * _spread(np.array(found).reshape(self.draws, *value.shape))
        return Estimate(value, value - half, value + half)

    def _counts(self, draw: int) -> Float:
        rng = streams.rng(self.seed, 0, "validation", draw)
        rows = rng.integers(0, self.persons, self.persons)
        return np.bincount(rows, minlength=self.persons).astype(np.float64)


def _spread(samples: Float) -> Float:
    """Return standard deviations over the first axis, of the resamples that have a figure."""
    known = np.isfinite(samples)
    counts = known.sum(axis=0)
    filled = np.where(known, samples, 0.0)
    mean = filled.sum(axis=0) / np.maximum(counts, 1)
    squares = np.where(known, (filled - mean) ** 2, 0.0).sum(axis=0)
    spread: Float = np.where(counts > 1, np.sqrt(squares / np.maximum(counts - 1, 1)), np.nan)
    return spread
