"""Measures of polarisation: hand-worked values and limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kurtosis, skew

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.experiments.diffusion import (
    bimodality,
    esteban_ray,
    esteban_ray_groups,
    polarisation_summary,
    stance_changes,
    variance,
)

STANCES = st.lists(st.floats(-1, 1), min_size=5, max_size=30).map(np.array)


def test_the_variance_of_opposite_ends_is_one() -> None:
    assert variance([-1, -1, 1, 1]) == 1.0
    assert variance([0.3, 0.3]) == 0.0


class TestBimodality:
    def test_a_uniform_distribution_has_five_ninths(self) -> None:
        assert bimodality(np.linspace(-1, 1, 5001)) == pytest.approx(5 / 9, abs=1e-3)

    def test_a_normal_distribution_has_a_third(self) -> None:
        draw = np.random.default_rng(7).normal(0.0, 0.15, 20_000)
        assert bimodality(np.clip(draw, -1, 1)) == pytest.approx(1 / 3, abs=0.02)

    def test_it_follows_the_formula(self) -> None:
        # -1, -1, 0, 1, 1: skewness 0; excess kurtosis G2 = 4 / 6 * (6 * (1.25 - 3) + 6) = -3,
        # with m4 / m2 ** 2 = .8 / .64 = 1.25; the correction is 3 * 16 / 6 = 8.
        assert bimodality([-1, -1, 0, 1, 1]) == pytest.approx(1 / (-3.0 + 8.0))

    def test_its_moments_are_those_of_scipy(self) -> None:
        values = np.random.default_rng(7).beta(0.5, 2.0, 30)
        g, k = skew(values, bias=False), kurtosis(values, bias=False)
        expected = (g**2 + 1) / (k + 3 * 29**2 / (28 * 27))
        assert bimodality(values) == pytest.approx(expected)

    def test_it_is_unknown_in_consensus_or_with_three_people(self) -> None:
        assert np.isnan(bimodality([0.5] * 9))
        assert np.isnan(bimodality([-1, 0, 1]))


class TestEstebanRay:
    def test_it_follows_the_formula(self) -> None:
        # .25^2 .75 + .75^2 .25 = .1875, times the distance of 1.2.
        assert esteban_ray_groups([0.25, 0.75], [-0.2, 1.0]) == pytest.approx(0.225)

    def test_two_groups_polarise_more_than_an_even_spread_of_the_same_variance(self) -> None:
        spread = np.linspace(-1, 1, 11)
        ends = np.sqrt(variance(spread)) * np.array([1, -1] * 5)
        assert esteban_ray(ends) > esteban_ray(spread)

    def test_without_identification_it_would_be_the_gini_index(self) -> None:
        # As alpha goes to 0 it goes to twice Gini's mean difference over ordered pairs.
        shares, at = np.array([0.2, 0.3, 0.5]), np.array([-1.0, 0.0, 0.4])
        limit = float(shares @ np.abs(at[:, None] - at) @ shares)
        assert esteban_ray_groups(shares, at, alpha=1e-9) == pytest.approx(limit)

    @pytest.mark.parametrize("alpha", [0.0, 1.7])
    def test_an_alpha_outside_the_theorem_is_refused(self, alpha: float) -> None:
        with pytest.raises(ConfigError, match="alpha must be in"):
            esteban_ray([0.0], alpha=alpha)


@given(STANCES)
@settings(max_examples=20, deadline=None)
def test_turning_all_stances_over_changes_no_measure_but_the_mean(stances: np.ndarray) -> None:
    there, back = polarisation_summary(stances), polarisation_summary(-stances)
    assert back.pop("mean") == pytest.approx(-there.pop("mean"), abs=1e-12)
    # Bins are rounded to even, so a stance between two may fall into either.
    assert there.pop("esteban_ray") == pytest.approx(back.pop("esteban_ray"), abs=0.1)
    assert there.pop("bimodality") == pytest.approx(back.pop("bimodality"), nan_ok=True, rel=1e-3)
    assert there == pytest.approx(back)


def test_a_stance_outside_the_scale_is_refused() -> None:
    with pytest.raises(DataError, match="stances must be in"):
        variance([1.5])
    with pytest.raises(DataError, match="got nan"):
        variance([np.nan])


class TestChanges:
    def test_each_person_is_counted_once(self) -> None:
        before = [0.4, 0.4, -0.4, 0.4, 0.0, 0.2]
        after = [0.6, 0.2, 0.4, 0.41, 0.2, 0.0]
        shares = stance_changes(before, after)
        assert [round(6 * one) for one in shares.values()] == [2, 2, 1, 1]

    def test_a_step_of_the_least_size_counts(self) -> None:
        assert stance_changes([0.5], [0.6])["more"] == 1.0
        assert stance_changes([0.5], [0.59])["unchanged"] == 1.0

    def test_a_topic_turned_over_has_the_same_changes(self) -> None:
        draw = np.random.default_rng(7)
        before, after = draw.uniform(-1, 1, 99), draw.uniform(-1, 1, 99)
        assert stance_changes(before, after) == stance_changes(-before, -after)


@pytest.mark.filterwarnings("error")
def test_nobody_has_no_polarisation() -> None:
    assert all(np.isnan(value) for value in polarisation_summary([]).values())
