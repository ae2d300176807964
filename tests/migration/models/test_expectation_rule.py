"""The rule for any survey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
from mesa_llm_city.migration.models.loading import load_model
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.parameters import CityParameters
from tests.migration.schemas import binary_schema
from tests.migration.small_survey import MEMBERS, members

TABLE = members(400)


def test_the_weighted_mean_prediction_is_the_weighted_share() -> None:
    p = ExpectationRule().fit(TABLE).predict_proba(TABLE)[:, 1]
    share = np.average(TABLE.target, weights=TABLE.weight)
    assert np.average(p, weights=TABLE.weight) == pytest.approx(share, abs=1e-9)


def test_an_effect_is_the_sign_times_the_weight_for_each_standard_deviation() -> None:
    rule = ExpectationRule(CityParameters().with_("migration.expectation.log_odds_per_sd", 0.5))
    table = replace(TABLE, weight=None)
    effects = rule.fit(table).effects(table)
    assert list(effects) == ["pay", "sector"]
    assert effects["sector"].std() == pytest.approx(0.5)
    assert effects["pay"].mean() == pytest.approx(0.0, abs=1e-9)


def test_a_missing_value_has_no_effect() -> None:
    rule = ExpectationRule().fit(TABLE)
    blank = replace(TABLE, frame=TABLE.frame.assign(pay=np.nan))
    assert not rule.effects(blank)["pay"].any()


def test_a_saved_rule_predicts_the_same(tmp_path: Path) -> None:
    rule = ExpectationRule().fit(TABLE)
    rule.save(tmp_path)
    again = load_model(tmp_path)
    assert np.array_equal(again.predict_proba(TABLE), rule.predict_proba(TABLE))
    (tmp_path / "config.json").write_text('{"kind": "expectation", "format": 2, "files": {}}')
    with pytest.raises(DataError, match="is not valid"):
        load_model(tmp_path)


def test_a_schema_without_expected_signs_has_no_rule() -> None:
    plain = binary_schema(features=(MEMBERS["age"],))
    frame = TABLE.frame[["age"]]
    with pytest.raises(ConfigError, match="expects no effect of any column"):
        ExpectationRule().fit(replace(TABLE, frame=frame, schema=plain))


def test_a_category_without_an_order_has_no_sign() -> None:
    wide = replace(MEMBERS["sector"], codes={"private": "", "public": "", "none": ""})
    schema = Schema(columns=(wide,), outcome=MEMBERS.outcome)
    with pytest.raises(ConfigError, match="sector has more than two codes"):
        ExpectationRule().fit(replace(TABLE, schema=schema))


def test_a_rule_that_is_not_fitted_cannot_predict() -> None:
    with pytest.raises(ConfigError, match="the rule is not fitted"):
        ExpectationRule().predict_proba(TABLE)
