"""The rule of return migration: a logit of factors that push people to return or pull them back.

Push and pull are the terms of Lee (1966); both matter for return migration in China
(Zhao 2002). Personal factors are read from survey columns. The sign of each factor comes from
the literature (see `PushPullParameters`). Few studies report effect sizes for these columns,
so most sizes are assumptions: set them, or let a model learn them (`TabularModel`, `RMSAgent`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.attributions import Attributions
from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.migration.models.checkpoint import (
    CONFIG,
    check_record,
    read_saved,
    read_training_rows,
    saved_schema,
    write_saved,
)
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, ParameterError, default_parameters
from mesa_llm_city.parameters.migration import PushPullParameters

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["READ_COLUMNS", "PushPullRule", "intercept_of", "person_factors"]

_KIND = "rule"
_STABLE_PENSIONS = (1.0, 2.0)  # codes of public institutions and of urban employees
READ_COLUMNS = (
    *("age", "education", "marriage", "physical_condition", "work"),
    *("wage", "hukou", "old_age_insurance", "housing_fund"),
)


def person_factors(
    table: SurveyTable, parameters: PushPullParameters | None = None
) -> dict[str, Float]:
    """Return what each personal factor adds to the log odds of being back.

    Parameters
    ----------
    table : SurveyTable
        Rows with the columns of `chfs` that the rule reads.
    parameters : PushPullParameters, optional
        Weights and reference values.

    Returns
    -------
    dict of str to ndarray of float64, shape (n,)
        Log odds by name of the factor; 0 where the value is missing.

    Raises
    ------
    DataError
        If columns are missing; all of them are listed.
    """
    weights, frame = parameters or default_parameters().migration.push_pull, table.frame
    _check_columns(frame)
    read = {name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in READ_COLUMNS}
    has_stable_pension = np.isin(read["old_age_insurance"], _STABLE_PENSIONS)
    least = weights.least_wage_share * weights.reference_wage
    wage = np.maximum(read["wage"], least) / weights.reference_wage
    factors = {
        "age": weights.age * (read["age"] - weights.reference_age) / 10.0,
        "schooling": weights.schooling * (read["education"] - weights.reference_schooling),
        "marriage": weights.married * (read["marriage"] == 2.0),
        "health": weights.average_health * (read["physical_condition"] == 2.0)
        + weights.poor_health * (read["physical_condition"] == 3.0),
        "no work": weights.no_work * (read["work"] == 0.0),
        "wage": weights.wage * np.log(wage),
        "hukou": weights.agricultural_hukou * (read["hukou"] == 1.0),
        "stable job": weights.stable_job * (has_stable_pension | (read["housing_fund"] == 1.0)),
    }
    return {name: np.nan_to_num(factor, nan=0.0) for name, factor in factors.items()}


class PushPullRule:
    """The rule, with the interface of a trained model; only its intercept can be fitted.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``migration.push_pull``.

    Attributes
    ----------
    parameters : PushPullParameters
        Weights, with the fitted intercept.
    training_rows : TrainingRows or None
        Fingerprints of the rows that the intercept was fitted to; None if it was not.
    schema : Schema
        That of these rows; that of `chfs` if there are none.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> rows = synthetic_survey(200, seed=1)
    >>> rule = PushPullRule().fit(rows)
    >>> bool(abs(rule.predict_proba(rows)[:, 1].mean() - rows.target.mean()) < 1e-6)
    True
    """

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: PushPullParameters = tree.migration.push_pull
        self.training_rows: TrainingRows | None = None
        self.schema: Schema = chfs()

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:  # noqa: ARG002 - as of every model
        """Set the intercept such that the mean probability is the share of returnees.

        Raises
        ------
        DataError
            If all labels are the same, or a column is missing.
        """
        log_odds = self._log_odds(train)  # first, since another survey has no such columns
        share = float(np.average(train.target == 1, weights=train.weight))
        if not 0.0 < share < 1.0 or np.any(train.target < 0):
            message = (
                f"the intercept cannot be fitted to a share of returnees of {share:g}; "
                "give labelled rows of both kinds"
            )
            raise DataError(message)
        shift = intercept_of(log_odds, share, train.weight)
        intercept = self.parameters.intercept + shift
        self.parameters = PushPullParameters(**{**dict(self.parameters), "intercept": intercept})
        self.training_rows = TrainingRows.of(train)
        self.schema = train.schema
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2)."""
        p = sigmoid(self._log_odds(table))
        return np.column_stack([1.0 - p, p])

    def explain(self, table: SurveyTable, *, leaving: ArrayLike = False) -> list[str]:
        """Return up to two factors with the largest effect for the move of each person.

        Parameters
        ----------
        table : SurveyTable
            Rows of n persons.
        leaving : array_like of bool, shape (n,) or (), default False
            Whether the person leaves the village; negative factors then favour the move.

        Returns
        -------
        list of str, length n
            Names and log odds of the factors; "by chance" if none favours the move.

        Examples
        --------
        >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
        >>> len(PushPullRule().explain(synthetic_survey(3, seed=1)))
        3
        """
        return self.attributions(table).told(leaving=leaving)

    def attributions(self, table: SurveyTable) -> Attributions:
        """Return what each factor adds to the log odds; they add up with the intercept."""
        factors = person_factors(table, self.parameters)
        return Attributions(
            names=tuple(factors),
            values=np.stack(list(factors.values()), axis=1),
            base=self.parameters.intercept,
            unit="log odds",
        )

    def save(self, folder: str | Path) -> None:
        """Write the weights and the schema to ``config.json`` in `folder`."""
        record = {"schema": self.schema.to_json(), "weights": dict(self.parameters)}
        write_saved(Path(folder), _KIND, record, {}, self.training_rows)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read the weights that `save` wrote.

        Raises
        ------
        DataError
            If there is no such file, or its weights are not those of the rule.
        """
        record, _ = read_saved(Path(folder), _KIND)
        weights = _checked_weights(record.get("weights"), Path(folder))
        try:
            rule = cls(CityParameters().with_("migration.push_pull", weights))
        except ParameterError as error:
            message = f"the rule in {folder} has weights outside their range: {error}"
            raise DataError(message) from error
        rule.training_rows = read_training_rows(Path(folder), record)
        if "schema" in record:  # rules saved before it came have none
            rule.schema = saved_schema(folder)
        check_record(Path(folder) / CONFIG, record)
        return rule

    def _log_odds(self, table: SurveyTable) -> Float:
        total = np.full(len(table), self.parameters.intercept)
        # Added one after another, so that no result depends on the number of rows.
        for factor in person_factors(table, self.parameters).values():
            total = total + factor
        return total


def intercept_of(log_odds: Float, share: float, weight: Float | None = None) -> float:
    """Return the number to add to log odds such that the mean probability is a share.

    Parameters
    ----------
    log_odds : ndarray of float64, shape (n,)
        Log odds of persons.
    share : float
        Between 0 and 1, both excluded.
    weight : ndarray of float64, shape (n,), optional
        Weights of the persons in the mean; by default all are equal.

    Examples
    --------
    >>> round(intercept_of(np.array([0.0, 0.0]), 0.75), 6)
    1.098612
    """
    shift = 0.0
    # Newton's method: the mean of a sigmoid is smooth and increases with the shift.
    for _ in range(100):
        p = sigmoid(log_odds + shift)
        mean, slope = (float(np.average(one, weights=weight)) for one in (p, p * (1.0 - p)))
        step = (share - mean) / slope
        shift += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-10:
            break
    return shift


def _checked_weights(weights: object, folder: Path) -> dict[str, float]:
    known = set(PushPullParameters.model_fields)
    if not isinstance(weights, Mapping) or set(weights) != known:
        message = f"the rule in {folder} must have the weights {', '.join(sorted(known))}"
        raise DataError(message)
    if wrong := [name for name, value in weights.items() if not isinstance(value, int | float)]:
        message = f"the rule in {folder} has weights that are no numbers: {', '.join(wrong)}"
        raise DataError(message)
    return {str(name): float(value) for name, value in weights.items()}


def _check_columns(frame: pd.DataFrame) -> None:
    if missing := [name for name in READ_COLUMNS if name not in frame.columns]:
        advice = "Give a table with the columns of chfs(), or a model trained on your own columns."
        source, defects = "the table of the rule", [f"no column {name}" for name in missing]
        raise DataError.listing(source, defects, advice=advice)
