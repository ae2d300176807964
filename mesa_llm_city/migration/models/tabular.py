"""Models of the migration decision from survey columns: trees, regression, perceptron, SVM."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration
from mesa_llm_city.migration.models.base import check_schema, usable_validation
from mesa_llm_city.migration.models.checkpoint import (
    CONFIG,
    check_record,
    read_saved,
    read_training_rows,
    write_saved,
)
from mesa_llm_city.migration.models.learners import LEARNERS, TREES, learn
from mesa_llm_city.migration.models.predictors import PREDICTORS, Predictor, Trees
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.models.tree_arrays import mean_trees
from mesa_llm_city.migration.survey.encoder import Encoder
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["TabularModel"]

_KIND = "tabular"
_TEXT = ("refuse", "hash", "leave_out")


class TabularModel:
    """A classifier of the encoded columns of a survey; the default model.

    Parameters
    ----------
    method : str, default "hist_gradient_boosting"
        Or "base_rate", "logistic_regression", "random_forest", "gradient_boosting", "svm",
        "mlp"; "lightgbm" and "xgboost" if these libraries are installed.
    missing : {"indicator", "impute"}, default "indicator"
        Whether missing values are shown to the model, or replaced by typical ones.
    household_mean : bool, default False
        Whether labels of other members of the household are an input; this requires
        households with known labels.
    text : {"refuse", "hash", "leave_out"}, default "refuse"
        What is done with columns of text, which this kind of model cannot read: an error,
        counts of words by their hash (see `TextColumn`), or nothing.
    repeats : int, default 1
        Number of trainings with different seeds, whose mean decides; only methods of trees
        can be repeated.
    refit : bool, default False
        Whether the model is trained again on the rows of training and validation together,
        once it has been calibrated.
    seed : int, default 0
        Seed of training; repetitions have the next ones.

    Attributes
    ----------
    calibration : ProbabilityCalibration or None
        Temperature and intercept, fitted to the validation rows.
    training_rows : TrainingRows or None
        Fingerprints of the training rows, by which `evaluate` tells whether rows were seen;
        None for models saved before there were any.

    Raises
    ------
    ConfigError
        If an option has another value.

    Notes
    -----
    Training needs the extra ``tabular`` (scikit-learn), prediction only NumPy: a trained
    classifier is kept as arrays (see `predictors`), which are checked against the
    predictions of the library. They contain no row of the survey; with `household_mean`
    they contain the mean label of each household, by its id.
    """

    def __init__(
        self,
        method: str = "hist_gradient_boosting",
        *,
        missing: Literal["indicator", "impute"] = "indicator",
        household_mean: bool = False,
        text: Literal["refuse", "hash", "leave_out"] = "refuse",
        repeats: int = 1,
        refit: bool = False,
        seed: int = 0,
    ) -> None:
        if repeats < 1 or (repeats > 1 and method not in TREES):
            message = (
                f"repeats must be 1, or more for {', '.join(TREES)}; got {repeats} for {method}"
            )
            raise ConfigError(message)
        if text not in _TEXT:
            message = f"text must be one of {', '.join(_TEXT)}, got {text!r}"
            raise ConfigError(message)
        if method not in LEARNERS:
            message = f"there is no method {method!r}; accepted are {', '.join(LEARNERS)}"
            raise ConfigError(message)
        if seed < 0:
            message = f"seed must not be negative, got {seed}"
            raise ConfigError(message)
        self.method = method
        self.missing = missing
        self.household_mean = household_mean
        self.seed = seed
        self.calibration: ProbabilityCalibration | None = None
        self.text = text
        self.repeats, self.refit = repeats, refit
        self.training_rows: TrainingRows | None = None
        self._encoder = Encoder(missing, household_mean, hashes_text=text == "hash")
        self._schema: Schema | None = None
        self._predictor: Predictor | None = None

    @property
    def uses_household_labels(self) -> bool:
        """Whether labels of other members of the household are an input."""
        return self.household_mean

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed in training: rare codes that are taken as one."""
        self._fitted()
        return self._encoder.notes

    @property
    def schema(self) -> Schema:
        """The schema of the training rows."""
        return self._fitted()[0]

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Train on survey rows.

        Parameters
        ----------
        train : SurveyTable
            Training rows.
        val : SurveyTable, optional
            Rows for calibration of the probabilities; without it, and with a warning, if they
            are of one class.

        Raises
        ------
        DataError
            If labels are missing, those for training are all the same, or the schemas differ.
        ConfigError
            If the library of the method is not installed.

        Warns
        -----
        OneClassWarning
            If the validation rows are of one class.
        """
        train.check_trainable()
        self._check_text(train.schema)
        if val is not None:
            check_schema(val.schema, train.schema)
        val = usable_validation(val)
        self._learn(train)
        self.training_rows = TrainingRows.of(train, val)
        self.calibration = None
        if val is not None and self.method != "base_rate":
            p = self.predict_proba(val)[:, 1]
            self.calibration = ProbabilityCalibration.fit(p, val.target, val.weight)
        if val is not None and self.refit:
            self._learn(train.joined(val))
        return self

    def _learn(self, rows: SurveyTable) -> None:
        """Train encoder and predictor on some rows."""
        self._encoder.fit(rows)
        x = np.asarray(self._encoder.transform_training(rows), dtype=np.float64)
        seeds = range(self.seed, self.seed + self.repeats)
        found = [
            learn(self.method, x, rows.target, seed=seed, weight=rows.weight) for seed in seeds
        ]
        trees = [one for one in found if isinstance(one, Trees)]
        self._predictor = mean_trees(trees) if self.repeats > 1 else found[0]
        self._schema = rows.schema

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2).

        The prediction of a row does not depend on other rows, to the last bit.

        Raises
        ------
        DataError
            If the schema is not that of the training rows.
        ConfigError
            If the model is not trained.
        """
        schema, predictor = self._fitted()
        check_schema(table.schema, schema)
        p = predictor.p(np.asarray(self._encoder.transform(table), dtype=np.float64))
        if self.calibration is not None:
            p = self.calibration.apply(p)
        return np.column_stack([1.0 - p, p])

    def save(self, folder: str | Path) -> None:
        """Write ``config.json`` and ``model.npz`` to `folder`, and check them by reading.

        Raises
        ------
        DataError
            If the saved model is not the same to the last bit, for example on a full disk.
        """
        schema, predictor = self._fitted()
        kinds = [name for name, kind in PREDICTORS.items() if isinstance(predictor, kind)]
        record = {
            "options": {
                "method": self.method,
                "missing": self.missing,
                "household_mean": self.household_mean,
                "text": self.text,
                "repeats": self.repeats,
                "refit": self.refit,
                "seed": self.seed,
            },
            "schema": schema.to_json(),
            "schema_hash": schema.hash(),
            "encoder": self._encoder.state(),
            "calibration": None if self.calibration is None else self.calibration.state(),
            "predictor": kinds[0],
        }
        write_saved(Path(folder), _KIND, record, predictor.arrays(), self.training_rows)
        self._check_same(type(self).load(folder), folder)

    def _check_same(self, again: TabularModel, folder: str | Path) -> None:
        arrays, kept = self._fitted()[1].arrays(), again._fitted()[1].arrays()
        is_same = (
            again._encoder.state() == self._encoder.state()
            and again.calibration == self.calibration
            and all(np.array_equal(kept[name], one, equal_nan=True) for name, one in arrays.items())
        )
        if not is_same:
            message = f"{folder} does not hold what was saved; look at the disk, and save again"
            raise DataError(message)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote; predictions are the same to the last bit.

        Raises
        ------
        DataError
            If a file is missing, truncated or of another kind.
        """
        record, arrays = read_saved(Path(folder), _KIND)
        try:
            model = cls._restored(record, arrays)
            model.training_rows = read_training_rows(Path(folder), record)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"the model in {folder} is not valid ({error}); train it again"
            raise DataError(message) from error
        check_record(Path(folder) / CONFIG, record)
        return model

    @classmethod
    def _restored(cls, record: Mapping[str, Any], arrays: dict[str, Any]) -> Self:
        # Before there was a choice, text was left out.
        model = cls(**{"text": "leave_out", **record["options"]})
        model._schema = Schema.from_json(record["schema"])
        if model._schema.hash() != record["schema_hash"]:
            message = "the schema is not the one that was saved; train again"
            raise DataError(message)
        model._encoder = Encoder.from_state(record["encoder"])
        model._encoder.check_schema(model._schema)
        model._predictor = PREDICTORS[record["predictor"]].from_arrays(arrays)
        model._predictor.check(len(model._encoder.names))
        if record["calibration"] is not None:
            model.calibration = ProbabilityCalibration.from_state(record["calibration"])
        return model

    def _check_text(self, schema: Schema) -> None:
        names = [spec.name for spec in schema.inputs if spec.kind == "text"]
        if names and self.text == "refuse":
            message = (
                f"a tabular model cannot read the text of {', '.join(names)}; give text='hash' "
                "(--text-columns) to count its words, or text='leave_out', or train rms or sft, "
                "which read it"
            )
            raise ConfigError(message)

    def _fitted(self) -> tuple[Schema, Predictor]:
        if self._schema is None or self._predictor is None:
            message = "the model is not trained; call fit, or TabularModel.load"
            raise ConfigError(message)
        return self._schema, self._predictor
