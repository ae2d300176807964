"""People of a survey, with the risks of moving that follow from a model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid
from mesa_llm_city.migration.hazards import Risks, moving_risks, pooled_probability
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["LONGEST_LOG", "Sample", "mean", "solved"]

LONGEST_LOG = 9.0
"""Logarithm of the longest horizon in years that is tried."""

_STEPS = 60  # of a bisection, to the last digit
_FEWEST = 1.0  # persons at risk, by weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Persons of a survey, with what a model predicts for them.

    Parameters
    ----------
    p : ndarray of float64, shape (n,)
        Probabilities of the model.
    weight : ndarray of float64, shape (n,)
        Weights, with mean 1.
    home : ndarray of float64, shape (n,)
        Whether a person is at home: the label of a stock, or its probability if unknown; of a
        flow, the stock is unknown and everybody is at risk, so it is 0.
    household : ndarray of int64 or None, shape (n,)
        Number of the household whose members decide together.
    flow_years : float or None
        Length of the period of a flow; None for a stock.
    """

    p: Float
    weight: Float
    home: Float
    household: Int | None
    flow_years: float | None

    @classmethod
    def of(cls, model: ProbabilityModel, table: SurveyTable, *, pooled: bool = False) -> Self:
        """Predict a table.

        Raises
        ------
        DataError
            If the table has no rows, or `pooled` is true but households are unknown.
        """
        if not len(table):
            message = "the table has no rows; give those of the survey"
            raise DataError(message)
        if pooled and table.group is None:
            message = "members cannot decide together, since the table has no households"
            raise DataError(message)
        p = np.asarray(model.predict_proba(table), dtype=np.float64)[:, 1]
        weight = np.ones(len(table)) if table.weight is None else table.weight
        numbers = (
            np.unique(table.group, return_inverse=True)[1].astype(np.int64)
            if pooled and table.group is not None
            else None
        )
        outcome = table.schema.outcome
        is_flow = outcome.window == "flow"
        label = table.target.astype(np.float64)
        return cls(
            p=p,
            weight=weight / float(np.mean(weight)),
            home=np.zeros(len(p)) if is_flow else np.where(label < 0.0, p, label),
            household=numbers,
            flow_years=outcome.years,
        )

    @property
    def share(self) -> float:
        """Share of persons at home."""
        return float(np.average(self.home, weights=self.weight))

    def agreed(self, shift: Float | float = 0.0) -> Float:
        """Return the probability of each person's household after a shift of the log odds."""
        p = sigmoid(log_odds(self.p) + shift)
        return p if self.household is None else pooled_probability(p, self.household)

    def away(self) -> Float:
        """Return the weight of each person among those who may return, shape (n,).

        Raises
        ------
        DataError
            If nobody is away.
        """
        away: Float = self.weight * (1.0 - self.home)
        if float(np.sum(away)) < _FEWEST:
            message = (
                f"fewer than {_FEWEST:g} of {len(self.p)} people, by weight, are without the "
                "outcome, so that the rate of gaining it is unknown; give more rows"
            )
            raise DataError(message)
        return away

    def risks(self, agreed: Float, years_at_risk: float, years_at_home: float = 1.0) -> Risks:
        """Return the risks of a year at these probabilities and horizons."""
        return moving_risks(
            agreed,
            years_at_risk=years_at_risk,
            years_at_home=years_at_home,
            flow_years=self.flow_years,
        )

    def stationary(self, risks: Risks) -> float:
        """Return the share at home at which as many return as leave: the mean of r / (r + l)."""
        total = risks.returning + risks.leaving
        share = np.divide(risks.returning, total, out=self.p.copy(), where=total > 0.0)
        return mean(share, self.weight)

    def balanced(self, agreed: Float, years_at_risk: float) -> float | None:
        """Return the horizon of leaving with which the share at home is stationary, if any."""
        returning = self.risks(agreed, years_at_risk).returning

        def excess(log_home: float) -> float:
            leaving = self.risks(agreed, years_at_risk, float(np.exp(log_home))).leaving
            return self.stationary(Risks(returning, leaving)) - self.share

        if excess(0.0) > 0.0 or excess(LONGEST_LOG) < 0.0:
            return None
        return float(np.exp(solved(excess, 0.0, LONGEST_LOG)))

    def take(self, rows: Int) -> Sample:
        """Return some rows, with the households that they have."""
        return Sample(
            p=self.p[rows],
            weight=self.weight[rows],
            home=self.home[rows],
            household=None if self.household is None else self.household[rows],
            flow_years=self.flow_years,
        )


def mean(values: Float, weight: Float) -> float:
    """Return a weighted mean."""
    return float(np.average(values, weights=weight))


def solved(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the zero of an increasing function between two numbers, by bisection.

    Examples
    --------
    >>> round(solved(lambda x: x * x - 2.0, 0.0, 2.0), 9)
    1.414213562
    """
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        if function(middle) < 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
