"""The effect of policies over several seeds, with an interval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float

__all__ = ["Effect", "effect_of"]

_HIGH = 0.975  # of an interval of 95 %


class Effect(NamedTuple):
    """Mean change of the share at home by policies, year by year.

    Attributes
    ----------
    mean, low, high : ndarray of float64, shape (years,)
        Mean over seeds, and the ends of its 95 % interval.
    seeds : int
        Number of seeds, two or more.
    """

    mean: Float
    low: Float
    high: Float
    seeds: int


def effect_of(changes: Iterable[Iterable[float]]) -> Effect | None:
    """Return the mean of changes and its interval; None for fewer than two seeds.

    Parameters
    ----------
    changes : iterable of iterable of float
        Change of each year, for each seed: both runs of a seed have the same random numbers.

    Notes
    -----
    The interval is Student's, of the mean of paired differences. It holds what chance does in
    a run, not the uncertainty of training nor that of the assumptions.

    Examples
    --------
    >>> found = effect_of([[0.0, 0.1], [0.0, 0.3]])
    >>> found.mean.tolist(), round(float(found.high[1]), 3)
    ([0.0, 0.2], 1.471)
    """
    from scipy.stats import t

    table = np.array([list(one) for one in changes], dtype=np.float64)
    seeds = len(table)
    if seeds < 2:
        return None
    mean = table.mean(axis=0)
    half = float(t.ppf(_HIGH, seeds - 1)) * table.std(axis=0, ddof=1) / np.sqrt(seeds)
    return Effect(mean, mean - half, mean + half, seeds)
