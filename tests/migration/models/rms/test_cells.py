"""Cells in words."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.migration.models.rms.cells import cell_texts, number_text, rounded_to_octaves
from tests.migration.models.rms.tiny import SCHEMA_FEATURES
from tests.migration.schemas import binary_schema


@given(st.floats(1e-3, 1e12))
def test_rounding_changes_a_number_by_at_most_a_quarter_octave(value: float) -> None:
    near = rounded_to_octaves(value)
    assert abs(math.log2(near / value)) <= 0.25 + 1e-9
    assert rounded_to_octaves(-value) == -near


@given(st.floats(-1e12, 1e12))
def test_texts_of_numbers_are_short(value: float) -> None:
    assert len(number_text(value)) <= 8 or abs(value) < 1e-3


def test_each_cell_has_label_and_value_or_missing() -> None:
    schema = binary_schema(features=SCHEMA_FEATURES, group="hhid")
    frame = pd.DataFrame({"age": [35.0, None], "wage": [0.0, 30_000.0], "work": [1.0, 7.0]})
    texts = [list(column) for column in cell_texts(frame, schema, language="en")]
    assert texts == [
        [" Age: 35;", " Age: missing;"],
        [" Wage: 0;", " Wage: 33k;"],
        [" Work: has work;", " Work: 7.0;"],
    ]
