"""CSV for spreadsheets: no text in it is run as a formula, and no character controls anything."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from mesa_llm_city.experiments.csv_text import csv_text, harmless


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1+1", "-1+1", "@SUM(A1)", " =cmd|' /C calc'!A0", "\t=1", "\r\n=1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1+1", "\uff20A1", "\x00=1"),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["Ada", "-3.5", "+12", "-1e-3", "a=b", "3-4", "", "東京 (café)"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_control_characters_become_blanks() -> None:
    assert harmless("a\x1b[31m\u202eb\ud800c\nd") == "a [31m b c d"


def test_numbers_times_and_empty_cells_stay_and_texts_of_every_kind_are_changed() -> None:
    frame = pd.DataFrame(
        {
            "=name": pd.Series(["=1+1", None, "Ada, Bo"], dtype="str"),
            "kind": pd.Categorical(["@x", "walk", "walk"]),
            "object": ["-1+2", -3, None],
            "change": [-1.5, 0.0, 2.0],
            "time": pd.to_datetime(["2024-04-01"] * 3),
        }
    )
    read = pd.read_csv(StringIO(csv_text(frame)), dtype="str", keep_default_na=False)
    assert read.columns.tolist() == ["'=name", "kind", "object", "change", "time"]
    assert read["'=name"].tolist() == ["'=1+1", "", "Ada, Bo"]
    assert read["kind"].tolist() == ["'@x", "walk", "walk"]
    assert read["object"].tolist() == ["'-1+2", "-3", ""]
    assert read["change"].astype(float).tolist() == [-1.5, 0.0, 2.0]
    assert csv_text(frame).count("\n") == 4
