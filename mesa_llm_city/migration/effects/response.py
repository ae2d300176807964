"""The response of a model to one column: partial dependence and accumulated local effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.changes import (
    checked_column,
    grid,
    numbers_of,
    with_value,
)
from mesa_llm_city.migration.effects.curve import ResponseCurve
from mesa_llm_city.migration.effects.resampling import (
    Estimate,
    Resampling,
    as_models,
    predicted,
)
from mesa_llm_city.migration.effects.signs import found_sign
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["response_curve"]

_LOW, _HIGH = 0.1, 0.9  # quantiles between which the change is told
_FEWEST_POINTS = 2


def response_curve(
    model: ProbabilityModel | Sequence[ProbabilityModel],
    table: SurveyTable,
    column: str,
    *,
    points: int = 20,
    draws: int = 200,
    seed: int = 0,
) -> ResponseCurve:
    """Return how the probability of a model responds to a column.

    Parameters
    ----------
    model : ProbabilityModel or sequence of them
        A model, or an ensemble, such as of other seeds or of resampled households.
    table : SurveyTable
        People; weighted if the table has weights. Labels are not used.
    column : str
        Name of a column that models are given.
    points : int, default 20
        Greatest number of values of a number.
    draws : int, default 200
        Resamples for the intervals; 0 for none.
    seed : int, default 0
        Seed of the resamples.

    Returns
    -------
    ResponseCurve
        Curves, the change from a low to a high value (the tenth and the ninetieth percentile
        of a number, the lowest and the highest code, or two codes), and its sign.

    Raises
    ------
    ConfigError
        If no effect of the column can be told, or a number is outside its range.
    DataError
        If the table has no rows, or the column is missing in all of them.

    Notes
    -----
    Partial dependence is the mean prediction with the column set to a value (Friedman 2001,
    Annals of Statistics 29(5), 1189-1232). Accumulated local effects add up the mean changes
    within narrow intervals, of people who are there, and so do not ask about combinations
    that do not exist (Apley and Zhu 2020, JRSS B 82(4), 1059-1086); they are centred to the
    mean probability. Both describe the model. That the effect is causal is an assumption.

    Examples
    --------
    >>> from mesa_llm_city.migration.models.push_pull import PushPullRule
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> response_curve(PushPullRule(), synthetic_survey(300, seed=1), "age", draws=20).sign
    1
    """
    if points < _FEWEST_POINTS:
        message = f"points must be at least {_FEWEST_POINTS}, got {points}"
        raise ConfigError(message)
    resampling = Resampling(table, draws=draws, seed=seed)
    spec, models = checked_column(table, column), as_models(model)
    values = grid(table, spec, points)
    partial = [_partial(one, table, column, values, resampling) for one in models]
    has_order = spec.is_number and len(values) > 1
    local = [_local(one, table, column, values, resampling) for one in models] if has_order else []
    low, high = _ends(table, spec, values)
    change = _change(resampling, local or partial, spec, low, high)
    return ResponseCurve(
        column=spec,
        outcome=table.schema.positive,
        points=values,
        partial=resampling.estimate(partial),
        local=resampling.estimate(local) if local else None,
        missing=resampling.estimate(
            [_partial(one, table, column, np.array([np.nan]), resampling) for one in models]
        ),
        change=change,
        change_from=float(values[low]),
        change_to=float(values[high]),
        sign=found_sign(change),
        basis=_basis(resampling, len(models)),
    )


def _partial(
    model: ProbabilityModel, table: SurveyTable, name: str, values: Float, resampling: Resampling
) -> Float:
    p = [predicted(model, with_value(table, name, value)) for value in values.tolist()]
    return resampling.means(np.stack(p, axis=1))


def _local(
    model: ProbabilityModel, table: SurveyTable, name: str, edges: Float, resampling: Resampling
) -> Float:
    """Return accumulated local effects at the edges, centred, shape (1 + draws, k)."""
    own = numbers_of(table, name)
    known = np.flatnonzero(~np.isnan(own))
    bins = np.clip(np.searchsorted(edges, own[known], side="left") - 1, 0, len(edges) - 2)
    some = table.take(known)
    rise = predicted(model, with_value(some, name, edges[bins + 1]))
    rise = rise - predicted(model, with_value(some, name, edges[bins]))
    inside = np.zeros((len(own), len(edges) - 1))
    inside[known, bins] = 1.0
    change = np.zeros_like(inside)
    change[known, bins] = rise
    steps = np.nan_to_num(resampling.means(change, inside))
    curve = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
    shares = resampling.means(inside)
    shares = shares / shares.sum(axis=1, keepdims=True)
    centre = (shares * (curve[:, 1:] + curve[:, :-1]) / 2.0).sum(axis=1, keepdims=True)
    level = resampling.means(predicted(model, table)[:, None])
    centred: Float = curve - centre + level
    return centred


def _ends(table: SurveyTable, spec: Column, values: Float) -> tuple[int, int]:
    """Return the positions of a low and a high value."""
    if spec.is_coded or len(values) <= _FEWEST_POINTS:
        return 0, len(values) - 1
    own = numbers_of(table, spec.name)
    ends = np.nanquantile(own, [_LOW, _HIGH])
    low, high = (int(np.argmin(np.abs(values - one))) for one in ends)
    return (low, high) if low < high else (0, len(values) - 1)


def _change(
    resampling: Resampling, curves: Sequence[Float], spec: Column, low: int, high: int
) -> Estimate:
    if low == high or (spec.kind == "category" and len(curves[0][0]) > _FEWEST_POINTS):
        blank = np.full(1, np.nan)
        return Estimate(blank, blank, blank)
    return resampling.estimate([(one[:, high] - one[:, low])[:, None] for one in curves])


def _basis(resampling: Resampling, models: int) -> str:
    if not resampling.draws:
        return "none"
    of = f"{resampling.level:.0%}, {resampling.draws} resamples of {resampling.unit}"
    if models > 1:
        return f"{of} and {models} models"
    return f"{of}; not of training, which needs an ensemble of models"
