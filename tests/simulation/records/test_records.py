"""Tables: packed into columns, ordered by person and time, told apart by their digest."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.simulation.records import NeedsLog, Table, digest, with_dates

COLUMNS = {"person": "i", "start": "t", "mode": "k", "minutes": "f", "reason": "s"}


def table(count: int) -> Table:
    rows = Table(COLUMNS)
    for row in reversed(range(count)):
        rows.add((row % 7, row, "walk" if row % 2 else "bus", row / 3, f"row {row}"))
    return rows


def going_on(rows: Table, person: int, start: int) -> Any:  # noqa: ANN401 - columns of Arrow
    return rows.packed(
        {
            "person": np.array([person]),
            "start": np.array([start]),
            "mode": "bus",
            "minutes": np.array([1.0]),
            "reason": "going on",
        }
    )


def test_rows_come_back_ordered_by_person_and_time() -> None:
    frame = table(50).to_frame()
    assert len(frame) == 50
    assert frame[["person", "start"]].apply(tuple, axis=1).is_monotonic_increasing
    assert frame["mode"].dtype == "category"


def test_packing_early_and_often_changes_nothing() -> None:
    often = table(50)
    often.pack()
    often.add((1, 99, "train", 1.0, "late"))
    once = table(50)
    once.add((1, 99, "train", 1.0, "late"))
    assert digest({"a": often.to_frame()}) == digest({"a": once.to_frame()})


def test_thousands_of_rows_are_packed_on_the_way() -> None:
    rows = table(20_000)
    assert len(rows) == 20_000
    assert len(rows.to_frame()) == 20_000


def test_the_rows_of_one_person_are_those_among_all() -> None:
    rows = table(1_200)
    everybody = rows.to_frame(going_on(rows, 4, 9_999))
    mine = rows.to_frame(going_on(rows, 4, 9_999), person=4)
    wanted = everybody[everybody["person"] == 4].reset_index(drop=True)
    assert digest({"a": mine}) == digest({"a": wanted})
    assert len(rows.to_frame(person=99)) == 0


def test_reading_while_another_thread_appends_loses_nothing() -> None:
    rows, done = Table(COLUMNS), Event()

    def append() -> None:
        for row in range(20_000):
            rows.add((row % 7, row, "walk", 1.0, "on and on"))
        done.set()

    writer = Thread(target=append)
    writer.start()
    lengths = [0]
    while not done.is_set():
        frame = rows.to_frame()
        assert frame["start"].is_unique
        lengths.append(len(frame))
    writer.join()
    assert lengths == sorted(lengths)
    assert len(rows) == len(rows.to_frame()) == 20_000


def test_extra_rows_are_shown_but_not_kept() -> None:
    rows = table(3)
    assert len(rows.to_frame(going_on(rows, 1, 5))) == 4
    assert len(rows.to_frame()) == 3


def test_a_table_without_rows_has_its_columns() -> None:
    assert list(Table(COLUMNS).to_frame()) == list(COLUMNS)


def test_missing_places_are_whole_numbers_or_nothing() -> None:
    rows = Table({"person": "i", "place": "n"})
    rows.add((1, None))
    rows.add((1, 4))
    places = rows.to_frame()["place"]
    assert places.dtype == "Int32"
    assert places.isna().tolist() == [True, False]


@pytest.mark.slow
@given(st.integers(0, 49), st.sampled_from(["minutes", "reason", "person"]))
def test_any_change_changes_the_digest(row: int, column: str) -> None:
    frame = table(50).to_frame()
    changed = frame.copy()
    changed.loc[row, column] = 99 if column != "reason" else "another"
    assert digest({"a": frame}) != digest({"a": changed})


def test_needs_are_ordered_by_person() -> None:
    log = NeedsLog(["hunger", "energy", "safety", "social"])
    levels = np.array([[0.8, 1.0, 1.0, 1.0], [0.9, 1.0, 1.0, 1.0]])
    log.add(120, np.array([5, 3]), levels)
    frame = log.to_frame()
    assert frame["person"].tolist() == [3, 5]
    np.testing.assert_allclose(frame["hunger"], [0.9, 0.8], rtol=1e-6)


def test_minutes_become_naive_time_stamps() -> None:
    frame = with_dates(pd.DataFrame({"time": [0, 1445]}), Clock())
    assert frame["time"].tolist() == [
        pd.Timestamp("2024-04-01"),
        pd.Timestamp("2024-04-02 00:05"),
    ]
