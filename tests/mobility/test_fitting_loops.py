"""Loops over days fit activities in as the operations on columns do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mesa_llm_city.core import kernels
from mesa_llm_city.mobility.open_days import OpenDays, block_code
from tests.loops import FORMS, loops

DAYS = 40


def filled() -> tuple[NDArray[Any], ...]:
    """Fit many activities into some days, and return what is settled and how long each lasts."""
    drawn = np.random.default_rng(3)
    start = np.full(DAYS, 400, dtype=np.int32)
    days = OpenDays(start, np.full(DAYS, 1840, dtype=np.int32))
    told: list[NDArray[Any]] = []
    for purpose in range(12):
        rows = drawn.permutation(DAYS)[: drawn.integers(1, DAYS)]
        low, high = (one.astype(np.int32) for one in (start[rows], start[rows] + 1300))
        near = (5 * drawn.integers(70, 360, (3, len(rows)))).astype(np.int32)
        minutes = (5 * drawn.integers(0, 50, len(rows))).astype(np.int32)
        code = None if purpose == 4 else block_code(purpose, 1)
        told += days.fit(rows, code, minutes=minutes, near_min=near[0], low_min=low, high_min=high)
        longest = np.full(len(rows), 20, dtype=np.int32)
        days.fit_parts(
            rows,
            block_code(purpose, 2),
            minutes=minutes // 2,
            longest_min=longest,
            near_min=near,
            low_min=low,
            high_min=high,
        )
    settled, is_there = days.in_order(np.arange(DAYS))
    return (*told, *settled, is_there)


@pytest.mark.parametrize("compiles", FORMS)
def test_days_are_filled_as_by_columns(*, compiles: bool) -> None:
    with kernels.use(wanted=False):
        expected = filled()
    with loops(compiles=compiles):
        found = filled()
    for one, other in zip(found, expected, strict=True):
        assert one.tolist() == other.tolist()
    assert expected[-1].sum() > 5 * DAYS
