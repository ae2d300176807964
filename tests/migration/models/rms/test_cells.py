"""Cells in words."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.migration.models.rms.cells import (
    cell_texts,
    number_text,
    number_texts,
    rounded_to_octaves,
)
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


def test_many_numbers_are_written_as_each_of_them() -> None:
    draws = np.random.default_rng(1)
    values = np.concatenate(
        [
            draws.lognormal(8.0, 4.0, 2000),
            -draws.lognormal(8.0, 3.0, 500).round(2),
            draws.integers(-300, 300, 500).astype(np.float64),
            2.0 ** (np.arange(-40, 80) / 4.0),  # also the borders of steps
            [0.0, -0.0, 1e300, 99.0, 99.5, 100.0],
        ]
    )
    assert number_texts(values) == [number_text(value) for value in values.tolist()]
    assert number_texts(values[:0]) == []


def test_each_cell_has_label_and_value_or_missing() -> None:
    schema = binary_schema(features=SCHEMA_FEATURES, group="hhid")
    frame = pd.DataFrame({"age": [35.0, None], "wage": [0.0, 30_000.0], "work": [1.0, 7.0]})
    texts = [list(column) for column in cell_texts(frame, schema, language="en")]
    assert texts == [
        [" Age: 35;", " Age: missing;"],
        [" Wage: 0;", " Wage: 33k;"],
        [" Work: has work;", " Work: 7.0;"],
    ]
