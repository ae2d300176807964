"""Models of more than two outcomes, such as staying, returning and moving on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.checkpoint import (
    CONFIG,
    check_record,
    read_saved,
    write_saved,
)
from mesa_llm_city.migration.models.training_rows import TrainingRows, training_rows_of
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["SeveralOutcomes"]

_KIND = "several"
_FEWEST = 2  # outcomes


class SeveralOutcomes:
    """One model for each outcome against all others; probabilities are divided by their sum.

    Any model can be used, and each keeps its own calibration. With two outcomes it is the model
    itself, up to calibration (Rifkin and Klautau 2004, In defense of one-vs-all classification,
    Journal of Machine Learning Research 5, 101-141).

    Parameters
    ----------
    make : callable
        Returns an untrained model; called once for each outcome.

    Attributes
    ----------
    models : tuple of MigrationModel
        The trained models, in the order of the codes of the outcome.

    Examples
    --------
    >>> from mesa_llm_city.migration.models.tabular import TabularModel
    >>> model = SeveralOutcomes(lambda: TabularModel("base_rate"))
    >>> model.models
    ()
    """

    def __init__(self, make: Callable[[], MigrationModel]) -> None:
        self._make = make
        self.models: tuple[MigrationModel, ...] = ()
        self._schema: Schema | None = None

    @property
    def schema(self) -> Schema:
        """The schema of the training rows."""
        if self._schema is None:
            message = "the model is not trained; call fit, or SeveralOutcomes.load"
            raise ConfigError(message)
        return self._schema

    @property
    def training_rows(self) -> TrainingRows | None:
        """Fingerprints of the training rows, which are the same for all models."""
        return training_rows_of(self.models[0]) if self.models else None

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Train a model for each outcome; `val` is used for early stopping and calibration.

        Raises
        ------
        DataError
            If the outcome has two values only, or an outcome does not occur.
        """
        if train.outcome is None:
            message = (
                f"{train.schema.target} has two values, so one model is enough; several outcomes "
                "need three codes or more in the schema"
            )
            raise DataError(message)
        names = list(train.schema.outcome.codes.values())
        if absent := [names[k] for k in range(len(names)) if not np.any(train.outcome == k)]:
            message = f"no training row has the outcome {', '.join(absent)}; leave it out"
            raise DataError(message)
        self._schema = train.schema
        self.models = tuple(
            self._make().fit(
                _against_rest(train, k), None if val is None else _against_rest(val, k)
            )
            for k in range(len(names))
        )
        return self

    def predict_outcomes(self, table: SurveyTable) -> Float:
        """Return the probability of each outcome, shape (n, k), in the order of the codes."""
        self.schema  # noqa: B018 - refuses a model that is not trained
        single = np.column_stack([one.predict_proba(table)[:, 1] for one in self.models])
        total = single.sum(axis=1, keepdims=True)
        # Where every model is sure of the rest, all outcomes are equally likely.
        even = np.full_like(single, 1.0 / single.shape[1])
        shared: Float = np.where(total > 0.0, single / np.where(total > 0.0, total, 1.0), even)
        return shared

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2)."""
        outcome = self.schema.outcome
        p = self.predict_outcomes(table)[:, list(outcome.codes).index(outcome.positive)]
        return np.column_stack([1.0 - p, p])

    def save(self, folder: str | Path) -> None:
        """Write each model to a folder of its own, and then the record of all."""
        for number, model in enumerate(self.models):
            model.save(Path(folder) / f"outcome_{number}")
        record = {"schema": self.schema.to_json(), "outcomes": len(self.models)}
        write_saved(Path(folder), _KIND, record, {})

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        backbone: str | Path | None = None,
        device: str | None = None,
    ) -> Self:
        """Read what `save` wrote; it predicts, but cannot be trained again.

        Raises
        ------
        DataError
            If a model is missing or of another kind.
        """
        from mesa_llm_city.migration.models.loading import load_model

        record, _ = read_saved(Path(folder), _KIND)
        try:
            schema, count = Schema.from_json(record["schema"]), int(record["outcomes"])
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"the model in {folder} is not valid ({error}); train it again"
            raise DataError(message) from error
        if not _FEWEST < count == len(schema.outcome.codes):
            message = f"the model in {folder} has {count} outcomes, unlike its schema; train again"
            raise DataError(message)
        check_record(Path(folder) / CONFIG, record)
        model = cls(_not_again)
        model._schema = schema
        model.models = tuple(
            load_model(Path(folder) / f"outcome_{number}", backbone=backbone, device=device)
            for number in range(count)
        )
        return model


def _against_rest(table: SurveyTable, outcome: int) -> SurveyTable:
    """Return rows whose label 1 is one outcome."""
    labels: Any = table.outcome
    return replace(table, target=np.where(labels < 0, -1, labels == outcome).astype(np.int8))


def _not_again() -> MigrationModel:
    message = "a model that was loaded cannot be trained again; make a new one"
    raise ConfigError(message)
