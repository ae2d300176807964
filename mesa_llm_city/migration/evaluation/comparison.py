"""Comparison of all methods, each trained and tested with equal information."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any, Literal, NamedTuple

import numpy as np

from mesa_llm_city.migration.evaluation.evaluation import Shift, evaluate, without_households
from mesa_llm_city.migration.evaluation.model_registry import (
    ModelFactory,
    View,
    default_methods,
    make_model,
    needs_backbone,
    options_for,
)
from mesa_llm_city.migration.evaluation.plan import PROTOCOLS, VIEWS, check_names
from mesa_llm_city.migration.evaluation.report import Comparison, Entry
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.training_rows import TrainingRows, training_rows_of
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Comparison", "Entry", "compare", "fit_model"]

_STOPPING = 0.1


def compare(
    train: SurveyTable,
    test: SurveyTable | Mapping[str, SurveyTable],
    *,
    methods: Sequence[str] | None = None,
    extra_methods: Mapping[str, ModelFactory] | None = None,
    protocols: Sequence[str] = PROTOCOLS,
    views: Sequence[View] = VIEWS,
    household_means: Sequence[bool] = (False,),
    backbone: str | None = None,
    rms_options: Mapping[str, Any] | None = None,
    trained_on: str = "train",
    base_rates: Mapping[str, float] | None = None,
    seed: int = 0,
    bootstrap: int = 200,
    report: Callable[[Entry], None] | None = None,
) -> Comparison:
    """Train and evaluate every method with every protocol and view.

    Parameters
    ----------
    train : SurveyTable
        Training rows.
    test : SurveyTable or mapping of str to SurveyTable
        Test rows by name; they are not used for training, early stopping or calibration.
    methods : sequence of str, optional
        Names of methods (see `make_model`); by default all that can be run.
    extra_methods : mapping of str to callable, optional
        Further methods by name, such as a `PromptModel`. Each is a function of the view and
        of whether the household mean is an input, which returns an untrained model.
    protocols : sequence of {"given", "grouped"}, default both
        ``"grouped"`` removes all households of the test rows from the training rows.
    views : sequence of {"indicator", "impute"}, default both
        How missing values are given to a model.
    household_means : sequence of bool, default (False,)
        Whether labels of other members of the household are an input.
    backbone : str, optional
        Language model for ``"sft"`` and ``"rms"``.
    rms_options : mapping, optional
        Further options of `RMSConfig`.
    trained_on : str, default "train"
        Name of `train` in the report.
    base_rates : mapping of str to float, optional
        Base rates to which probabilities are shifted, by name of the test rows, for example
        for another survey wave (see `prior_shift`). The AUC does not change.
    seed : int, default 0
        Seed of training, splits and bootstrap.
    bootstrap : int, default 200
        Number of bootstrap samples for each interval.
    report : callable, optional
        Called with each entry as soon as it is complete.

    Raises
    ------
    ConfigError
        If a method, protocol or view is unknown, or an option or library is missing.
    DataError
        If a model cannot be trained on or evaluated with a table.

    Notes
    -----
    Methods with early stopping (``"sft"`` and ``"rms"``) use a tenth of the training
    households for it and for calibration; with the household mean and rows as given, a tenth
    of the people (see `fit_model`). The others are trained on all rows. Combinations with
    the same result are run once: the base rate uses no features, and ``"sft"`` no household
    mean.
    """
    tests = {"val": test} if isinstance(test, SurveyTable) else dict(test)
    check_names("protocol", protocols, PROTOCOLS)
    check_names("view", views, VIEWS)
    check_names("row set", list(base_rates or ()), tuple(tests))
    names = default_methods(backbone=backbone) if methods is None else methods
    makers = {name: _maker(name, seed, backbone, rms_options) for name in names} | dict(
        extra_methods or {}
    )
    session = _Session(train, tests, trained_on, dict(base_rates or {}), seed, bootstrap)
    entries: list[Entry] = []
    for trial in _trials(makers, protocols, views, household_means):
        for entry in session.entries(trial):
            entries.append(entry)
            if report is not None:
                report(entry)
    return Comparison(entries=tuple(entries))


class _Trial(NamedTuple):
    protocol: str
    method: str
    make: ModelFactory
    view: View
    household_mean: bool


def _trials(
    makers: Mapping[str, ModelFactory],
    protocols: Sequence[str],
    views: Sequence[View],
    household_means: Sequence[bool],
) -> list[_Trial]:
    """Return the combinations to run, without those with the same result."""
    every = [
        _Trial(protocol, name, make, view, household_mean)
        for protocol, (name, make), view, household_mean in product(
            protocols, makers.items(), views, household_means
        )
    ]
    return [
        one
        for one in every
        if not (one.method == "base_rate" and (one.view != views[0] or one.household_mean))
        and not (one.method == "sft" and one.household_mean)
    ]


class _Session(NamedTuple):
    """Tables and options that all combinations have in common."""

    train: SurveyTable
    tests: dict[str, SurveyTable]
    trained_on: str
    base_rates: dict[str, float]
    seed: int
    bootstrap: int

    def entries(self, trial: _Trial) -> Iterator[Entry]:
        """Train one model, and yield its evaluation on every test table."""
        rows = self._rows(trial.protocol)
        model = trial.make(trial.view, trial.household_mean)
        begun = process_time()
        is_known = trial.household_mean and trial.protocol == "given"
        fit_model(trial.method, model, rows, seed=self.seed, knows_households=is_known)
        cpu_s = process_time() - begun
        known = training_rows_of(model) or TrainingRows.of(rows)
        for name, table in self.tests.items():
            yield Entry(
                method=trial.method,
                view=trial.view,
                household_mean=trial.household_mean,
                trained_on=self.trained_on,
                tested_on=name,
                rows=len(rows),
                cpu_s=cpu_s,
                evaluation=evaluate(
                    model,
                    table,
                    protocol=trial.protocol,
                    training_rows=known,
                    seed=self.seed,
                    bootstrap=self.bootstrap,
                    shift=self._shift(name, rows),
                ),
            )

    def _rows(self, protocol: str) -> SurveyTable:
        rows = self.train
        for table in self.tests.values() if protocol == "grouped" else ():
            rows = without_households(rows, table)
        return rows

    def _shift(self, name: str, rows: SurveyTable) -> Shift | None:
        if name not in self.base_rates:
            return None
        return Shift(float(np.mean(rows.target)), self.base_rates[name])


def fit_model(
    method: str,
    model: MigrationModel,
    rows: SurveyTable,
    *,
    seed: int,
    knows_households: bool = False,
    folder: Path | None = None,
) -> None:
    """Train a model as all others of a comparison.

    Parameters
    ----------
    method : str
        Its method.
    model : MigrationModel
        The untrained model.
    rows : SurveyTable
        Training rows. Methods from a language model use a tenth of the households for early
        stopping and calibration.
    seed : int
        Seed of that division.
    knows_households : bool, default False
        Whether the model uses the labels of household members, and those of the test rows are
        among the training rows. Then a tenth of the people is set aside, not of the
        households: as with the test rows, members of their households stay in training. Nobody
        of a household that is set aside whole has members with known labels, so such rows
        say nothing of what the model does with these labels.
    folder : Path, optional
        Where the training of a language model is kept, and continued after an interruption.
    """
    if not needs_backbone(method):
        model.fit(rows)
        return
    is_by_person = knows_households or rows.group is None
    by: Literal["random", "grouped"] = "random" if is_by_person else "grouped"
    train, stopping, _ = split(rows, by, (1.0 - _STOPPING, _STOPPING, 0.0), seed)
    if folder is None:
        model.fit(train, stopping)
        return
    resumable: Any = model
    resumable.fit(train, stopping, folder=folder)


def _maker(
    name: str, seed: int, backbone: str | None, rms_options: Mapping[str, Any] | None
) -> ModelFactory:
    def make(view: View, household_mean: bool) -> MigrationModel:  # noqa: FBT001 - as ModelFactory
        return make_model(
            name,
            view=view,
            household_mean=household_mean,
            seed=seed,
            backbone=backbone,
            rms_options=options_for(name, rms_options or {}),
            # Models of text are compared with those that cannot read it.
            text="leave_out",
        )

    # Reports impossible options before any training, which may take hours.
    make("indicator", False)  # noqa: FBT003 - as ModelFactory
    return make
