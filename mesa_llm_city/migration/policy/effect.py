"""The effect that models expect of a policy, side by side, with intervals and signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.effects.resampling import Resampling, predicted
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.policy.lever import Lever, apply_levers
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["PolicyEffect", "effects_table", "policy_effect"]


class PolicyEffect(NamedTuple):
    """What one model expects of a policy.

    Attributes
    ----------
    model : str
        Name of the model.
    levers : str
        The policy.
    before, after : float
        Weighted mean probability of label 1 without and with the policy.
    change, low, high : float
        Difference, and its 95 % interval over bootstrap samples of households or rows. The
        interval is of the sample of people only, not of the training of the model.
    expected : int
        Sign that the schema expects of every lever; 0 if one has none, or if they disagree.
    """

    model: str
    levers: str
    before: float
    after: float
    change: float
    low: float
    high: float
    expected: int

    @property
    def sign(self) -> str:
        """Whether the change has the expected sign, in words."""
        found = 0 if self.low <= 0.0 <= self.high else int(np.sign(self.change))
        if not self.expected:
            return "nothing expected"
        if not found:
            return "no clear effect"
        return "as expected" if found == self.expected else "against expectation"


def policy_effect(
    models: Mapping[str, ProbabilityModel],
    table: SurveyTable,
    levers: Sequence[Lever],
    *,
    seed: int = 0,
    bootstrap: int = 500,
) -> list[PolicyEffect]:
    """Return what each model expects of a policy for the people of a table.

    Parameters
    ----------
    models : mapping of str to ProbabilityModel
        Models by name; all read the schema of the table.
    table : SurveyTable
        The people; their weights count.
    levers : sequence of Lever
        The policy.
    seed : int, default 0
        Seed of the bootstrap; all models have the same samples.
    bootstrap : int, default 500
        Number of samples, at least 2.

    Raises
    ------
    ConfigError
        If there is no lever, or `bootstrap` is below 2.
    DataError
        If there are no people.
    """
    if not levers or bootstrap < 2:
        message = f"a policy needs a lever and 2 samples or more, got {len(levers)}, {bootstrap}"
        raise ConfigError(message)
    changed = apply_levers(table, levers)
    resampling = Resampling(table, draws=bootstrap, seed=seed)
    name, expected = "; ".join(map(str, levers)), _expected(levers, table)
    found = []
    for model_name, model in models.items():
        before, after = predicted(model, table), predicted(model, changed)
        columns = np.column_stack([before, after, after - before])
        told = resampling.estimate([resampling.means(columns)])
        found.append(
            PolicyEffect(
                model=model_name,
                levers=name,
                before=float(told.value[0]),
                after=float(told.value[1]),
                change=float(told.value[2]),
                low=float(told.low[2]),
                high=float(told.high[2]),
                expected=expected,
            )
        )
    return found


def effects_table(effects: Sequence[PolicyEffect]) -> str:
    """Return effects side by side, as a table in Markdown."""
    rows = [
        f"| {one.model} | {one.before:.3f} | {one.after:.3f} | {one.change:+.4f} | "
        f"{one.low:+.4f} to {one.high:+.4f} | {one.sign} |"
        for one in effects
    ]
    head = [
        "| model | before | after | change | 95 % interval | sign |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows])


def _expected(levers: Sequence[Lever], table: SurveyTable) -> int:
    """Return the sign that the schema expects of every lever; 0 if they differ, or one has none."""
    signs = {_direction(lever, table) * lever.column.expected for lever in levers}
    return signs.pop() if len(signs) == 1 else 0


def _direction(lever: Lever, table: SurveyTable) -> int:
    """Return whether a lever increases the mean of its column."""
    values = table.frame[lever.column.name].to_numpy(dtype=np.float64, na_value=np.nan)
    change = np.nanmean(lever.applied(values) - values) if len(values) else 0.0
    return int(np.sign(np.nan_to_num(change)))
