"""The report of a benchmark: tables as a paper prints them, and all figures as values."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from mesa_llm_city.migration.evaluation.model_registry import RULES, TEXT_ONLY, needs_backbone
from mesa_llm_city.migration.evaluation.plan import METHOD_NAMES, Plan, Section
from mesa_llm_city.migration.evaluation.sheet import Sheet

__all__ = ["BenchmarkReport"]

_METRICS = {
    "accuracy": "Accuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1 Score",
    "auc": "AUC",
}
_FURTHER = {"average_precision": "PR-AUC", "brier": "Brier", "ece": "ECE"}
_TOLD = {"missing": "Missing values", "household": "Household labels", "protocol": "Protocol"}
_FLAT = (
    *("cell", "variant", "method", "missing", "household_mean", "protocol", "trained_on"),
    *("tested_on", "training_rows", "n", "base_rate", *_METRICS, *_FURTHER, "cpu_s", "seed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkReport:
    """Tables of the cells that are finished.

    Parameters
    ----------
    plan : Plan
        What was to be computed.
    names : tuple of str
        Names of the rows.
    records : mapping of str to mapping
        All values of the finished cells, by name of the cell.
    total : int
        Number of all cells.
    """

    plan: Plan
    names: tuple[str, ...]
    records: Mapping[str, Mapping[str, Any]]
    total: int

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the tables of the sections of the plan; those without a row are left out."""
        made = [self._sheet(section) for section in self.plan.sections()]
        return tuple(one for one in made if one.rows)

    def to_markdown(self) -> str:
        """Return all tables in Markdown, and the command of each cell."""
        tables = [sheet.to_markdown() for sheet in self.sheets()]
        commands = [one["command"] for one in self.records.values() if one["command"]]
        told = "\n".join(commands)
        how = [f"## Commands\n\nEach computes one row again.\n\n```console\n{told}\n```\n"]
        return "\n".join([self._status(), *tables, *(how if commands else [])])

    def to_latex(self) -> str:
        """Return all tables as LaTeX with the package booktabs."""
        return "\n\n".join(sheet.to_latex() for sheet in self.sheets()) + "\n"

    def to_csv(self) -> str:
        """Return a line for each cell, with all figures and its command."""
        file = StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*_FLAT, "auc_low", "auc_high", "backbone", "command"])
        for one in self.records.values():
            low, high = one["intervals"]["auc"] or ("", "")
            backbone = (one["backbone"] or {}).get("name", "")
            flat = ["" if one[name] is None else one[name] for name in _FLAT]
            writer.writerow([*flat, low, high, backbone, one["command"]])
        return file.getvalue()

    def to_dict(self) -> dict[str, Any]:
        """Return all values for JSON."""
        return {
            "finished": len(self.records),
            "total": self.total,
            "not_run": dict(self.plan.not_run),
            "entries": [dict(one) for one in self.records.values()],
        }

    def _status(self) -> str:
        lines = [f"# Benchmark\n\n{len(self.records)} of {self.total} cells are finished."]
        lines += [
            f"{METHOD_NAMES.get(name, name)} was not run: it {why}."
            for name, why in self.plan.not_run.items()
        ]
        return "\n".join(lines) + "\n"

    def _sheet(self, section: Section) -> Sheet:
        if section.name == "groups":
            return self._of_groups(section)
        rows = list(self._rows(section))
        told = {key: [_words(one)[key] for _, one in rows] for key in _TOLD}
        varying = [key for key, words in told.items() if len(set(words)) > 1]
        is_across = section.name == "across"
        heads = ["Trained on"] * is_across + ["Data", "Method", *(_TOLD[key] for key in varying)]
        text_columns = len(heads)
        heads += ["n", *_METRICS.values(), "95 %", *_FURTHER.values(), "CPU s"]
        cells = [
            [
                *([one["trained_on"]] if is_across else []),
                *(one["tested_on"], label, *(_words(one)[key] for key in varying)),
                *_numbers(one),
            ]
            for label, one in rows
        ]
        block = [(one["tested_on"], _words(one)["protocol"]) for _, one in rows]
        return Sheet(
            title=section.title,
            note=" ".join([*_constant(told, varying), *self._remarks(section, rows)]),
            heads=heads,
            rows=cells,
            text_columns=text_columns,
            bold=_best([one for _, one in rows], block, text_columns + 1),
            blocks=frozenset(
                at for at, name in enumerate(block) if at == 0 or name != block[at - 1]
            ),
        )

    def _rows(self, section: Section) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield label and values of each row, one block of test rows after another."""
        is_across = section.name == "across"
        for test in self.names:
            for protocol in self.plan.protocols:
                for label, variant in section.rows:
                    for one in self._of_variant(variant, protocol, test):
                        if is_across or one["trained_on"] == test:
                            yield label, one

    def _of_variant(self, variant: str, protocol: str, test: str) -> list[Mapping[str, Any]]:
        return [
            one
            for one in self.records.values()
            if (one["variant"], one["asked_protocol"], one["tested_on"])
            == (variant, protocol, test)
        ]

    def _remarks(
        self, section: Section, rows: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> Iterator[str]:
        if section.name == "across":
            yield "Probabilities are shifted to the base rate of the rows of the other name."
        if section.name == "overall" and self.plan.not_run:
            named = ", ".join(METHOD_NAMES.get(one, one) for one in self.plan.not_run)
            yield f"Not run: {named}."
        if section.name != "queries":
            return
        for test in self.names:
            known = [
                (one["chosen_on"]["auc"], label)
                for label, one in rows
                if one["tested_on"] == test and "auc" in (one["chosen_on"] or {})
            ]
            if known:
                highest, label = max(known, key=lambda pair: pair[0])
                yield f"{test}: {label} is best on the rows set aside (AUC {_figure(highest)})."

    def _of_groups(self, section: Section) -> Sheet:
        rows = [
            (label, one, group, values)
            for label, one in self._rows(section)
            for group, values in one["subgroups"].items()
        ]
        told = {key: [_words(one)[key] for _, one, _, _ in rows] for key in _TOLD}
        varying = [key for key, words in told.items() if len(set(words)) > 1]
        heads = ["Data", "Method", *(_TOLD[key] for key in varying), "Group"]
        cells = [
            [
                *(one["tested_on"], label, *(_words(one)[key] for key in varying), group),
                f"{values['n']:,}",
                *(_figure(values[name]) for name in ("accuracy", "f1", "auc")),
                _interval(values["intervals"]["auc"]),
            ]
            for label, one, group, values in rows
        ]
        return Sheet(
            title=section.title,
            note=" ".join(_constant(told, varying)),
            heads=[*heads, "n", "Accuracy", "F1 Score", "AUC", "95 %"],
            rows=cells,
            text_columns=len(heads),
        )


def _words(record: Mapping[str, Any]) -> dict[str, str]:
    """Return in words how a cell was computed."""
    return {
        "missing": _missing(record),
        "household": "yes" if record["household_mean"] else "no",
        "protocol": record["protocol"],
    }


def _missing(record: Mapping[str, Any]) -> str:
    """Return how missing values are given, in columns and in the text."""
    words = {"indicator": "shown", "shown": "shown", "impute": "imputed"}
    method, options, view = record["method"], record["options"], record["missing"]
    if method in {"base_rate", *RULES}:
        return "-"
    if not needs_backbone(method) and method != "prompt":
        return words[view]
    text = words[options.get("text_missing", view)]
    columns = words[options.get("missing", view)]
    if method == "rms_no_missing_view":
        return words["impute"]
    if method in {*TEXT_ONLY, "prompt"} or text == columns:
        return text
    return f"{columns}, {text} in text"


def _numbers(record: Mapping[str, Any]) -> list[str]:
    return [
        f"{record['n']:,}",
        *(_figure(record[name]) for name in _METRICS),
        _interval(record["intervals"]["auc"]),
        *(_figure(record[name]) for name in _FURTHER),
        f"{record['cpu_s']:.1f}",
    ]


def _constant(told: Mapping[str, Sequence[str]], varying: Iterable[str]) -> Iterator[str]:
    """Yield what is the same in all rows and therefore no column."""
    for key, words in told.items():
        if words and key not in varying and not (key == "household" and words[0] == "no"):
            yield f"{_TOLD[key]}: {words[0]}."


def _best(
    records: Sequence[Mapping[str, Any]], block: Sequence[object], first: int
) -> frozenset[tuple[int, int]]:
    """Return the cells with the highest figure of each metric in each block."""
    found = set()
    for name in set(block):
        rows = [at for at, one in enumerate(block) if one == name]
        for column, metric in enumerate(_METRICS, start=first):
            known = [at for at in rows if records[at][metric] is not None]
            if len(known) > 1:
                highest = max(records[at][metric] for at in known)
                found |= {(at, column) for at in known if records[at][metric] == highest}
    return frozenset(found)


def _figure(value: float | None) -> str:
    """Return a number such as ``.9179``; a dash if undefined."""
    return "-" if value is None else f"{value:.4f}".removeprefix("0")


def _interval(ends: Sequence[float] | None) -> str:
    return "-" if ends is None else f"{_figure(ends[0])}-{_figure(ends[1])}"
