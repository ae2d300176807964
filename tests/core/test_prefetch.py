"""Hints for memory change nothing, whatever the shape of an array."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mesa_llm_city.core import kernels
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.values import Float, Int
from tests.loops import FORMS, loops

ROWS = np.random.default_rng(3).permutation(60)


def add_up(rows: Int, single: NDArray[Any], several: Float, total: Float) -> None:
    """Add up columns of rows, asking for them before."""
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            prefetch(single, rows[at + AHEAD])
            prefetch(several, rows[at + AHEAD])
            prefetch_all(several, rows[at + AHEAD])
        total[0] += single[rows[at]]
        for column in range(several.shape[1]):
            total[0] += several[rows[at], column]


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("kind", [np.int8, np.int32, np.float64])
def test_a_loop_that_asks_for_rows_reads_the_same_and_changes_nothing(
    kind: type[np.generic], *, compiles: bool
) -> None:
    single = np.arange(60).astype(kind)
    wide = np.arange(60.0 * 20).reshape(60, 20)
    for several in (wide, wide[:, 3:6], np.asfortranarray(wide)):
        kept, total = several.copy(), np.zeros(1)
        with loops(compiles=compiles):
            loop = kernels.compiled(add_up)
            assert loop is not None
            loop(ROWS, single, several, total)
        assert total[0] == single.astype(np.float64).sum() + several.sum()
        assert (several == kept).all()


def test_without_compiling_nothing_is_asked_for() -> None:
    column = np.arange(3)
    prefetch(column, 2)
    prefetch_all(column.reshape(3, 1), 2)
    assert column.tolist() == [0, 1, 2]
