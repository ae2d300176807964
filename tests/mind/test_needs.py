"""Formulas of needs: decay, the most pressing need, and times below thresholds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.mind import (
    decay,
    dominant,
    hours_to_threshold,
    need_fulfilment,
    pressing_hours,
    unmet_hours,
)
from mesa_llm_city.parameters import CityParameters

NAMES = tuple(CityParameters().needs)
LEVEL = st.floats(0.0, 1.0)
RATE = st.floats(-2.0, 2.0)
THRESHOLDS = (0.3, 0.3, 0.2, 0.2)


class TestDecay:
    def test_it_is_linear_and_stops_at_zero(self) -> None:
        # CitySim, sec. 3.1.4 with AgentSociety's rates: two hours, then twelve.
        levels = decay([1.0, 1.0, 1.0, 1.0], [0.15, 0.08, 0.05, 0.10], [[2.0], [12.0]])
        expected = [[0.70, 0.84, 0.90, 0.80], [0.0, 0.04, 0.40, 0.0]]
        np.testing.assert_allclose(levels, expected, atol=1e-12)

    @given(LEVEL, RATE, st.floats(0.0, 48.0))
    def test_levels_stay_between_zero_and_one(self, level: float, rate: float, h: float) -> None:
        assert 0.0 <= float(decay(level, rate, h)) <= 1.0

    @given(LEVEL, st.floats(0.0, 1.0), st.floats(0.0, 9.0), st.floats(0.0, 9.0))
    def test_two_periods_equal_one_long_period(
        self, level: float, rate: float, first: float, second: float
    ) -> None:
        in_two = decay(decay(level, rate, first), rate, second)
        assert float(in_two) == pytest.approx(float(decay(level, rate, first + second)), abs=1e-9)

    def test_arrays_give_the_results_of_single_persons(self) -> None:
        rng = np.random.default_rng(5)
        levels, rates, hours = rng.random((50, 4)), rng.random((50, 4)), rng.random(50) * 9
        together = decay(levels, rates, hours[:, None])
        alone = [decay(*one) for one in zip(levels, rates, hours, strict=True)]
        np.testing.assert_array_equal(together, np.array(alone))


class TestDominant:
    @pytest.mark.parametrize(
        ("levels", "need"),
        [
            ((0.3, 0.1, 0.1, 0.1), "hunger"),
            ((0.31, 0.1, 0.1, 0.1), "safety"),
            ((0.31, 0.1, 0.21, 0.1), "energy"),
            ((0.31, 0.31, 0.21, 0.2), "social"),
            ((0.31, 0.31, 0.21, 0.21), None),
        ],
    )
    def test_hunger_comes_before_safety_energy_and_company(
        self, levels: tuple[float, ...], need: str | None
    ) -> None:
        position = int(dominant(levels, THRESHOLDS))
        assert (NAMES[position] if position >= 0 else None) == need

    def test_it_broadcasts_over_any_leading_shape(self) -> None:
        assert dominant(np.zeros((2, 3, 4)), THRESHOLDS).shape == (2, 3)

    def test_ranks_decide_and_of_equal_ranks_the_earlier_need(self) -> None:
        low = np.zeros(5)
        assert int(dominant(low, 0.2, priority=[5, 4, 3, 2, 1])) == 4
        assert int(dominant(low, 0.2, priority=[2, 1, 1, 2, 2])) == 1

    def test_five_needs_without_ranks_are_refused(self) -> None:
        with pytest.raises(ConfigError, match="there are 5 needs, but 4 ranks of priority"):
            dominant(np.zeros(5), 0.2)


class TestHoursToThreshold:
    def test_hunger_presses_after_four_hours_and_forty_minutes(self) -> None:
        assert float(hours_to_threshold(1.0, 0.15, 0.3)) == pytest.approx(14 / 3)

    @given(LEVEL, st.floats(0.01, 1.0), LEVEL)
    def test_at_the_crossing_the_level_equals_the_threshold(
        self, level: float, rate: float, threshold: float
    ) -> None:
        hours = float(hours_to_threshold(level, rate, threshold))
        if level > threshold:
            assert float(decay(level, rate, hours)) == pytest.approx(threshold, abs=1e-9)
        else:
            assert hours == np.inf


class TestTimes:
    @given(
        levels=st.tuples(LEVEL, LEVEL, LEVEL, LEVEL),
        rates=st.tuples(*[RATE.filter(lambda rate: abs(rate) > 1e-6)] * 4),
    )
    def test_pressing_hours_agree_with_counting_moments(
        self, levels: tuple[float, ...], rates: tuple[float, ...]
    ) -> None:
        moments = (np.arange(4000) + 0.5) / 4000
        course = decay(levels, rates, 3.0 * moments[:, np.newaxis])
        counted = float(need_fulfilment(course, THRESHOLDS))
        found = 1.0 - float(pressing_hours(levels, rates, THRESHOLDS, 3.0)) / 3.0
        assert found == pytest.approx(counted, abs=1e-3)

    def test_pressing_hours_broadcast_over_persons(self) -> None:
        levels = np.array([[1.0, 1.0, 1.0, 1.0], [0.1, 1.0, 1.0, 1.0]])
        assert pressing_hours(levels, 0.1, THRESHOLDS, [1.0, 2.0]).tolist() == [0.0, 2.0]

    @given(
        level=st.floats(0.0, 1.0),
        rate=st.floats(-1.0, 1.0).filter(lambda rate: rate == 0.0 or abs(rate) > 1e-6),
        threshold=st.floats(0.0, 1.0),
        hours=st.floats(0.0, 24.0),
    )
    def test_unmet_hours_agree_with_counting_minutes(
        self, level: float, rate: float, threshold: float, hours: float
    ) -> None:
        moments = np.linspace(0.0, hours, 2001)
        below = (level - rate * moments <= threshold).mean() * hours
        found = float(unmet_hours(level, rate, threshold, hours))
        assert found == pytest.approx(below, abs=0.02 * hours + 1e-9)

    def test_fulfilment_is_the_share_of_moments_with_all_needs_above_their_thresholds(self) -> None:
        thresholds = np.array([0.3, 0.3, 0.2, 0.2])
        day = np.tile(thresholds + 0.1, (24, 1))
        day[:6, 0] = 0.3  # at the threshold is not above it
        assert float(need_fulfilment(day, thresholds)) == 0.75
