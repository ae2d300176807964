"""Metrics: against scikit-learn, and where they are not defined."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.evaluation.metrics import (
    METRICS,
    auc,
    average_precision,
    brier,
    cost,
    cost_threshold,
    ece,
    f1,
    f1_curve,
    log_loss,
    metrics,
    precision,
    reliability,
)

LABELS = np.array([0, 0, 1, 1, 1], dtype=np.int8)
P = np.array([0.2, 0.6, 0.4, 0.6, 0.9])
WEIGHTS = np.array([4.0, 1.0, 2.0, 1.0, 2.0])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_metrics_are_those_of_scikit_learn(seed: int, *, weighted: bool) -> None:
    known = pytest.importorskip("sklearn.metrics")
    draws = np.random.default_rng(seed)
    target = (draws.random(300) < 0.4).astype(np.int8)
    p = draws.random(300).round(2)
    weight = draws.lognormal(size=300) * (draws.random(300) < 0.9) if weighted else None
    options, at = {"sample_weight": weight}, 0.3
    found, predicted = metrics(target, p, weight, threshold=at), p >= at
    for name, formula, scores in (
        ("accuracy", known.accuracy_score, predicted),
        ("precision", known.precision_score, predicted),
        ("recall", known.recall_score, predicted),
        ("f1", known.f1_score, predicted),
        ("auc", known.roc_auc_score, p),
        ("average_precision", known.average_precision_score, p),
        ("brier", known.brier_score_loss, p),
        ("log_loss", known.log_loss, np.clip(p, 1e-12, 1.0 - 1e-12)),
    ):
        assert found[name] == pytest.approx(formula(target, scores, **options)), name


def test_weighted_metrics_are_those_worked_out_by_hand() -> None:
    """Predicted as 1: a false alarm of weight 1, hits of weights 1 and 2; missed is 2."""
    found = metrics(LABELS, P, WEIGHTS)
    assert found["accuracy"] == pytest.approx((4 + 1 + 2) / 10)
    assert found["precision"] == pytest.approx(3 / 4)
    assert found["recall"] == pytest.approx(3 / 5)
    assert found["f1"] == pytest.approx(2 * 3 / (2 * 3 + 1 + 2))
    # Pairs: 0.4 is above 0.2 only; 0.6 above 0.2 and ties with 0.6; 0.9 is above both.
    assert found["auc"] == pytest.approx((2 * 4 + 1 * (4 + 0.5) + 2 * 5) / (5 * 5))
    # Recall and precision from 0.9 down: 2/5 at 1; 3/5 at 3/4; 5/5 at 5/6.
    assert found["average_precision"] == pytest.approx(2 / 5 + 1 / 5 * 3 / 4 + 2 / 5 * 5 / 6)
    squares = 4 * 0.2**2 + 0.6**2 + 2 * 0.6**2 + 0.4**2 + 2 * 0.1**2
    assert found["brier"] == pytest.approx(squares / 10)
    logs = 5 * np.log([0.8, 0.4, 0.4, 0.6, 0.9]) * WEIGHTS / WEIGHTS.sum()
    assert found["log_loss"] == pytest.approx(-logs.mean())
    # Bins 0.2 (weight 4), 0.4 (2), 0.6 (2; half of it label 1) and 0.9 (2).
    assert found["ece"] == pytest.approx((4 * 0.2 + 2 * 0.6 + 2 * 0.1 + 2 * 0.1) / 10)


def test_the_calibration_table_has_weighted_shares() -> None:
    table = reliability(LABELS, P, WEIGHTS)
    assert table.n[[2, 4, 6, 9]].tolist() == [1, 1, 2, 1]
    assert table.observed[[2, 4, 6, 9]].tolist() == [0.0, 1.0, 0.5, 1.0]
    assert table.weight[[2, 4, 6, 9]] == pytest.approx([0.4, 0.2, 0.2, 0.2])


ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 10), st.integers(1, 4)), min_size=1, max_size=30
)


@given(ROWS)
def test_a_row_of_weight_three_counts_as_three_rows(rows: list[tuple[int, int, int]]) -> None:
    target, tenths, times = np.array(rows).T
    p = tenths / 10
    weighted = metrics(target.astype(np.int8), p, times.astype(float), threshold=0.35)
    copies = np.repeat(np.arange(len(rows)), times)
    repeated = metrics(target[copies].astype(np.int8), p[copies], threshold=0.35)
    assert weighted == pytest.approx(repeated, nan_ok=True)


@given(ROWS, st.floats(1e-3, 1e3))
def test_multiplying_all_weights_changes_nothing(
    rows: list[tuple[int, int, int]], factor: float
) -> None:
    target, tenths, weight = np.array(rows, dtype=np.float64).T
    labels = target.astype(np.int8)
    plain, multiplied = (metrics(labels, tenths / 10, one) for one in (weight, factor * weight))
    assert plain == pytest.approx(multiplied, nan_ok=True)


def test_a_score_without_information_has_the_base_rate_as_average_precision() -> None:
    assert average_precision(LABELS, np.zeros(5)) == pytest.approx(0.6)


def test_the_f1_curve_is_that_of_each_threshold() -> None:
    curve = f1_curve(LABELS, P, WEIGHTS)
    assert len(curve.threshold) == 19
    for at, value in zip(curve.threshold.tolist(), curve.f1.tolist(), strict=True):
        assert value == pytest.approx(f1(LABELS, P, WEIGHTS, threshold=at))
    assert curve.best == pytest.approx(0.25)
    assert isnan(f1_curve(np.zeros(2, dtype=np.int8), np.zeros(2)).best)


def test_the_threshold_of_a_cost_ratio_has_the_least_cost_if_probabilities_are_right() -> None:
    draws = np.random.default_rng(1)
    p = draws.random(50_000)
    target = (draws.random(50_000) < p).astype(np.int8)
    costs = [cost(target, p, cost_ratio=4.0, threshold=at) for at in np.arange(1, 20) / 20]
    assert int(np.argmin(costs)) == 3
    assert cost(target, p, cost_ratio=4.0) == min(costs)


@pytest.mark.parametrize("ratio", [0.0, -1.0, float("inf"), float("nan")])
def test_a_cost_ratio_outside_its_range_is_an_error(ratio: float) -> None:
    with pytest.raises(ConfigError, match="cost_ratio must be positive and finite"):
        cost_threshold(ratio)


def test_an_undefined_metric_is_nan() -> None:
    nobody = np.zeros(3, dtype=np.int8)
    assert isnan(precision(nobody, np.full(3, 0.1)))
    found = metrics(nobody, np.full(3, 0.1))
    assert [name for name, value in found.items() if isnan(value)] == [
        "precision",
        "recall",
        "f1",
        "auc",
        "average_precision",
    ]


def test_metrics_of_no_rows_are_undefined() -> None:
    none = np.array([], dtype=np.int8)
    assert all(isnan(formula(none, none.astype(float), None)) for formula in METRICS.values())


def test_ece_is_the_mean_difference_of_predicted_and_observed_shares() -> None:
    target = np.array([0, 0, 0, 1, 1, 1], dtype=np.int8)
    p = np.array([0.1, 0.1, 0.1, 0.9, 0.9, 0.6])
    assert ece(target, p) == pytest.approx((3 * 0.1 + 2 * 0.1 + 0.4) / 6)


def test_a_probability_of_1_is_in_the_last_bin() -> None:
    table = reliability(np.array([0, 1], dtype=np.int8), np.array([0.0, 1.0]))
    assert table.n[[0, -1]].tolist() == [1, 1]
    assert isnan(table.observed[4])
    assert ece(np.array([0, 1], dtype=np.int8), np.array([0.0, 1.0])) == 0.0


def test_the_brier_score_of_one_half_is_a_quarter() -> None:
    assert brier(np.array([0, 1, 1], dtype=np.int8), np.full(3, 0.5)) == 0.25


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3)), min_size=2, max_size=40))
def test_the_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, int]]) -> None:
    target, score = np.array(rows, dtype=np.float64).T
    above = np.sign(score[target == 1][:, None] - score[target == 0][None, :])
    found = auc(target.astype(np.int8), score)
    if above.size:
        assert found == pytest.approx(0.5 + 0.5 * float(above.mean()))
    else:
        assert np.isnan(found)


def test_the_log_loss_of_a_large_error_is_finite() -> None:
    assert log_loss(np.array([1], dtype=np.int8), np.array([-800.0])) == pytest.approx(800.0)
