"""Entropy of exposure, and echo chambers."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.diffusion import (
    echo_correlation,
    echo_index,
    exposure_counts,
    exposure_entropy,
)


class TestEntropy:
    def test_it_is_the_mean_over_people_in_nats(self) -> None:
        expected = (log(2) + -(0.75 * log(0.75) + 0.25 * log(0.25))) / 2
        assert exposure_entropy([[1, 1, 0], [3, 1, 0]]) == pytest.approx(expected)

    def test_even_exposure_is_one_and_one_category_is_zero(self) -> None:
        assert exposure_entropy([[5, 5, 5]], normalised=True) == pytest.approx(1.0)
        assert exposure_entropy([[5, 0, 0]]) == 0.0

    def test_people_who_saw_nothing_do_not_count(self) -> None:
        assert exposure_entropy([[1, 1], [0, 0]]) == pytest.approx(log(2))
        assert np.isnan(exposure_entropy([[0, 0]]))

    def test_exposures_are_counted_by_person_and_category(self) -> None:
        counts = exposure_counts([0, 0, 2], [1, 1, 0], people=3, kinds=2)
        assert counts.tolist() == [[0, 2], [0, 0], [1, 0]]

    def test_a_category_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(DataError, match="got 2"):
            exposure_counts([0], [2], people=1, kinds=2)


class TestEcho:
    def test_only_the_own_side_is_the_share_that_was_missing(self) -> None:
        # 3 of 4 offered posts are positive: +.25 for the first person, +.75 for the other.
        offered = [0.5, 0.5, 0.5, -0.5]
        assert echo_index([0, 1], [0.5, -0.5], [0.9, -0.9], offered) == pytest.approx(0.5)

    def test_only_the_other_side_is_negative(self) -> None:
        assert echo_index([0, 1], [-0.5, 0.5], [0.9, -0.9], [0.5, -0.5]) == -0.5

    def test_each_person_has_equal_weight(self) -> None:
        viewers, shown = [0, 1, 1, 1], [0.5, 0.5, 0.5, 0.5]
        assert echo_index(viewers, shown, [0.9, -0.9], [0.5, -0.5]) == 0.0

    def test_turning_all_stances_over_changes_nothing(self) -> None:
        draw = np.random.default_rng(7)
        stances, offered = draw.uniform(-1, 1, 50), draw.uniform(-1, 1, 80)
        viewers, posts = draw.integers(0, 50, 400), draw.integers(0, 80, 400)
        there = echo_index(viewers, offered[posts], stances, offered)
        back = echo_index(viewers, -offered[posts], -stances, -offered)
        assert there == pytest.approx(back)

    def test_a_random_feed_has_no_echo(self) -> None:
        draw = np.random.default_rng(7)
        stances, offered = draw.uniform(-1, 1, 400), draw.uniform(-1, 1, 900)
        shown = offered[draw.integers(0, 900, 20_000)]
        viewers = draw.integers(0, 400, 20_000)
        assert abs(echo_index(viewers, shown, stances, offered)) < 0.02
        assert abs(echo_correlation(viewers, shown, stances)) < 0.15

    def test_the_correlation_is_over_the_mean_of_each_feed(self) -> None:
        viewers, shown = [0, 0, 1, 1, 2], [1.0, 0.0, 0.5, -0.5, -0.5]
        assert echo_correlation(viewers, shown, [0.8, 0.0, -0.8, 0.3]) == pytest.approx(1.0)

    def test_a_feed_that_is_the_same_for_all_has_no_correlation(self) -> None:
        assert np.isnan(echo_correlation([0, 1], [0.5, 0.5], [0.9, -0.9]))
