"""Scores of predicted answers, by hand."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.twins.scores import accuracy_by_question, score_table
from tests.experiments.twins.people import respondents

PEOPLE = respondents()
TRUTH = PEOPLE.answers
COLUMNS = np.array([0, 2])


def _scores(said: Float) -> pd.Series[float]:
    table = score_table(PEOPLE, COLUMNS, {"one": said}, draws=20)
    return table.set_index("measure")["value"]


def test_the_truth_is_perfect() -> None:
    found = _scores(TRUTH[:, COLUMNS])
    expected = {"accuracy": 1.0, "exact": 1.0, "correlation": 1.0, "variance": 1.0}
    assert found.to_dict() == pytest.approx({**expected, "extremes": 0.0, "distribution": 0.0})


def test_one_point_too_high_costs_a_quarter_of_the_scale() -> None:
    said = TRUTH[:, COLUMNS].copy()
    said[:, 0] = np.minimum(said[:, 0] + 1.0, 5.0)  # right for the fifth at the top
    found = _scores(said)
    # Scale: four of five are a quarter off, so 0.8; option: 1.0; mean 0.9.
    assert found["accuracy"] == pytest.approx(0.9)
    assert found["exact"] == pytest.approx(0.6)


def test_the_middle_scores_well_by_distance_and_has_no_spread() -> None:
    said = TRUTH[:, COLUMNS].copy()
    said[:, 0] = 3.0
    found = _scores(said)
    assert found["accuracy"] == pytest.approx((0.7 + 1.0) / 2.0)
    assert np.isnan(found["correlation"])
    assert found["variance"] == 0.0
    assert found["extremes"] == pytest.approx(-0.4)
    assert found["distribution"] == pytest.approx(0.8 / 2.0)


def test_a_missing_answer_is_wrong() -> None:
    said = TRUTH[:, COLUMNS].copy()
    said[:10] = np.nan
    table = score_table(PEOPLE, COLUMNS, {"one": said}, draws=20)
    assert table["value"].iloc[0] == pytest.approx(0.5)
    assert set(table["missing"]) == {20}


def test_what_a_respondent_has_not_answered_is_not_scored() -> None:
    people = respondents()
    people.answers[:10, 0] = np.nan
    table = score_table(people, np.array([0]), {"one": np.ones((20, 1))}, draws=20)
    assert set(table["answers"]) == {10}
    assert table["value"].iloc[0] == pytest.approx(0.5)  # levels 1 to 5: 1, .75, .5, .25, 0


def test_intervals_hold_the_value() -> None:
    said = TRUTH[:, COLUMNS].copy()
    said[::3, 0] = 3.0
    table = score_table(PEOPLE, COLUMNS, {"one": said}, draws=50)
    assert (table["low"] <= table["value"]).all()
    assert (table["high"] >= table["value"]).all()


def test_accuracy_is_told_by_question() -> None:
    said = MappingProxyType({"ones": np.ones((20, 2)), "truth": TRUTH[:, COLUMNS]})
    found = accuracy_by_question(PEOPLE, COLUMNS, said)
    assert found.index.tolist() == ["ladder", "car"]
    assert found.loc["ladder", "ones"] == pytest.approx(0.5)
    assert found.loc["car", "ones"] == pytest.approx(0.6)
    assert found["truth"].tolist() == [1.0, 1.0]
