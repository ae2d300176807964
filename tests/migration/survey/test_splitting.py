"""Splits: every row once, households apart where asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.survey.splitting import PARTS, Split, split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

TABLE = synthetic_survey(400, seed=1)
WAYS: tuple[Literal["random", "grouped"], ...] = ("random", "grouped")


def _rows(told: Split) -> list[float]:
    return sorted(value for part in told for value in part.frame["total_consumption"])


@given(st.sampled_from(WAYS), st.integers(0, 50), st.integers(1, 8), st.integers(0, 8))
def test_every_row_goes_to_one_part_and_shares_are_met(
    by: Literal["random", "grouped"], seed: int, first: int, second: int
) -> None:
    whole = first + second + 2
    shares = (first / whole, second / whole, 2 / whole)
    told = split(TABLE, by, shares, seed)
    assert _rows(told) == sorted(TABLE.frame["total_consumption"])
    # Ends fall inside a household of four at most.
    assert [len(part) for part in told] == pytest.approx(np.multiply(shares, 400), abs=4)


@given(st.integers(0, 50))
def test_no_household_lies_on_both_sides_of_a_grouped_split(seed: int) -> None:
    groups = [
        set(part.group.tolist())
        for part in split(TABLE, "grouped", seed=seed)
        if part.group is not None
    ]
    assert len(set.union(*groups)) == sum(map(len, groups))


def test_a_random_split_tears_households_apart() -> None:
    told = split(TABLE)
    assert told.train.group is not None
    assert set(told.train.group) & set(np.asarray(told.test.group))


@pytest.mark.parametrize("by", WAYS)
def test_equal_seeds_split_equally_and_rows_keep_their_order(
    by: Literal["random", "grouped"],
) -> None:
    one, same, other = (split(TABLE, by, seed=seed) for seed in (1, 1, 2))
    assert one.val.frame.equals(same.val.frame)
    assert not one.val.frame.equals(other.val.frame)
    assert np.all(np.diff(np.asarray(one.train.group)) >= 0)


def test_the_order_of_rows_does_not_move_a_household() -> None:
    turned = TABLE.take(np.arange(400)[::-1])
    one, other = split(TABLE, "grouped"), split(turned, "grouped")
    assert set(np.asarray(one.test.group)) == set(np.asarray(other.test.group))


def test_a_predefined_split_goes_by_what_is_told() -> None:
    parts = [PARTS[row % 3] for row in range(400)]
    told = split(TABLE, "predefined", parts=parts)
    assert told.val.frame.equals(TABLE.take(np.arange(1, 400, 3)).frame)


@pytest.mark.parametrize(
    "options",
    [
        {"by": "time"},
        {"by": "predefined"},
        {"by": "random", "parts": ["train"] * 400},
        {"shares": (0.8, 0.2)},
        {"shares": (0.8, 0.1, 0.2)},
        {"shares": (1.2, -0.1, -0.1)},
    ],
)
def test_bad_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"by must be|shares must be"):
        split(TABLE, **options)


def test_unknown_households_cannot_be_kept_together() -> None:
    table: SurveyTable = replace(TABLE, group=None)
    with pytest.raises(ConfigError, match="no households to group by"):
        split(table, "grouped")


def test_parts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match=r"2 entries stand beside 400 rows(.|\n)*'dev' is not one"):
        split(TABLE, "predefined", parts=["train", "dev"])
