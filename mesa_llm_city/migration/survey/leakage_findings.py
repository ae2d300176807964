"""Findings of leakage: what was counted, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

__all__ = ["Flip", "LeakageReport", "MissingColumn"]

_TELLING = 0.1  # of an AUC, off one half: more than most answers tell
_ASTRIDE = 0.05  # share of rows


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingColumn:
    """What the blanks of a column tell.

    Parameters
    ----------
    name : str
        Of the column.
    train_share, test_share : float
        Of rows that are blank.
    train_auc, test_auc : float
        Of "is not blank" as the score of label 1: 0.5 says nothing, above it those who
        answered are more often positive; NaN without rows of both labels.
    """

    name: str
    train_share: float
    test_share: float
    train_auc: float
    test_auc: float

    @property
    def tells(self) -> bool:
        """Whether blanks tell the label in either table: an AUC .1 or more off one half."""
        return any(abs(one - 0.5) >= _TELLING for one in (self.train_auc, self.test_auc))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A value that goes with label 1 in one table and with label 0 in the other.

    Parameters
    ----------
    name : str
        Of the column, or of one level of it.
    train_auc, test_auc : float
        As the score of label 1, among rows that are not blank; both are off one half by
        three standard errors at least.
    """

    name: str
    train_auc: float
    test_auc: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakageReport:
    """What `leakage_report` found.

    Parameters
    ----------
    train_rows, test_rows : int
        Number of rows.
    train_rate, test_rate : float
        Share of positives.
    astride : float
        Share of test rows whose household has a training row; NaN if unknown.
    household_auc : float
        Of the share of positives among the household's training rows, drawn towards the
        base rate, as the only thing known of a test row; NaN if unknown.
    missing : tuple of MissingColumn
        Columns with blanks, the most telling first.
    flips : tuple of Flip
        The widest apart first.
    """

    train_rows: int
    test_rows: int
    train_rate: float
    test_rate: float
    astride: float
    household_auc: float
    missing: tuple[MissingColumn, ...]
    flips: tuple[Flip, ...]

    @property
    def telling(self) -> tuple[str, ...]:
        """Names of the columns whose blanks tell the label, the most telling first."""
        return tuple(one.name for one in self.missing if one.tells)

    def to_dict(self) -> dict[str, Any]:
        """Return the report for JSON; what is not defined is None."""
        told = asdict(self)
        for one in (told, *told["missing"], *told["flips"]):
            one.update({key: None for key, value in one.items() if _is_nan(value)})
        return {**told, "telling": list(self.telling)}

    def __str__(self) -> str:
        """Return the report as text, a finding a line."""
        return "\n".join([*self._households(), *self._blanks(), *self._flipped()])

    def _households(self) -> Iterator[str]:
        yield (
            f"{self.train_rows} rows of training, {self.train_rate:.1%} positive; "
            f"{self.test_rows} of test, {self.test_rate:.1%} positive"
        )
        if isnan(self.astride):
            yield "Households are unknown: nothing can be said of members on both sides."
            return
        yield (
            f"{self.astride:.1%} of test rows have a member of their household in training; "
            f"its label alone has AUC {self.household_auc:.3f}"
        )
        if self.astride > _ASTRIDE:
            yield "  Report a split by households beside this one."

    def _blanks(self) -> Iterator[str]:
        if not self.telling:
            yield "No column tells the label by its blanks."
            return
        yield "Blanks tell the label (AUC of being answered; share blank), training, test:"
        for one in self.missing:
            if one.tells:
                yield (
                    f"  {one.name:26s} {one.train_auc:.3f} ({one.train_share:.0%})   "
                    f"{one.test_auc:.3f} ({one.test_share:.0%})"
                )
        yield "  Show or hide them for all models alike; what they tell may not last."

    def _flipped(self) -> Iterator[str]:
        if not self.flips:
            yield "No value changes sides between the tables."
            return
        yield "Values that change sides between the tables (AUC), training, test:"
        for flip in self.flips:
            yield f"  {flip.name:40s} {flip.train_auc:.3f}   {flip.test_auc:.3f}"


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and isnan(value)
