"""Risks per period and pooled probabilities of households."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.hazards import hazard, pooled_probability, stock_probability

probabilities = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12)


class TestHazard:
    @given(st.floats(0.0, 0.999), st.floats(1.0, 50.0))
    def test_the_risk_over_all_periods_gives_the_probability(self, p: float, years: float) -> None:
        assert float(stock_probability(hazard(p, years), years)) == pytest.approx(p, abs=1e-9)

    def test_a_value_worked_by_hand(self) -> None:
        # Two risks of one half leave a quarter.
        assert float(hazard(0.75, 2.0)) == pytest.approx(0.5)

    def test_the_risk_of_one_period_is_the_probability(self) -> None:
        assert hazard([0.0, 0.3, 1.0], 1.0).tolist() == pytest.approx([0.0, 0.3, 1.0])

    @given(st.floats(0.001, 0.998), st.floats(0.0005, 0.001), st.floats(1.5, 40.0))
    def test_the_risk_increases_with_the_probability_and_is_below_it(
        self, p: float, more: float, years: float
    ) -> None:
        assert hazard(p, years) < hazard(p + more, years)
        assert hazard(p, years) < p

    def test_a_probability_of_0_or_1_is_a_risk_of_0_or_1(self) -> None:
        assert hazard([0.0, 1.0], 10.0).tolist() == [0.0, 1.0]

    @pytest.mark.parametrize("years", [0.0, 0.5, -1.0, float("nan")])
    def test_less_than_one_period_is_an_error(self, years: float) -> None:
        with pytest.raises(ConfigError, match="periods must be at least 1"):
            hazard(0.5, years)
        with pytest.raises(ConfigError, match="periods must be at least 1"):
            stock_probability(0.5, years)


class TestPooled:
    def test_a_value_worked_by_hand(self) -> None:
        # Odds of 1 and 9 have the geometric mean 3.
        assert pooled_probability([0.5, 0.9], [4, 4]).tolist() == pytest.approx([0.75, 0.75])

    def test_the_probability_of_a_person_alone_does_not_change(self) -> None:
        assert pooled_probability([0.123456789, 0.3], [1, 2]).tolist() == [0.123456789, 0.3]

    @given(probabilities, st.integers(0, 99))
    def test_the_order_of_members_does_not_change_the_result(
        self, p: list[float], rng: int
    ) -> None:
        households = np.arange(len(p)) % 3
        order = np.random.default_rng(rng).permutation(len(p))
        assert (
            pooled_probability(np.array(p)[order], households[order]).tolist()
            == pooled_probability(p, households)[order].tolist()
        )

    @given(probabilities)
    def test_the_household_is_between_its_members(self, p: list[float]) -> None:
        agreed = pooled_probability(p, np.zeros(len(p), dtype=np.int64))
        assert np.all(agreed >= min(p) - 1e-12)
        assert np.all(agreed <= max(p) + 1e-12)

    def test_no_persons_have_no_probabilities(self) -> None:
        assert pooled_probability([], np.array([], dtype=np.int64)).tolist() == []

    def test_different_lengths_are_an_error(self) -> None:
        with pytest.raises(DataError, match="give one household a person"):
            pooled_probability([0.5, 0.5], [1])
