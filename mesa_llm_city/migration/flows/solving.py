"""Solving for horizons and intercepts with which a model reproduces observed yearly flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid
from mesa_llm_city.migration.flows.calibration import FlowCalibration
from mesa_llm_city.migration.flows.grouping import Grouping
from mesa_llm_city.migration.flows.sample import LONGEST_LOG, Sample, mean, solved
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["calibrate_flows"]

Keys = NDArray[Any]
_FURTHEST = 40.0  # log odds


def calibrate_flows(
    model: ProbabilityModel,
    table: SurveyTable,
    rate: float | None = None,
    *,
    by: Sequence[str] | Grouping = (),
    rates: Mapping[str, float] | None = None,
    leaving_rate: float | None = None,
    pooled: bool = False,
) -> FlowCalibration:
    """Solve for the horizons and intercepts that reproduce observed yearly flows.

    Parameters
    ----------
    model : ProbabilityModel
        The model of the decision.
    table : SurveyTable
        People of the survey, labelled or not; weighted if the table has weights.
    rate : float, optional
        Observed share of people without the outcome, such as those away, who gain it in a
        year, in (0, 1); by default the mean of `rates`.
    by : sequence of str or Grouping, optional
        Columns of groups. With `rates`, the intercept of each group is solved for the rate of
        the group. Otherwise, it is solved such that the mean probability of the group is the
        share observed in the table, and `rate` holds for all groups together.
    rates : mapping of str to float, optional
        Observed yearly rates by key of the group (see `Grouping.keys_of`).
    leaving_rate : float, optional
        Observed share of people with the outcome who lose it in a year. By default the horizon
        of losing it is solved such that the share is stationary: constant in the long run,
        with the people of the table as they are.
    pooled : bool, default False
        Whether members of a household decide together.

    Returns
    -------
    FlowCalibration
        Horizons and intercepts; notes tell what could not be reached.

    Raises
    ------
    ConfigError
        If a rate is outside (0, 1), or neither `rate` nor `rates` is given.
    DataError
        If the table has nobody at risk, or no group of `rates`.

    Notes
    -----
    A survey of a stock says who is back, and not how fast people move. An observed yearly
    rate gives the missing number: the horizon T at which the mean of
    ``1 - (1 - p) ** (1 / T)``, over those who are away, equals the rate. It decreases in T,
    so bisection finds it. Rates above those of T = 1 cannot be reached by a horizon; then
    T is 1 and an intercept is solved. Those of a flow are reached by an intercept only.
    Intercepts solved for aggregates are the usual recalibration of a choice model (Train
    2009, Discrete Choice Methods with Simulation, sec. 2.8).

    Examples
    --------
    >>> from mesa_llm_city.migration.models.push_pull import PushPullRule
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> people = synthetic_survey(500, seed=1)
    >>> calibration = calibrate_flows(PushPullRule().fit(people), people, 0.03)
    >>> 5.0 < calibration.years_at_risk < 20.0
    True
    """
    _check_rates(rate, rates, leaving_rate)
    sample = Sample.of(model, table, pooled=pooled)
    grouping = by if isinstance(by, Grouping) else Grouping.of(table, by) if by else None
    if rates is not None and grouping is None:
        message = "rates of groups need by, the columns of the groups"
        raise ConfigError(message)
    keys = None if grouping is None else np.array(grouping.keys_of(table))
    goal = rate if rate is not None else _mean_rate(sample, keys, rates or {})
    notes: list[str] = []
    intercepts: dict[str, float] = {}
    if keys is not None and rates is None:
        intercepts = _to_shares(sample, table, keys, notes)
    shift = _of_groups(keys, intercepts, len(sample.p))
    years, intercept = _to_rate(sample, goal, shift, notes)
    if keys is not None and rates is not None:
        intercepts = _to_rates(sample, keys, rates, years, notes)
        intercept, shift = 0.0, _of_groups(keys, intercepts, len(sample.p))
    home = _years_at_home(sample, years, shift + intercept, leaving_rate, notes)
    return FlowCalibration(
        years_at_risk=years,
        years_at_home=home,
        intercept=intercept,
        grouping=grouping,
        intercepts=intercepts,
        notes=tuple(notes),
    )


def _to_rate(sample: Sample, rate: float, shift: Float, notes: list[str]) -> tuple[float, float]:
    """Return horizon and intercept with which the rate is reached."""
    away = sample.away()
    agreed = sample.agreed(shift)

    def rate_of(years: float) -> float:
        return mean(sample.risks(agreed, years).returning, away)

    if sample.flow_years is None and rate <= rate_of(1.0):
        years = solved(lambda log: rate - rate_of(float(np.exp(log))), 0.0, LONGEST_LOG)
        return float(np.exp(years)), 0.0
    if sample.flow_years is None:
        notes.append(
            f"a rate of {rate:.3g} is above {rate_of(1.0):.3g}, which a horizon of one year "
            "gives; the horizon is 1 and the intercept is raised"
        )
    years = 1.0 if sample.flow_years is None else 1.0 / rate
    return years, _intercept(
        lambda extra: mean(sample.risks(sample.agreed(shift + extra), years).returning, away), rate
    )


def _to_rates(
    sample: Sample, keys: Keys, rates: Mapping[str, float], years: float, notes: list[str]
) -> dict[str, float]:
    """Return the intercept of each group with which its rate is reached."""
    found = {}
    for key, rate in rates.items():
        rows = np.flatnonzero(keys == key)
        away = sample.away()[rows]
        if not len(rows) or float(np.sum(away)) <= 0.0:
            notes.append(f"the table has nobody at risk in {key}; its rate is not used")
            continue
        # Members of a household may be in two groups, so groups are solved as if alone.
        own = sample.take(rows)
        found[key] = _intercept(partial(_rate_at, own, years, away), rate)
    notes.extend(f"no rate is given for {one}" for one in sorted(set(keys.tolist()) - set(rates)))
    if not found:
        shown = ", ".join(sorted(set(keys.tolist()))[:5])
        message = f"no group of the rates is in the table, whose groups are {shown}"
        raise DataError(message)
    return found


def _to_shares(
    sample: Sample, table: SurveyTable, keys: Keys, notes: list[str]
) -> dict[str, float]:
    """Return the intercept of each group with which its mean probability is its share."""
    if np.any(table.target < 0):
        message = "without rates of groups, the table must have labels in every row"
        raise DataError(message)
    found = {}
    for key in sorted(set(keys.tolist())):
        rows = np.flatnonzero(keys == key)
        weight = sample.weight[rows]
        share = float(np.average(table.target[rows] == 1, weights=weight))
        if not 0.0 < share < 1.0:
            notes.append(f"all {len(rows)} rows of {key} have one label; its intercept is 0")
            continue
        found[key] = _intercept(partial(_share_at, log_odds(sample.p[rows]), weight), share)
    return found


def _rate_at(sample: Sample, years: float, away: Float, extra: float) -> float:
    return mean(sample.risks(sample.agreed(extra), years).returning, away)


def _share_at(odds: Float, weight: Float, extra: float) -> float:
    return mean(sigmoid(odds + extra), weight)


def _years_at_home(
    sample: Sample, years: float, shift: Float, rate: float | None, notes: list[str]
) -> float:
    """Return the horizon of leaving that gives the rate, or keeps the share at home."""
    agreed = sample.agreed(shift)
    if rate is not None:
        weight = sample.weight * (sample.home if sample.flow_years is None else 1.0)
        return _bounded(
            lambda home: mean(sample.risks(agreed, years, home).leaving, weight), rate, notes
        )
    if sample.flow_years is not None:
        notes.append("a flow does not tell who has the outcome; both horizons are the same")
        return years
    found = sample.balanced(agreed, years)
    if found is not None:
        return found
    notes.append(
        f"no years_at_home keep the share of {sample.share:.3g} in the long run; "
        "both horizons are the same"
    )
    return years


def _bounded(leaving: Callable[[float], float], rate: float, notes: list[str]) -> float:
    """Return the horizon with which the mean risk of leaving is `rate`."""
    most = leaving(1.0)
    if rate > most:
        notes.append(
            f"a leaving rate of {rate:.3g} is above {most:.3g}, that of a horizon of one year; "
            "it cannot be reached"
        )
        return 1.0
    return float(np.exp(solved(lambda log: rate - leaving(float(np.exp(log))), 0.0, LONGEST_LOG)))


def _mean_rate(sample: Sample, keys: Keys | None, rates: Mapping[str, float]) -> float:
    """Return the mean of the rates of groups over the people at risk."""
    known = np.array([rates.get(key, np.nan) for key in ([] if keys is None else keys.tolist())])
    has_rate = ~np.isnan(known)
    if not np.any(has_rate):
        shown = ", ".join(sorted(set([] if keys is None else keys.tolist()))[:5])
        message = f"no group of the rates is in the table, whose groups are {shown}"
        raise DataError(message)
    return mean(known[has_rate], sample.away()[has_rate])


def _of_groups(keys: Keys | None, intercepts: Mapping[str, float], rows: int) -> Float:
    if keys is None:
        return np.zeros(rows)
    return np.array([intercepts.get(key, 0.0) for key in keys.tolist()])


def _intercept(mean_of: Callable[[float], float], goal: float) -> float:
    """Return the shift of log odds at which an increasing mean reaches its goal."""
    return solved(lambda extra: mean_of(extra) - goal, -_FURTHEST, _FURTHEST)


def _check_rates(
    rate: float | None, rates: Mapping[str, float] | None, leaving_rate: float | None
) -> None:
    if rate is None and not rates:
        message = (
            "give rate, the share of people who gain the outcome in a year, or rates of groups"
        )
        raise ConfigError(message)
    named = {"rate": rate, "leaving_rate": leaving_rate}
    named |= {f"the rate of {key}": one for key, one in (rates or {}).items()}
    if wrong := [
        f"{name} must be above 0 and below 1, got {one}"
        for name, one in named.items()
        if one is not None and not 0.0 < one < 1.0
    ]:
        raise ConfigError("; ".join(wrong))
