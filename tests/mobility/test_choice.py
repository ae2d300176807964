"""Gravity, logit and the draw: probabilities as in the paper and in the textbook."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mesa_llm_city.core.errors import ChoiceError
from mesa_llm_city.mobility import draw, gravity_probabilities, logit_probabilities

SIZES = st.integers(1, 30)
BELIEFS = SIZES.flatmap(lambda n: arrays(np.float64, n, elements=st.floats(0.0, 1.0)))


class TestGravity:
    def test_a_neutral_belief_falls_with_the_distance(self) -> None:
        # With b = .5 the exponent is 1: weights 1 and 1/3.
        assert gravity_probabilities([0.5, 0.5], [1.0, 3.0]).tolist() == [0.75, 0.25]

    def test_a_worked_case(self) -> None:
        # b = .9 and .1 at D = 2: (.901 / 2**1.8) and (.101 / 2**.2).
        weights = np.array([0.901 / 2**1.8, 0.101 / 2**0.2])
        expected = weights / weights.sum()
        np.testing.assert_allclose(gravity_probabilities([0.9, 0.1], [2.0, 2.0]), expected)

    def test_the_unit_of_distance_decides_who_wins(self) -> None:
        """At the same 2 km the better place wins in kilometres and loses in metres."""
        kilometres = gravity_probabilities([0.9, 0.1], [2.0, 2.0])
        metres = gravity_probabilities([0.9, 0.1], [2000.0, 2000.0])
        assert kilometres[0] / kilometres[1] == pytest.approx(2.94, abs=0.01)
        assert metres[1] / metres[0] > 20_000

    @pytest.mark.slow
    @given(BELIEFS, st.integers(0, 2**32))
    def test_probabilities_sum_to_one(self, beliefs: np.ndarray, seed: int) -> None:
        distance = np.random.default_rng(seed).uniform(0.0, 50.0, len(beliefs))
        likely = gravity_probabilities(beliefs, distance)
        assert likely.sum() == pytest.approx(1.0)
        assert (likely >= 0.0).all()

    @pytest.mark.slow
    @given(st.floats(0.0, 1.0), st.floats(0.01, 9.0), st.floats(1.0, 9.0))
    def test_of_two_equal_places_the_nearer_is_likelier(
        self, belief: float, near: float, factor: float
    ) -> None:
        likely = gravity_probabilities([belief, belief], [near, near * factor])
        assert likely[0] >= likely[1] - 1e-12

    @given(st.floats(0.0, 0.98), st.floats(0.05, 1.0))
    def test_within_one_unit_the_better_liked_place_is_likelier(
        self, belief: float, distance: float
    ) -> None:
        likely = gravity_probabilities([belief, belief + 0.02], [distance, distance])
        assert likely[1] > likely[0]

    def test_a_distance_of_nothing_is_finite(self) -> None:
        assert np.isfinite(gravity_probabilities([0.5, 0.5], [0.0, 1.0])).all()

    def test_long_distances_in_metres_do_not_underflow(self) -> None:
        likely = gravity_probabilities(np.ones(3), np.full(3, 1e9), gamma=50.0)
        np.testing.assert_allclose(likely, 1.0 / 3.0)

    def test_rows_are_choices_of_different_people(self) -> None:
        beliefs, distance = np.random.default_rng(1).random((2, 6, 9))
        together = gravity_probabilities(beliefs, distance)
        for row in range(6):
            alone = gravity_probabilities(beliefs[row], distance[row])
            np.testing.assert_array_equal(together[row], alone)

    def test_an_empty_choice_set_is_an_error(self) -> None:
        with pytest.raises(ChoiceError, match="nothing to choose from"):
            gravity_probabilities([], [])


class TestLogit:
    def test_a_utility_higher_by_log_two_is_twice_as_likely(self) -> None:
        likely = logit_probabilities([np.log(2.0), 0.0])
        np.testing.assert_allclose(likely, [2.0 / 3.0, 1.0 / 3.0])

    @given(arrays(np.float64, 6, elements=st.floats(-700.0, 700.0)), st.floats(-100.0, 100.0))
    def test_only_differences_of_utilities_count(self, utility: np.ndarray, shift: float) -> None:
        likely = logit_probabilities(utility)
        np.testing.assert_allclose(likely, logit_probabilities(utility + shift), atol=1e-9)
        assert likely.sum() == pytest.approx(1.0)

    def test_minus_infinity_excludes_an_alternative(self) -> None:
        assert logit_probabilities([0.0, -np.inf]).tolist() == [1.0, 0.0]

    def test_excluding_everything_is_an_error(self) -> None:
        with pytest.raises(ChoiceError, match="at least one must be possible"):
            logit_probabilities([-np.inf, -np.inf])


class TestDraw:
    def test_each_alternative_gets_its_share_of_the_unit_interval(self) -> None:
        uniform = np.array([0.0, 0.19, 0.2, 0.69, 0.7, 0.999])
        drawn = draw(np.tile([0.2, 0.5, 0.3], (6, 1)), uniform)
        assert drawn.tolist() == [0, 0, 1, 1, 2, 2]

    @given(BELIEFS, st.floats(0.0, 1.0, exclude_max=True))
    def test_what_is_impossible_is_never_drawn(self, weights: np.ndarray, uniform: float) -> None:
        weights = np.where(weights < 0.5, 0.0, weights)
        if weights.sum() > 0.0:
            assert weights[int(draw(weights / weights.sum(), uniform))] > 0.0
