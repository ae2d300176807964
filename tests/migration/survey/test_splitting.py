"""Splits: every row in one part, households kept together if grouped."""

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
METHODS: tuple[Literal["random", "grouped"], ...] = ("random", "grouped")


def _rows(parts: Split) -> list[float]:
    return sorted(value for part in parts for value in part.frame["total_consumption"])


@given(st.sampled_from(METHODS), st.integers(0, 50), st.integers(1, 8), st.integers(0, 8))
def test_every_row_is_in_one_part_and_parts_have_their_shares(
    by: Literal["random", "grouped"], seed: int, first: int, second: int
) -> None:
    whole = first + second + 2
    shares = (first / whole, second / whole, 2 / whole)
    parts = split(TABLE, by, shares, seed)
    assert _rows(parts) == sorted(TABLE.frame["total_consumption"])
    # A household has at most four members.
    assert [len(part) for part in parts] == pytest.approx(np.multiply(shares, 400), abs=4)


@given(st.integers(0, 50))
def test_a_grouped_split_keeps_households_together(seed: int) -> None:
    groups = [
        set(part.group.tolist())
        for part in split(TABLE, "grouped", seed=seed)
        if part.group is not None
    ]
    assert len(set.union(*groups)) == sum(map(len, groups))


def test_a_random_split_divides_households() -> None:
    parts = split(TABLE)
    assert parts.train.group is not None
    assert set(parts.train.group) & set(np.asarray(parts.test.group))


@pytest.mark.parametrize("by", METHODS)
def test_equal_seeds_give_equal_splits_and_rows_keep_their_order(
    by: Literal["random", "grouped"],
) -> None:
    one, same, other = (split(TABLE, by, seed=seed) for seed in (1, 1, 2))
    assert one.val.frame.equals(same.val.frame)
    assert not one.val.frame.equals(other.val.frame)
    assert np.all(np.diff(np.asarray(one.train.group)) >= 0)


def test_the_part_of_a_household_does_not_depend_on_the_order_of_rows() -> None:
    turned = TABLE.take(np.arange(400)[::-1])
    one, other = split(TABLE, "grouped"), split(turned, "grouped")
    assert set(np.asarray(one.test.group)) == set(np.asarray(other.test.group))


def test_a_predefined_split_follows_the_given_parts() -> None:
    given = [PARTS[row % 3] for row in range(400)]
    parts = split(TABLE, "predefined", parts=given)
    assert parts.val.frame.equals(TABLE.take(np.arange(1, 400, 3)).frame)


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
def test_unknown_options_are_an_error(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"by must be|shares must be"):
        split(TABLE, **options)


def test_a_grouped_split_needs_households() -> None:
    table: SurveyTable = replace(TABLE, group=None)
    with pytest.raises(ConfigError, match="no households to group by"):
        split(table, "grouped")


def test_parts_of_another_length_or_name_are_an_error() -> None:
    with pytest.raises(DataError, match=r"there are 2 entries for 400 rows(.|\n)*'dev' is not one"):
        split(TABLE, "predefined", parts=["train", "dev"])
