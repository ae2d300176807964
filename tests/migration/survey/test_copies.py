"""Copies of rows are told from people who happen to give the same answers."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.migration.survey.copies import find_copies, more_than_chance
from mesa_llm_city.migration.survey.row_keys import answers, row_keys
from mesa_llm_city.migration.survey.splitting import split
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

TABLE = synthetic_survey(900, seed=5)
COARSE = ("gender", "hukou", "marriage", "physical_condition", "work", "poor_hh")


def coarse(table: SurveyTable) -> SurveyTable:
    """Return rows of six columns of few codes."""
    features = tuple(one for one in table.schema.features if one.name in COARSE)
    schema = replace(table.schema, columns=features)
    return replace(table, frame=table.frame[list(schema.names)], schema=schema)


class TestCopies:
    def test_copied_rows_are_counted_and_shown(self) -> None:
        found = find_copies(TABLE.take(range(800)), TABLE.take(range(790, 900)))
        assert (found.rows, found.share) == (10, 10 / 110)
        assert found.is_beyond_chance
        assert found.examples[0] == (0, 790)
        assert found.same_label == 1.0
        assert "9.1% of test rows have the same answers as a training row" in str(found)

    def test_copies_with_another_label_are_copies(self) -> None:
        test = TABLE.take(range(790, 900))
        found = find_copies(TABLE.take(range(800)), replace(test, target=1 - test.target))
        assert found.is_beyond_chance
        assert found.same_label == 0.0

    def test_rows_entered_twice_before_the_table_was_divided_are_copies(self) -> None:
        """As many rows are equal inside the training table as between the tables."""
        twice = TABLE.take(np.repeat(np.arange(900), 2))
        parts = split(replace(twice, group=None), "random", seed=1)
        found = find_copies(parts.train, parts.test)
        assert abs(found.share - found.chance) < 0.2
        assert found.is_beyond_chance

    @pytest.mark.parametrize("seed", range(5))
    def test_equal_answers_to_few_questions_are_chance(self, seed: int) -> None:
        parts = split(coarse(synthetic_survey(900, seed=seed)), "random", seed=seed)
        found = find_copies(parts.train, parts.test)
        assert found.rows > 10
        assert not found.is_beyond_chance
        assert "no more than by chance" in str(found)

    def test_rows_without_copies_have_none(self) -> None:
        found = find_copies(TABLE.take(range(800)), TABLE.take(range(800, 900)))
        assert found.rows == 0
        assert isnan(found.same_label)
        assert str(found) == "No test row has the same answers as a training row."


def test_two_equal_rows_prove_nothing_and_three_may() -> None:
    assert not more_than_chance(2, 100, 0.0, 10_000)
    assert more_than_chance(3, 100, 0.0, 10_000)
    assert not more_than_chance(3, 100, 0.02, 10_000)
    assert not more_than_chance(100, 100, 1.0, 10_000)


class TestAnswers:
    @pytest.mark.parametrize("values", [[1, 0], [1.0, -0.0], ["1", "0"], [" 01", "0.0"]])
    def test_an_answer_is_the_same_in_every_type(self, values: list[object]) -> None:
        assert answers(pd.Series(values, dtype=object)) == [b"1.0", b"0.0"]

    def test_single_and_double_precision_are_the_same(self) -> None:
        assert answers(pd.Series([0.1, 1e300])) == answers(
            pd.Series([np.float32(0.1), np.finfo(np.float32).max])
        )

    def test_the_order_of_columns_does_not_matter(self) -> None:
        mixed = TABLE.frame[list(reversed(TABLE.frame.columns))]
        features = tuple(reversed(TABLE.schema.features))
        other = replace(TABLE, frame=mixed, schema=replace(TABLE.schema, columns=features))
        assert row_keys(other) == row_keys(TABLE)
