"""How much of a prediction hangs on missing values, and the twin that does not see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.changes import numbers_of
from mesa_llm_city.migration.effects.resampling import predicted
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["BlankDependence", "blank_dependence", "without_blanks"]

_MOVED = 0.1  # mean change of a probability; blanks at random give .07 in invented surveys
_AUC = 0.02  # decrease of the AUC
_SLIGHT = 0.01  # mean change that shuffles near ties, as of a model that has hardly learnt
_CHANCE = 0.5  # AUC of guessing


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankDependence:
    """How much the predictions for a table hang on its missing values.

    Parameters
    ----------
    blank_share : float
        Share of cells that are missing, of the columns that the model is given.
    moved : float
        Mean absolute change of the probability when blanks are filled with typical values.
    twin_moved : float
        Mean absolute difference of the probabilities of model and twin; NaN without a twin.
    auc, auc_filled, auc_twin : float
        AUC of the model on the table, on the table without blanks, and of the twin on the
        table; NaN without labels of both kinds, or without a twin.
    """

    blank_share: float
    moved: float
    twin_moved: float
    auc: float
    auc_filled: float
    auc_twin: float

    @property
    def carries(self) -> bool:
        """Whether blanks carry the prediction: they move it, or the AUC hangs on them.

        The AUC of a model that is no better than chance hangs on nothing, nor does that of one
        whose probabilities hardly move.
        """
        lost = self.auc - max(self.auc_filled, _CHANCE)
        return self.moved > _MOVED or (self.moved > _SLIGHT and lost > _AUC)

    def __str__(self) -> str:
        """Return what was found, in words."""
        verdict = "carry" if self.carries else "hardly matter for"
        words = (
            f"missing values {verdict} the prediction: {self.blank_share:.0%} of cells are "
            f"missing, and filling them changes the probability by {self.moved:.3f} on average"
        )
        if not np.isnan(self.auc):
            words += f" and the AUC from {self.auc:.3f} to {self.auc_filled:.3f}"
        if not np.isnan(self.twin_moved):
            words += f"; the imputed twin differs by {self.twin_moved:.3f}"
            words += "" if np.isnan(self.auc_twin) else f" and has an AUC of {self.auc_twin:.3f}"
        if not self.carries:
            return words
        return (
            f"{words}. In a simulation nobody has a blank of the interview for the reason that "
            "the survey had: let the twin decide, that is a model with missing='impute'"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; None where a number is unknown."""
        numbers = {name: getattr(self, name) for name in self.__slots__}
        known = {name: None if np.isnan(one) else one for name, one in numbers.items()}
        return {**known, "carries": self.carries, "words": str(self)}


def blank_dependence(
    model: ProbabilityModel, table: SurveyTable, *, twin: ProbabilityModel | None = None
) -> BlankDependence:
    """Return how much the predictions of a model hang on missing values.

    Parameters
    ----------
    model : ProbabilityModel
        A model that sees missing values, such as ``TabularModel(missing="indicator")``.
    table : SurveyTable
        People, labelled or not, who are not training rows.
    twin : ProbabilityModel, optional
        The same method trained with ``missing="impute"``.

    Raises
    ------
    DataError
        If the table has no rows.

    Notes
    -----
    Whether an answer is missing is about the interview. If people who are back were
    interviewed and those away were not, blanks give the label away (see `leakage_report`);
    such a model predicts the survey well, and a scenario badly.

    Examples
    --------
    >>> from mesa_llm_city.migration.models.push_pull import PushPullRule
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> blank_dependence(PushPullRule(), synthetic_survey(300, seed=1)).carries
    False
    """
    if not len(table):
        message = "the table has no rows; give those of the survey"
        raise DataError(message)
    p, filled = predicted(model, table), predicted(model, without_blanks(table))
    other = np.full_like(p, np.nan) if twin is None else predicted(twin, table)
    names = [one.name for one in table.schema.inputs]
    return BlankDependence(
        blank_share=float(table.frame[names].isna().to_numpy().mean()),
        moved=_mean(np.abs(p - filled), table),
        twin_moved=_mean(np.abs(p - other), table),
        auc=_auc(table, p),
        auc_filled=_auc(table, filled),
        auc_twin=float("nan") if twin is None else _auc(table, other),
    )


def without_blanks(table: SurveyTable) -> SurveyTable:
    """Return a table whose blanks are medians of numbers and most frequent codes.

    Columns that are missing in every row, and texts, stay as they are.
    """
    filled = {
        one.name: np.where(np.isnan(values), _typical(one, values), values)
        for one in table.schema.inputs
        if one.kind != "text" and not np.isnan(values := numbers_of(table, one.name)).all()
    }
    return replace(table, frame=table.frame.assign(**filled))


def _typical(column: Column, values: Float) -> float:
    known = values[~np.isnan(values)]
    if not column.is_coded:
        return float(np.median(known))
    levels, counts = np.unique(known, return_counts=True)
    return float(levels[np.argmax(counts)])


def _mean(values: Float, table: SurveyTable) -> float:
    return float(np.average(values, weights=table.weight))


def _auc(table: SurveyTable, p: Float) -> float:
    known = table.target >= 0
    if len(np.unique(table.target[known])) < 2:
        return float("nan")
    return auc(table.target[known], p[known])
