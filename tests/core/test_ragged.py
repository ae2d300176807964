"""Ragged rows: what is worked out for one row does not depend on the others."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.ragged import Ragged

RNG = np.random.default_rng(4)
ROW = np.repeat([2, 3, 7, 11], [1, 40, 9, 200])
VALUES = RNG.random(len(ROW))


def test_sums_and_greatest_values_are_those_of_each_row_alone_to_the_last_digit() -> None:
    many = Ragged.of(ROW)
    assert many.rows.tolist() == [2, 3, 7, 11]
    for position, row in enumerate(many.rows.tolist()):
        own = VALUES[row == ROW]
        alone = Ragged.one(len(own))
        assert many.sums(VALUES)[position] == alone.sums(own)[0]
        assert many.greatest(VALUES)[position] == own.max()
        assert many.counts(VALUES > 0.5)[position] == np.count_nonzero(own > 0.5)


def test_padded_rows_end_in_zeros() -> None:
    table = Ragged.of(np.array([0, 0, 5])).padded(np.array([1.0, 2.0, 3.0]))
    assert table.tolist() == [[1.0, 2.0], [3.0, 0.0]]


@pytest.mark.parametrize("greatest", [9, 2**31 - 1, 2**62])
def test_the_order_is_by_row_then_code_then_position(greatest: int) -> None:
    code = RNG.integers(0, greatest, len(ROW), endpoint=True)
    code[5:20] = code[4]
    expected = np.lexsort((np.arange(len(ROW)), code, ROW))
    assert Ragged.of(ROW).order(code).tolist() == expected.tolist()
