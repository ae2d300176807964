"""Missing values that carry a prediction, and the twin that decides in their place."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.effects.blanks import (
    BlankDependence,
    blank_dependence,
    without_blanks,
)
from mesa_llm_city.migration.models.loading import load_twin
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

COLUMNS = (
    Column(name="age", kind="number", label="Age"),
    Column(name="work", kind="category", label="Work", codes={0: "no", 1: "yes"}),
)


class Seeing:
    """A model that predicts by blanks: .8 without an age, .2 with it."""

    missing = "indicator"

    def predict_proba(self, table: SurveyTable) -> Float:
        p = np.where(table.frame["age"].isna(), 0.8, 0.2)
        return np.column_stack([1.0 - p, p])


class Blind:
    """A model that gives everybody the same probability."""

    def predict_proba(self, table: SurveyTable) -> Float:
        return np.full((len(table), 2), 0.5)


def people() -> SurveyTable:
    frame = pd.DataFrame({"age": [20.0, 30.0, np.nan, 40.0], "work": [1.0, 1.0, np.nan, 0.0]})
    return SurveyTable(
        frame=frame,
        target=np.array([0, 0, 1, 0], dtype=np.int8),
        group=None,
        schema=binary_schema(features=COLUMNS),
    )


class TestDependence:
    def test_numbers_worked_by_hand(self) -> None:
        found = blank_dependence(Seeing(), people(), twin=Blind())
        assert found.blank_share == 0.25
        assert found.moved == pytest.approx(0.6 / 4.0)  # one of four loses .6
        assert found.twin_moved == pytest.approx(0.3)
        assert (found.auc, found.auc_filled, found.auc_twin) == (1.0, 0.5, 0.5)
        assert found.carries
        assert "AUC from 1.000 to 0.500" in str(found)
        assert "let the twin decide" in str(found)

    def test_a_model_that_does_not_see_blanks_is_told_so(self) -> None:
        found = blank_dependence(Blind(), people())
        assert not found.carries
        assert str(found).startswith("missing values hardly matter for the prediction: 25%")
        assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["twin_moved"] is None

    def test_blanks_are_filled_with_medians_and_most_frequent_codes(self) -> None:
        filled = without_blanks(people()).frame
        assert filled["age"].tolist() == [20.0, 30.0, 30.0, 40.0]
        assert filled["work"].tolist() == [1.0, 1.0, 1.0, 0.0]

    def test_no_rows_are_an_error(self) -> None:
        with pytest.raises(DataError, match="no rows"):
            blank_dependence(Blind(), people().take([]))


class TestDecision:
    def test_the_twin_decides_if_both_are_given(self) -> None:
        decision = MigrationDecision(model=Seeing(), twin=Blind())
        decided = decision.decide(people(), ids=range(4), seed=1, step=0)
        assert decided.p.tolist() == [0.5] * 4

    def test_it_warns_once_if_blanks_carry_the_prediction(self) -> None:
        decision = MigrationDecision(model=Seeing(), name="tabular")
        with pytest.warns(UserWarning, match="missing values carry the prediction"):
            decision.decide(people(), ids=range(4), seed=1, step=0)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            decision.decide(people(), ids=range(4), seed=1, step=1)

    def test_it_warns_of_a_language_model_too_whose_options_are_in_its_config(self) -> None:
        class Reading(Blind):
            config = Seeing
            predict_proba = Seeing.predict_proba

        decision = MigrationDecision(model=Reading(), name="rms")
        with pytest.warns(UserWarning, match="missing values carry the prediction"):
            decision.decide(people(), ids=range(4), seed=1, step=0)

    def test_a_saved_twin_is_loaded_with_its_model(self, tmp_path: Path) -> None:
        PushPullRule().save(tmp_path)
        assert load_twin(tmp_path) is None
        fitted = PushPullRule().fit(synthetic_survey(200, seed=1))
        fitted.save(tmp_path / "twin")
        deciding = MigrationDecision.load(tmp_path).model
        assert isinstance(deciding, PushPullRule)
        assert deciding.parameters.intercept == fitted.parameters.intercept


def test_a_model_no_better_than_chance_has_nothing_that_blanks_could_carry() -> None:
    guess = BlankDependence(
        blank_share=0.1,
        moved=0.05,
        twin_moved=float("nan"),
        auc=0.484,
        auc_filled=0.305,
        auc_twin=float("nan"),
    )
    assert not guess.carries
    assert replace(guess, auc=0.6).carries


def test_near_ties_that_change_places_are_nothing_that_blanks_carry() -> None:
    hardly_moved = BlankDependence(
        blank_share=0.1,
        moved=0.0004,
        twin_moved=float("nan"),
        auc=0.531,
        auc_filled=0.391,
        auc_twin=float("nan"),
    )
    assert not hardly_moved.carries
