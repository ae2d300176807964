"""Tables of many rows and few columns, reduced as NumPy reduces them."""

import numpy as np
import pytest

from mesa_llm_city.core.narrow import (
    greatest_of_rows,
    least_of_rows,
    number_of_rows,
    running_sums,
    true_entries,
)

SHAPES = [(0, 3), (1, 5), (199, 4), (200, 1), (500, 7), (300, 40)]


@pytest.mark.parametrize("shape", SHAPES)
def test_numbers_are_those_of_numpy_to_the_last_bit(shape: tuple[int, int]) -> None:
    table = np.random.default_rng(1).random(shape)
    assert least_of_rows(table).tolist() == table.min(axis=1).tolist()
    assert greatest_of_rows(table).tolist() == table.max(axis=1).tolist()
    assert running_sums(table).tolist() == np.cumsum(table, axis=1).tolist()
    whole = (table * 100).astype(np.int64)
    assert running_sums(whole).tolist() == np.cumsum(whole, axis=1).tolist()
    assert running_sums(whole).dtype == np.int64


@pytest.mark.parametrize("shape", SHAPES)
def test_truth_values_are_counted_and_found_in_the_order_of_rows(shape: tuple[int, int]) -> None:
    table = np.random.default_rng(2).random(shape) < 0.3
    assert number_of_rows(table).tolist() == table.sum(axis=1).tolist()
    for found, expected in zip(true_entries(table), np.nonzero(table), strict=True):
        assert found.tolist() == expected.tolist()


def test_infinite_numbers_are_compared_like_others() -> None:
    table = np.tile([np.inf, 2.0, np.inf], (300, 1))
    assert set(least_of_rows(table).tolist()) == {2.0}
    assert set(greatest_of_rows(-table).tolist()) == {-2.0}


def test_a_table_without_columns_has_no_true_entries() -> None:
    assert [one.size for one in true_entries(np.zeros((3, 0), dtype=np.bool_))] == [0, 0]
