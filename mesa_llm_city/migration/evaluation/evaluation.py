"""Evaluation of a model on test rows: metrics, bootstrap intervals, calibration, subgroups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration, prior_shift
from mesa_llm_city.migration.evaluation.metrics import METRICS, brier, ece, metrics
from mesa_llm_city.migration.models.base import MigrationModel, check_labels
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = [
    "Estimate",
    "Evaluation",
    "Shift",
    "evaluate",
    "evaluate_probabilities",
    "subgroups_of",
    "uses_household_labels",
    "without_households",
]

AGE_BANDS = ((16, 27), (28, 38), (39, 49), (50, 60))
"""Bands of age in years, both ends included (RMS-Agent, figure 6)."""

_LEVELS = (2.5, 97.5)
_NAMES: Mapping[str, str] = MappingProxyType({"f1": "F1", "auc": "AUC", "ece": "ECE"})


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


class Shift(NamedTuple):
    """Base rates of the training and the test population, in (0, 1)."""

    base_from: float
    base_to: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Result of `evaluate`.

    Parameters
    ----------
    protocol : str
        How test rows were separated from training rows, such as ``"given"`` or ``"grouped"``.
    n, positives : int
        Number of rows, and of rows with label 1.
    households : int or None
        Number of households, the units of the bootstrap; None if rows are its units.
    bootstrap : int
        Number of bootstrap samples.
    uses_household_labels : bool
        Whether labels of other members of the household were an input of the model.
    metrics : mapping of str to Estimate
        The metrics of `METRICS`.
    calibrated : mapping of str to float
        ``brier`` and ``ece`` after calibration, with temperature and intercept fitted on the
        other half of the households; NaN if a half has one label only.
    subgroups : mapping of str to (int, mapping of str to Estimate)
        Number of rows and metrics by gender and band of age, if the table has these columns.
    """

    protocol: str
    n: int
    positives: int
    households: int | None
    bootstrap: int
    uses_household_labels: bool
    metrics: Mapping[str, Estimate]
    calibrated: Mapping[str, float]
    subgroups: Mapping[str, tuple[int, Mapping[str, Estimate]]]

    def to_dict(self) -> dict[str, Any]:
        """Return all values for JSON; undefined numbers are None."""
        return {
            "protocol": self.protocol,
            "n": self.n,
            "positives": self.positives,
            "households": self.households,
            "uses_household_labels": self.uses_household_labels,
            **_values(self.metrics),
            "intervals": _intervals(self.metrics),
            "bootstrap": self.bootstrap,
            "calibrated": {name: _known(one) for name, one in self.calibrated.items()},
            "subgroups": {
                name: {"n": n, **_values(some), "intervals": _intervals(some)}
                for name, (n, some) in self.subgroups.items()
            },
        }

    def __str__(self) -> str:
        """Return the metrics as text."""
        units = "rows" if self.households is None else f"{self.households:,} households"
        lines = [
            f"protocol   {self.protocol}",
            f"rows       {self.n:,}, {self.positives:,} of them returned; intervals over {units}",
            *(f"{_NAMES.get(name, name):10} {one}" for name, one in self.metrics.items()),
            *(f"{_NAMES.get(k, k):10} {_short(v)} calibrated" for k, v in self.calibrated.items()),
            *(
                f"{name:10} n {n:,}, F1 {_short(some['f1'].value)}, AUC {some['auc']}"
                for name, (n, some) in self.subgroups.items()
            ),
        ]
        if self.uses_household_labels:
            lines.append("Labels of other members of the household are an input of the model.")
        return "\n".join(lines)


def evaluate(
    model: MigrationModel,
    table: SurveyTable,
    *,
    protocol: str = "given",
    seed: int = 0,
    bootstrap: int = 1000,
    shift: Shift | None = None,
) -> Evaluation:
    """Evaluate a trained model on test rows.

    Parameters
    ----------
    model : MigrationModel
        The trained model.
    table : SurveyTable
        Test rows with labels of both kinds.
    protocol : str, default "given"
        How test rows were separated from training rows; text for the report.
    seed : int, default 0
        Seed of the bootstrap.
    bootstrap : int, default 1000
        Number of bootstrap samples, of households if known; 0 for no intervals.
    shift : Shift, optional
        Base rates between which probabilities are shifted first (see `prior_shift`).

    Raises
    ------
    DataError
        If labels are missing or all the same, or the model cannot read the table.
    ConfigError
        If `bootstrap` is negative.
    """
    check_labels("evaluation", table)
    p = np.asarray(model.predict_proba(table), dtype=np.float64)[:, 1]
    if shift is not None:
        p = prior_shift(p, *shift)
    return evaluate_probabilities(
        p,
        table,
        protocol=protocol,
        seed=seed,
        bootstrap=bootstrap,
        with_household_labels=uses_household_labels(model),
    )


def evaluate_probabilities(
    p: Float,
    table: SurveyTable,
    *,
    protocol: str = "given",
    seed: int = 0,
    bootstrap: int = 1000,
    with_household_labels: bool = False,
) -> Evaluation:
    """Evaluate probabilities of returning.

    Parameters
    ----------
    p : ndarray of float64, shape (n,)
        Probabilities of label 1.
    table : SurveyTable
        Test rows with labels of both kinds.
    protocol, seed, bootstrap
        See `evaluate`.
    with_household_labels : bool, default False
        Whether labels of other members of the household were used for `p`.

    Raises
    ------
    DataError
        If labels are missing or all the same, or `p` has other values.
    ConfigError
        If `bootstrap` is negative.
    """
    check_labels("evaluation", table)
    _check(p, table, bootstrap)
    draws = _Bootstrap(seed, bootstrap)
    all_rows = np.arange(len(table))
    return Evaluation(
        protocol=protocol,
        n=len(table),
        positives=int(np.count_nonzero(table.target)),
        households=None if table.group is None else len(np.unique(table.group)),
        bootstrap=bootstrap,
        uses_household_labels=with_household_labels,
        metrics=draws.estimates(p, table, all_rows),
        calibrated=_calibrated(p, table, seed),
        subgroups={
            name: (len(rows), draws.estimates(p, table, rows))
            for name, rows in subgroups_of(table).items()
        },
    )


def subgroups_of(table: SurveyTable) -> dict[str, Int]:
    """Return the rows of each gender and band of age, by name (RMS-Agent, figure 6).

    The columns ``gender`` and ``age`` are used if the schema has them. Rows without a value
    are in no group, and groups without rows are left out.
    """
    groups: dict[str, NDArray[np.bool_]] = {}
    specs = {spec.name: spec for spec in table.schema.features}
    if "gender" in specs:
        gender = table.frame["gender"].to_numpy(dtype=np.float64)
        groups |= {words: gender == code for code, words in specs["gender"].words_in("en").items()}
    if "age" in specs:
        age = table.frame["age"].to_numpy(dtype=np.float64)
        # Up to the next whole year, so that there is no gap between bands.
        groups |= {f"{lo}-{hi}": (age >= lo) & (age < hi + 1) for lo, hi in AGE_BANDS}
    return {name: np.flatnonzero(rows) for name, rows in groups.items() if rows.any()}


def without_households(train: SurveyTable, held_out: SurveyTable) -> SurveyTable:
    """Return the rows of `train` whose household has no row in `held_out`.

    Raises
    ------
    DataError
        If a table has no households, or no row is left.
    """
    if train.group is None or held_out.group is None:
        message = "the grouped protocol needs households; give a schema with a household column"
        raise DataError(message)
    rows = np.flatnonzero(~np.isin(train.group, held_out.group))
    if not len(rows):
        message = "every training row has a household member in the test rows; split by household"
        raise DataError(message)
    return train.take(rows)


def uses_household_labels(model: object) -> bool:
    """Return whether labels of other members of the household are an input of a model."""
    uses = getattr(model, "uses_household_labels", None)
    if uses is None:
        config = getattr(model, "config", getattr(getattr(model, "agent", None), "config", None))
        uses = getattr(config, "household_mean", False)
    return bool(uses)


class _Bootstrap(NamedTuple):
    """Bootstrap with a seed: rows or whole households drawn with replacement."""

    seed: int
    times: int

    def estimates(self, p: Float, table: SurveyTable, rows: Int) -> dict[str, Estimate]:
        """Return the metrics of some rows, with intervals."""
        target, some = table.target[rows], p[rows]
        point = metrics(target, some)
        group = None if table.group is None else table.group[rows]
        drawn = [metrics(target[at], some[at]) for at in self.rows(len(rows), group)]
        return {
            name: Estimate(point[name], *_ends([one[name] for one in drawn])) for name in METRICS
        }

    def rows(self, count: int, group: NDArray[Any] | None) -> Iterator[Int]:
        """Yield `times` samples of rows."""
        draws = rng(self.seed, 0, "bootstrap", 0)
        if group is None:
            yield from (draws.integers(count, size=count) for _ in range(self.times))
            return
        _, home, size = np.unique(group, return_inverse=True, return_counts=True)
        sorted_rows = np.argsort(home, kind="stable")
        start = np.cumsum(size) - size
        for _ in range(self.times):
            picked = draws.integers(len(size), size=len(size))
            yield sorted_rows[_spans(start[picked], size[picked])]


def _spans(start: Int, size: Int) -> Int:
    """Return the numbers start, start + 1, ... of each span, one span after another."""
    before = np.cumsum(size) - size
    numbers: Int = np.repeat(start - before, size) + np.arange(size.sum())
    return numbers


def _ends(drawn: list[float]) -> tuple[float, float]:
    known = [one for one in drawn if not isnan(one)]
    if not known:
        return float("nan"), float("nan")
    low, high = np.percentile(known, _LEVELS)
    return float(low), float(high)


def _calibrated(p: Float, table: SurveyTable, seed: int) -> dict[str, float]:
    """Return Brier score and ECE, with each half calibrated on the other half."""
    home = np.arange(len(p)) if table.group is None else table.group
    _, of = np.unique(home, return_inverse=True)
    half = (rng(seed, 0, "calibration halves", 0).permutation(int(of.max()) + 1) % 2)[of]
    calibrated = np.empty(len(p))
    for held_out in (0, 1):
        fitted = half != held_out
        if len(np.unique(table.target[fitted])) < len((0, 1)):
            return {"brier": float("nan"), "ece": float("nan")}
        calibration = ProbabilityCalibration.fit(p[fitted], table.target[fitted])
        calibrated[~fitted] = calibration.apply(p[~fitted])
    return {"brier": brier(table.target, calibrated), "ece": ece(table.target, calibrated)}


def _check(p: Float, table: SurveyTable, bootstrap: int) -> None:
    if bootstrap < 0:
        message = f"bootstrap must not be negative, got {bootstrap}; use 0 for no intervals"
        raise ConfigError(message)
    if p.shape != (len(table),) or not np.all((p >= 0.0) & (p <= 1.0)):
        message = (
            f"got shape {p.shape} for {len(table)} rows, or values outside [0, 1]; "
            "one number in [0, 1] is needed for each row"
        )
        raise DataError(message)


def _values(some: Mapping[str, Estimate]) -> dict[str, float | None]:
    return {name: _known(one.value) for name, one in some.items()}


def _intervals(some: Mapping[str, Estimate]) -> dict[str, list[float] | None]:
    return {name: None if isnan(one.low) else [one.low, one.high] for name, one in some.items()}


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _short(value: float) -> str:
    """Return a number such as ``.914``."""
    return "undefined" if isnan(value) else f"{value:.3f}".removeprefix("0")
