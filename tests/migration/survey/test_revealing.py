"""Levels and words that give the label away: by hand, and against chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.leakage_rules import LeakageRules
from mesa_llm_city.migration.survey.levels import Levels
from mesa_llm_city.migration.survey.revealing import (
    Examined,
    RevealingLevel,
    column_scores,
    revealing_levels,
    revealing_words,
)
from mesa_llm_city.migration.survey.synthetic import synthetic_survey

TABLE = synthetic_survey(200, seed=1)
LABELS = np.repeat([0, 1], 100).astype(np.int8)
ROWS = replace(TABLE, target=LABELS, group=None)
RULES = LeakageRules(permutations=100)


def examined(values: Sequence[object], kind: str = "id") -> dict[str, Examined]:
    column: Any = pd.Series([*values], dtype=object)
    return {"x": Examined.of(kind, column, column, {})}


def telling_words(texts: Sequence[str]) -> list[RevealingLevel]:
    table = replace(ROWS, frame=ROWS.frame.assign(x=pd.Series([*texts], dtype=object)))
    return list(revealing_words(table, table, ["x"], RULES))


class TestLevels:
    def test_codes_have_their_words_and_rare_ones_are_other(self) -> None:
        column = pd.Series([0.0] * 50 + [1.0] * 40 + [7.0] * 2 + [np.nan] * 5)
        levels = Levels.find(column, {0: "no", 1: "yes", 7: "unclear"})
        assert levels.names == ("no", "yes", "other", "missing")
        assert np.bincount(levels.of(column)).tolist() == [50, 40, 2, 5]

    def test_a_number_has_ranges_and_its_frequent_values(self) -> None:
        column = pd.Series([-9.0] * 40 + list(np.arange(400.0)))
        levels = Levels.find(column)
        counts = np.bincount(levels.of(column), minlength=len(levels.names))
        assert levels.names[0] == "-9"
        assert counts[0] == 40
        assert counts[1:-2].tolist() == [20] * 20
        assert counts[-2:].tolist() == [0, 0]

    def test_ids_with_letters_are_ordered_by_their_last_digits(self) -> None:
        column = pd.Series([f"P2-{at:04d}" for at in range(200)], dtype=object)
        place = Levels.find(column).of(column)
        assert np.all(np.diff(place) >= 0)
        assert place.max() > 5

    def test_values_seen_first_in_another_table_are_other(self) -> None:
        levels = Levels.find(pd.Series(["a"] * 30 + ["b"] * 30, dtype=object))
        assert levels.of(pd.Series(["b", "c", None], dtype=object)).tolist() == [1, 2, 3]


class TestColumns:
    def test_a_copy_of_the_label_has_an_auc_of_one(self) -> None:
        (found,) = column_scores(ROWS, ROWS, examined(LABELS.tolist()), RULES)
        assert (found.auc, found.train_auc) == (1.0, 1.0)
        assert found.probability < 1e-3

    def test_no_columns_have_no_scores(self) -> None:
        assert column_scores(ROWS, ROWS, {}, RULES) == ()


class TestRevealingLevels:
    def test_a_level_with_one_label_is_found_with_its_numbers(self) -> None:
        values = ["far"] * 40 + ["near"] * 160
        (found,) = revealing_levels(ROWS, ROWS, examined(values), RULES)
        assert (found.level, found.label) == ("far", 0)
        assert (found.train_rows, found.train_share) == (40, 1.0)
        # One half is added to each number: 40 and 0 of this level, 60 and 100 of the others.
        assert found.odds == pytest.approx(40.5 * 100.5 / (0.5 * 60.5))
        # All 40 of 100 among 200, corrected for two labels and two levels.
        assert found.probability == pytest.approx(4 * comb(100, 40) / comb(200, 40))

    def test_missing_is_a_level(self) -> None:
        (found,) = revealing_levels(ROWS, ROWS, examined([None] * 60 + ["x"] * 140), RULES)
        assert found.level == "missing"

    def test_what_does_not_hold_in_the_test_table_is_not_found(self) -> None:
        values = ["far"] * 40 + ["near"] * 160
        other = replace(ROWS, target=LABELS[::-1].copy())
        assert revealing_levels(ROWS, other, examined(values), RULES) == ()

    def test_a_rare_level_is_not_examined(self) -> None:
        assert revealing_levels(ROWS, ROWS, examined(["far"] * 19 + ["near"] * 181), RULES) == ()


class TestWords:
    def test_words_that_state_the_label_are_found_in_any_case(self) -> None:
        texts = ["Still in town."] * 100 + ["lives at HOME again"] * 60 + ["no remark"] * 40
        found = telling_words(texts)
        assert {"still", "home", "home again"} <= {one.level for one in found}
        assert {one.label for one in found if one.level == "home"} == {1}

    def test_texts_without_spaces_are_read_by_pairs_of_characters(self) -> None:
        texts = ["仍在广东打工"] * 100 + ["他已经回到家乡"] * 100
        found = telling_words(texts)
        assert {"回到", "打工"} <= {one.level for one in found}

    def test_words_of_both_labels_are_not_found(self) -> None:
        texts = ["in a hurry", "asked to call"] * 100
        assert telling_words(texts) == []


def test_limits_outside_their_range_are_an_error() -> None:
    with pytest.raises(ConfigError, match=r"column_auc must be 0 to 1, got 2.*permutations"):
        LeakageRules(column_auc=2.0, permutations=0)
