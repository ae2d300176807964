"""Discrete-time hazard models: any tabular method, with the link and baseline of a hazard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid
from mesa_llm_city.migration.models.checkpoint import (
    CONFIG,
    check_record,
    read_saved,
    write_saved,
)
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["LINKS", "HazardModel", "fit_link"]

_KIND = "hazard"
_FOLDS = 3
_CLASSES = 6
_STEPS = 100
_TOLERANCE = 1e-9
_LOWEST, _HIGHEST = -30.0, 3.5  # of the linear predictor, where the links are not flat
_RIDGE = 1e-3  # keeps classes without an event finite


class _Link(NamedTuple):
    """Hazard and its derivative at a linear predictor."""

    hazard: Callable[[Float], Float]
    slope: Callable[[Float], Float]


def _cloglog(x: Float) -> Float:
    risk: Float = -np.expm1(-np.exp(x))
    return risk


def _cloglog_slope(x: Float) -> Float:
    slope: Float = np.exp(x - np.exp(x))
    return slope


def _logit_slope(x: Float) -> Float:
    p = sigmoid(x)
    return p * (1.0 - p)


LINKS: Mapping[str, _Link] = MappingProxyType(
    {
        "cloglog": _Link(_cloglog, _cloglog_slope),
        "logit": _Link(sigmoid, _logit_slope),
    }
)
"""The link functions, by name."""


class HazardModel:
    """The risk of the outcome in each period, given that it has not come before.

    ``g(h) = a(duration) + b s(x)``: a score s of any tabular method, fitted to person-periods;
    a baseline for each class of durations; and the link g.

    Parameters
    ----------
    method : str, default "logistic_regression"
        Method of the score (see `TabularModel`).
    duration : str
        Column of the number of periods at risk, counted from 1.
    link : {"cloglog", "logit"}, default "cloglog"
        The complementary log-log link is that of proportional hazards in continuous time,
        observed in periods (Prentice and Gloeckler 1978, Biometrics 34(1), 57-67); the logit
        link is that of proportional odds in discrete time (Cox 1972; Singer and Willett 1993).
    missing : {"indicator", "impute"}, default "impute"
        How missing values are treated by the score.
    seed : int, default 0
        Seed of training.

    Raises
    ------
    ConfigError
        If an option has another value.

    Notes
    -----
    It is trained on the rows of `person_periods`, whose label is a flow of one period, and
    predicts the risk of a row; so a `MigrationDecision` takes it as it is, if the model keeps
    the column of the duration up to date. Baseline and slope are fitted to scores of rows that
    the score was not fitted on: those of `val`, or those left out in three folds, by group.
    """

    def __init__(
        self,
        method: str = "logistic_regression",
        *,
        duration: str,
        link: Literal["cloglog", "logit"] = "cloglog",
        missing: Literal["indicator", "impute"] = "impute",
        seed: int = 0,
    ) -> None:
        if link not in LINKS:
            message = f"link must be one of {', '.join(LINKS)}, got {link!r}"
            raise ConfigError(message)
        self.duration, self.link = duration, link
        self.score = TabularModel(method, missing=missing, seed=seed)
        self.starts: Float = np.ones(1)
        self.weights: Float = np.zeros(2)

    @property
    def schema(self) -> Schema:
        """The schema of the person-periods."""
        return self.score.schema

    @property
    def training_rows(self) -> TrainingRows | None:
        """Fingerprints of the person-periods, by which `evaluate` tells whether rows were seen."""
        return self.score.training_rows

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Fit score, baseline and slope to person-periods.

        Parameters
        ----------
        train : SurveyTable
            Person-periods (see `person_periods`).
        val : SurveyTable, optional
            Person-periods of other persons, for baseline and slope.

        Raises
        ------
        DataError
            If labels are missing or all the same, or the outcome is no flow.
        """
        if train.schema.outcome.window != "flow":
            message = "a hazard is learnt from a flow; expand persons with person_periods first"
            raise DataError(message)
        self.score.fit(train)
        self.score.training_rows = TrainingRows.of(train, val)
        rows = train if val is None else val
        scores = self._held_out(train) if val is None else self._scores(val)
        durations = rows.frame[train.schema[self.duration].name].to_numpy(np.float64)
        cuts = np.quantile(durations, np.arange(_CLASSES) / _CLASSES, method="lower")
        self.starts = np.unique(cuts)
        self.weights = fit_link(
            self._design(durations, scores), rows.target == 1, self.link, weight=rows.weight
        )
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of no outcome and of the outcome in the period, shape (n, 2)."""
        durations = table.frame[table.schema[self.duration].name].to_numpy(np.float64)
        eta = np.clip(self._linear(durations, self._scores(table)), _LOWEST, _HIGHEST)
        risk = LINKS[self.link].hazard(eta)
        return np.column_stack([1.0 - risk, risk])

    def save(self, folder: str | Path) -> None:
        """Write baseline and slope to `folder`, and the score to ``score`` in it."""
        folder = Path(folder)
        record = {
            "duration": self.duration,
            "link": self.link,
            "starts": self.starts.tolist(),
            "weights": self.weights.tolist(),
            "schema": self.schema.to_json(),
        }
        write_saved(folder, _KIND, record, {})
        self.score.save(folder / "score")

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read what `save` wrote; predictions are the same to the last bit.

        Raises
        ------
        DataError
            If a file is missing, truncated or of another kind.
        """
        folder = Path(folder)
        record, _ = read_saved(folder, _KIND)
        score = TabularModel.load(folder / "score")
        try:
            model = cls(score.method, duration=record["duration"], link=record["link"])
            model.starts = np.array(record["starts"], dtype=np.float64)
            model.weights = np.array(record["weights"], dtype=np.float64)
        except (KeyError, TypeError, ValueError) as error:
            message = f"the model in {folder} is not valid ({error}); train it again"
            raise DataError(message) from error
        check_record(folder / CONFIG, record)
        model.score = score
        return model

    def _scores(self, table: SurveyTable) -> Float:
        return log_odds(self.score.predict_proba(table)[:, 1])

    def _held_out(self, train: SurveyTable) -> Float:
        """Return scores of each row by a model that has not seen its group."""
        options: dict[str, Any] = {"missing": self.score.missing, "seed": self.score.seed}
        fold = _folds(train, self.score.seed)
        scores = np.empty(len(train))
        for one in range(_FOLDS):
            model = TabularModel(self.score.method, **options).fit(train.take(fold != one))
            scores[fold == one] = log_odds(model.predict_proba(train.take(fold == one))[:, 1])
        return scores

    def _design(self, durations: Float, scores: Float) -> Float:
        return np.column_stack([np.eye(len(self.starts))[self._class(durations)], scores])

    def _linear(self, durations: Float, scores: Float) -> Float:
        linear: Float = self.weights[:-1][self._class(durations)] + self.weights[-1] * scores
        return linear

    def _class(self, durations: Float) -> Int:
        found: Int = np.searchsorted(self.starts, durations, side="right") - 1
        return np.maximum(found, 0)


def fit_link(
    x: Float,
    event: ArrayLike,
    link: str,
    *,
    weight: Float | None = None,
) -> Float:
    """Return the weights with the greatest likelihood, by Fisher scoring.

    Parameters
    ----------
    x : ndarray of float64, shape (n, d)
        Columns, with those of intercepts.
    event : array_like of bool, shape (n,)
        Whether the outcome came.
    link : {"cloglog", "logit"}
        Link of the hazard.
    weight : ndarray of float64, shape (n,), optional
        Weights of rows.

    Returns
    -------
    ndarray of float64, shape (d,)
        Weights; a very weak penalty keeps them finite.

    Examples
    --------
    >>> weights = fit_link(np.ones((4, 1)), [0, 0, 0, 1], "cloglog")
    >>> bool(abs(LINKS["cloglog"].hazard(weights)[0] - 0.25) < 1e-3)
    True
    """
    y = np.asarray(event, dtype=np.float64)
    w = np.ones(len(y)) if weight is None else weight / weight.mean()
    chosen, at = LINKS[link], np.zeros(x.shape[1])
    for _ in range(_STEPS):
        eta = np.clip(x @ at, _LOWEST, _HIGHEST)
        risk, slope = chosen.hazard(eta), chosen.slope(eta)
        information = w * slope / np.maximum(risk * (1.0 - risk), 1e-300)
        gradient = x.T @ (information * (y - risk)) - _RIDGE * at
        curvature = (x.T * (information * slope)) @ x + _RIDGE * np.eye(len(at))
        step = np.clip(np.linalg.solve(curvature, gradient), -1.0, 1.0)
        at = at + step
        if np.abs(step).max() < _TOLERANCE:
            break
    return at


def _folds(table: SurveyTable, seed: int) -> Int:
    """Return the fold of each row; rows of a group are in one."""
    group = np.arange(len(table)) if table.group is None else table.group
    _, number = np.unique(group, return_inverse=True)
    places = np.random.default_rng(seed).permutation(int(number.max()) + 1) % _FOLDS
    found: Int = places[number]
    return found
