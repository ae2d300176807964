"""Models of several outcomes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.models.several_outcomes import SeveralOutcomes
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.outcome import Outcome
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable

SCHEMA = Schema(
    columns=(Column(name="x", kind="number", label="X"),),
    outcome=Outcome(
        name="move",
        positive="return",
        codes={"stay": "stays", "return": "returns", "onward": "moves on"},
    ),
)


def people(rows: int = 900) -> SurveyTable:
    """Return people who stay if x is low, return if it is high, and else move on."""
    x = np.random.default_rng(2).normal(size=rows)
    label = np.where(x < -0.5, "stay", np.where(x > 0.5, "return", "onward"))
    return SurveyTable.from_frame(pd.DataFrame({"x": x, "move": label}), SCHEMA)


TABLE = people()
MODEL = SeveralOutcomes(lambda: TabularModel("hist_gradient_boosting")).fit(TABLE)


def test_every_outcome_has_a_probability_and_they_add_up() -> None:
    p = MODEL.predict_outcomes(TABLE)
    assert p.shape == (900, 3)
    assert p.sum(axis=1) == pytest.approx(1.0)
    assert (p.argmax(axis=1) == TABLE.outcome).mean() > 0.97


def test_the_probability_of_label_1_is_that_of_its_outcome() -> None:
    assert np.array_equal(MODEL.predict_proba(TABLE)[:, 1], MODEL.predict_outcomes(TABLE)[:, 1])


def test_a_saved_model_predicts_the_same(tmp_path: Path) -> None:
    MODEL.save(tmp_path)
    again = load_model(tmp_path)
    assert isinstance(again, SeveralOutcomes)
    assert np.array_equal(again.predict_outcomes(TABLE), MODEL.predict_outcomes(TABLE))
    with pytest.raises(ConfigError, match="cannot be trained again"):
        again.fit(TABLE)


def test_two_outcomes_and_absent_ones_are_an_error() -> None:
    with pytest.raises(DataError, match="returnee has two values, so one model is enough"):
        SeveralOutcomes(TabularModel).fit(synthetic_survey(50, seed=1))
    with pytest.raises(DataError, match="no training row has the outcome moves on"):
        SeveralOutcomes(TabularModel).fit(TABLE.take(np.asarray(TABLE.outcome) != 2))
    with pytest.raises(ConfigError, match="is not trained"):
        SeveralOutcomes(TabularModel).predict_proba(TABLE)
