"""Result of an evaluation, as values, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from typing import Any, NamedTuple

from mesa_llm_city.migration.evaluation.metrics import F1Curve, Reliability
from mesa_llm_city.migration.evaluation.protocol import CheckedProtocol

__all__ = ["Estimate", "Evaluation"]

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "f1": "F1",
        "auc": "AUC",
        "ece": "ECE",
        "average_precision": "PR-AUC",
        "brier": "Brier",
        "log_loss": "log loss",
    }
)
_UNDEFINED = (
    "AUC is not defined, and precision, recall, F1 and PR-AUC say little",
    "AUC, recall and PR-AUC are not defined",
)


class Estimate(NamedTuple):
    """A metric with its bootstrap interval of 95 %; NaN where undefined."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return a text such as ``.914 (.902 to .927)``."""
        if isnan(self.value):
            return "undefined"
        interval = "" if isnan(self.low) else f" ({_short(self.low)} to {_short(self.high)})"
        return f"{_short(self.value)}{interval}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Result of `evaluate`.

    Parameters
    ----------
    checked : CheckedProtocol
        How test rows are separated from training rows: what was said, and what was found.
    n, positives : int
        Number of rows, and of rows with label 1.
    base_rate : float
        Share of label 1, by the weights of the rows.
    weighted : bool
        Whether rows have weights. All metrics and the calibration then use them.
    households : int or None
        Number of households, the units of the bootstrap; None if rows are its units.
    bootstrap : int
        Number of bootstrap samples.
    uses_household_labels : bool
        Whether labels of other members of the household were an input of the model.
    threshold : float
        Rows with at least this probability are predicted as 1.
    cost_ratio : float or None
        Cost of missing a row of label 1 divided by that of a false alarm, if given.
    cost : float
        Mean cost of a row, in units of the cost of a false alarm; NaN without `cost_ratio`.
    metrics : mapping of str to Estimate
        The metrics of `METRICS`.
    calibrated : mapping of str to float
        ``brier`` and ``ece`` after calibration, with temperature and intercept fitted on the
        other half of the households; NaN if a half has one label only.
    calibration : Reliability
        Predicted and observed shares in ten bins of probability.
    f1_curve : F1Curve
        Precision, recall and F1 over thresholds.
    subgroups : mapping of str to (int, mapping of str to Estimate)
        Number of rows and metrics by gender and band of age, if the table has these columns.
    one_class : mapping of str to int
        The label of each subgroup whose labels are all the same; ``""`` stands for all rows.
    unit : str, default "household"
        What rows of one group are of, for the text.
    """

    checked: CheckedProtocol
    n: int
    positives: int
    base_rate: float
    weighted: bool
    households: int | None
    bootstrap: int
    uses_household_labels: bool
    threshold: float
    cost_ratio: float | None
    cost: float
    metrics: Mapping[str, Estimate]
    calibrated: Mapping[str, float]
    calibration: Reliability
    f1_curve: F1Curve
    subgroups: Mapping[str, tuple[int, Mapping[str, Estimate]]]
    one_class: Mapping[str, int]
    unit: str = "household"

    @property
    def protocol(self) -> str:
        """How test rows are separated: ``"seen"``, ``"given"``, ``"grouped"``, ``"unknown"``."""
        return self.checked.name

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not defined, and why."""
        sizes = {"": self.n} | {name: n for name, (n, _) in self.subgroups.items()}
        return tuple(
            f"{name or 'all rows'}: one class, all {sizes[name]:,} rows have label {label}. "
            f"{_UNDEFINED[label == 0]}."
            for name, label in self.one_class.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all values for JSON; undefined numbers are None."""
        return {
            **self.checked.to_dict(),
            "n": self.n,
            "positives": self.positives,
            "base_rate": self.base_rate,
            "weighted": self.weighted,
            "households": self.households,
            "uses_household_labels": self.uses_household_labels,
            "threshold": self.threshold,
            "cost_ratio": self.cost_ratio,
            "cost": _known(self.cost),
            **_values(self.metrics),
            "intervals": _intervals(self.metrics),
            "bootstrap": self.bootstrap,
            "calibrated": {name: _known(one) for name, one in self.calibrated.items()},
            "calibration": _columns(self.calibration),
            "f1_curve": _columns(self.f1_curve),
            "subgroups": {
                name: {"n": n, **_values(some), "intervals": _intervals(some)}
                for name, (n, some) in self.subgroups.items()
            },
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        """Return the metrics as text."""
        return "\n".join([*self._facts(), *self._figures(), *self._remarks()])

    def _facts(self) -> Iterator[str]:
        yield from (f"WARNING    {one}" for one in self.checked.warnings)
        units = "rows" if self.households is None else self._groups(self.households)
        share = f"{self.base_rate:.1%} by weight" if self.weighted else f"{self.base_rate:.1%}"
        yield f"protocol   {self.checked}"
        yield (
            f"rows       {self.n:,}, {self.positives:,} with label 1 ({share}); "
            f"intervals over {units}"
        )
        if self.cost_ratio is not None:
            yield (
                f"threshold  {_short(self.threshold)}, as missing label 1 costs "
                f"{self.cost_ratio:g} false alarms; mean cost {_short(self.cost)}"
            )

    def _figures(self) -> Iterator[str]:
        yield from (f"{_NAMES.get(name, name):10} {one}" for name, one in self.metrics.items())
        for name, value in self.calibrated.items():
            yield f"{_NAMES.get(name, name):10} {_short(value)} calibrated"
        best = self.f1_curve.best
        if not isnan(best):
            highest = _short(float(max(one for one in self.f1_curve.f1.tolist() if not isnan(one))))
            yield f"best F1    {highest} at threshold {_short(best)}, chosen on these rows"
        for name, (n, some) in self.subgroups.items():
            yield f"{name:10} n {n:,}, F1 {_short(some['f1'].value)}, AUC {some['auc']}"

    def _remarks(self) -> Iterator[str]:
        yield from (f"NOTE       {one}" for one in self.notes)
        if self.uses_household_labels:
            yield f"Labels of other rows of the {self.unit} are an input of the model."

    def _groups(self, count: int) -> str:
        """Return a number of groups in words; words of other surveys are not declined."""
        if self.unit == "household":
            return f"{count:,} households"
        return f"{count:,} groups by {self.unit}"


def _columns(table: Reliability | F1Curve) -> dict[str, list[float | None]]:
    return {
        name: [_known(one) for one in column.tolist()] for name, column in table._asdict().items()
    }


def _values(some: Mapping[str, Estimate]) -> dict[str, float | None]:
    return {name: _known(one.value) for name, one in some.items()}


def _intervals(some: Mapping[str, Estimate]) -> dict[str, list[float] | None]:
    return {name: None if isnan(one.low) else [one.low, one.high] for name, one in some.items()}


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _short(value: float) -> str:
    """Return a number such as ``.914``."""
    return "undefined" if isnan(value) else f"{value:.3f}".removeprefix("0")
