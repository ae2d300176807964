"""Differences between two futures, with intervals over replicates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compared", "paired_interval"]


def paired_interval(differences: Float, *, level: float = 0.95) -> tuple[Float, Float]:
    """Return the interval of the mean of paired differences, by the distribution of Student.

    Parameters
    ----------
    differences : ndarray, shape (n, k)
        Policy minus control in each of n replicates.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    low, high : ndarray, shape (k,)
        ``mean -/+ t s / sqrt(n)`` with the quantile t of n - 1 degrees of freedom
        (Law, 2015, Simulation Modeling and Analysis, 5th ed., sec. 10.2.1: the paired-t
        interval under common random numbers); NaN with one replicate.

    Examples
    --------
    >>> low, high = paired_interval(np.array([[1.0], [2.0], [3.0]]))
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (-0.484, 4.484)
    """
    from scipy.special import stdtrit

    n = len(differences)
    if n < 2:
        nothing = np.full(differences.shape[1], np.nan)
        return nothing, nothing
    half = stdtrit(n - 1, (1.0 + level) / 2.0) * differences.std(axis=0, ddof=1) / math.sqrt(n)
    middle = differences.mean(axis=0)
    return middle - half, middle + half


def compared(
    before: Sequence[pd.Series[Any]],
    after: Sequence[pd.Series[Any]],
    names: tuple[str, str],
    *,
    level: float,
) -> pd.DataFrame:
    """Return means over replicates of two futures, their difference and its interval.

    Parameters
    ----------
    before, after : sequence of pandas.Series, length n
        The measure in each replicate; what is missing in one is 0.
    names : (str, str)
        Names of the futures.
    level : float
        Confidence level of the interval.
    """
    import pandas as pd

    both = pd.concat([*before, *after], axis=1).fillna(0.0).sort_index()
    values = both.to_numpy(dtype=np.float64).T
    first, second = values[: len(before)], values[len(before) :]
    low, high = paired_interval(second - first, level=level)
    columns = {
        names[0]: first.mean(axis=0),
        names[1]: second.mean(axis=0),
        "difference": (second - first).mean(axis=0),
        "low": low,
        "high": high,
    }
    return pd.DataFrame(columns, index=both.index.rename(before[0].index.name))
