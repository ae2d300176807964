"""Spatial interaction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population.synthesis.spatial_interaction import deterrence, doubly_constrained


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 2.0))
def test_all_that_start_and_all_that_end_are_accounted_for(seed: int, beta: float) -> None:
    rng = np.random.default_rng(seed)
    origins, destinations = rng.uniform(0, 50, 6), rng.uniform(0.1, 9, 4)
    origins[0] = 0.0
    cost = rng.uniform(0, 10, (6, 4))
    flows = doubly_constrained(origins, destinations, cost, beta=beta)
    total = origins.sum()
    np.testing.assert_allclose(flows.sum(axis=1), origins, atol=1e-6 * total)
    np.testing.assert_allclose(
        flows.sum(axis=0), destinations * total / destinations.sum(), atol=1e-6 * total
    )


def test_without_decay_trips_are_independent() -> None:
    flows = doubly_constrained(
        np.array([6.0, 4.0]), np.array([1.0, 3.0]), np.array([[1.0, 9.0], [2.0, 3.0]]), beta=0.0
    )
    np.testing.assert_allclose(flows, [[1.5, 4.5], [1.0, 3.0]])


def test_odds_ratios_fall_with_the_cost_as_the_model_says() -> None:
    cost = np.array([[1.0, 4.0], [3.0, 2.0]])
    flows = doubly_constrained(np.array([6.0, 4.0]), np.array([5.0, 5.0]), cost, beta=0.3)
    odds = flows[0, 0] * flows[1, 1] / (flows[0, 1] * flows[1, 0])
    assert odds == pytest.approx(np.exp(-0.3 * (1 + 2 - 4 - 3)))


def test_a_far_origin_does_not_underflow() -> None:
    flows = doubly_constrained(
        np.array([1.0, 1.0]), np.array([1.0, 1.0]), np.array([[0, 1], [5e4, 5e4 + 1]]), beta=1.0
    )
    np.testing.assert_allclose(flows.sum(axis=0), [1.0, 1.0])


def test_no_trips_need_no_destination() -> None:
    assert not doubly_constrained(np.zeros(2), np.zeros(3), np.zeros((2, 3)), beta=1.0).any()


def test_trips_without_destination_are_refused() -> None:
    with pytest.raises(DataError, match="no destination attracts any"):
        doubly_constrained(np.ones(2), np.zeros(3), np.zeros((2, 3)), beta=1.0)


def test_the_mean_trip_over_a_plane_is_two_over_beta() -> None:
    distance = np.linspace(0, 200, 200_001)
    weight = distance * deterrence(distance, 0.2)  # rings grow with the radius
    assert weight @ distance / weight.sum() == pytest.approx(10.0, rel=1e-3)


def test_margins_that_no_trip_can_reach_are_refused() -> None:
    cost = np.array([[0.0, 1e4], [0.0, 1e4]])
    with pytest.raises(DataError, match="balancing left 1 trips after 2000 rounds; use a smaller"):
        doubly_constrained(np.ones(2), np.ones(2), cost, beta=1.0)
