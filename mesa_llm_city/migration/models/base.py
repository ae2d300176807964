"""What every model of the migration decision can do."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Judgement", "Judges", "MigrationModel", "check_labels", "check_schema"]


@runtime_checkable
class MigrationModel(Protocol):
    """Learns from survey rows who returns, and tells the probability for others.

    Trees, networks, language models and rules share it, so that a simulation or a report
    can put one in the place of another.
    """

    def fit(self, train: SurveyTable, val: SurveyTable | None = None, /) -> Self:
        """Learn from the rows of `train`; those of `val` say when to stop, and calibrate."""
        ...

    def predict_proba(self, table: SurveyTable, /) -> Float:
        """Return the probabilities of staying and returning, shape (n, 2)."""
        ...

    def save(self, folder: str | Path, /) -> None:
        """Write everything needed to predict to `folder`, nothing that can run code."""
        ...

    @classmethod
    def load(cls, folder: str | Path, /) -> Self:
        """Read what `save` wrote; it predicts the same, to the last bit."""
        ...


class Judgement(NamedTuple):
    """What a mind thinks of some persons, and about whom it had nothing to say.

    Attributes
    ----------
    p : ndarray of float64, shape (n,)
        Probability of being back.
    by_rule : ndarray of bool, shape (n,)
        For whom a rule decided, since there was no answer.
    """

    p: Float
    by_rule: NDArray[np.bool_]


@runtime_checkable
class Judges(Protocol):
    """A mind that may have no answer, and says where a rule took its place."""

    def judge(self, table: SurveyTable, /) -> Judgement:
        """Return probabilities, and who was left to a rule."""
        ...


def check_schema(schema: Schema, trained: Schema) -> None:
    """Refuse rows that a model cannot read.

    Parameters
    ----------
    schema : Schema
        Of the table to predict.
    trained : Schema
        Of the rows the model has learnt from.

    Raises
    ------
    DataError
        If they are not the same; what differs is listed.
    """
    if schema.hash() == trained.hash():
        return
    here = {spec.name: spec for spec in schema.features}
    there = {spec.name: spec for spec in trained.features}
    defects = [f"lacks {name}" for name in there if name not in here]
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
    """Refuse rows without labels, or with labels of one class only.

    Raises
    ------
    DataError
        If so.
    """
    found = np.unique(table.target).tolist()
    if found == [0, 1]:
        return
    message = (
        f"the {len(table)} {name} rows have the labels {found}; "
        "both who stayed (0) and who returned (1) are needed, and no others"
    )
    raise DataError(message)
