"""Files of surveys: Stata and SPSS with their labels, codes and missing codes."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.survey.draft import draft_schema
from mesa_llm_city.migration.survey.survey_file import read_survey_file
from mesa_llm_city.migration.survey.table import read_survey

FRAME = pd.DataFrame(
    {
        "age": [30.0, 41.0, 99.0, 25.0],
        "health": [1, 3, 2, 1],
        "moved": [0, 1, 1, 0],
    }
)
HEALTH: dict[float, str] = {1: "poor", 2: "fair", 3: "good"}


def test_a_file_of_stata_has_its_labels_and_the_order_of_its_codes(tmp_path: Path) -> None:
    path = tmp_path / "rows.dta"
    FRAME.to_stata(
        path,
        write_index=False,
        variable_labels={"age": "Age in years"},
        value_labels={"health": {**HEALTH}},
    )
    file = read_survey_file(path)
    assert file.labels == {"age": "Age in years"}
    assert file.frame["health"].tolist() == ["poor", "good", "fair", "poor"]
    schema = draft_schema(file, "moved").schema
    assert list(schema["health"].codes) == ["poor", "fair", "good"]
    assert schema["age"].label == "Age in years"
    assert read_survey(path, schema).frame["health"].tolist() == [0.0, 2.0, 1.0, 0.0]


def test_a_file_of_spss_has_its_labels_codes_and_missing_codes(tmp_path: Path) -> None:
    spss: Any = pytest.importorskip("pyreadstat")
    path = tmp_path / "rows.sav"
    spss.write_sav(
        FRAME,
        str(path),
        column_labels={"age": "Age in years"},
        variable_value_labels={"health": {**HEALTH}},
        missing_ranges={"age": [99]},
    )
    schema = draft_schema(read_survey_file(path), "moved").schema
    assert schema["age"].label == "Age in years"
    assert schema["age"].missing == (99,)
    assert schema["health"].codes == HEALTH
    table = read_survey(path, schema)
    assert table.frame["age"].isna().tolist() == [False, False, True, False]
    assert table.frame["health"].tolist() == [1.0, 3.0, 2.0, 1.0]


@pytest.mark.parametrize("name", ["rows.dta", "rows.sav"])
def test_a_file_that_is_not_what_its_name_says_is_an_error(name: str, tmp_path: Path) -> None:
    if name.endswith("sav"):
        pytest.importorskip("pyreadstat")
    with pytest.raises(DataError, match="there is no such file"):
        read_survey_file(tmp_path / name)
    (tmp_path / name).write_bytes(b"age,moved\n1,0\n")
    with pytest.raises(DataError, match="cannot be read as a file of S"):
        read_survey_file(tmp_path / name)


@pytest.mark.parametrize("content", [b"hello", b""])
def test_what_is_no_file_of_stata_is_an_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "rows.dta").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as a file of Stata"):
        read_survey_file(tmp_path / "rows.dta")


def test_labels_that_several_codes_have_are_told_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.dta"
    labels: dict[Hashable, dict[float, str]] = {"a": {1: "yes", 2: "no", 3: "x"}}
    pd.DataFrame({"a": [1, 2, 3]}).to_stata(path, write_index=False, value_labels=labels)
    path.write_bytes(path.read_bytes().replace(b"yes\0no\0x\0", b"no\0\0no\0x\0"))
    with pytest.raises(DataError, match="several codes of a have the same label") as told:
        read_survey_file(path)
    assert "(no)" in str(told.value)
    assert "\n" not in str(told.value)
