"""Calibration: what it finds, what it refuses, and another base rate."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.evaluation.calibration import (
    ProbabilityCalibration,
    log_odds,
    prior_shift,
    sigmoid,
)

SHARES = st.floats(0.001, 0.999)


def drawn(temperature: float, intercept: float, count: int = 20_000) -> tuple[np.ndarray, ...]:
    """Return probabilities and labels for which that calibration is right."""
    draws = np.random.default_rng(1)
    p = sigmoid(draws.normal(0.0, 2.0, count))
    true = ProbabilityCalibration(temperature=temperature, intercept=intercept).apply(p)
    return p, (draws.random(count) < true).astype(np.int8)


class TestFit:
    @pytest.mark.parametrize(("temperature", "intercept"), [(1.0, 0.0), (2.0, 0.5), (0.5, -1.0)])
    def test_it_recovers_temperature_and_intercept(
        self, temperature: float, intercept: float
    ) -> None:
        found = ProbabilityCalibration.fit(*drawn(temperature, intercept))
        assert found.temperature == pytest.approx(temperature, rel=0.05)
        assert found.intercept == pytest.approx(intercept, abs=0.05)

    def test_perfect_separation_gives_finite_log_odds(self) -> None:
        found = ProbabilityCalibration.fit([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1])
        assert 0.01 <= found.temperature <= 100.0
        assert np.all(np.isfinite(found.apply([0.0, 1.0])))

    def test_a_wrong_order_is_flattened_but_not_reversed(self) -> None:
        p, target = drawn(1.0, 0.0, 500)
        found = ProbabilityCalibration.fit(1.0 - p, target)
        assert found.temperature == 100.0
        assert float(found.apply(1.0 - p).mean()) == pytest.approx(target.mean(), abs=0.02)

    def test_a_constant_probability_becomes_the_base_rate(self) -> None:
        found = ProbabilityCalibration.fit(np.full(1000, 0.5), np.arange(1000) % 4 == 0)
        assert float(found.apply(0.5)) == pytest.approx(0.25, abs=0.01)

    def test_probabilities_of_0_and_1_are_accepted(self) -> None:
        found = ProbabilityCalibration.fit([0.0, 1.0, 0.0, 1.0], [0, 1, 1, 1])
        assert np.isfinite(found.intercept)

    @pytest.mark.parametrize(
        ("p", "target", "problem"),
        [
            ([0.5, 0.5], [1, 1], r"2 rows to calibrate on have the labels \[1\.0\]"),
            ([0.5, 0.5], [-1, 1], "both 0 and 1 are needed"),
            ([0.5], [0, 1], "two arrays of one length"),
            ([np.nan, 0.5], [0, 1], r"must be numbers in \[0, 1\]"),
            ([1.5, 0.5], [0, 1], r"must be numbers in \[0, 1\]"),
            ([], [], "both 0 and 1 are needed"),
        ],
    )
    def test_data_that_cannot_be_used_is_an_error(
        self, p: list[float], target: list[int], problem: str
    ) -> None:
        with pytest.raises(DataError, match=problem):
            ProbabilityCalibration.fit(p, target)


class TestWeights:
    def test_a_row_of_weight_two_counts_as_two_rows(self) -> None:
        p, target = drawn(1.5, 0.3, 2000)
        times = np.random.default_rng(2).integers(1, 4, 2000)
        weighted = ProbabilityCalibration.fit(p, target, times)
        repeated = ProbabilityCalibration.fit(np.repeat(p, times), np.repeat(target, times))
        # The labels of more rows are smoothed a little less.
        assert weighted.temperature == pytest.approx(repeated.temperature, rel=5e-3)
        assert weighted.intercept == pytest.approx(repeated.intercept, abs=5e-3)

    def test_multiplying_all_weights_changes_nothing(self) -> None:
        p, target = drawn(1.5, 0.3, 500)
        weight = np.random.default_rng(2).lognormal(size=500)
        first, second = (ProbabilityCalibration.fit(p, target, k * weight) for k in (1.0, 8.0))
        assert first == second
        assert first != ProbabilityCalibration.fit(p, target)

    def test_equal_weights_are_no_weights(self) -> None:
        p, target = drawn(1.5, 0.3, 500)
        equal = ProbabilityCalibration.fit(p, target, np.full(500, 2.0))
        assert equal == ProbabilityCalibration.fit(p, target)

    @pytest.mark.parametrize("weight", [[1.0], [1.0, -1.0], [0.0, 1.0], [1.0, np.nan]])
    def test_weights_that_cannot_be_used_are_an_error(self, weight: list[float]) -> None:
        with pytest.raises(DataError, match="weights to calibrate with must be"):
            ProbabilityCalibration.fit([0.4, 0.6], [0, 1], weight)


class TestCalibration:
    @given(SHARES, SHARES)
    def test_calibration_keeps_the_order(self, one: float, other: float) -> None:
        applied = ProbabilityCalibration(temperature=3.0, intercept=-1.0).apply([one, other])
        assert (applied[0] <= applied[1]) == (one <= other) or abs(one - other) < 1e-12

    def test_a_calibration_is_the_same_after_json(self) -> None:
        found = ProbabilityCalibration.fit(*drawn(2.0, 0.5, 300))
        assert ProbabilityCalibration.from_state(json.loads(json.dumps(found.state()))) == found

    @pytest.mark.parametrize(
        "state", [{"temperature": "warm"}, {"heat": 1.0}, {"temperature": 0.0}, ["temperature"]]
    )
    def test_a_state_of_another_kind_is_an_error(self, state: object) -> None:
        with pytest.raises(DataError, match="is no state of a calibration"):
            ProbabilityCalibration.from_state(state)  # type: ignore[arg-type]

    @pytest.mark.parametrize("options", [{"temperature": 0.0}, {"intercept": float("nan")}])
    def test_numbers_outside_their_range_are_an_error(self, options: dict[str, float]) -> None:
        with pytest.raises(ConfigError, match="must be"):
            ProbabilityCalibration(**options)


class TestPriorShift:
    @given(SHARES, SHARES, SHARES)
    def test_a_shift_and_its_inverse_cancel(self, p: float, here: float, there: float) -> None:
        back = prior_shift(prior_shift(p, here, there), there, here)
        assert float(back) == pytest.approx(p, rel=1e-6)

    @given(SHARES, SHARES)
    def test_the_base_rate_becomes_the_other_base_rate(self, here: float, there: float) -> None:
        assert float(prior_shift(here, here, there)) == pytest.approx(there, rel=1e-6)

    @pytest.mark.parametrize("rates", [(0.0, 0.5), (0.5, 1.0), (0.5, float("nan"))])
    def test_a_base_rate_outside_its_range_is_an_error(self, rates: tuple[float, float]) -> None:
        with pytest.raises(ConfigError, match=r"must be in \(0, 1\)"):
            prior_shift(0.5, *rates)


def test_log_odds_and_sigmoid_are_inverse_without_overflow() -> None:
    x = np.array([-20.0, 0.0, 20.0])
    assert log_odds(sigmoid(x)) == pytest.approx(x, rel=1e-6)
    assert np.all(np.isfinite(log_odds([0.0, 1.0])))
    assert sigmoid([-1e6, 1e6]).tolist() == [0.0, 1.0]
