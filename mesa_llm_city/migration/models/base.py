"""The interface of every model of the migration decision."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = [
    "MigrationModel",
    "OneClassWarning",
    "Predictions",
    "PredictsWithFallback",
    "ProbabilityModel",
    "check_labels",
    "check_schema",
    "usable_validation",
]


class OneClassWarning(UserWarning):
    """Rows are all of one class, and something is left out for that reason."""


class ProbabilityModel(Protocol):
    """Anything that predicts who is back: a rule, a trained model or a prompt."""

    def predict_proba(self, table: SurveyTable, /) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2)."""
        ...


@runtime_checkable
class MigrationModel(Protocol):
    """A model that learns from survey rows who returns.

    Trees, networks, language models and rules share this interface, so that a simulation or
    a report can replace one by another.
    """

    def fit(self, train: SurveyTable, val: SurveyTable | None = None, /) -> Self:
        """Learn from the rows of `train`; `val` is used for early stopping and calibration."""
        ...

    def predict_proba(self, table: SurveyTable, /) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2)."""
        ...

    def save(self, folder: str | Path, /) -> None:
        """Write everything needed to predict to `folder`; no file in it can run code."""
        ...

    @classmethod
    def load(cls, folder: str | Path, /) -> Self:
        """Read what `save` wrote; predictions are the same to the last bit."""
        ...


class Predictions(NamedTuple):
    """Probabilities of some persons, and for whom the rule replaced the model.

    Attributes
    ----------
    p : ndarray of float64, shape (n,)
        Probability of being back.
    by_rule : ndarray of bool, shape (n,)
        Whether the rule decided, since the model had no answer.
    """

    p: Float
    by_rule: NDArray[np.bool_]


@runtime_checkable
class PredictsWithFallback(Protocol):
    """A model that may have no answer, and reports where the rule replaced it."""

    def predict_with_fallback(self, table: SurveyTable, /) -> Predictions:
        """Return probabilities, and for whom the rule decided."""
        ...


def check_schema(schema: Schema, trained: Schema) -> None:
    """Check that a model can read rows of a schema.

    Parameters
    ----------
    schema : Schema
        Schema of the table to predict.
    trained : Schema
        Schema of the rows that the model was trained on.

    Raises
    ------
    DataError
        If they differ; all differences are listed.
    """
    if schema.hash() == trained.hash():
        return
    here = {spec.name: spec for spec in schema.features}
    there = {spec.name: spec for spec in trained.features}
    defects = [f"has no {name}" for name in there if name not in here]
    defects += [f"has {name}, which was not trained on" for name in here if name not in there]
    defects += [
        f"{name} has another kind, codes or labels"
        for name, spec in here.items()
        if name in there and spec != there[name]
    ]
    defects = defects or ["the target, its meaning, the household or the order differs"]
    advice = "Read the table with the schema of the model."
    source = "the schema of the table"
    raise DataError.listing(source, defects, advice=advice)


def check_labels(name: str, table: SurveyTable) -> None:
    """Check that rows have labels of both classes.

    Parameters
    ----------
    name : str
        Name of the rows in the message, such as "validation".
    table : SurveyTable
        The rows.

    Raises
    ------
    DataError
        If labels are missing, or all the same.
    """
    found = np.unique(table.target).tolist()
    if found == [0, 1]:
        return
    if not found:
        message = f"there are no {name} rows; set more rows aside, or give more rows"
        raise DataError(message)
    message = (
        f"the {len(table)} {name} rows have the labels {found}; "
        "both 0 and 1 are needed, and no others"
    )
    raise DataError(message)


def usable_validation(val: SurveyTable | None) -> SurveyTable | None:
    """Return rows for early stopping and calibration; None, with a warning, if they are useless.

    Parameters
    ----------
    val : SurveyTable or None
        Rows set aside from training.

    Raises
    ------
    DataError
        If labels are missing.

    Warns
    -----
    OneClassWarning
        If all labels are the same, so that nothing can be learnt from these rows.
    """
    if val is None or len(val) == 0 or np.any(val.target != val.target[0]) or val.target[0] < 0:
        if val is not None:
            check_labels("validation", val)
        return val
    message = (
        f"the {len(val)} validation rows are of one class, all have label {val.target[0]}; "
        "the model is trained without early stopping and calibration"
    )
    warnings.warn(message, OneClassWarning, stacklevel=3)
    return None
