"""Metrics: against scikit-learn, and where they are not defined."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.migration.evaluation.metrics import (
    METRICS,
    auc,
    brier,
    ece,
    log_loss,
    metrics,
    precision,
    reliability,
)


@pytest.mark.parametrize("seed", range(5))
def test_metrics_are_those_of_scikit_learn(seed: int) -> None:
    known = pytest.importorskip("sklearn.metrics")
    draws = np.random.default_rng(seed)
    target = (draws.random(300) < 0.4).astype(np.int8)
    p = draws.random(300).round(2)
    found, predicted = metrics(target, p), p >= 0.5
    assert found["accuracy"] == pytest.approx(known.accuracy_score(target, predicted))
    assert found["precision"] == pytest.approx(known.precision_score(target, predicted))
    assert found["recall"] == pytest.approx(known.recall_score(target, predicted))
    assert found["f1"] == pytest.approx(known.f1_score(target, predicted))
    assert found["auc"] == pytest.approx(known.roc_auc_score(target, p))
    assert found["brier"] == pytest.approx(known.brier_score_loss(target, p))


def test_an_undefined_metric_is_nan() -> None:
    nobody = np.zeros(3, dtype=np.int8)
    assert isnan(precision(nobody, np.full(3, 0.1)))
    found = metrics(nobody, np.full(3, 0.1))
    assert [name for name, value in found.items() if isnan(value)] == [
        "precision",
        "recall",
        "f1",
        "auc",
    ]


def test_metrics_of_no_rows_are_undefined() -> None:
    none = np.array([], dtype=np.int8)
    assert all(isnan(formula(none, none.astype(float))) for formula in METRICS.values())


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
