"""Reasons of trained models: exact attributions of trees and regressions, attention of RMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.effects.attributions import Attributions, Explains, Unit
from mesa_llm_city.migration.effects.tree_shapley import TreeShapley
from mesa_llm_city.migration.models.base import ProbabilityModel, check_schema
from mesa_llm_city.migration.models.predictors import Linear, Trees
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    from mesa_llm_city.migration.models.rms.agent import RMSAgent

__all__ = ["AttentionReasons", "TabularReasons", "reasons_of"]

_HOUSEHOLD = "household"


class TabularReasons:
    """Exact attributions of a tabular model: Shapley values of trees, or weights of a regression.

    Parameters
    ----------
    model : TabularModel
        A trained model of trees, or a logistic regression.
    background : SurveyTable
        Rows to compare with, such as those of the survey; the base is the mean prediction of
        trees over them, and a regression compares with their mean.

    Raises
    ------
    ConfigError
        If the method has no exact attributions (see `reasons_of`).

    Notes
    -----
    Of boosted trees and regressions, contributions are in log odds after calibration, so that
    ``sigmoid(base + sum of a row)`` is the probability. Those of a forest are in
    probability, before calibration. Columns of the matrix that belong to one column of the
    survey, such as its codes and its indicator of a missing value, are added up.
    """

    def __init__(self, model: TabularModel, background: SurveyTable) -> None:
        schema, predictor = model._fitted()  # noqa: SLF001 - the arrays of a trained model
        check_schema(background.schema, schema)
        if not isinstance(predictor, Linear | Trees):
            message = (
                f"{model.method} has no exact attributions; use trees, such as "
                "hist_gradient_boosting, or logistic_regression"
            )
            raise ConfigError(message)
        self.model = model
        self.names, self._owner = _owners(model)
        x, weight = self._matrix(background), background.weight
        self._linear = predictor if isinstance(predictor, Linear) else None
        self._mean: Float = np.average(x, axis=0, weights=weight)
        self._trees = TreeShapley.of(predictor, x, weight) if isinstance(predictor, Trees) else None
        self.unit: Unit = "log odds"
        if isinstance(predictor, Trees) and np.isnan(predictor.start[0]):
            self.unit = "probability"

    def attributions(self, table: SurveyTable) -> Attributions:
        """Return the contributions of columns to the predictions of a table."""
        check_schema(table.schema, self.model.schema)
        base, values = self._plain(self._matrix(table))
        calibration = self.model.calibration
        if calibration is not None and self.unit == "log odds":
            values = values / calibration.temperature
            base = base / calibration.temperature + calibration.intercept
        columns = [values[:, self._owner == one].sum(axis=1) for one in range(len(self.names))]
        return Attributions(
            names=self.names, values=np.stack(columns, axis=1), base=base, unit=self.unit
        )

    def _plain(self, x: Float) -> tuple[float, Float]:
        """Return base and contributions of the columns of the matrix, before calibration."""
        if self._linear is not None:
            weight = self._linear.weight
            base = float(np.sum(self._mean * weight)) + float(self._linear.bias[0])
            return base, (x - self._mean) * weight
        assert self._trees is not None  # noqa: S101 - one of both is there
        return self._trees.base, self._trees.values(x)

    def _matrix(self, table: SurveyTable) -> Float:
        encoder = self.model._encoder  # noqa: SLF001 - the matrix of a trained model
        return np.asarray(encoder.transform(table), dtype=np.float64)


class AttentionReasons:
    """The attention of the meta-queries of an RMS-Agent as reasons, person by person.

    Parameters
    ----------
    agent : RMSAgent
        A trained agent with meta-queries and text.

    Notes
    -----
    Attention says what was read and not in which direction it led (Jain and Wallace 2019,
    Attention is not explanation, NAACL, https://doi.org/10.18653/v1/N19-1357). The paper shows
    it as a mean over people (RMS-Agent, fig. 3); `RMSAgent.attention_of` gives that mean.
    """

    def __init__(self, agent: RMSAgent) -> None:
        self.agent = agent

    def attributions(self, table: SurveyTable) -> Attributions:
        """Return the share of attention to each column, as the mean over queries.

        Raises
        ------
        ConfigError
            If the agent is not trained, or has no meta-queries or no text.
        """
        found = [self.agent.attention_of(table.take([row])) for row in range(len(table))]
        names = found[0].features if found else ()
        values = [one.weights.mean(axis=0) for one in found]
        return Attributions(
            names=names,
            values=np.array(values).reshape(len(table), len(names)),
            base=float("nan"),
            unit="share of attention",
        )


def reasons_of(model: ProbabilityModel, background: SurveyTable) -> Explains | None:
    """Return what explains a model, if it can be explained exactly and at little cost.

    Parameters
    ----------
    model : ProbabilityModel
        A rule, or a trained model.
    background : SurveyTable
        Rows to compare with.

    Returns
    -------
    Explains or None
        The model itself, if it explains itself; `TabularReasons` of trees and regressions. For
        an RMS-Agent use `AttentionReasons`, which reads each person again.
    """
    if isinstance(model, Explains):
        return model
    if not isinstance(model, TabularModel):
        return None
    is_exact = isinstance(model._fitted()[1], Linear | Trees)  # noqa: SLF001
    return TabularReasons(model, background) if is_exact else None


def _owners(model: TabularModel) -> tuple[tuple[str, ...], Int]:
    """Return the columns of the survey, and the position of that of each column of the matrix."""
    encoder = model._encoder  # noqa: SLF001 - the columns of a trained model
    names: list[str] = []
    owner: list[int] = []
    for column in encoder.state()["columns"]:
        # A number, codes, or a text as counts in bins; and, if shown, where it is missing.
        width = column.get("bins") or len(column.get("levels", [0])) + column["shown"]
        owner += [len(names)] * width
        names.append(str(column["name"]))
    more = len(encoder.names) - len(owner)
    owner += [len(names)] * more
    return (*names, *([_HOUSEHOLD] if more else [])), np.array(owner, dtype=np.int64)
