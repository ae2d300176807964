"""All methods side by side, with equal information: one table in Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any, Literal, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.evaluation.evaluation import Shift, evaluate, without_households
from mesa_llm_city.migration.evaluation.model_registry import (
    Maker,
    View,
    default_methods,
    made,
    needs_backbone,
)
from mesa_llm_city.migration.evaluation.report import Comparison, Entry
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey

__all__ = ["PROTOCOLS", "VIEWS", "Comparison", "Entry", "compare", "compare_folder"]

PROTOCOLS = ("given", "grouped")
"""Rows as they are split, or without the households of the rows reported on."""

VIEWS: tuple[View, ...] = ("indicator", "impute")
"""Whether a method sees that a value is missing."""

_STOPPING = 0.1


def compare(
    train: SurveyTable,
    test: SurveyTable | Mapping[str, SurveyTable],
    *,
    methods: Sequence[str] | None = None,
    more: Mapping[str, Maker] | None = None,
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
    """Train every method under every protocol and view, and evaluate it.

    Parameters
    ----------
    train : SurveyTable
        Rows to learn from.
    test : SurveyTable or mapping of str to SurveyTable
        Rows to report on, by name; they take no part in training, stopping or calibrating.
    methods : sequence of str, optional
        See `made`; by default all that can be run.
    more : mapping of str to callable, optional
        Further methods by name, such as a `PromptModel`: called with the view and whether
        the household mean is told, they return an untrained model.
    protocols : sequence of {"given", "grouped"}, default both
        ``"grouped"`` leaves out of training all households of the rows reported on.
    views : sequence of {"indicator", "impute"}, default both
        Whether methods see that a value is missing.
    household_means : sequence of bool, default (False,)
        Whether methods are told labels of other members of the household.
    backbone : str, optional
        Language model for ``"sft"`` and ``"rms"``.
    rms_options : mapping, optional
        Further options of `RMSConfig`.
    trained_on : str, default "train"
        What the report calls `train`.
    base_rates : mapping of str to float, optional
        Shares of the label, by name of the rows reported on, that probabilities are moved
        to, as for another wave (see `prior_shift`); areas under the curve do not change.
    seed : int, default 0
        Of everything drawn.
    bootstrap : int, default 200
        Draws for each interval.
    report : callable, optional
        Told each entry as soon as it is there.

    Raises
    ------
    ConfigError
        If a method, protocol or view is unknown, or needs what is not there.
    DataError
        If a table cannot be learnt from or evaluated on.

    Notes
    -----
    Methods that stop by validation rows (``"sft"`` and ``"rms"``) are given a tenth of the
    training households for it, and are calibrated to them; the others learn from all rows.
    What would come out the same twice is run once: the base rate sees nothing, and ``"sft"``
    is told no household mean.
    """
    tests = {"val": test} if isinstance(test, SurveyTable) else dict(test)
    _check("protocol", protocols, PROTOCOLS)
    _check("view", views, VIEWS)
    _check("row set", list(base_rates or ()), tuple(tests))
    names = default_methods(backbone=backbone) if methods is None else methods
    makers = {name: _maker(name, seed, backbone, rms_options) for name in names} | dict(more or {})
    session = _Session(train, tests, trained_on, dict(base_rates or {}), seed, bootstrap)
    told: list[Entry] = []
    for trial in _trials(makers, protocols, views, household_means):
        for entry in session.entries(trial):
            told.append(entry)
            if report is not None:
                report(entry)
    return Comparison(entries=tuple(told))


class _Trial(NamedTuple):
    protocol: str
    method: str
    make: Maker
    view: View
    is_told: bool


def _trials(
    makers: Mapping[str, Maker],
    protocols: Sequence[str],
    views: Sequence[View],
    household_means: Sequence[bool],
) -> list[_Trial]:
    """Return what is to be run, without what would come out the same twice."""
    every = [
        _Trial(protocol, name, make, view, is_told)
        for protocol, (name, make), view, is_told in product(
            protocols, makers.items(), views, household_means
        )
    ]
    return [
        one
        for one in every
        if not (one.method == "base_rate" and (one.view != views[0] or one.is_told))
        and not (one.method == "sft" and one.is_told)
    ]


class _Session(NamedTuple):
    """The tables, and what stays the same from trial to trial."""

    train: SurveyTable
    tests: dict[str, SurveyTable]
    trained_on: str
    base_rates: dict[str, float]
    seed: int
    bootstrap: int

    def entries(self, trial: _Trial) -> Iterator[Entry]:
        """Train once, and yield what comes out on every table."""
        rows = self._rows(trial.protocol)
        model = trial.make(trial.view, trial.is_told)
        begun = process_time()
        self._fit(trial.method, model, rows)
        cpu_s = process_time() - begun
        for name, table in self.tests.items():
            yield Entry(
                method=trial.method,
                view=trial.view,
                household_mean=trial.is_told,
                trained_on=self.trained_on,
                tested_on=name,
                rows=len(rows),
                cpu_s=cpu_s,
                evaluation=evaluate(
                    model,
                    table,
                    protocol=trial.protocol,
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

    def _fit(self, method: str, model: MigrationModel, rows: SurveyTable) -> None:
        if not needs_backbone(method):
            model.fit(rows)
            return
        by: Literal["random", "grouped"] = "random" if rows.group is None else "grouped"
        learnt, stopping, _ = split(rows, by, (1.0 - _STOPPING, _STOPPING, 0.0), self.seed)
        model.fit(learnt, stopping)

    def _shift(self, name: str, rows: SurveyTable) -> Shift | None:
        if name not in self.base_rates:
            return None
        return Shift(float(np.mean(rows.target)), self.base_rates[name])


def _maker(
    name: str, seed: int, backbone: str | None, rms_options: Mapping[str, Any] | None
) -> Maker:
    def make(view: View, household_mean: bool) -> MigrationModel:  # noqa: FBT001 - as Maker
        return made(
            name,
            view=view,
            household_mean=household_mean,
            seed=seed,
            backbone=backbone,
            rms_options=rms_options,
        )

    # Whoever asks for something impossible is told before the first hour of training.
    make("indicator", False)  # noqa: FBT003 - as Maker
    return make


def _check(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    if strange := [name for name in given if name not in known]:
        message = f"there is no {what} {', '.join(strange)}; accepted are {', '.join(known)}"
        raise ConfigError(message)


def compare_folder(
    folder: str | Path,
    schema: Schema,
    *,
    across: bool = False,
    **options: Any,  # noqa: ANN401
) -> Comparison:
    """Compare on every pair of files ``train_NAME.csv`` and ``val_NAME.csv`` of a folder.

    Parameters
    ----------
    folder : str or Path
        Where they lie, plain or as ``.csv.gz``; `compare` is run for each NAME.
    schema : Schema
        What the columns mean.
    across : bool, default False
        Whether models are also trained on each NAME and tested on the validation rows of
        the others, with probabilities moved to the base rate of their training rows
        (RMS-Agent, table 5).
    **options
        As of `compare`.

    Raises
    ------
    DataError
        If there is no such pair, or a file has defects.
    ConfigError
        If an option is none of those accepted.
    """
    pairs = _pairs(Path(folder))
    tables = {
        name: tuple(read_survey(path, schema) for path in pair) for name, pair in pairs.items()
    }
    told = Comparison(entries=())
    for name, (train, val) in tables.items():
        told += compare(train, {name: val}, trained_on=name, **options)
        others = {other: pair for other, pair in tables.items() if across and other != name}
        if others:
            rates = {other: float(np.mean(pair[0].target)) for other, pair in others.items()}
            tests = {other: pair[1] for other, pair in others.items()}
            told += compare(train, tests, trained_on=name, base_rates=rates, **options)
    return told


def _pairs(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Return the files of each NAME; plain ones come before compressed ones."""
    found = {
        part: {
            path.name.removeprefix(f"{part}_").partition(".")[0]: path
            for ending in ("csv.gz", "csv")
            for path in sorted(folder.glob(f"{part}_*.{ending}"))
        }
        for part in ("train", "val")
    }
    pairs = {
        name: (path, found["val"][name])
        for name, path in sorted(found["train"].items())
        if name in found["val"]
    }
    if not pairs:
        message = (
            f"{folder} holds no pair of files train_NAME.csv and val_NAME.csv (or .csv.gz); "
            "name the folder that does"
        )
        raise DataError(message)
    return pairs
