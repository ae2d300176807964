"""Results of a comparison, as a table in Markdown and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any, Self

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.evaluation import Evaluation

__all__ = ["Comparison", "Entry"]

_HEADS = (
    *("Method", "Missing", "Household mean", "Protocol", "Trained on", "Tested on", "n"),
    *("Accuracy", "Precision", "Recall", "F1", "AUC", "95 %"),
    *("PR-AUC", "Brier", "ECE", "CPU s"),
)
_TEXT_COLUMNS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Evaluation of one method with one protocol.

    Parameters
    ----------
    method : str
        Name of the method.
    view : {"indicator", "impute"}
        How missing values were given to the model.
    household_mean : bool
        Whether labels of other members of the household were an input.
    trained_on, tested_on : str
        Names of the training and test tables.
    rows : int
        Number of training rows.
    cpu_s : float
        CPU time of training, in seconds.
    evaluation : Evaluation
        Metrics on the test table.
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
        """Return the cells of the row of this entry in a table."""
        result = self.evaluation
        figures = {name: _figure(one.value) for name, one in result.metrics.items()}
        low, high = result.metrics["auc"][1:]
        return (
            *(self.method, "shown" if self.view == "indicator" else "imputed"),
            *("yes" if self.household_mean else "no", result.protocol),
            *(self.trained_on, self.tested_on, f"{result.n:,}"),
            *(figures[name] for name in ("accuracy", "precision", "recall", "f1", "auc")),
            "-" if isnan(low) else f"{_figure(low)}-{_figure(high)}",
            *(figures[name] for name in ("average_precision", "brier", "ece")),
            f"{self.cpu_s:.1f}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Result of `compare`.

    Parameters
    ----------
    entries : tuple of Entry
        Entries in the order in which they were run.
    """

    entries: tuple[Entry, ...]

    def __add__(self, other: Self) -> Self:
        """Return the entries of both."""
        return type(self)(entries=(*self.entries, *other.entries))

    def best(self, metric: str = "auc") -> Entry:
        """Return the entry with the highest value of a metric; the first of equal ones.

        Raises
        ------
        ConfigError
            If no entry has this metric.
        """
        known = [one for one in self.entries if not isnan(one.evaluation.metrics[metric].value)]
        if not known:
            message = f"no entry has a value of {metric}; compare at least one method"
            raise ConfigError(message)
        return max(known, key=lambda one: one.evaluation.metrics[metric].value)

    def to_markdown(self) -> str:
        """Return a table with a row for each entry."""
        rule = [":---" if at < _TEXT_COLUMNS else "---:" for at in range(len(_HEADS))]
        rows = [_HEADS, rule, *(one.cells() for one in self.entries)]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in rows) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return all entries for JSON."""
        return {"entries": [one.to_dict() for one in self.entries]}


def _figure(value: float) -> str:
    """Return a number such as ``.9179``; a dash if undefined."""
    return "-" if isnan(value) else f"{value:.4f}".removeprefix("0")
