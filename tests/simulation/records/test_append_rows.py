"""Rows appended as columns are those appended one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.records import Coded, Table

COLUMNS = {"person": "i", "start": "t", "mode": "k", "place": "n", "minutes": "f", "reason": "s"}
MODES = ("walk", "bus")


def columns(count: int, first: int = 0) -> dict[str, Any]:
    rows = np.arange(first, first + count)
    return {
        "person": rows % 7,
        "start": rows,
        "mode": Coded(rows % 2, MODES),
        "place": rows % 5 - 1,
        "minutes": np.where(rows % 3, rows / 3, np.nan),
        "reason": [f"row {row}" for row in rows.tolist()],
    }


def one_by_one(count: int) -> Table:
    table = Table(COLUMNS)
    for row in range(count):
        place, minutes = row % 5 - 1, row / 3 if row % 3 else None
        at = None if place < 0 else place
        table.add((row % 7, row, MODES[row % 2], at, minutes, f"row {row}"))
    return table


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=4))
def test_columns_and_single_rows_make_the_same_table(sizes: list[int]) -> None:
    table, first = Table(COLUMNS), 0
    for size in sizes:
        table.append_rows(columns(size, first))
        first += size
    assert len(table) == table.added == first
    pd.testing.assert_frame_equal(table.to_frame(), one_by_one(first).to_frame())


def test_arrays_may_be_changed_after_they_were_appended() -> None:
    table, given_ = Table(COLUMNS), columns(1_000)
    table.append_rows(given_)
    given_["person"][:] = 99
    given_["minutes"][:] = 0.0
    pd.testing.assert_frame_equal(table.to_frame(), one_by_one(1_000).to_frame())


def test_one_text_stands_for_all_rows() -> None:
    table = Table(COLUMNS)
    table.append_rows({**columns(600), "mode": "walk", "reason": "by rule"})
    frame = table.to_frame()
    assert set(frame["mode"]) == {"walk"}
    assert set(frame["reason"]) == {"by rule"}


def test_all_defects_of_columns_are_listed_and_nothing_is_appended() -> None:
    table = Table(COLUMNS)
    wrong = columns(600) | {"person": np.arange(599), "start": np.arange(600) / 2, "far": "away"}
    del wrong["reason"]
    wrong["mode"] = Coded(np.arange(600), MODES)
    with pytest.raises(DataError) as error:
        table.append_rows(wrong)
    for told in ("missing: reason", "unknown: far", "599, 600", "start must be", "outside its 2"):
        assert told in str(error.value)
    assert len(table) == 0


def test_a_number_that_does_not_fit_is_refused() -> None:
    table = Table({"person": "i"})
    with pytest.raises(DataError, match="not in range"):
        table.append_rows({"person": np.array([2**40])})


def test_rows_come_back_in_the_order_in_which_they_were_appended() -> None:
    table = Table(COLUMNS)
    table.append_rows(columns(5))
    table.append_rows(columns(700, 5))
    table.append_rows(columns(3, 705))
    assert table.since(0)["start"].tolist() == list(range(708))
    assert table.since(704)["start"].tolist() == [704, 705, 706, 707]
    assert np.concatenate(
        [one["start"].to_numpy() for one in table.batches(["start"])]
    ).tolist() == (list(range(708)))
