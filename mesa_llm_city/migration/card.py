"""The methods card of a trained decision: all that a reader has to know to judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.effects.margins import MarginalEffects, average_marginal_effects
from mesa_llm_city.migration.evaluation.evaluation import evaluate
from mesa_llm_city.migration.evaluation.result import Evaluation
from mesa_llm_city.migration.flows.calibration import FlowCalibration, flows_of
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.models.checkpoint import newest_record, read_record, saved_schema
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.survey.leakage import LeakageReport, leakage_report
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["MethodsCard", "methods_card"]

_LIBRARIES = ("mesa-llm-city", "numpy", "scikit-learn", "lightgbm", "torch", "transformers", "peft")
_MOST_EFFECTS = 12
_VIEWS: Mapping[str, str] = {
    "indicator": "missing values are shown to the model; what was not asked may stand for the "
    "outcome, so a simulation should use the imputed view",
    "impute": "missing values are replaced by typical ones",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsCard:
    """The methods card of a trained decision.

    Parameters
    ----------
    name : str
        Name of the model.
    kind : str
        Kind of model, and its method if it has one.
    options : mapping
        Options of training.
    schema : Schema
        The survey.
    sample : mapping of str to value
        Rows, weights, households and missing values of the rows of the test.
    evaluation : Evaluation
        Metrics on rows of the test, with what was found about their separation.
    leakage : LeakageReport or None
        What gives the label away; None if no training rows were given.
    effects : MarginalEffects
        Average marginal effects on rows of the test.
    flows : FlowCalibration or None
        Horizons and intercepts, if the decision was calibrated to flows.
    hashes, versions : mapping of str to str
        SHA-256 of schema, model and record; versions of libraries.
    """

    name: str
    kind: str
    options: Mapping[str, Any]
    schema: Schema
    sample: Mapping[str, Any]
    evaluation: Evaluation
    leakage: LeakageReport | None
    effects: MarginalEffects
    flows: FlowCalibration | None
    hashes: Mapping[str, str]
    versions: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return all values for JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "options": dict(self.options),
            "outcome": self.schema.outcome.to_json(),
            "sample": dict(self.sample),
            "evaluation": self.evaluation.to_dict(),
            "leakage": None if self.leakage is None else self.leakage.to_dict(),
            "effects": self.effects.to_dict(),
            "flows": None if self.flows is None else self.flows.to_json(),
            "hashes": dict(self.hashes),
            "versions": dict(self.versions),
        }

    def to_markdown(self, picture: str | None = None) -> str:
        """Return the card as Markdown.

        Parameters
        ----------
        picture : str, optional
            Path of the calibration plot, as the card names it.
        """
        parts = [
            (f"# Methods card: {self.name}", [*self._about()]),
            ("## Outcome", [*self._outcome()]),
            ("## Sample", [f"- {name}: {value}" for name, value in self.sample.items()]),
            ("## Evaluation", ["```text", str(self.evaluation), "```"]),
            ("## Calibration", [*self._calibration(picture)]),
            ("## Leakage", [*self._leaks()]),
            ("## Time", [*self._time()]),
            ("## Effects", [*self._effects()]),
            ("## Versions and hashes", [*self._versions()]),
        ]
        return "\n\n".join("\n".join([head, "", *lines]) for head, lines in parts) + "\n"

    def _about(self) -> Iterator[str]:
        yield f"- Model: {self.kind}"
        for name, value in self.options.items():
            yield f"- {name}: {value}"
        view = _VIEWS.get(str(self.options.get("missing", "")))
        if view is not None:
            yield f"- View: {view}"

    def _outcome(self) -> Iterator[str]:
        outcome = self.schema.outcome
        values = ", ".join(f"{code} ({words})" for code, words in outcome.codes.items())
        yield f"- `{outcome.name}`: {values}; label 1 is {outcome.positive} ({outcome.word})"
        if outcome.years is None:
            yield "- A stock: what has been up to the interview, not when"
        else:
            yield f"- A flow: what happens within {outcome.years:g} years"
        names = ", ".join(column.name for column in self.schema.inputs)
        yield f"- Inputs: {names}"
        if late := [one.name for one in self.schema.columns if one.after_outcome]:
            yield f"- Measured after the outcome, never used: {', '.join(late)}"

    def _calibration(self, picture: str | None) -> Iterator[str]:
        if picture is not None:
            yield f"![Predicted and observed shares]({picture})"
            yield ""
        yield "| predicted | observed | rows |"
        yield "|---|---|---|"
        table = self.evaluation.calibration
        rows = zip(table.predicted, table.observed, table.n, strict=True)
        for predicted, observed, count in rows:
            if count:
                yield f"| {predicted:.3f} | {observed:.3f} | {int(count):,} |"

    def _leaks(self) -> Iterator[str]:
        if self.leakage is None:
            yield "Not examined: no training rows were given."
            return
        claims = self.leakage.claims
        yield from (f"- {claim.text}" for claim in claims)
        if not claims:
            yield "Nothing was found that gives the label away."

    def _time(self) -> Iterator[str]:
        if self.flows is None:
            yield "- Not calibrated to flows: horizons are the parameters `migration.decision`"
            return
        years = self.flows.years_at_risk, self.flows.years_at_home
        yield f"- Years at risk {years[0]:.2f}, years to lose it again {years[1]:.2f}"
        yield f"- Intercept {self.flows.intercept:+.3f}"
        yield from (f"- {group}: {value:+.3f}" for group, value in self.flows.intercepts.items())
        yield from (f"- {note}" for note in self.flows.notes)

    def _effects(self) -> Iterator[str]:
        yield f"Average marginal effects; intervals: {self.effects.intervals}."
        yield ""
        yield "| column | change | effect | 95 % interval |"
        yield "|---|---|---|---|"
        largest = sorted(self.effects.effects, key=lambda one: -abs(float(one.effect.value[0])))
        for one in largest[:_MOST_EFFECTS]:
            value, low, high = (float(part[0]) for part in one.effect[:3])
            interval = "none" if isnan(low) else f"{low:+.4f} to {high:+.4f}"
            yield f"| {one.column.label} | {one.change} | {value:+.4f} | {interval} |"
        yield ""
        yield from (f"- WARNING: {words}" for words in self.effects.warnings)
        yield "- An effect is what the model expects, not what a change would cause."

    def _versions(self) -> Iterator[str]:
        yield from (f"- {name}: `{value}`" for name, value in self.hashes.items())
        yield from (f"- {name} {value}" for name, value in self.versions.items())


def methods_card(
    folder: str | Path,
    table: SurveyTable,
    *,
    train: SurveyTable | None = None,
    model: ProbabilityModel | None = None,
    bootstrap: int = 500,
    seed: int = 0,
) -> MethodsCard:
    """Return the methods card of a model that was saved.

    Parameters
    ----------
    folder : str or Path
        Folder of the model; a calibration of flows in it is reported.
    table : SurveyTable
        Labelled rows that the model has not seen.
    train : SurveyTable, optional
        Training rows, for the report of leakage.
    model : ProbabilityModel, optional
        The model, if it needs a backbone or a language model; by default it is loaded.
    bootstrap : int, default 500
        Samples for the intervals.
    seed : int, default 0
        Seed of the samples.

    Raises
    ------
    DataError
        If there are no rows, or the model cannot be read.
    """
    if not len(table):
        message = "a methods card needs labelled rows that the model has not seen, got none"
        raise DataError(message)
    place = Path(folder)
    record = read_record(newest_record(place))
    trained: Any = load_model(place) if model is None else model
    flows = flows_of(place)
    return MethodsCard(
        name=place.name,
        kind=_kind(record),
        options=_options(record),
        schema=saved_schema(place),
        sample=_sample(table),
        evaluation=evaluate(trained, table, seed=seed, bootstrap=bootstrap),
        leakage=None if train is None else leakage_report(train, table),
        effects=average_marginal_effects(trained, table, draws=min(bootstrap, 200), seed=seed),
        flows=flows,
        hashes={"schema": saved_schema(place).hash(), **_hashes(place)},
        versions=_versions(),
    )


def _kind(record: Mapping[str, Any]) -> str:
    kind = str(record.get("kind") or "rms")
    method = _options(record).get("method")
    return f"{kind}, {method}" if method else kind


def _options(record: Mapping[str, Any]) -> dict[str, Any]:
    options = record.get("options") or record.get("config") or {}
    return dict(options) if isinstance(options, Mapping) else {}


def _sample(table: SurveyTable) -> dict[str, Any]:
    blank = table.missing().mean(axis=0)
    told = sorted(zip(blank.tolist(), table.schema.names, strict=True), reverse=True)[:3]
    most = ", ".join(f"{name} {share:.0%}" for share, name in told if share)
    weight = table.weight
    # Kish 1965, Survey Sampling: (sum w)^2 / sum w^2.
    effective = None if weight is None else float(weight.sum() ** 2 / np.sum(weight**2))
    return {
        "rows": f"{len(table):,}",
        "households": "unknown" if table.group is None else f"{len(np.unique(table.group)):,}",
        "weights": "none" if effective is None else f"yes, worth {effective:,.0f} equal rows",
        "periods": "unknown"
        if table.period is None
        else ", ".join(map(str, np.unique(table.period).tolist())),
        "missing most": most or "nothing",
        "changed on reading": "; ".join(table.notes) or "nothing",
    }


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(one for one in folder.rglob("*") if one.is_file() and one.suffix != ".md")
    return {
        str(one.relative_to(folder)): sha256(one.read_bytes()).hexdigest()[:16] for one in files
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
