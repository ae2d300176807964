"""People who take the cells of a table, each of which holds a given number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.population.synthesis.cell_assignment import assign_cells


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_each_cell_is_taken_as_often_as_it_holds_people(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    odds = rng.random((3, 5)) * (rng.random((3, 5)) < 0.6)
    left = np.bincount(rng.integers(0, 5, n), minlength=5)
    cells = assign_cells(odds, rng.integers(0, 3, n), left, rng)
    assert np.bincount(cells, minlength=5).tolist() == left.tolist()


def test_who_comes_first_gets_the_cell_that_all_want() -> None:
    odds, left = np.array([[1.0, 1e-9]]), np.array([2, 2])
    cells = assign_cells(odds, np.zeros(4, dtype=np.int64), left, np.random.default_rng(1))
    assert cells.tolist() == [0, 0, 1, 1]


def test_many_share_cells_out_by_their_odds() -> None:
    # A quarter of kind 0 and three quarters of kind 1 go to cell 0, in a table with those totals.
    odds = np.array([[1.0, 3.0], [3.0, 1.0]])
    kind = np.random.default_rng(2).permutation(np.repeat([0, 1], 20_000))
    cells = assign_cells(odds, kind, np.array([20_000, 20_000]), np.random.default_rng(3))
    assert np.mean(cells[kind == 0] == 0) == pytest.approx(0.25, abs=0.01)
    assert np.mean(cells[kind == 1] == 0) == pytest.approx(0.75, abs=0.01)


def test_who_has_odds_for_nothing_that_is_left_takes_what_is_left() -> None:
    cells = assign_cells(
        np.array([[1.0, 0.0]]), np.zeros(3, dtype=np.int64), np.array([1, 2]),
        np.random.default_rng(1),
    )  # fmt: skip
    assert sorted(cells.tolist()) == [0, 1, 1]
