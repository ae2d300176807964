"""Jumps and radius of gyration, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.experiments.validation.spatial_laws import (
    power_law_exponent,
    radius_of_gyration_m,
    spatial_laws,
    weighted_quantile,
)
from tests.experiments.lives import HOME, WORK, lives

DAY = [
    (0, 0.0, 8.0, "sleep", HOME),
    (0, 8.0, 9.0, "travel", None),
    (0, 9.0, 17.0, "work", WORK),
    (0, 17.0, 18.0, "travel", None),
    (0, 18.0, 24.0, "rest", HOME),
]


def test_a_commuter_jumps_as_far_as_work_and_circles_half_of_that() -> None:
    found = {one.name: one for one in spatial_laws(lives(DAY, days=1), Bootstrap(1)).measures}
    assert found["jump length, median"].value == 5.0
    # Two stays at home, one 5 km away: the centre is at a third, so 5 * sqrt(2) / 3 km.
    assert found["radius of gyration, median"].value == pytest.approx(5 * np.sqrt(2) / 3)


def test_who_has_no_stay_has_no_radius() -> None:
    tables = lives(DAY, days=1, people=[{}, {}])
    radius = radius_of_gyration_m(np.array([0, 0]), np.array([HOME, WORK]), tables)
    assert radius[0] == pytest.approx(2500.0)
    assert np.isnan(radius[1])


def test_the_exponent_of_draws_is_found_again() -> None:
    draws = (1.0 - np.random.default_rng(3).random(40_000)) ** (-1.0 / 0.75)
    assert power_law_exponent(draws, np.ones(len(draws)), least=1.0) == pytest.approx(
        1.75, abs=0.02
    )


def test_quantiles_count_weights() -> None:
    values, weights = np.array([5.0, 1.0, np.nan]), np.array([1.0, 2.0, 9.0])
    assert weighted_quantile(values, weights, 0.5) == 1.0
    assert weighted_quantile(values, weights, 0.9) == 5.0
    assert np.isnan(weighted_quantile(values, np.zeros(3), 0.5))
