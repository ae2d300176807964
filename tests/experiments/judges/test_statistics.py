"""Intervals, strengths and agreement, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.judges import bradley_terry, wilson_interval
from mesa_llm_city.experiments.judges.agreement import cohen_kappa
from mesa_llm_city.experiments.judges.strengths import outcome_probabilities


class TestWilson:
    def test_a_half_of_ten_is_as_worked_by_hand(self) -> None:
        # z = 1.96: (0.5 + 0.19207 -/+ 1.96 sqrt(0.025 + 0.009604)) / 1.38415
        share = wilson_interval(5, 10)
        assert share == pytest.approx((0.5, 0.2366, 0.7634), abs=1e-4)

    def test_fifteen_trials_leave_25_points_on_either_side(self) -> None:
        share = wilson_interval(7.5, 15)
        assert share.high - share.value == pytest.approx(0.23, abs=0.01)

    def test_no_success_has_an_interval_from_zero(self) -> None:
        assert wilson_interval(0, 10).low == 0.0
        assert 0.2 < wilson_interval(0, 10).high < 0.35

    def test_nothing_is_known_without_trials(self) -> None:
        share = wilson_interval(0, 0)
        assert math.isnan(share.value)
        assert share[1:] == (0.0, 1.0)

    @settings(max_examples=25)
    @given(st.integers(1, 200), st.floats(0.0, 1.0), st.floats(0.5, 0.99))
    def test_the_share_lies_within_and_wins_and_losses_are_symmetric(
        self, trials: int, part: float, level: float
    ) -> None:
        wins = round(part * trials)
        share = wilson_interval(wins, trials, level=level)
        other = wilson_interval(trials - wins, trials, level=level)
        assert 0.0 <= share.low <= share.value + 1e-12
        assert share.value - 1e-12 <= share.high <= 1.0
        assert share.low == pytest.approx(1.0 - other.high, abs=1e-9)

    @pytest.mark.parametrize(("wins", "trials", "level"), [(3, 2, 0.95), (-1, 2, 0.95), (1, 2, 1)])
    def test_impossible_numbers_are_refused(self, wins: int, trials: int, level: float) -> None:
        with pytest.raises(ConfigError):
            wilson_interval(wins, trials, level=level)


class TestBradleyTerry:
    def test_two_runs_differ_by_the_logarithm_of_their_odds(self) -> None:
        fitted = bradley_terry(np.array([[0, 300], [100, 0]]))
        assert fitted.value[0] - fitted.value[1] == pytest.approx(math.log(3.0), abs=0.01)
        assert fitted.value.sum() == pytest.approx(0.0, abs=1e-9)
        assert fitted.tie == 0.0

    def test_the_interval_of_two_runs_is_that_of_a_logit(self) -> None:
        # Each is half the log odds, whose variance is 1/300 + 1/100.
        fitted = bradley_terry(np.array([[0, 300], [100, 0]]))
        half = 1.96 * 0.5 * math.sqrt(1.0 / 300.0 + 1.0 / 100.0)
        assert fitted.high[0] - fitted.value[0] == pytest.approx(half, rel=0.02)

    def test_true_strengths_and_ties_are_found_again(self) -> None:
        truth, tie = np.array([0.8, 0.1, -0.9]), 0.7
        one, other = np.triu_indices(3, 1)
        counts = np.rint(20_000 * outcome_probabilities(truth[one], truth[other], tie))
        wins, ties = np.zeros((3, 3), dtype=np.int64), np.zeros((3, 3), dtype=np.int64)
        wins[one, other], wins[other, one] = counts[0], counts[1]
        ties[one, other] = ties[other, one] = counts[2]
        fitted = bradley_terry(wins, ties)
        assert fitted.value == pytest.approx(truth, abs=0.01)
        assert fitted.tie == pytest.approx(tie, abs=0.01)

    def test_a_run_that_always_wins_has_a_finite_strength(self) -> None:
        fitted = bradley_terry(np.array([[0, 15], [0, 0]]))
        assert 1.0 < fitted.value[0] < 5.0
        assert fitted.low[0] > 0.0

    def test_only_ties_say_that_both_are_equal(self) -> None:
        fitted = bradley_terry(np.zeros((2, 2), dtype=np.int64), np.array([[0, 9], [9, 0]]))
        assert fitted.value == pytest.approx([0.0, 0.0], abs=1e-6)

    def test_probabilities_sum_to_one_and_ties_are_rarer_among_unequal_runs(self) -> None:
        shares = outcome_probabilities(np.array([0.0, 3.0]), np.array([0.0, -3.0]), 1.0)
        assert shares.sum(axis=0) == pytest.approx([1.0, 1.0])
        assert shares[2, 1] < shares[2, 0]

    @pytest.mark.parametrize(
        "wins", [np.zeros((2, 2)), np.zeros((2, 3)), np.array([[0, -1], [1, 0]])]
    )
    def test_tables_that_say_nothing_are_refused(self, wins: np.ndarray) -> None:
        with pytest.raises(ConfigError):
            bradley_terry(wins)


class TestKappa:
    def test_agreement_beyond_chance_is_as_worked_by_hand(self) -> None:
        # 20 and 15 of 50 agree; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5 (Cohen's kappa 0.4).
        one = ["yes"] * 25 + ["no"] * 25
        other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
        found = cohen_kappa(one, other)
        assert (found.cases, found.observed) == (50, 0.7)
        assert found.kappa == pytest.approx(0.4)

    def test_one_answer_alone_says_nothing(self) -> None:
        assert math.isnan(cohen_kappa("AA", "AA").kappa)
        assert math.isnan(cohen_kappa("", "").observed)

    def test_other_cases_are_refused(self) -> None:
        with pytest.raises(ConfigError, match="same cases"):
            cohen_kappa("A", "AB")
