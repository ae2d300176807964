"""The migration decision from columns alone: trees, regressions, a perceptron, a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration
from mesa_llm_city.migration.models.base import check_labels, check_schema
from mesa_llm_city.migration.models.checkpoint import read_saved, write_saved
from mesa_llm_city.migration.models.learners import LEARNERS, learn
from mesa_llm_city.migration.models.predictors import PREDICTORS, Predictor
from mesa_llm_city.migration.survey.encoder import Encoder
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["TabularModel"]

_KIND = "tabular"


class TabularModel:
    """A classifier over the encoded columns of a survey; the default of all models.

    Parameters
    ----------
    method : str, default "hist_gradient_boosting"
        Also "base_rate", "logistic_regression", "random_forest", "gradient_boosting", "svm"
        and "mlp"; and "lightgbm" and "xgboost" where those libraries are installed.
    missing : {"indicator", "impute"}, default "indicator"
        Whether a model is told that a value is missing, or only what is usual instead.
    household_mean : bool, default False
        Whether the labels of other members of the household are an input; such a model
        needs households that it has labels of.
    seed : int, default 0
        Of everything drawn in training.

    Attributes
    ----------
    calibration : ProbabilityCalibration or None
        Temperature and intercept, fitted on the validation rows.

    Raises
    ------
    ConfigError
        If an option is none of those accepted.

    Notes
    -----
    Learning needs the extra ``rms`` (scikit-learn), predicting only NumPy: what remains of
    a classifier are arrays (see `predictors`), checked against the library's own
    predictions when they are taken. No row of the survey is among them; with
    `household_mean`, the mean label of each household is, by its id.
    """

    def __init__(
        self,
        method: str = "hist_gradient_boosting",
        *,
        missing: Literal["indicator", "impute"] = "indicator",
        household_mean: bool = False,
        seed: int = 0,
    ) -> None:
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
        self._encoder = Encoder(missing=missing, household_mean=household_mean)
        self._schema: Schema | None = None
        self._predictor: Predictor | None = None

    @property
    def uses_household_labels(self) -> bool:
        """Whether labels of other members of the household are an input."""
        return self.household_mean

    @property
    def schema(self) -> Schema:
        """The schema of the rows learnt from."""
        return self._fitted()[0]

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Learn from survey rows.

        Parameters
        ----------
        train : SurveyTable
            Rows to learn from.
        val : SurveyTable, optional
            Rows that the probabilities are calibrated to.

        Raises
        ------
        DataError
            If labels are of one class or missing, or the schemas differ.
        ConfigError
            If the library that the method needs is not installed.
        """
        train.check_trainable()
        if val is not None:
            check_labels("validation", val)
            check_schema(val.schema, train.schema)
        self._encoder.fit(train)
        x = np.asarray(self._encoder.transform_training(train), dtype=np.float64)
        self._predictor = learn(self.method, x, train.target, seed=self.seed)
        self._schema = train.schema
        self.calibration = None
        if val is not None and self.method != "base_rate":
            p = self.predict_proba(val)[:, 1]
            self.calibration = ProbabilityCalibration.fit(p, val.target)
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of staying and returning, shape (n, 2).

        A row's result depends on that row alone, to the last bit.

        Raises
        ------
        DataError
            If the schema is not the one trained on.
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
        """Write ``config.json`` and ``model.npz`` to `folder`, and read them back to be sure.

        Raises
        ------
        DataError
            If what can be read back is not the same to the last bit, as on a full disk.
        """
        schema, predictor = self._fitted()
        kinds = [name for name, kind in PREDICTORS.items() if isinstance(predictor, kind)]
        told = {
            "options": {
                "method": self.method,
                "missing": self.missing,
                "household_mean": self.household_mean,
                "seed": self.seed,
            },
            "schema": schema.to_json(),
            "schema_hash": schema.hash(),
            "encoder": self._encoder.state(),
            "calibration": None if self.calibration is None else self.calibration.state(),
            "predictor": kinds[0],
        }
        write_saved(Path(folder), _KIND, told, predictor.arrays())
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
        """Read what `save` wrote; it predicts the same, to the last bit.

        Raises
        ------
        DataError
            If a file is missing, truncated or foreign.
        """
        told, arrays = read_saved(Path(folder), _KIND)
        try:
            return cls._remembered(told, arrays)
        except (KeyError, TypeError, AttributeError, ConfigError) as error:
            message = f"{folder} lacks or garbles {error}; it is no record of this package"
            raise DataError(message) from error

    @classmethod
    def _remembered(cls, told: Mapping[str, Any], arrays: dict[str, Any]) -> Self:
        model = cls(**told["options"])
        model._schema = Schema.from_json(told["schema"])
        if model._schema.hash() != told["schema_hash"]:
            message = "the schema is not the one that was saved; train again"
            raise DataError(message)
        model._encoder = Encoder.from_state(told["encoder"])
        model._predictor = PREDICTORS[told["predictor"]].from_arrays(arrays)
        if told["calibration"] is not None:
            model.calibration = ProbabilityCalibration.from_state(told["calibration"])
        return model

    def _fitted(self) -> tuple[Schema, Predictor]:
        if self._schema is None or self._predictor is None:
            message = "the model is not trained; call fit, or TabularModel.load"
            raise ConfigError(message)
        return self._schema, self._predictor
