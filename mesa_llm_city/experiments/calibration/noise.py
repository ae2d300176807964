"""Differences between run and survey, and what of them is more than the noise of few people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.validation.time_use import SurveyCells

__all__ = ["Gaps", "gaps_of", "shrunk"]

_HARDLY = 0.05


class Gaps(NamedTuple):
    """By how much means of a run are to grow, one for each cell or each cell and group.

    Attributes
    ----------
    size : ndarray of float64
        Survey minus run; NaN where the survey does not tell.
    variance : ndarray of float64
        Variance of the means of the run; infinite where it says nothing, see `gaps_of`.
    """

    size: Float
    variance: Float

    def damped(self, share: float) -> Gaps:
        """Return a share of the differences, with its variance."""
        return Gaps(share * self.size, share**2 * self.variance)

    def of(self, group: int) -> Gaps:
        """Return those of one group of activities, shape (c,)."""
        return Gaps(self.size[:, group], self.variance[:, group])


def gaps_of(cells: SurveyCells, amounts: Float, days: Float, wanted: Float) -> Gaps:
    """Return by how much the means of cells are to grow, shape (c, g).

    Parameters
    ----------
    cells : SurveyCells
        The c cells.
    amounts : ndarray of float64, shape (p, 3, g)
        Of each person, by kind of day.
    days : ndarray of float64, shape (p, 3)
        Days of each person, by kind.
    wanted : ndarray of float64, shape (c, g)
        Means of the survey.

    Notes
    -----
    The variance of a mean is that between persons, whose days hang together: the sum of squares
    of ``sum_k w_k (amount_k - mean_k days_k) / total days_k`` over persons. Where people of the
    run hardly do what the survey has, a table cannot make them: adults who are no students do
    not go to school. Such a cell says nothing about the table.
    """
    found = Gaps(np.empty_like(wanted), np.empty_like(wanted))
    for at, (who, weight) in enumerate(zip(cells.who, cells.weights, strict=True)):
        lived = who[:, None] * days
        total = np.maximum(lived.sum(axis=0), 1e-9)
        amount = who[:, None, None] * amounts
        means = amount.sum(axis=0) / total[:, None]
        parts = amount - means * lived[:, :, None]
        parts *= (weight / total)[:, None]
        found.variance[at] = (parts.sum(axis=1) ** 2).sum(axis=0)
        found.size[at] = wanted[at] - weight @ means
        found.variance[at][weight @ means < _HARDLY * wanted[at]] = np.inf
    return found


def shrunk(gap: float, variance: float) -> float:
    """Return a difference without the part that is expected of noise.

    A difference d of variance v counts as ``d max(0, 1 - v / d^2)``: the positive part of the
    estimator of James and Stein (1961), for one difference alone.

    Examples
    --------
    >>> shrunk(20.0, 100.0), shrunk(-10.0, 25.0), shrunk(5.0, 100.0)
    (15.0, -7.5, 0.0)
    """
    return gap - variance / gap if gap**2 > variance else 0.0
