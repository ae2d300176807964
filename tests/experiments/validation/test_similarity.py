"""How alike distributions and maps are, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.experiments.validation.similarity import (
    common_part,
    gini,
    kl_divergence,
    pearson,
    spearman,
    ssim,
)


def test_correlations_by_hand() -> None:
    one, other = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0])
    assert pearson(one, other) == pytest.approx(0.8)
    assert spearman(one, np.exp(other)) == pytest.approx(0.8)


def test_a_constant_has_no_correlation() -> None:
    assert np.isnan(pearson(np.array([1.0, 2.0]), np.array([0.1, 0.1])))
    assert np.isnan(spearman(np.full(9, 0.1), np.arange(9.0)))


def test_ties_share_their_mean_rank() -> None:
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
    found = spearman(np.array([0.0, 5.0, 5.0, 9.0]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert found == pytest.approx(4.5 / np.sqrt(4.5 * 5.0))


def test_gini_of_one_place_that_has_all_is_one_minus_one_in_n() -> None:
    assert gini(np.array([0.0, 0.0, 0.0, 7.0])) == pytest.approx(0.75)
    assert gini(np.array([1.0, 2.0, 3.0])) == pytest.approx(2.0 / 9.0)


def test_divergence_by_hand() -> None:
    # Shares of (1.5, 0.5) / 2 and of (0.5, 1.5) / 2 after half a count was added to each.
    found = kl_divergence(np.array([1.0, 0.0]), np.array([0.0, 3.0]))
    assert found == pytest.approx(0.75 * np.log2(3.0) - 0.25 * np.log2(3.0))


def test_the_common_part_knows_no_scale() -> None:
    assert common_part(np.array([1.0, 3.0]), np.array([2.0, 2.0])) == pytest.approx(0.75)


class TestSsim:
    def test_a_map_is_like_itself(self) -> None:
        chart = np.random.default_rng(1).random((12, 9))
        assert ssim(chart, chart) == pytest.approx(1.0)

    def test_one_window_by_the_formula(self) -> None:
        one, other = np.random.default_rng(2).random((2, 7, 7))
        span = max(one.max(), other.max()) - min(one.min(), other.min())
        c1, c2 = (0.01 * span) ** 2, (0.03 * span) ** 2
        (v1, cov), (_, v2) = np.cov(one.ravel(), other.ravel())
        m1, m2 = one.mean(), other.mean()
        by_hand = (2 * m1 * m2 + c1) * (2 * cov + c2)
        by_hand /= (m1**2 + m2**2 + c1) * (v1 + v2 + c2)
        assert ssim(one, other) == pytest.approx(by_hand)

    def test_a_map_that_is_smaller_than_a_window_has_none(self) -> None:
        assert np.isnan(ssim(np.eye(6), np.eye(6)))
