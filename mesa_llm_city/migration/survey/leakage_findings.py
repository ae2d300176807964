"""Results of the leakage report, as values and as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any, NamedTuple

from mesa_llm_city.migration.survey.copies import Copies
from mesa_llm_city.migration.survey.leakage_rules import LeakageRules
from mesa_llm_city.migration.survey.revealing import ColumnScore, RevealingLevel

__all__ = ["Claim", "LateColumn", "LeakageReport", "MissingColumn", "SignChange"]

_SHOWN = 5  # columns, levels and words of a list


class Claim(NamedTuple):
    """Something that is called a leak.

    Parameters
    ----------
    kind : str
        ``"households"``, ``"copies"``, ``"column"``, ``"level"``, ``"words"``,
        ``"after_outcome"``, ``"id"`` or ``"missing"``.
    column : str
        Name of the column; empty for rows and households.
    text : str
        What was found.
    """

    kind: str
    column: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateColumn:
    """A column measured after the outcome.

    Parameters
    ----------
    name : str
        Name of the column.
    flagged : bool
        Whether the schema says so; otherwise its name speaks of the outcome.
    auc : float
        AUC of the column alone in the test table.
    """

    name: str
    flagged: bool
    auc: float

    def __str__(self) -> str:
        """Return the finding in words."""
        why = (
            "measured after the outcome, by the schema; no model is given it"
            if self.flagged
            else "its name speaks of the outcome: was it measured afterwards?"
        )
        return f"{self.name}: {why} (AUC alone {self.auc:.3f})"


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
    train_probability, test_probability : float
        Probability of an AUC so far from one half by chance, corrected for the number of
        columns.
    limits : (float, float)
        Distance from one half, and greatest probability by chance, that are called
        informative.
    """

    name: str
    train_share: float
    test_share: float
    train_auc: float
    test_auc: float
    train_probability: float
    test_probability: float
    limits: tuple[float, float]

    @property
    def is_informative(self) -> bool:
        """Whether missing values predict the label: in one table, and not against the other."""
        here, there = self.train_auc - 0.5, self.test_auc - 0.5
        return self._tells(here, there, self.train_probability) or self._tells(
            there, here, self.test_probability
        )

    def _tells(self, own: float, other: float, probability: float) -> bool:
        far, chance = self.limits
        is_alike = isnan(other) or (own * other > 0.0 and abs(other) >= far / 2.0)
        return abs(own) >= far and probability <= chance and is_alike


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
    rules : LeakageRules
        Limits above which a relation is called a leak.
    group : str
        What the groups of rows are, such as ``"household"``, or ``"person"`` in a panel.
    train_rows, test_rows : int
        Number of rows.
    train_rate, test_rate : float
        Share of positives.
    shared_households : float
        Share of test rows whose household has a training row; NaN if unknown.
    household_auc : float
        AUC of the share of positives among the training rows of the household, shrunk
        towards the base rate, as the only predictor of a test row; NaN if unknown.
    household_probability : float
        Probability of so high an AUC by chance; NaN if unknown.
    copies : Copies
        Test rows that are equal to a training row.
    columns : tuple of ColumnScore
        How well each column alone predicts the label, the best first.
    levels, words : tuple of RevealingLevel
        Levels of columns, and words of texts, that give the label away.
    late : tuple of LateColumn
        Columns measured after the outcome.
    missing : tuple of MissingColumn
        Columns with missing values, the most informative first.
    sign_changes : tuple of SignChange
        Values whose relation to the label changes, the largest change first.
    """

    rules: LeakageRules
    group: str
    train_rows: int
    test_rows: int
    train_rate: float
    test_rate: float
    shared_households: float
    household_auc: float
    household_probability: float
    copies: Copies
    columns: tuple[ColumnScore, ...]
    levels: tuple[RevealingLevel, ...]
    words: tuple[RevealingLevel, ...]
    late: tuple[LateColumn, ...]
    missing: tuple[MissingColumn, ...]
    sign_changes: tuple[SignChange, ...]

    @property
    def informative_columns(self) -> tuple[str, ...]:
        """Names of columns whose missing values predict the label, the most informative first."""
        return tuple(one.name for one in self.missing if one.is_informative)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is called a leak; empty if nothing is."""
        return (
            *self._household_claims(),
            *self._column_claims(),
            *self._level_claims(),
            *(Claim("after_outcome", one.name, str(one)) for one in self.late),
            *(
                Claim("missing", one.name, f"whether {one.name} is missing tells the label")
                for one in self.missing
                if one.is_informative
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report for JSON; undefined numbers are None."""
        content = _for_json(asdict(self))
        return {
            **content,
            "informative_columns": list(self.informative_columns),
            "claims": [one._asdict() for one in self.claims],
        }

    def __str__(self) -> str:
        """Return the report as text, one result a line."""
        parts = [
            *self._summary(),
            *self._households(),
            str(self.copies),
            *self._best_columns(),
            *self._missing_values(),
            *self._changed_signs(),
        ]
        return "\n".join(parts)

    def _household_claims(self) -> Iterator[Claim]:
        is_shared = self.shared_households > self.rules.shared_households
        if is_shared and self.household_probability <= self.rules.probability:
            yield Claim(
                "households",
                "",
                f"{self.shared_households:.1%} of test rows have a training row of the same "
                f"{self.group}, whose label tells theirs (AUC {self.household_auc:.3f}, "
                f"p {_small(self.household_probability)})",
            )
        if self.copies.is_beyond_chance:
            yield Claim("copies", "", str(self.copies))

    def _column_claims(self) -> Iterator[Claim]:
        for one in self.columns:
            is_id = one.kind in {"id", "group"}
            least = self.rules.id_auc if is_id else self.rules.column_auc
            if not (one.auc >= least and one.probability <= self.rules.probability):
                continue
            # Households that are in both tables are told of above.
            if one.kind == "group" and self.shared_households > 0.0:
                continue
            what = "the identifier carries the label" if is_id else "gives the label away alone"
            text = f"{one.name}: {what} (AUC {one.auc:.3f}, p {_small(one.probability)})"
            yield Claim("id" if is_id else "column", one.name, text)

    def _level_claims(self) -> Iterator[Claim]:
        for kind, what, found in (
            ("level", "value", self.levels),
            ("words", "word", self.words),
        ):
            for name in dict.fromkeys(one.column for one in found):
                own = [one for one in found if one.column == name]
                told = "; ".join(map(_told, own[:_SHOWN]))
                more = f"; and {len(own) - _SHOWN} more" if len(own) > _SHOWN else ""
                yield Claim(kind, name, f"{name}: a {what} gives the label away: {told}{more}")

    @property
    def _is_measured(self) -> bool:
        """Whether both tables have both labels."""
        return not {self.train_rate, self.test_rate} & {0.0, 1.0}

    def _summary(self) -> Iterator[str]:
        claims = self.claims
        if not claims and self._is_measured:
            yield "No leak was found."
            return
        if not claims:
            yield "Nothing can be said about leaks: rows of both labels are needed in both tables."
            return
        yield f"Found {len(claims)}; look at each, and keep it from models if it is no cause:"
        yield from (f"  {one.text}" for one in claims if one.kind != "missing")
        if self.informative_columns:
            count = len(self.informative_columns)
            yield f"  columns whose missing values tell the label, below: {count}"

    def _households(self) -> Iterator[str]:
        yield (
            f"{self.train_rows} training rows, {self.train_rate:.1%} positive; "
            f"{self.test_rows} test rows, {self.test_rate:.1%} positive"
        )
        yield from (
            f"The {name} rows are of one class, so nothing can be measured on them."
            for name, rate in (("training", self.train_rate), ("test", self.test_rate))
            if rate in {0.0, 1.0}
        )
        if isnan(self.shared_households):
            yield "Households are unknown, so rows of one household in both cannot be counted."
            return
        yield (
            f"{self.shared_households:.1%} of test rows have a training row of the same "
            f"{self.group}{self._told_auc()}"
        )
        if self.shared_households > self.rules.shared_households:
            yield f"  Also report results for a split by {self.group}."

    def _told_auc(self) -> str:
        if isnan(self.household_auc):
            return ""
        return f"; its label alone has an AUC of {self.household_auc:.3f}"

    def _best_columns(self) -> Iterator[str]:
        if not self._is_measured:
            return
        yield "Columns that predict best alone: AUC in the test table, probability by chance"
        for one in self.columns[:_SHOWN]:
            yield f"  {one.name:26s} {one.auc:.3f}   {_small(one.probability)}"

    def _missing_values(self) -> Iterator[str]:
        if not self._is_measured:
            return
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
        if not self._is_measured:
            return
        if not self.sign_changes:
            yield "No value changes its sign between the tables."
            return
        yield "Values that change their sign between the tables (AUC), training, test:"
        for one in self.sign_changes:
            yield f"  {one.name:40s} {one.train_auc:.3f}   {one.test_auc:.3f}"


def _told(one: RevealingLevel) -> str:
    return (
        f"{one.level!r} ({one.train_share:.1%} of {one.train_rows:,} training rows and "
        f"{one.test_share:.1%} of {one.test_rows:,} test rows have label {one.label})"
    )


def _small(p: float) -> str:
    return f"{p:.3f}" if p >= 0.001 else f"{p:.0e}"


def _for_json(value: Any) -> Any:  # noqa: ANN401 - values of any type
    if isinstance(value, dict):
        return {name: _for_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_for_json(one) for one in value]
    return None if isinstance(value, float) and isnan(value) else value
