"""The rule of push and pull: personal factors, fitting, reasons, saving."""

from __future__ import annotations

import json
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.push_pull import PushPullRule, person_factors
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, ParameterError

# A person whose factors are all 0.
PLAIN = {
    "age": 35.0,
    "education": 9.0,
    "marriage": 1.0,
    "physical_condition": 1.0,
    "work": 1.0,
    "wage": 30_000.0,
    "hukou": 0.0,
    "old_age_insurance": 3.0,
    "housing_fund": 0.0,
}


def people(*profiles: dict[str, float], target: list[int] | None = None) -> SurveyTable:
    schema = chfs()
    rows = [{**dict.fromkeys(schema.names, np.nan), **PLAIN, **one} for one in profiles]
    labels = np.full(len(rows), -1) if target is None else np.array(target)
    frame = pd.DataFrame(rows, columns=list(schema.names), dtype=np.float64)
    return SurveyTable(frame=frame, target=labels.astype(np.int8), group=None, schema=schema)


def odds(**profile: float) -> float:
    (p,) = PushPullRule().predict_proba(people(profile))[:, 1]
    return float(log_odds(p))


class TestPerson:
    def test_the_reference_person_has_the_intercept(self) -> None:
        assert odds() == pytest.approx(-1.0)

    @pytest.mark.parametrize(
        ("profile", "more"),
        [
            ({"age": 55.0}, 0.6),
            ({"education": 16.0}, -0.42),
            ({"marriage": 2.0}, 0.3),
            ({"physical_condition": 2.0}, 0.2),
            ({"physical_condition": 3.0}, 0.5),
            ({"work": 0.0}, 0.6),
            ({"wage": 60_000.0}, -0.3 * log(2.0)),
            ({"hukou": 1.0}, 0.8),
            ({"old_age_insurance": 2.0}, -0.6),
            ({"housing_fund": 1.0}, -0.6),
            ({"housing_fund": 1.0, "old_age_insurance": 1.0}, -0.6),
        ],
    )
    def test_a_factor_adds_its_weight(self, profile: dict[str, float], more: float) -> None:
        assert odds(**profile) == pytest.approx(-1.0 + more)

    @pytest.mark.parametrize("name", list(PLAIN))
    def test_a_missing_value_counts_as_that_of_the_reference_person(self, name: str) -> None:
        assert odds(**{name: np.nan}) == pytest.approx(-1.0)

    def test_the_effect_of_a_wage_of_0_is_bounded(self) -> None:
        assert odds(wage=0.0) == odds(wage=300.0) == pytest.approx(-1.0 - 0.3 * log(0.01))

    def test_all_missing_columns_are_listed(self) -> None:
        table = people({})
        schema = chfs()
        kept = tuple(one for one in schema.columns if one.name not in {"age", "wage"})
        bare = replace(schema, columns=kept)
        other = SurveyTable(
            frame=table.frame[list(bare.names)], target=table.target, group=None, schema=bare
        )
        with pytest.raises(DataError, match=r"(?s)2 defects.*no column age.*no column wage"):
            person_factors(other)


class TestRule:
    def test_it_has_the_interface_of_a_model(self) -> None:
        assert isinstance(PushPullRule(), MigrationModel)

    def test_a_fitted_rule_has_the_share_of_the_survey_and_the_same_order(self) -> None:
        table = people({"age": 20.0}, {"age": 30.0}, {"age": 40.0}, {}, target=[0, 1, 1, 1])
        rule = PushPullRule().fit(table)
        p = rule.predict_proba(table)[:, 1]
        assert p.mean() == pytest.approx(0.75)
        assert np.argsort(p).tolist() == [0, 1, 3, 2]

    @pytest.mark.parametrize("target", [[0, 0], [1, 1], [-1, 1]])
    def test_it_cannot_be_fitted_to_labels_that_are_all_the_same(self, target: list[int]) -> None:
        with pytest.raises(DataError, match="rows of both kinds"):
            PushPullRule().fit(people({}, {}, target=target))

    def test_the_reason_begins_with_the_largest_factors(self) -> None:
        table = people({"hukou": 1.0, "age": 60.0, "marriage": 2.0, "education": 16.0})
        assert PushPullRule().explain(table) == ["hukou +0.80, age +0.75"]

    def test_the_reason_to_leave_consists_of_negative_factors(self) -> None:
        table = people({"age": 25.0, "hukou": 1.0}, {"education": 16.0})
        reasons = PushPullRule().explain(table, leaving=[True, False])
        assert reasons == ["age -0.30", "by chance"]

    def test_a_rule_that_is_loaded_predicts_the_same(self, tmp_path: Path) -> None:
        rule = PushPullRule(CityParameters().with_("migration.push_pull.age", 1 / 3))
        rule.save(tmp_path / "rule")
        again = PushPullRule.load(tmp_path / "rule")
        table = people({"age": 41.0}, {"hukou": 1.0})
        assert again.parameters == rule.parameters
        assert again.predict_proba(table).tolist() == rule.predict_proba(table).tolist()

    def test_a_prediction_depends_on_its_own_row_only(self) -> None:
        table = people({"age": 41.0, "wage": 1234.5}, {"hukou": 1.0}, {"work": 0.0})
        rule = PushPullRule()
        for row in range(3):
            alone = rule.predict_proba(table.take([row]))
            assert alone[0].tolist() == rule.predict_proba(table)[row].tolist()

    @pytest.mark.parametrize("weights", [{"age": 1.0}, [], None, dict.fromkeys(range(3), 1.0)])
    def test_weights_with_other_names_are_an_error(self, tmp_path: Path, weights: object) -> None:
        self._tamper(tmp_path, weights)
        with pytest.raises(DataError, match="must have the weights"):
            PushPullRule.load(tmp_path)

    def test_weights_that_are_no_numbers_are_an_error(self, tmp_path: Path) -> None:
        self._tamper(tmp_path, dict.fromkeys(_weights(tmp_path), "high"))
        with pytest.raises(DataError, match="no numbers"):
            PushPullRule.load(tmp_path)

    def _tamper(self, folder: Path, weights: object) -> None:
        record = _weights(folder, whole=True)
        (folder / "config.json").write_text(json.dumps({**record, "weights": weights}))


class TestParameters:
    @pytest.mark.parametrize("name", ["age", "intercept", "income"])
    def test_weights_must_be_finite(self, name: str) -> None:
        with pytest.raises(ParameterError, match=f"migration.push_pull.{name}"):
            CityParameters().with_(f"migration.push_pull.{name}", float("nan"))

    def test_the_reference_wage_must_be_positive(self) -> None:
        with pytest.raises(ParameterError, match=r"reference_wage: got 0\.0"):
            CityParameters().with_("migration.push_pull.reference_wage", 0.0)

    def test_reference_values_are_parameters(self) -> None:
        numbers = {"reference_age": 45.0, "reference_schooling": 6.0, "least_wage_share": 0.5}
        parameters = CityParameters().with_("migration.push_pull", numbers)
        factors = person_factors(people({"wage": 0.0}), parameters.migration.push_pull)
        # Ten years younger, three more years of schooling, half of the reference wage.
        assert factors["age"].tolist() == pytest.approx([-0.3])
        assert factors["schooling"].tolist() == pytest.approx([-0.18])
        assert factors["wage"].tolist() == pytest.approx([-0.3 * log(0.5)])


def _weights(folder: Path, *, whole: bool = False) -> dict[str, object]:
    PushPullRule().save(folder)
    record: dict[str, object] = json.loads((folder / "config.json").read_text())
    weights = record["weights"]
    assert isinstance(weights, dict)
    return record if whole else weights
