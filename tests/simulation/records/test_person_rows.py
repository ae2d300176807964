"""The rows of one person, of which each reading looks at new ones only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.simulation.records import PersonRows, Table
from mesa_llm_city.simulation.records.person_sample import PersonSample
from mesa_llm_city.simulation.records.stream import RecordStream

_COLUMNS = {"person": "i", "start": "t", "place": "n", "mode": "k", "why": "s"}


def table(**names: str) -> Table:
    return Table(_COLUMNS, **names)  # type: ignore[arg-type]


def fill(one: Table, first: int, last: int) -> None:
    """Add rows of five persons by turns, of ever other words."""
    for row in range(first, last):
        one.add((row % 5, row, row if row % 2 else None, f"mode {row // 400}", f"since {row}"))


def by_filter(one: Table, person: int) -> pd.DataFrame:
    """Return the rows of a person as the whole table has them."""
    whole = one.to_frame()
    own = whole[whole["person"] == person].reset_index(drop=True)
    return own.assign(mode=own["mode"].cat.remove_unused_categories())


def test_the_rows_of_a_person_are_those_of_the_whole_table() -> None:
    one, own = table(), PersonRows()
    for last in (9, 700, 701, 2000, 2000, 5000):
        fill(one, one.added, last)
        for person in (3, 4):
            pd.testing.assert_frame_equal(own.frame(one, person), by_filter(one, person))
            pd.testing.assert_frame_equal(one.to_frame(person=person), by_filter(one, person))


def test_the_same_frame_comes_back_until_the_person_has_a_new_row() -> None:
    one, own = table(), PersonRows()
    fill(one, 0, 510)
    first = own.frame(one, 2)
    one.add((1, 600, None, "walk", ""))
    one.add((1, 601, None, "walk", ""))  # with this one rows are packed
    one.add((1, 602, None, "walk", ""))
    assert own.frame(one, 2) is first
    one.add((2, 603, None, "walk", ""))
    assert own.frame(one, 2)["start"].tolist() == [*first["start"], 603]


def test_a_person_without_rows_has_an_empty_frame() -> None:
    one = table()
    fill(one, 0, 1200)
    own = PersonRows().frame(one, 9)
    assert own.columns.tolist() == list(_COLUMNS)
    assert len(own) == 0


def test_rows_that_were_written_to_files_meanwhile_are_read_once(tmp_path: Path) -> None:
    one, own = table(name="trips"), PersonRows()
    stream = RecordStream(tmp_path / "run", chunk_rows=1500, about={})
    stream.open()
    one.keep(stream=stream)
    for last in (100, 1400, 1600, 3100, 3200, 7000):
        fill(one, one.added, last)
        pd.testing.assert_frame_equal(own.frame(one, 1), by_filter(one, 1))
    one.flush()
    pd.testing.assert_frame_equal(own.frame(one, 1), by_filter(one, 1))


def test_of_a_sample_of_persons_the_rows_are_those_that_are_kept() -> None:
    sample = PersonSample(0.5, 7)
    keeps = sample.keeps(np.arange(5)).tolist()
    one = table()
    one.keep(sample=sample)
    fill(one, 0, 1300)
    assert [len(PersonRows().frame(one, person)) > 0 for person in range(5)] == keeps


@pytest.mark.parametrize("after", [0, 1, 511, 512, 513, 1023, 1024, 5000])
def test_rows_that_are_known_are_left_out(after: int) -> None:
    one = table()
    fill(one, 0, 1100)
    own = one.own_rows(3, after=after)
    packed = [row for row in range(after, 1024) if row % 5 == 3]
    assert own.packed["start"].to_pylist() == packed
    assert own.late["start"].to_pylist() == [row for row in range(1024, 1100) if row % 5 == 3]
    assert own.known == 1024
