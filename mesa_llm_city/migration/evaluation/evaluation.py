"""Evaluation of a model on test rows: metrics, bootstrap intervals, calibration, subgroups."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration, prior_shift
from mesa_llm_city.migration.evaluation.metrics import (
    METRICS,
    THRESHOLD,
    brier,
    cost,
    cost_threshold,
    ece,
    f1_curve,
    metrics,
    reliability,
)
from mesa_llm_city.migration.evaluation.protocol import CheckedProtocol
from mesa_llm_city.migration.evaluation.result import Estimate, Evaluation
from mesa_llm_city.migration.evaluation.user_groups import Groups
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.training_rows import TrainingRows, training_rows_of
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


class Shift(NamedTuple):
    """Base rates of the training and the test population, in (0, 1)."""

    base_from: float
    base_to: float


def evaluate(
    model: MigrationModel,
    table: SurveyTable,
    *,
    protocol: str | None = None,
    training_rows: TrainingRows | None = None,
    seed: int = 0,
    bootstrap: int = 1000,
    shift: Shift | None = None,
    cost_ratio: float | None = None,
    groups: Groups | None = None,
) -> Evaluation:
    """Evaluate a trained model on test rows.

    Parameters
    ----------
    model : MigrationModel
        The trained model.
    table : SurveyTable
        Test rows with labels. Metrics that need both labels are undefined if there is one
        label only; the result says so.
    protocol : {"given", "grouped"}, optional
        How the rows are said to be separated from those of training. It is checked against
        the fingerprints that the model carries, and never believed (see `CheckedProtocol`).
    training_rows : TrainingRows, optional
        Fingerprints of the training rows, for a model that carries none.
    seed : int, default 0
        Seed of the bootstrap.
    bootstrap : int, default 1000
        Number of bootstrap samples, of households if known; 0 for no intervals.
    shift : Shift, optional
        Base rates between which probabilities are shifted first (see `prior_shift`).
    cost_ratio : float, optional
        Cost of missing a row of label 1, divided by the cost of a false alarm; it sets the
        threshold (see `cost_threshold`), which is otherwise one half.
    groups : callable, optional
        Groups with figures of their own, such as `UserGroups`; by default gender and bands of
        age (see `subgroups_of`).

    Raises
    ------
    DataError
        If there are no rows, labels are unknown, or the model cannot read the table.
    ConfigError
        If an option is not accepted.

    Warns
    -----
    SeenRowsWarning
        If rows were seen in training.
    """
    _check_known(table)
    known = training_rows_of(model) or training_rows
    checked = CheckedProtocol.check(protocol, None if known is None else known.separation(table))
    checked.warn()
    p = np.asarray(model.predict_proba(table), dtype=np.float64)[:, 1]
    if shift is not None:
        p = prior_shift(p, *shift)
    draws = _Bootstrap(seed, bootstrap)
    return _evaluated(p, table, checked, draws, cost_ratio, uses_household_labels(model), groups)


def evaluate_probabilities(
    p: Float,
    table: SurveyTable,
    *,
    protocol: str | None = None,
    training_rows: TrainingRows | None = None,
    seed: int = 0,
    bootstrap: int = 1000,
    cost_ratio: float | None = None,
    with_household_labels: bool = False,
) -> Evaluation:
    """Evaluate probabilities of label 1.

    Parameters
    ----------
    p : ndarray of float64, shape (n,)
        Probabilities of label 1.
    table : SurveyTable
        Test rows with labels; their weights count if the table has weights.
    protocol, training_rows, seed, bootstrap, cost_ratio
        See `evaluate`.
    with_household_labels : bool, default False
        Whether labels of other members of the household were used for `p`.

    Raises
    ------
    DataError
        If there are no rows, labels are unknown, or `p` has other values.
    ConfigError
        If an option is not accepted.

    Warns
    -----
    SeenRowsWarning
        If rows were seen in training.
    """
    _check_known(table)
    found = None if training_rows is None else training_rows.separation(table)
    checked = CheckedProtocol.check(protocol, found)
    checked.warn()
    draws = _Bootstrap(seed, bootstrap)
    return _evaluated(p, table, checked, draws, cost_ratio, with_household_labels)


def _evaluated(  # noqa: PLR0917 - all that an evaluation depends on
    p: Float,
    table: SurveyTable,
    checked: CheckedProtocol,
    draws: _Bootstrap,
    cost_ratio: float | None,
    with_household_labels: bool,  # noqa: FBT001 - as above
    groups_of: Groups | None = None,
) -> Evaluation:
    _check(p, table, draws.times)
    at = THRESHOLD if cost_ratio is None else cost_threshold(cost_ratio)
    groups = (groups_of or subgroups_of)(table)
    weight, target = table.weight, table.target
    return Evaluation(
        checked=checked,
        n=len(table),
        positives=int(np.count_nonzero(target)),
        base_rate=float(np.average(target, weights=weight)),
        weighted=weight is not None,
        households=None if table.group is None else len(np.unique(table.group)),
        bootstrap=draws.times,
        uses_household_labels=with_household_labels,
        threshold=at,
        cost_ratio=cost_ratio,
        cost=float("nan") if cost_ratio is None else cost(target, p, weight, cost_ratio=cost_ratio),
        metrics=draws.estimates(p, table, np.arange(len(table)), at),
        calibrated=_calibrated(p, table, draws.seed),
        calibration=reliability(target, p, weight),
        f1_curve=f1_curve(target, p, weight),
        subgroups={
            name: (len(rows), draws.estimates(p, table, rows, at)) for name, rows in groups.items()
        },
        one_class={
            name: label
            for name, rows in {"": np.arange(len(table)), **groups}.items()
            if (label := _only_label(target, rows, weight)) is not None
        },
        unit=table.schema.group_word,
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

    def estimates(
        self, p: Float, table: SurveyTable, rows: Int, threshold: float = THRESHOLD
    ) -> dict[str, Estimate]:
        """Return the metrics of some rows, with intervals."""
        target, some, weight = table.target[rows], p[rows], table.weight
        own = None if weight is None else weight[rows]
        point = metrics(target, some, own, threshold=threshold)
        group = None if table.group is None else table.group[rows]
        drawn = [
            metrics(target[at], some[at], None if own is None else own[at], threshold=threshold)
            for at in self.rows(len(rows), group)
        ]
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
    calibrated, target, weight = np.empty(len(p)), table.target, table.weight
    for held_out in (0, 1):
        fitted = half != held_out
        counted = fitted if weight is None else fitted & (weight > 0.0)
        if len(np.unique(target[counted])) < len((0, 1)):
            return {"brier": float("nan"), "ece": float("nan")}
        own = None if weight is None else weight[fitted]
        calibration = ProbabilityCalibration.fit(p[fitted], target[fitted], own)
        calibrated[~fitted] = calibration.apply(p[~fitted])
    return {"brier": brier(target, calibrated, weight), "ece": ece(target, calibrated, weight)}


def _only_label(target: NDArray[np.int8], rows: Int, weight: Float | None) -> int | None:
    """Return the label of rows that all have the same one, apart from rows of weight 0."""
    counted = rows if weight is None else rows[weight[rows] > 0.0]
    labels = np.unique(target[counted]).tolist()
    return labels[0] if len(labels) == 1 else None


def _check_known(table: SurveyTable) -> None:
    if table.weight is not None and len(table) and not table.weight.sum() > 0.0:
        message = f"all {len(table)} rows to evaluate have the weight 0; at least one must count"
        raise DataError(message)
    unknown = int(np.count_nonzero(table.target < 0))
    if not len(table):
        message = "there are no rows to evaluate; give at least one row with a label"
        raise DataError(message)
    if not unknown:
        return
    message = (
        f"{unknown} of the {len(table)} rows to evaluate have no label; "
        "give at least one row, each with a label"
    )
    raise DataError(message)


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
