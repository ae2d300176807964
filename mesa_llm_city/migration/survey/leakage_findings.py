"""Results of the leakage report, as values and as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

__all__ = ["LeakageReport", "MissingColumn", "SignChange"]

_INFORMATIVE = 0.1  # distance of an AUC from one half, larger than that of most features
_MANY_SHARED = 0.05  # share of rows


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingColumn:
    """How well missing values of a column predict the label.

    Parameters
    ----------
    name : str
        Name of the column.
    train_share, test_share : float
        Share of rows with a missing value.
    train_auc, test_auc : float
        AUC of "has a value" as a score of label 1: 0.5 for no relation; above, people who
        answered are more often positive. NaN without rows of both labels.
    """

    name: str
    train_share: float
    test_share: float
    train_auc: float
    test_auc: float

    @property
    def is_informative(self) -> bool:
        """Whether missing values predict the label in a table: AUC 0.1 or more from one half."""
        return any(abs(one - 0.5) >= _INFORMATIVE for one in (self.train_auc, self.test_auc))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignChange:
    """A value that goes with label 1 in one table and with label 0 in the other.

    Parameters
    ----------
    name : str
        Name of the column, or of one of its codes.
    train_auc, test_auc : float
        AUC as a score of label 1, among rows with a value; both differ from one half by at
        least three standard errors.
    """

    name: str
    train_auc: float
    test_auc: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakageReport:
    """Result of `leakage_report`.

    Parameters
    ----------
    train_rows, test_rows : int
        Number of rows.
    train_rate, test_rate : float
        Share of positives.
    shared_households : float
        Share of test rows whose household has a training row; NaN if unknown.
    household_auc : float
        AUC of the share of positives among the training rows of the household, shrunk
        towards the base rate, as the only predictor of a test row; NaN if unknown.
    missing : tuple of MissingColumn
        Columns with missing values, the most informative first.
    sign_changes : tuple of SignChange
        Values whose relation to the label changes, the largest change first.
    """

    train_rows: int
    test_rows: int
    train_rate: float
    test_rate: float
    shared_households: float
    household_auc: float
    missing: tuple[MissingColumn, ...]
    sign_changes: tuple[SignChange, ...]

    @property
    def informative_columns(self) -> tuple[str, ...]:
        """Names of columns whose missing values predict the label, the most informative first."""
        return tuple(one.name for one in self.missing if one.is_informative)

    def to_dict(self) -> dict[str, Any]:
        """Return the report for JSON; undefined numbers are None."""
        content = asdict(self)
        for one in (content, *content["missing"], *content["sign_changes"]):
            one.update({key: None for key, value in one.items() if _is_nan(value)})
        return {**content, "informative_columns": list(self.informative_columns)}

    def __str__(self) -> str:
        """Return the report as text, one result a line."""
        parts = [*self._households(), *self._missing_values(), *self._changed_signs()]
        return "\n".join(parts)

    def _households(self) -> Iterator[str]:
        yield (
            f"{self.train_rows} training rows, {self.train_rate:.1%} positive; "
            f"{self.test_rows} test rows, {self.test_rate:.1%} positive"
        )
        if isnan(self.shared_households):
            yield "Households are unknown, so shared households cannot be counted."
            return
        yield (
            f"{self.shared_households:.1%} of test rows have a household member among the "
            f"training rows; its label alone has an AUC of {self.household_auc:.3f}"
        )
        if self.shared_households > _MANY_SHARED:
            yield "  Also report results for a split by households."

    def _missing_values(self) -> Iterator[str]:
        if not self.informative_columns:
            yield "Missing values of no column predict the label."
            return
        yield "Missing values predict the label: AUC of having a value (share missing), train, test"
        for one in self.missing:
            if one.is_informative:
                yield (
                    f"  {one.name:26s} {one.train_auc:.3f} ({one.train_share:.0%})   "
                    f"{one.test_auc:.3f} ({one.test_share:.0%})"
                )
        yield "  Show or hide them for all models alike; the relation may not hold in other data."

    def _changed_signs(self) -> Iterator[str]:
        if not self.sign_changes:
            yield "No value changes its sign between the tables."
            return
        yield "Values that change their sign between the tables (AUC), training, test:"
        for one in self.sign_changes:
            yield f"  {one.name:40s} {one.train_auc:.3f}   {one.test_auc:.3f}"


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and isnan(value)
