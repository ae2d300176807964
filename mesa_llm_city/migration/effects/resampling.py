"""Weighted means of a table with bootstrap intervals, by household or by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Estimate", "Resampling", "as_models", "predicted"]

_LEVEL = 0.95


class Estimate(NamedTuple):
    """A number, or numbers, with an interval.

    Attributes
    ----------
    value, low, high : ndarray of float64
        The estimate and the ends of its interval; NaN without draws.
    """

    value: Float
    low: Float
    high: Float


class Resampling:
    """Bootstrap of a table: households are drawn with replacement, or rows if there are none.

    Parameters
    ----------
    table : SurveyTable
        The rows; weighted if the table has weights.
    draws : int
        Number of resamples; 0 for no intervals.
    seed : int
        Seed of the resamples.
    level : float, default 0.95
        Level of the intervals.

    Raises
    ------
    ConfigError
        If `draws` is negative or `level` is outside (0, 1).
    DataError
        If the table has no rows.
    """

    def __init__(self, table: SurveyTable, *, draws: int, seed: int, level: float = _LEVEL) -> None:
        if draws < 0 or not 0.0 < level < 1.0:
            message = f"draws must be at least 0 and level in (0, 1), got {draws} and {level}"
            raise ConfigError(message)
        if not len(table):
            message = "the table has no rows; give those of the survey"
            raise DataError(message)
        group = np.arange(len(table)) if table.group is None else table.group
        _, number = np.unique(group, return_inverse=True)
        self.weight: Float = np.ones(len(table)) if table.weight is None else table.weight
        self.unit = "rows" if table.group is None else "households"
        self.level = level
        self._group = number
        groups = int(number.max()) + 1
        rng = np.random.default_rng(seed)
        self._counts = rng.multinomial(groups, np.full(groups, 1.0 / groups), size=draws)

    @property
    def draws(self) -> int:
        """Number of resamples."""
        return len(self._counts)

    def means(self, values: Float, among: Float | None = None) -> Float:
        """Return the weighted means of columns: of the table, and of each resample.

        Parameters
        ----------
        values : ndarray of float64, shape (n, k)
            Values by row; those of weight 0 may be NaN.
        among : ndarray of float64, shape (n, k), optional
            Which rows count for each column, as 0 and 1; by default all.

        Returns
        -------
        ndarray of float64, shape (1 + draws, k)
            Means; NaN where no row counts.
        """
        weight = self.weight[:, None] * (np.ones_like(values) if among is None else among)
        above = self._summed(np.where(weight > 0.0, values, 0.0) * weight)
        below = self._summed(weight)
        return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0.0)

    def estimate(self, means: Sequence[Float]) -> Estimate:
        """Return an estimate from the means of each model of an ensemble.

        Resamples take the models in turn, so that the interval holds the uncertainty of both.

        Parameters
        ----------
        means : sequence of ndarray, each of shape (1 + draws, k)
            Means of the table in the first row, and of the resamples, by model.
        """
        value = np.mean([one[0] for one in means], axis=0)
        if not self.draws:
            blank = np.full_like(value, np.nan)
            return Estimate(value, blank, blank)
        drawn = np.stack([means[draw % len(means)][1 + draw] for draw in range(self.draws)], axis=0)
        tail = (1.0 - self.level) / 2.0
        ends = np.full((2, drawn.shape[1]), np.nan)
        is_known = ~np.isnan(drawn).all(axis=0)
        ends[:, is_known] = np.nanquantile(drawn[:, is_known], [tail, 1.0 - tail], axis=0)
        return Estimate(value, ends[0], ends[1])

    def _summed(self, values: Float) -> Float:
        """Return sums over the table and over each resample, shape (1 + draws, k)."""
        groups = self._counts.shape[1]
        sums = np.stack(
            [np.bincount(self._group, weights=one, minlength=groups) for one in values.T], axis=1
        )
        total: Float = np.concatenate([sums.sum(axis=0)[None], self._counts @ sums])
        return total


def as_models(
    model: ProbabilityModel | Sequence[ProbabilityModel],
) -> tuple[ProbabilityModel, ...]:
    """Return a model, or the models of an ensemble, as a tuple.

    Raises
    ------
    ConfigError
        If there is none.
    """
    models = tuple(model) if isinstance(model, Sequence) else (model,)
    if not models:
        message = "the ensemble has no models; give one or more"
        raise ConfigError(message)
    return models


def predicted(model: ProbabilityModel, table: SurveyTable) -> Float:
    """Return probabilities of label 1, shape (n,)."""
    p: Float = np.asarray(model.predict_proba(table), dtype=np.float64)[:, 1]
    return p
