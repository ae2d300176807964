"""Average marginal effects of all columns on the probability of a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.changes import (
    checked_column,
    grid,
    label_of,
    numbers_of,
    with_value,
)
from mesa_llm_city.migration.effects.resampling import (
    Estimate,
    Resampling,
    as_models,
    predicted,
)
from mesa_llm_city.migration.effects.signs import found_sign, sign_warnings
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MarginalEffect", "MarginalEffects", "average_marginal_effects"]

_TWO = 2


class _Change(NamedTuple):
    """A change of a column: its words, the values before and after, and who has it."""

    words: str
    before: Float
    after: Float
    rows: Float
    has_sign: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginalEffect:
    """The mean change of a probability when a column changes.

    Parameters
    ----------
    column : Column
        The column.
    change : str
        The change in words.
    effect : Estimate, each of shape (1,)
        Mean change of the probability.
    sign : int or None
        Sign of the effect, 0 if its interval includes 0; None if the change has no direction.
    """

    column: Column
    change: str
    effect: Estimate
    sign: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginalEffects:
    """Average marginal effects of columns.

    Parameters
    ----------
    effects : tuple of MarginalEffect
        In the order of the columns.
    intervals : str
        What the intervals are based on.
    """

    effects: tuple[MarginalEffect, ...]
    intervals: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong with the signs, in words."""
        return tuple(
            words
            for one in self.effects
            if one.sign is not None
            for words in sign_warnings(one.column, one.sign, one.effect)
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each change."""
        import pandas as pd

        return pd.DataFrame(list(self._rows()))

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; None where a number is unknown."""
        effects = [
            {key: None if value != value else value for key, value in row.items()}  # noqa: PLR0124 - NaN
            for row in self._rows()
        ]
        return {
            "effects": effects,
            "intervals": self.intervals,
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        """Return the table as text."""
        lines = [f"{'column':24}{'change':44}{'effect':28}expected  found"]
        signs = {None: "", -1: "-", 0: "0", 1: "+"}
        for one in self.effects:
            value, low, high = (float(part[0]) for part in one.effect)
            effect = f"{value:+.3f}" + ("" if np.isnan(low) else f" ({low:+.3f} to {high:+.3f})")
            expected = signs[one.column.expected or None]
            lines.append(
                f"{one.column.name[:22]:24}{one.change[:42]:44}{effect:28}"
                f"{expected:10}{signs[one.sign]}"
            )
        lines.append(f"intervals: {self.intervals}")
        return "\n".join([*lines, *(f"warning: {one}" for one in self.warnings)])

    def _rows(self) -> Iterator[dict[str, Any]]:
        for one in self.effects:
            value, low, high = (float(part[0]) for part in one.effect)
            yield {
                "column": one.column.name,
                "change": one.change,
                "effect": value,
                "low": low,
                "high": high,
                "expected": one.column.expected,
                "found": one.sign,
                "lever": one.column.lever,
            }


def average_marginal_effects(
    model: ProbabilityModel | Sequence[ProbabilityModel],
    table: SurveyTable,
    *,
    columns: Sequence[str] | None = None,
    draws: int = 200,
    seed: int = 0,
) -> MarginalEffects:
    """Return the mean change of the probability when a column changes, for all columns.

    Parameters
    ----------
    model : ProbabilityModel or sequence of them
        A model, or an ensemble.
    table : SurveyTable
        People; weighted if the table has weights. Labels are not used.
    columns : sequence of str, optional
        Names of columns; by default all that models are given and whose effect can be told.
    draws : int, default 200
        Resamples for the intervals; 0 for none.
    seed : int, default 0
        Seed of the resamples.

    Returns
    -------
    MarginalEffects
        For a number, the effect of one standard deviation, half of it below and half above
        the value of each person, within the range of the table. For ordered codes, that of
        the next code, of all who are not at the highest. For other codes, that of each code
        in place of the most frequent one, or of the higher of two. If values are missing,
        also the effect of not knowing a value that is known.

    Raises
    ------
    ConfigError
        If a column is unknown or its effect cannot be told.

    Notes
    -----
    Average marginal effects and their finite differences: Train 2009, Discrete Choice Methods
    with Simulation, sec. 2.6; Mize 2019, Sociological Science 6, 81-117. Derivatives would be
    0 almost everywhere for trees.

    Examples
    --------
    >>> from mesa_llm_city.migration.models.push_pull import PushPullRule
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> people = synthetic_survey(200, seed=1)
    >>> found = average_marginal_effects(PushPullRule(), people, columns=["age"], draws=0)
    >>> found.effects[0].change, found.effects[0].sign
    ('10.3 years more (one standard deviation)', 1)
    """
    models, resampling = as_models(model), Resampling(table, draws=draws, seed=seed)
    names = columns
    if names is None:
        names = [one.name for one in table.schema.inputs if _is_told(table, one)]
    plain = [predicted(one, table) for one in models]
    effects = []
    for spec in [checked_column(table, name) for name in names]:
        for change in _changes(table, spec):
            drawn = [
                resampling.means(_rise(one, p, table, spec.name, change), change.rows[:, None])
                for one, p in zip(models, plain, strict=True)
            ]
            effects.append(_effect(spec, change, resampling.estimate(drawn)))
    of = f"{resampling.level:.0%}, {draws} resamples of {resampling.unit}" if draws else "none"
    return MarginalEffects(effects=tuple(effects), intervals=of)


def _is_told(table: SurveyTable, spec: Column) -> bool:
    return spec.kind != "text" and not np.all(np.isnan(numbers_of(table, spec.name)))


def _effect(spec: Column, change: _Change, effect: Estimate) -> MarginalEffect:
    sign = found_sign(effect) if change.has_sign else None
    return MarginalEffect(column=spec, change=change.words, effect=effect, sign=sign)


def _rise(
    model: ProbabilityModel, plain: Float, table: SurveyTable, name: str, change: _Change
) -> Float:
    """Return the change of the probability of each row, shape (n, 1)."""
    own = numbers_of(table, name)
    before, after = (
        plain
        if np.array_equal(values, own, equal_nan=True)
        else predicted(model, with_value(table, name, values))
        for values in (change.before, change.after)
    )
    rise: Float = (after - before)[:, None]
    return rise


def _changes(table: SurveyTable, spec: Column) -> Iterator[_Change]:
    own = numbers_of(table, spec.name)
    known = ~np.isnan(own)
    if spec.kind == "category":
        yield from _of_codes(own, spec, grid(table, spec, 0))
    elif spec.is_coded:
        yield _of_next_code(own, grid(table, spec, 0))
    else:
        yield _of_spread(own, spec)
    if not known.all():
        blank = np.full_like(own, np.nan)
        yield _Change("not known", own, blank, known.astype(np.float64), has_sign=False)


def _of_spread(own: Float, spec: Column) -> _Change:
    """Return the change of a number by its standard deviation, within its range."""
    spread = float(np.nanstd(own))
    least, most = np.nanmin(own), np.nanmax(own)
    before, after = (np.clip(own + half, least, most) for half in (-spread / 2.0, spread / 2.0))
    unit = f" {spec.unit}" if spec.unit else ""
    words = f"{spread:,.3g}{unit} more (one standard deviation)"
    rows = (~np.isnan(own)).astype(np.float64)
    return _Change(words, before, after, rows, has_sign=True)


def _of_next_code(own: Float, levels: Float) -> _Change:
    at = np.searchsorted(levels, np.nan_to_num(own, nan=levels[0]))
    after = np.where(np.isnan(own), np.nan, levels[np.minimum(at + 1, len(levels) - 1)])
    rows = (~np.isnan(own) & (at < len(levels) - 1)).astype(np.float64)
    return _Change("the next code", own, after, rows, has_sign=True)


def _of_codes(own: Float, spec: Column, levels: Float) -> Iterator[_Change]:
    counts = [np.count_nonzero(own == level) for level in levels.tolist()]
    base = levels[0] if len(levels) == _TWO else levels[int(np.argmax(counts))]
    everybody, there = np.ones_like(own), label_of(spec, float(base))
    for level in levels[levels != base].tolist():
        yield _Change(
            f"{label_of(spec, level)} in place of {there}",
            np.full_like(own, base),
            np.full_like(own, level),
            everybody,
            has_sign=len(levels) == _TWO,
        )
