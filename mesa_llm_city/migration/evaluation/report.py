"""The table of a comparison, in Markdown for people and JSON for programs."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.evaluation import Evaluation

__all__ = ["Comparison", "Entry"]

_HEADS = (
    *("Method", "Missing", "Household mean", "Protocol", "Trained on", "Tested on", "n"),
    *("Accuracy", "Precision", "Recall", "F1", "AUC", "95 %", "Brier", "ECE", "CPU s"),
)
_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One method under one protocol.

    Parameters
    ----------
    method : str
        Its name.
    view : {"indicator", "impute"}
        Whether it saw that values are missing.
    household_mean : bool
        Whether it was told labels of other members of the household.
    trained_on, tested_on : str
        Names of the tables.
    rows : int
        Trained on.
    cpu_s : float
        Processor seconds that training took.
    evaluation : Evaluation
        What came out.
    """

    method: str
    view: str
    household_mean: bool
    trained_on: str
    tested_on: str
    rows: int
    cpu_s: float
    evaluation: Evaluation

    def to_dict(self) -> dict[str, Any]:
        """Return the entry for JSON."""
        return {
            "method": self.method,
            "missing": self.view,
            "household_mean": self.household_mean,
            "trained_on": self.trained_on,
            "tested_on": self.tested_on,
            "training_rows": self.rows,
            "cpu_s": round(self.cpu_s, 2),
            **self.evaluation.to_dict(),
        }

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row in a table."""
        told = self.evaluation
        figures = {name: _figure(one.value) for name, one in told.metrics.items()}
        low, high = told.metrics["auc"][1:]
        return (
            *(self.method, "shown" if self.view == "indicator" else "imputed"),
            *("yes" if self.household_mean else "no", told.protocol),
            *(self.trained_on, self.tested_on, f"{told.n:,}"),
            *(figures[name] for name in ("accuracy", "precision", "recall", "f1", "auc")),
            "-" if isnan(low) else f"{_figure(low)}-{_figure(high)}",
            *(figures["brier"], figures["ece"], f"{self.cpu_s:.1f}"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came out of `compare`.

    Parameters
    ----------
    entries : tuple of Entry
        In the order they were run.
    """

    entries: tuple[Entry, ...]

    def __add__(self, other: Self) -> Self:
        """Return the entries of both."""
        return type(self)(entries=(*self.entries, *other.entries))

    def best(self, metric: str = "auc") -> Entry:
        """Return the entry with the highest figure, the first of equals.

        Raises
        ------
        ConfigError
            If there is no entry with that figure.
        """
        known = [one for one in self.entries if not isnan(one.evaluation.metrics[metric].value)]
        if not known:
            message = f"no entry has a figure for {metric}; compare at least one method"
            raise ConfigError(message)
        return max(known, key=lambda one: one.evaluation.metrics[metric].value)

    def to_markdown(self) -> str:
        """Return one table, a row for each entry."""
        rule = [":---" if at < _WORDS else "---:" for at in range(len(_HEADS))]
        rows = [_HEADS, rule, *(one.cells() for one in self.entries)]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in rows) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {"entries": [one.to_dict() for one in self.entries]}


def _figure(value: float) -> str:
    """Return such as ``.9179``; a dash where it is undefined."""
    return "-" if isnan(value) else f"{value:.4f}".removeprefix("0")
