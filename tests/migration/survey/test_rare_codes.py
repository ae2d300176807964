"""Rare codes are pooled, counted and told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mesa_llm_city.migration.survey.rare_codes import RareCodes

VALUES = np.array([1.0] * 50 + [3.0] * 19 + [4.0] * 20 + [9.0] * 2 + [np.nan] * 5)
CODES = (1, 3, 4, 6, 9)


class TestRareCodes:
    def test_codes_of_fewer_rows_are_counted_also_those_without_rows(self) -> None:
        rare = RareCodes.find("work", VALUES, CODES)
        assert dict(rare.rows) == {3: 19, 6: 0, 9: 2}

    def test_they_become_one_code_and_others_stay(self) -> None:
        rare = RareCodes.find("work", VALUES, CODES)
        pooled = rare.pooled(VALUES)
        assert {one for one in pooled.tolist() if one == one} == {1.0, 3.0, 4.0}  # noqa: PLR0124
        assert np.count_nonzero(pooled == 3.0) == 21
        assert np.array_equal(np.isnan(pooled), np.isnan(VALUES))

    def test_a_single_rare_code_has_nothing_to_be_pooled_with(self) -> None:
        rare = RareCodes.find("work", VALUES, (1, 4, 9))
        assert not rare
        assert rare.pool is None
        assert rare.pooled(VALUES) is VALUES
        assert str(rare) == "work: no rare codes"

    def test_they_are_told_in_words(self) -> None:
        rare = RareCodes.find("work", VALUES, CODES)
        words = {3: "mining", 6: "fishing", 9: "other"}
        assert rare.label(words) == "mining or fishing or other"
        assert rare.told(words) == (
            "work: 3 codes of fewer than 20 rows are taken as one: "
            "mining (19 rows), fishing (0 rows), other (2 rows)"
        )

    def test_they_are_the_same_after_json(self) -> None:
        rare = RareCodes.find("work", VALUES, CODES)
        assert RareCodes.from_json(json.loads(json.dumps(rare.to_json()))) == rare
        with pytest.raises((KeyError, ValueError, AttributeError)):
            RareCodes.from_json({"name": "work", "rows": {"x": 1}, "fewest": 20})
