"""The card of a decision: what it is, what it was fitted to, and how well it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from pathlib import Path

import numpy as np

from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.evaluation.result import Evaluation
from mesa_llm_city.migration.models.checkpoint import newest_record, read_record
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["about"]

_METRICS: Mapping[str, str] = {"auc": "AUC", "brier": "Brier", "log_loss": "log loss", "ece": "ECE"}
_OPTIONS = ("method", "missing", "seed", "rounds", "epochs", "backbone")
_CARD = "card.md"
_SETS: Mapping[str, str] = {"train_rows": "of training", "val_rows": "to stop and calibrate"}
_PLACES = (
    "a survey knows no wages of places and no subsidy; they shift the log odds by a formula, "
    "whatever the model is, so the effect of a subsidy follows from that formula"
)
_NOT = (
    "a contribution is what the model expects, not what a change would cause; a run is no "
    "forecast for any country"
)


def about(
    decision: MigrationDecision,
    rows: SurveyTable,
    rows_are: str,
    *,
    folder: Path | None = None,
    evaluation: Evaluation | None = None,
) -> list[tuple[str, str]]:
    """Return names and texts of what a reader has to know to judge a decision.

    Parameters
    ----------
    decision : MigrationDecision
        What decides.
    rows : SurveyTable
        The people as rows of the survey.
    rows_are : str
        What these rows are, in words.
    folder : Path, optional
        Folder of a trained model.
    evaluation : Evaluation, optional
        Metrics on labelled rows.
    """
    return [
        *_what(decision, folder),
        *_fitted(decision, rows),
        *_people(rows, rows_are),
        *_measured(evaluation),
        *_time(decision, rows),
        ("Places", _PLACES),
        ("Not", _NOT),
    ]


def _what(decision: MigrationDecision, folder: Path | None) -> Iterator[tuple[str, str]]:
    if folder is None:
        is_rule = isinstance(decision.model, PushPullRule)
        yield "Decides", "the rule of push and pull" if is_rule else decision.name
        return
    record = read_record(newest_record(folder))
    options = record.get("options") or record.get("config") or {}
    told = [f"{name} {options[name]}" for name in _OPTIONS if name in options]
    yield "Decides", f"{decision.name}, of the folder {folder.name}"
    if told:
        yield "Options", ", ".join(told)
    if (folder / _CARD).is_file():
        yield "Methods card", str(folder / _CARD)


def _fitted(decision: MigrationDecision, rows: SurveyTable) -> Iterator[tuple[str, str]]:
    model, trained = decision.model, getattr(decision.model, "training_rows", None)
    if isinstance(model, PushPullRule):
        share = float(np.average(rows.target == 1, weights=rows.weight))
        weights = "weights are those of the parameters, from the literature or assumed"
        yield (
            "Fitted to",
            f"the share of returnees in these rows, {share:.1%}, by the intercept alone; {weights}"
            if trained is not None
            else f"nothing; {weights}",
        )
    elif trained is None:
        yield "Fitted to", "unknown: the model carries no fingerprints of its rows"
    else:
        sizes = [
            f"{trained.sets[name].count:,} rows {words}"
            for name, words in _SETS.items()
            if name in trained.sets and trained.sets[name].count
        ]
        yield "Fitted to", ", ".join(sizes) or "no rows"


def _people(rows: SurveyTable, rows_are: str) -> Iterator[tuple[str, str]]:
    households = "" if rows.group is None else f" of {len(np.unique(rows.group)):,} households"
    weights = "" if rows.weight is None else ", with weights"
    yield "People", f"{len(rows):,} rows{households}{weights}: {rows_are}"


def _measured(evaluation: Evaluation | None) -> Iterator[tuple[str, str]]:
    if evaluation is None:
        yield "Measured", "not at all: these rows have no labels"
        return
    values = [
        f"{words} {evaluation.metrics[name].value:.3f}"
        for name, words in _METRICS.items()
        if name in evaluation.metrics and not isnan(evaluation.metrics[name].value)
    ]
    yield "Measured", f"on the people of this run ({evaluation.checked}): {', '.join(values)}"
    for words in evaluation.checked.warnings:
        yield "Warning", words


def _time(decision: MigrationDecision, rows: SurveyTable) -> Iterator[tuple[str, str]]:
    horizons = decision.calibration or decision.parameters
    outcome = rows.schema.outcome
    kind = (
        "a stock: what has been up to the interview"
        if outcome.years is None
        else f"a flow: what happens within {outcome.years:g} years"
    )
    source = "solved for observed flows" if decision.calibration else "parameters, assumed"
    yield "Outcome", f"{outcome.name}, label 1 is {outcome.positive} ({outcome.word}); {kind}"
    years = f"{horizons.years_at_risk:.1f} years at risk of returning"
    again = f"{horizons.years_at_home:.1f} of leaving again"
    yield "Time", f"{years}, {again} ({source})"
