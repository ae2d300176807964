"""What was found of the response of a model to one column: curves, change, sign, warnings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.changes import label_of
from mesa_llm_city.migration.effects.resampling import Estimate
from mesa_llm_city.migration.effects.signs import sign_warnings
from mesa_llm_city.migration.survey.column import Column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ResponseCurve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCurve:
    """The response of a model to one column.

    Parameters
    ----------
    column : Column
        The column.
    outcome : str
        What is predicted.
    points : ndarray of float64, shape (k,)
        Values of the column.
    partial : Estimate, each of shape (k,)
        Partial dependence: mean probability if everybody had the value.
    local : Estimate or None, each of shape (k,)
        Accumulated local effects, plus the mean probability; None for unordered codes.
    missing : Estimate, each of shape (1,)
        Mean probability if nobody's value were known.
    change : Estimate, each of shape (1,)
        Change of the probability from a low to a high value; NaN for three or more unordered
        codes.
    change_from, change_to : float
        The two values.
    sign : int
        Sign of the change; 0 if its interval includes 0.
    basis : str
        What the intervals are based on.
    """

    column: Column
    outcome: str
    points: Float
    partial: Estimate
    local: Estimate | None
    missing: Estimate
    change: Estimate
    change_from: float
    change_to: float
    sign: int
    basis: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong with the response, in words."""
        return (*sign_warnings(self.column, self.sign, self.change), *self._disagreements())

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each value, with both curves and their intervals."""
        import pandas as pd

        curves = {"partial": self.partial}
        curves |= {} if self.local is None else {"local": self.local}
        columns: dict[str, Any] = {
            "value": self.points,
            "label": [label_of(self.column, one) for one in self.points.tolist()],
        }
        for name, curve in curves.items():
            columns |= {name: curve.value, f"{name}_low": curve.low, f"{name}_high": curve.high}
        return pd.DataFrame(columns)

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; None where a number is unknown."""
        return {
            "column": self.column.name,
            "outcome": self.outcome,
            "lever": self.column.lever,
            "expected": self.column.expected,
            "found": self.sign,
            "change": _numbers(self.change, 0),
            "from": label_of(self.column, self.change_from),
            "to": label_of(self.column, self.change_to),
            "missing": _numbers(self.missing, 0),
            "curve": [
                {
                    "value": value,
                    "label": label_of(self.column, value),
                    "partial": _numbers(self.partial, row),
                    "local": None if self.local is None else _numbers(self.local, row),
                }
                for row, value in enumerate(self.points.tolist())
            ],
            "intervals": self.basis,
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        """Return the curve as text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.column.label} ({self.column.name}): probability of {self.outcome}"
        rows = zip(self.points.tolist(), range(len(self.points)), strict=True)
        yield f"{'value':32}{'partial dependence':26}accumulated local effects"
        for value, row in rows:
            local = "" if self.local is None else _written(self.local, row)
            yield f"{label_of(self.column, value)[:30]:32}{_written(self.partial, row):26}{local}"
        yield f"{'missing':32}{_written(self.missing, 0)}"
        yield f"intervals: {self.basis}"
        yield self._told_change()
        yield from (f"warning: {one}" for one in self.warnings)

    def _told_change(self) -> str:
        if np.isnan(self.change.value[0]):
            return "sign: none, the codes have no order"
        expected = {-1: "negative", 0: "not stated", 1: "positive"}[self.column.expected]
        found = {-1: "negative", 0: "not distinguishable from 0", 1: "positive"}[self.sign]
        return (
            f"from {label_of(self.column, self.change_from)} to "
            f"{label_of(self.column, self.change_to)}: {_written(self.change, 0, sign='+')}; "
            f"sign expected: {expected}, found: {found}"
        )

    def _disagreements(self) -> Iterator[str]:
        if self.local is None or np.isnan(self.change.value[0]):
            return
        at = np.searchsorted(self.points, [self.change_from, self.change_to])
        partial = float(np.diff(self.partial.value[at])[0])
        if self.sign and partial * self.sign < 0.0:
            yield (
                f"partial dependence and accumulated local effects of {self.column.name} have "
                "different signs: it goes with other columns, so that partial dependence asks "
                "about people who do not exist; trust the local effects"
            )


def _numbers(estimate: Estimate, row: int) -> list[float | None]:
    numbers = [float(one[row]) for one in estimate]
    return [None if np.isnan(one) else one for one in numbers]


def _written(estimate: Estimate, row: int, *, sign: str = "") -> str:
    value, low, high = (float(one[row]) for one in estimate)
    if np.isnan(low):
        return f"{value:{sign}.3f}"
    return f"{value:{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"
