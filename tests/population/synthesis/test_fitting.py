"""Iterative proportional fitting and systematic samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.population.synthesis.fitting import (
    iterative_proportional_fitting,
    margin_of,
    systematic_sample,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_every_margin_is_met_and_every_zero_stays(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.random((3, 4, 2)) * (rng.random((3, 4, 2)) > 0.2)
    truth[0, 0, 0] = 1.0
    start = np.where(truth > 0, rng.uniform(0.5, 2.0, truth.shape), 0.0)
    margins = [(axes, margin_of(truth, axes)) for axes in ((0,), (1, 2), (0, 2))]
    fitted = iterative_proportional_fitting(start, margins, tolerance=1e-9, max_iterations=20_000)
    for axes, target in margins:
        np.testing.assert_allclose(margin_of(fitted, axes), target, atol=1e-8)
    assert (fitted[truth == 0] == 0).all()


@given(SEEDS)
def test_odds_ratios_of_the_seed_are_kept(seed: int) -> None:
    rng = np.random.default_rng(seed)
    start = rng.uniform(0.1, 3.0, (2, 2))
    rows, columns = rng.dirichlet([2, 2]), rng.dirichlet([2, 2])
    fitted = iterative_proportional_fitting(start, [((0,), rows), ((1,), columns)])

    def odds(table: np.ndarray) -> float:
        return float(table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]))

    assert odds(fitted) == pytest.approx(odds(start), rel=1e-6)


def test_a_seed_with_the_margins_comes_back_as_it_is_and_is_not_changed() -> None:
    start = np.array([[0.1, 0.2], [0.3, 0.4]])
    before = start.copy()
    fitted = iterative_proportional_fitting(
        start, [((0,), start.sum(axis=1)), ((1,), start.sum(axis=0))]
    )
    np.testing.assert_allclose(fitted, start)
    np.testing.assert_array_equal(start, before)


def test_all_wrong_margins_are_listed() -> None:
    with pytest.raises(DataError) as caught:
        iterative_proportional_fitting(
            np.ones((2, 2)), [((0,), np.ones(3)), ((1,), np.array([-1.0, 2.0]))]
        )
    assert len(caught.value.defects) == 2


def test_margins_of_different_totals_are_refused() -> None:
    with pytest.raises(DataError, match=r"add up to 3, the first margin to 2"):
        iterative_proportional_fitting(
            np.ones((2, 2)), [((0,), np.ones(2)), ((1,), np.array([1.0, 2.0]))]
        )


def test_people_where_the_seed_has_none_are_refused() -> None:
    with pytest.raises(DataError, match=r"cell \(1,\): asked .*, but impossible"):
        iterative_proportional_fitting(np.array([[1.0, 1.0], [0.0, 0.0]]), [((0,), np.ones(2))])


def test_zeros_that_make_the_margins_impossible_are_refused() -> None:
    # The first row can only stand in the first column, which is too small for it.
    start = np.array([[1.0, 0.0], [1.0, 1.0]])
    margins = [((0,), np.array([0.6, 0.4])), ((1,), np.array([0.5, 0.5]))]
    with pytest.raises(DataError, match="contradicts itself"):
        iterative_proportional_fitting(start, margins)


def test_only_what_cannot_be_met_is_named() -> None:
    # As above; the third axis contradicts nothing.
    start = np.ones((2, 2, 3))
    start[0, 1] = 0.0
    fair = np.array([0.2, 0.3, 0.5])
    margins = [((0,), np.array([0.6, 0.4])), ((1,), np.array([0.5, 0.5])), ((2,), fair)]
    labels = (["a", "b"], ["c", "d"], ["e", "f", "g"])
    with pytest.raises(DataError) as caught:
        iterative_proportional_fitting(start, margins, labels=labels, advice="ask for less of a")
    named = {defect.split(":")[0] for defect in caught.value.defects}
    assert named
    assert named <= {"a", "b", "c", "d"}
    assert str(caught.value).endswith("ask for less of a")


@given(SEEDS, st.integers(1, 200))
def test_a_systematic_sample_meets_every_prefix_within_one(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.random((4, 5)) * (rng.random((4, 5)) > 0.3)
    table[1, 1] = 0.5
    cells = systematic_sample(table, n, rng)
    counts = np.bincount(cells, minlength=table.size).reshape(table.shape)
    expected = n * table / table.sum()
    assert counts.sum() == n
    assert (counts[table == 0] == 0).all()
    assert (np.abs(counts - expected) < 1.0 + 1e-9).all()
    assert (np.abs(counts.sum(axis=1) - expected.sum(axis=1)) < 1.0 + 1e-9).all()
