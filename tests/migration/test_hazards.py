"""Risk per period and risk of a family."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.hazards import hazard, pooled, stock

probabilities = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12)


class TestHazard:
    @given(st.floats(0.0, 0.999), st.floats(1.0, 50.0))
    def test_run_for_all_the_years_it_leads_back_to_the_stock(self, p: float, years: float) -> None:
        assert float(stock(hazard(p, years), years)) == pytest.approx(p, abs=1e-9)

    def test_a_worked_value(self) -> None:
        # Halved twice over is a quarter left.
        assert float(hazard(0.75, 2.0)) == pytest.approx(0.5)

    def test_one_year_leaves_the_probability_as_it_is(self) -> None:
        assert hazard([0.0, 0.3, 1.0], 1.0).tolist() == pytest.approx([0.0, 0.3, 1.0])

    @given(st.floats(0.001, 0.998), st.floats(0.0005, 0.001), st.floats(1.5, 40.0))
    def test_it_rises_with_the_stock_and_stays_below_it(
        self, p: float, more: float, years: float
    ) -> None:
        assert hazard(p, years) < hazard(p + more, years)
        assert hazard(p, years) < p

    def test_the_certain_move_at_once_and_the_impossible_never(self) -> None:
        assert hazard([0.0, 1.0], 10.0).tolist() == [0.0, 1.0]

    @pytest.mark.parametrize("years", [0.0, 0.5, -1.0, float("nan")])
    def test_less_than_a_period_is_refused(self, years: float) -> None:
        with pytest.raises(ConfigError, match="periods must be at least 1"):
            hazard(0.5, years)
        with pytest.raises(ConfigError, match="periods must be at least 1"):
            stock(0.5, years)


class TestPooled:
    def test_a_worked_value(self) -> None:
        # Odds of 1 and 9 have the geometric mean 3.
        assert pooled([0.5, 0.9], [4, 4]).tolist() == pytest.approx([0.75, 0.75])

    def test_who_lives_alone_keeps_her_own_to_the_last_bit(self) -> None:
        assert pooled([0.123456789, 0.3], [1, 2]).tolist() == [0.123456789, 0.3]

    @given(probabilities, st.integers(0, 99))
    def test_the_order_of_members_makes_no_difference_at_all(
        self, p: list[float], rng: int
    ) -> None:
        households = np.arange(len(p)) % 3
        order = np.random.default_rng(rng).permutation(len(p))
        assert (
            pooled(np.array(p)[order], households[order]).tolist()
            == pooled(p, households)[order].tolist()
        )

    @given(probabilities)
    def test_the_family_lies_between_its_members(self, p: list[float]) -> None:
        agreed = pooled(p, np.zeros(len(p), dtype=np.int64))
        assert np.all(agreed >= min(p) - 1e-12)
        assert np.all(agreed <= max(p) + 1e-12)

    def test_nobody_at_all_is_no_family(self) -> None:
        assert pooled([], np.array([], dtype=np.int64)).tolist() == []

    def test_lengths_must_agree(self) -> None:
        with pytest.raises(DataError, match="pair them"):
            pooled([0.5, 0.5], [1])
