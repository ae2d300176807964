"""Drift of the share with the outcome without a policy, and its sensitivity to the horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.flows.calibration import FlowCalibration
from mesa_llm_city.migration.flows.sample import Sample, mean
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Drift", "SensitivityRow", "drift", "sensitivity"]

_HORIZONS = (0.5, 0.75, 1.0, 1.5, 2.0)  # of the calibrated one
_WITHIN = 0.1
_AGEING_STEP = 5  # years between predictions
_LEAST = 1e-12


class SensitivityRow(NamedTuple):
    """What follows from another horizon.

    Attributes
    ----------
    years_at_risk : float
        The horizon in years.
    yearly_rate : float
        Share of those without the outcome who gain it in a year.
    years_at_home : float
        Horizon of losing it that keeps the share in the long run; NaN if there is none.
    share : float
        Share in the long run, with the calibrated horizon of losing it.
    """

    years_at_risk: float
    yearly_rate: float
    years_at_home: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Expected share with the outcome in a run without a policy.

    Parameters
    ----------
    fixed : ndarray of float64, shape (years + 1,)
        Share by year, of people who stay as they are.
    ageing : ndarray of float64, shape (years + 1,), or None
        Share by year, of people who grow older; None if no column is the age.
    oldest : float
        Age after which nobody moves, that of the oldest person of the survey; NaN without age.
    within : float
        Greatest change, relative to the first share, that counts as none.
    """

    fixed: Float
    ageing: Float | None
    oldest: float
    within: float = _WITHIN

    @property
    def is_kept(self) -> bool:
        """Whether the share stays within the bounds in every year."""
        return all(_largest(one) <= self.within for one in self._runs())

    def __str__(self) -> str:
        """Return what happens to the share, and why, in words."""
        lines = [f"people as they are  {_described(self.fixed, self.within)}"]
        if self.ageing is not None:
            lines.append(f"people who age      {_described(self.ageing, self.within)}")
            if _largest(self.ageing) > self.within:
                lines.append(self._reason())
        if _largest(self.fixed) > self.within:
            lines.append(
                "The flows do not balance at these rates. Without a rate of leaving, a horizon "
                "that balances them is solved for, if there is one."
            )
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the shares by year for JSON."""
        return {
            "fixed": self.fixed.tolist(),
            "ageing": None if self.ageing is None else self.ageing.tolist(),
            "is_kept": self.is_kept,
        }

    def _runs(self) -> Iterator[Float]:
        yield self.fixed
        if self.ageing is not None:
            yield self.ageing

    def _reason(self) -> str:
        return (
            "No horizon prevents this drift: everybody grows older and nobody is born, so the "
            f"people leave the ages of the survey (after {self.oldest:g} nobody changes). Renew "
            "the population, or keep ages constant, if the share must stay."
        )


def sensitivity(
    sample: Sample,
    calibration: FlowCalibration,
    shift: Float | float = 0.0,
    *,
    horizons: Sequence[float] = _HORIZONS,
) -> tuple[SensitivityRow, ...]:
    """Return what follows from other horizons.

    Parameters
    ----------
    sample : Sample
        People and their probabilities.
    calibration : FlowCalibration
        The calibration.
    shift : ndarray of float64, shape (n,), or float, default 0.0
        Its intercepts by row (see `FlowCalibration.shift`).
    horizons : sequence of float
        Horizons, as multiples of the calibrated one; those below a year are a year.
    """
    agreed = sample.agreed(shift)
    return tuple(
        _row(sample, agreed, max(calibration.years_at_risk * one, 1.0), calibration)
        for one in horizons
    )


def _row(
    sample: Sample, agreed: Float, years: float, calibration: FlowCalibration
) -> SensitivityRow:
    risks = sample.risks(agreed, years, calibration.years_at_home)
    balanced = sample.balanced(agreed, years) if sample.flow_years is None else None
    return SensitivityRow(
        years_at_risk=years,
        yearly_rate=mean(risks.returning, sample.away()),
        years_at_home=float("nan") if balanced is None else balanced,
        share=sample.stationary(risks),
    )


def drift(
    model: ProbabilityModel,
    table: SurveyTable,
    calibration: FlowCalibration,
    *,
    years: int = 40,
    age: str | None = None,
    pooled: bool = False,
) -> Drift:
    """Return the expected share with the outcome by year, in a run without a policy.

    Parameters
    ----------
    model : ProbabilityModel
        The model of the decision.
    table : SurveyTable
        People at the start; those with label 1 have the outcome.
    calibration : FlowCalibration
        Horizons and intercepts.
    years : int, default 40
        Length of the run.
    age : str, optional
        Column of the age in years. It grows by a year a year, and those above the greatest age
        of the table stay where they are; the model is asked every five years. By default
        nobody grows older.
    pooled : bool, default False
        Whether members of a household decide together.

    Raises
    ------
    ConfigError
        If `years` is below 1, or there is no column of that name.

    Notes
    -----
    A flow does not tell who has the outcome; then the run starts at the stationary share of each
    person, ``r / (r + l)``. Expected values, without random draws: for each person
    ``s(t + 1) = s(t) (1 - l) + (1 - s(t)) r``, with the risks r of gaining the outcome and l of
    losing it.
    """
    if years < 1:
        message = f"years must be at least 1, got {years}"
        raise ConfigError(message)
    fixed = _shares(model, table, calibration, years, pooled=pooled)
    if age is None:
        return Drift(fixed=fixed, ageing=None, oldest=float("nan"))
    if table.schema[age].kind != "number":
        message = (
            f"{age} cannot be the age: it is of kind {table.schema[age].kind}; name a column of "
            "numbers, the age in years"
        )
        raise ConfigError(message)
    ages = table.frame[age].to_numpy(dtype=np.float64, na_value=np.nan)
    ageing = _shares(model, table, calibration, years, pooled=pooled, age=age)
    return Drift(fixed=fixed, ageing=ageing, oldest=float(np.nanmax(ages)))


def _shares(
    model: ProbabilityModel,
    table: SurveyTable,
    calibration: FlowCalibration,
    years: int,
    *,
    pooled: bool,
    age: str | None = None,
) -> Float:
    sample = Sample.of(model, table, pooled=pooled)
    returning, leaving = _risks(sample, table, calibration)
    is_home = sample.home.copy()
    if sample.flow_years is not None:  # the stock is unknown, so the run starts where it stays
        is_home = returning / np.maximum(returning + leaving, _LEAST)
    shares = [mean(is_home, sample.weight)]
    for year in range(years):
        if age is not None and year and year % _AGEING_STEP == 0:
            older, retired = _older(table, age, year)
            returning, leaving = _risks(Sample.of(model, older, pooled=pooled), older, calibration)
            returning[retired] = leaving[retired] = 0.0
        is_home = is_home * (1.0 - leaving) + (1.0 - is_home) * returning
        shares.append(mean(is_home, sample.weight))
    return np.array(shares)


def _risks(sample: Sample, table: SurveyTable, calibration: FlowCalibration) -> tuple[Float, Float]:
    risks = sample.risks(
        sample.agreed(calibration.shift(table)),
        calibration.years_at_risk,
        calibration.years_at_home,
    )
    return risks.returning, risks.leaving


def _older(table: SurveyTable, age: str, years: int) -> tuple[SurveyTable, Any]:
    """Return the people some years later, and who is older than anybody of the survey."""
    ages = table.frame[age].to_numpy(dtype=np.float64, na_value=np.nan)
    oldest = np.nanmax(ages)
    later = np.minimum(ages + years, oldest)
    return replace(table, frame=table.frame.assign(**{age: later})), ages + years > oldest


def _largest(shares: Float) -> float:
    """Return the greatest change relative to the first share."""
    return float(np.max(np.abs(shares - shares[0])) / max(shares[0], 1e-9))


def _described(shares: Float, within: float) -> str:
    verdict = "kept" if _largest(shares) <= within else "not kept"
    return (
        f"share {shares[0]:.1%} at the start, {shares[-1]:.1%} after "
        f"{len(shares) - 1} years, {np.min(shares):.1%} to {np.max(shares):.1%} between: "
        f"{verdict} within {within:.0%}"
    )
