"""Probabilities by permutation: right on average, small where they should be, never zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.migration.survey.permutation import (
    adjusted,
    auc_p_values,
    permuted_labels,
    tail_probability,
)


class TestPermutedLabels:
    def test_labels_are_exchanged_among_households_of_one_size(self) -> None:
        labels = np.array([1, 1, 0, 0, 1, 0], dtype=np.int8)
        homes = np.array(["a", "a", "b", "b", "c", "d"])
        for one in permuted_labels(labels, homes, 50, seed=1):
            assert one[:2].sum() in {0, 2}
            assert one[:4].sum() == 2
            assert one[4:].sum() == 1

    def test_labels_inside_a_household_are_shuffled(self) -> None:
        labels = np.array([1, 0, 0], dtype=np.int8)
        drawn = permuted_labels(labels, np.zeros(3), 300, seed=1)
        assert drawn.mean(axis=0) == pytest.approx(np.full(3, 1 / 3), abs=0.1)

    def test_equal_seeds_give_equal_orders(self) -> None:
        labels = (np.arange(30) % 3 == 0).astype(np.int8)
        first, again, other = (permuted_labels(labels, None, 5, seed=one) for one in (1, 1, 2))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)


class TestAucProbability:
    def test_without_a_relation_it_is_uniform(self) -> None:
        draws = np.random.default_rng(1)
        target = (draws.random(200) < 0.4).astype(np.int8)
        permuted = permuted_labels(target, None, 1000, seed=1)
        p = auc_p_values(target, draws.normal(size=(200, 400)), permuted)
        assert p.mean() == pytest.approx(0.5, abs=0.05)
        assert np.mean(p < 0.1) == pytest.approx(0.1, abs=0.05)
        assert p.min() > 1e-5

    def test_a_perfect_score_has_a_very_small_one(self) -> None:
        target = (np.arange(400) % 2).astype(np.int8)
        permuted = permuted_labels(target, None, 200, seed=1)
        (p,) = auc_p_values(target, target[:, None].astype(float), permuted)
        assert 0.0 < p < 1e-6

    def test_likeness_in_households_is_no_relation(self) -> None:
        """A score by household has a high AUC by chance if labels of members are equal."""
        draws = np.random.default_rng(3)
        homes = np.repeat(np.arange(40), 5)
        blind: list[float] = []
        aware: list[float] = []
        for seed in range(60):
            target = (draws.random(40) < 0.5).astype(np.int8)[homes]
            score = draws.normal(size=(40, 1))[homes]
            for group, found in ((None, blind), (homes, aware)):
                permuted = permuted_labels(target, group, 200, seed=seed)
                found.append(auc_p_values(target, score, permuted)[0])
        assert np.mean(np.array(aware) < 0.05) < 0.12 < np.mean(np.array(blind) < 0.05)

    def test_labels_of_one_class_prove_nothing(self) -> None:
        ones = np.ones(5, dtype=np.int8)
        assert auc_p_values(ones, np.arange(5.0)[:, None], ones[None]).tolist() == [1.0]


class TestTail:
    @given(st.floats(-3.0, 60.0), st.floats(-3.0, 60.0))
    def test_a_larger_value_has_no_larger_probability(self, one: float, other: float) -> None:
        null = np.random.default_rng(1).normal(size=300)
        low, high = sorted((one, other))
        assert 0.0 < tail_probability(high, null) <= tail_probability(low, null) <= 1.0

    def test_it_is_near_that_of_the_distribution_but_not_below(self) -> None:
        draws = np.random.default_rng(2)
        found = [tail_probability(4.0, draws.normal(size=1000)) for _ in range(50)]
        assert 3.2e-5 < np.median(found) < 1e-3

    def test_values_that_are_all_equal_are_counted(self) -> None:
        assert tail_probability(1.0, np.zeros(99)) == 1 / 100


def test_holm_corrects_for_the_number_and_keeps_the_order() -> None:
    """Worked by hand: 4 x .005, then 3 x .01, 2 x .03, and 1 x .04 raised to .06."""
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert adjusted(p).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert adjusted(np.array([0.6, 0.9])).tolist() == [1.0, 1.0]
