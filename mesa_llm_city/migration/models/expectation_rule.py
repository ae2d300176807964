"""The rule for any survey: columns act with their expected signs, all equally strong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.attributions import Attributions
from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.migration.models.base import check_schema
from mesa_llm_city.migration.models.checkpoint import (
    CONFIG,
    check_record,
    read_saved,
    read_training_rows,
    write_saved,
)
from mesa_llm_city.migration.models.push_pull import intercept_of
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.encoded_columns import finite, signed_log
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["ExpectationRule"]

_KIND = "expectation"


class ExpectationRule:
    """A rule with the interface of a trained model; only intercept and scales are fitted.

    The log odds are an intercept plus, for each column of which the schema expects an effect,
    its sign times `log_odds_per_sd` times the value in standard deviations from the mean. With
    unit weights, a linear rule predicts nearly as well as a fitted one where signs are known
    (Dawes 1979, American Psychologist 34(7), 571-582). Missing values count as the mean. Of a
    category with two codes, the second is the greater.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``migration.expectation``.

    Examples
    --------
    >>> import pandas as pd
    >>> from mesa_llm_city.migration.survey.shipped import shipped_schema
    >>> rows = pd.DataFrame({"fml": 0, "hlth": 3, "nwhite": 0, "age": [30, 60], "yedu": 12,
    ...                      "famsize": 2, "empl": 1, "inc": 5e4, "perweight": 1, "hi": [0, 1]})
    >>> table = SurveyTable.from_frame(rows, shipped_schema("health_insurance"))
    >>> ExpectationRule().fit(table).predict_proba(table)[:, 1].round(2).tolist()
    [0.43, 0.57]
    """

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.log_odds_per_sd: float = tree.migration.expectation.log_odds_per_sd
        self._schema: Schema | None = None
        self._scales: dict[str, tuple[float, float]] = {}
        self._intercept = 0.0
        self.training_rows: TrainingRows | None = None

    @property
    def schema(self) -> Schema:
        """The schema of the rows that the rule can read."""
        if self._schema is None:
            message = "the rule is not fitted; call fit, or ExpectationRule.load"
            raise ConfigError(message)
        return self._schema

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Set means, scales and the intercept, such that the mean probability is the share.

        Raises
        ------
        ConfigError
            If the schema expects no effect of any column.
        DataError
            If labels are unknown or all the same.
        """
        del val
        columns = _expecting(train.schema)
        train.check_trainable()
        self._schema = train.schema
        self._scales = {spec.name: _scale(_values(train, spec), train.weight) for spec in columns}
        share = float(np.average(train.target, weights=train.weight))
        self._intercept = 0.0
        self._intercept = intercept_of(self._log_odds(train), share, train.weight)
        self.training_rows = TrainingRows.of(train)
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2).

        Raises
        ------
        DataError
            If the schema is not that of the rows given to `fit`.
        """
        check_schema(table.schema, self.schema)
        p = sigmoid(self._log_odds(table))
        return np.column_stack([1.0 - p, p])

    def effects(self, table: SurveyTable) -> dict[str, Float]:
        """Return the log odds that each column adds, shape (n,) each."""
        found: dict[str, Float] = {}
        for spec in _expecting(self.schema):
            mean, spread = self._scales[spec.name]
            scaled = (_values(table, spec) - mean) / spread
            effect = spec.expected * self.log_odds_per_sd * np.nan_to_num(scaled, nan=0.0)
            found[spec.name] = effect
        return found

    def attributions(self, table: SurveyTable) -> Attributions:
        """Return what each column adds to the log odds; they add up with the intercept."""
        effects = self.effects(table)
        values = np.stack(list(effects.values()), axis=1)
        return Attributions(
            names=tuple(effects), values=values, base=self._intercept, unit="log odds"
        )

    def save(self, folder: str | Path) -> None:
        """Write ``config.json`` to `folder`."""
        record = {
            "schema": self.schema.to_json(),
            "log_odds_per_sd": self.log_odds_per_sd,
            "intercept": self._intercept,
            "scales": {name: list(pair) for name, pair in self._scales.items()},
        }
        write_saved(Path(folder), _KIND, record, {}, self.training_rows)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If it is missing or of another kind.
        """
        record, _ = read_saved(Path(folder), _KIND)
        try:
            rule = cls._restored(record)
            rule.training_rows = read_training_rows(Path(folder), record)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"the rule in {folder} is not valid ({error}); save it again"
            raise DataError(message) from error
        check_record(Path(folder) / CONFIG, record)
        return rule

    @classmethod
    def _restored(cls, record: Mapping[str, Any]) -> Self:
        rule = cls()
        rule._schema = Schema.from_json(record["schema"])
        rule.log_odds_per_sd = finite("log_odds_per_sd", record["log_odds_per_sd"])
        rule._intercept = finite("intercept", record["intercept"])
        rule._scales = {
            spec.name: _pair(record["scales"][spec.name]) for spec in _expecting(rule._schema)
        }
        return rule

    def _log_odds(self, table: SurveyTable) -> Float:
        total = np.full(len(table), self._intercept)
        # Added one after another, so that no result depends on the number of rows.
        for effect in self.effects(table).values():
            total = total + effect
        return total


def _expecting(schema: Schema) -> list[Column]:
    """Return the columns of which an effect is expected."""
    columns = [spec for spec in schema.inputs if spec.expected and spec.kind != "text"]
    if wide := [one.name for one in columns if one.kind == "category" and len(one.codes) > 2]:
        message = f"{', '.join(wide)} has more than two codes and no order, so it has no sign"
        raise ConfigError(message)
    if not columns:
        message = (
            "the schema expects no effect of any column, so there is no rule; "
            "give expected = 1 or -1 for a column, or train a model"
        )
        raise ConfigError(message)
    return columns


def _values(table: SurveyTable, spec: Column) -> Float:
    values = table.frame[spec.name].to_numpy(dtype=np.float64, na_value=np.nan)
    return signed_log(values) if spec.money else values


def _scale(values: Float, weight: NDArray[np.float64] | None) -> tuple[float, float]:
    """Return mean and standard deviation of the known values."""
    known = ~np.isnan(values)
    part = None if weight is None else weight[known]
    mean = float(np.average(values[known], weights=part))
    spread = float(np.sqrt(np.average((values[known] - mean) ** 2, weights=part)))
    return mean, spread if spread > 0.0 else 1.0


def _pair(given: Any) -> tuple[float, float]:  # noqa: ANN401 - from a file
    mean, spread = given
    return finite("mean", mean), finite("scale", spread)
