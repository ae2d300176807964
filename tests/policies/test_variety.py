"""Entropy within and between persons, and distances of distributions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.policies import divergence, entropy, total_variation, variety

FEW = settings(max_examples=12)
WEIGHTS = st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3)


def test_a_fair_coin_has_one_bit_and_a_sure_thing_none() -> None:
    assert entropy([0.5, 0.5]) == 1.0
    assert entropy([0.0, 3.0]) == 0.0
    assert entropy([0.0, 0.0]) == 0.0


def test_persons_who_always_do_the_same_differ_between_each_other_only() -> None:
    found = variety(np.array([1, 1, 2, 2]), np.eye(2)[[0, 0, 1, 1]])
    assert (found.total, found.within, found.between) == (1.0, 0.0, 1.0)


def test_persons_who_do_everything_alike_differ_within_only() -> None:
    found = variety(np.array([1, 1, 2, 2]), np.eye(2)[[0, 1, 0, 1]])
    assert (found.total, found.within, found.between) == (1.0, 1.0, 0.0)


def test_without_decisions_there_is_no_variety() -> None:
    assert variety(np.array([], dtype=np.int64), np.zeros((0, 2))) == (0.0, 0.0, 0.0)


@FEW
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=40))
def test_within_and_between_are_parts_of_the_whole(rows: list[tuple[int, int]]) -> None:
    found = variety(np.array([one for one, _ in rows]), np.eye(4)[[one for _, one in rows]])
    assert found.within + found.between == pytest.approx(found.total)
    assert min(found) >= 0.0


@FEW
@given(WEIGHTS, WEIGHTS)
def test_distances_are_even_handed_and_from_0_to_1(one: list[float], other: list[float]) -> None:
    first, second = (np.array(weights) / sum(weights) for weights in (one, other))
    for distance in (total_variation, divergence):
        assert distance(first, second) == pytest.approx(distance(second, first))
        assert 0.0 <= distance(first, second) <= 1.0
        assert distance(first, first) == pytest.approx(0.0, abs=1e-12)
