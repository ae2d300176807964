"""Minutes of spans are added to hours in NumPy and in a loop, to the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core import kernels
from mesa_llm_city.core.values import Int
from mesa_llm_city.simulation.records.counts import HourBlocks
from tests.loops import FORMS, loops

WIDTH = 3


def blocks_of(start: Int, end: Int, cell: Int) -> HourBlocks:
    blocks = HourBlocks()
    half = len(start) // 2
    for some in (slice(0, half), slice(half, half), slice(half, None)):
        blocks.add_spans(start[some], end[some], cell[some], width=WIDTH)
    return blocks


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("span", [60, 900, 6000])
def test_a_loop_adds_what_columns_add_to_the_same_days(span: int, *, compiles: bool) -> None:
    rng = np.random.default_rng(span)
    start = rng.integers(0, 4000, 60)
    start[:4] = [0, 1379, 1380, 1440]
    end, cell = start + rng.integers(0, span, 60), rng.integers(0, WIDTH, 60)
    with loops(compiles=compiles):
        by_loop = blocks_of(start, end, cell).state()
    with kernels.use(wanted=False):
        by_columns = blocks_of(start, end, cell).state()
    assert by_loop["days"] == by_columns["days"]
    np.testing.assert_array_equal(by_loop["counts"], by_columns["counts"])
    minutes = by_loop["counts"].cumsum(axis=0)
    assert minutes.sum() == (end - start).sum()


def test_days_on_which_nothing_begins_or_ends_have_no_block() -> None:
    start, end, cell = np.array([30]), np.array([5 * 1440 + 30]), np.array([1])
    blocks = blocks_of(start, end, cell)
    assert blocks.state()["days"] == [0, 5]
    assert blocks.dense(WIDTH).cumsum(axis=0)[3 * 24 : 3 * 24 + 2].tolist() == [[0, 60, 0]] * 2
