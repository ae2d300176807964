"""Columns of people in Parquet files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.population.columns import parquet
from mesa_llm_city.population.columns.person_arrays import PersonArrays
from tests.population.fake_town import FakeTown


@cache
def _columns() -> PopulationColumns:
    return PopulationColumns.synthesize(150, city=FakeTown(), rng=7, culture="us")


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "people.parquet"
    _columns().to_parquet(file, rows_per_part=40)
    assert pq.ParquetFile(file).num_row_groups == 4
    again = PopulationColumns.read_parquet(file)
    for name, column in _columns().arrays():
        np.testing.assert_array_equal(getattr(again, name), column, err_msg=name)
    assert again.personas() == _columns().personas()
    assert again.purposes == _columns().purposes
    assert (again.culture, again.seed) == ("us", 7)
    assert again.marginals == _columns().marginals
    assert again.parameters == _columns().parameters
    assert again.assumptions == _columns().assumptions


def test_the_parts_do_not_change_the_table(tmp_path: Path) -> None:
    for rows in (7, 1000):
        _columns().to_parquet(tmp_path / str(rows), rows_per_part=rows)
    assert pq.read_table(tmp_path / "7").equals(pq.read_table(tmp_path / "1000"))


def test_an_open_purpose_and_nobody_are_kept(tmp_path: Path) -> None:
    worship = {"places": ["amenity=place_of_worship"], "free_time_weight": 0.2}
    tree = CityParameters(purposes={"worship": worship})
    columns = PopulationColumns.synthesize(5, city=FakeTown(), parameters=tree)
    file = tmp_path / "people.parquet"
    for one in (columns, columns.take([])):
        one.to_parquet(file)
        again = PopulationColumns.read_parquet(file)
        assert again.personas() == one.personas()
        assert again.purposes == one.purposes


def _broken(tmp_path: Path, name: str, column: pa.Array | None) -> Path:
    file = tmp_path / "people.parquet"
    _columns().take(range(3)).to_parquet(file)
    table = pq.read_table(file)
    index = table.column_names.index(name)
    without = table.remove_column(index)
    pq.write_table(without if column is None else table.set_column(index, name, column), file)
    return file


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("income", None, "lacks the columns income; read tables in which something is open with"),
        ("age", pa.array([4, None, 8]), "column age is blank in row 1; fill it in"),
        ("age", pa.array(["old", "9", "8"]), "column age: "),
        ("age", pa.array([4, 9, 70_000]), "column age: "),
        ("age", pa.array([4, 9, -8]), r"age must be in \[0, 32767\], got -8 in row 2"),
        ("gender", pa.array(["female", "x", "male"]), "'x' is unknown; use one of female, male"),
    ],
)
def test_a_column_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, column: pa.Array | None, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        PopulationColumns.read_parquet(_broken(tmp_path, name, column))


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file .*; write one with to_parquet"):
        PopulationColumns.read_parquet(tmp_path / "people.parquet")
    (tmp_path / "people.parquet").write_text("id,age\n")
    with pytest.raises(DataError, match="is no Parquet file"):
        PopulationColumns.read_parquet(tmp_path / "people.parquet")


def test_a_file_that_is_not_completed_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_names(columns: PersonArrays) -> list[str]:
        if len(columns):
            raise KeyboardInterrupt
        return []

    monkeypatch.setattr(parquet, "names_of", no_names)
    with pytest.raises(KeyboardInterrupt):
        _columns().to_parquet(tmp_path / "people.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_part_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="rows_per_part must be at least 1, got 0"):
        _columns().to_parquet(tmp_path / "people.parquet", rows_per_part=0)
