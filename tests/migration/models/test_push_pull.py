"""The rule of push and pull: each factor counts as it should, and places do as well."""

from __future__ import annotations

import json
from math import log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.base import MigrationModel
from mesa_llm_city.migration.models.push_pull import (
    PushPullConfig,
    PushPullRule,
    Surroundings,
    person_factors,
    place_utility,
)
from mesa_llm_city.migration.survey.schema import chfs
from mesa_llm_city.migration.survey.table import SurveyTable

# Somebody all of whose factors are nought.
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


def people(*told: dict[str, float], target: list[int] | None = None) -> SurveyTable:
    schema = chfs()
    rows = [{**dict.fromkeys(schema.names, np.nan), **PLAIN, **one} for one in told]
    labels = np.full(len(rows), -1) if target is None else np.array(target)
    frame = pd.DataFrame(rows, columns=list(schema.names), dtype=np.float64)
    return SurveyTable(frame=frame, target=labels.astype(np.int8), group=None, schema=schema)


def odds(**told: float) -> float:
    (p,) = PushPullRule().predict_proba(people(told))[:, 1]
    return float(log_odds(p))


def around(**told: float) -> Surroundings:
    plain = {
        "city_wage": 48_000.0,
        "village_wage": 24_000.0,
        "city_price": 1.0,
        "subsidy": 0.0,
        "distance_km": 0.0,
    }
    return Surroundings(**{name: np.array([one]) for name, one in {**plain, **told}.items()})


class TestPerson:
    def test_the_plain_person_has_the_intercept(self) -> None:
        assert odds() == pytest.approx(-1.0)

    @pytest.mark.parametrize(
        ("told", "more"),
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
    def test_a_factor_counts_as_told(self, told: dict[str, float], more: float) -> None:
        assert odds(**told) == pytest.approx(-1.0 + more)

    @pytest.mark.parametrize("name", list(PLAIN))
    def test_a_missing_value_counts_as_that_of_the_plain_person(self, name: str) -> None:
        assert odds(**{name: np.nan}) == pytest.approx(-1.0)

    def test_no_wage_at_all_is_no_infinite_reason(self) -> None:
        assert odds(wage=0.0) == odds(wage=300.0) == pytest.approx(-1.0 - 0.3 * log(0.01))

    def test_a_table_without_the_columns_is_refused_with_all_of_them(self) -> None:
        table = people({})
        schema = chfs()
        bare = type(schema)(
            features=tuple(one for one in schema.features if one.name not in {"age", "wage"}),
            target=schema.target,
            positive=schema.positive,
        )
        other = SurveyTable(
            frame=table.frame[list(bare.names)], target=table.target, group=None, schema=bare
        )
        with pytest.raises(DataError, match=r"(?s)2 defects.*no column age.*no column wage"):
            person_factors(other)


class TestPlaces:
    def test_equal_real_incomes_at_no_distance_speak_for_neither(self) -> None:
        even = around(city_wage=36_000.0, city_price=1.5)
        assert place_utility(even).tolist() == pytest.approx([0.0])

    def test_a_worked_value(self) -> None:
        (value,) = place_utility(around(subsidy=6_000.0, city_price=1.2, distance_km=100.0))
        assert value == pytest.approx(1.5 * log(30.0 * 1.2 / 48.0) + 0.1 * log(2.0))

    @given(st.floats(1.0, 1e5), st.floats(1.0, 1e5))
    def test_a_larger_subsidy_speaks_more_for_the_village(self, some: float, more: float) -> None:
        assert place_utility(around(subsidy=some)) < place_utility(around(subsidy=some + more))

    @pytest.mark.parametrize(
        ("told", "higher"),
        [("city_wage", False), ("village_wage", True), ("city_price", True), ("distance_km", True)],
    )
    def test_signs(self, told: str, *, higher: bool) -> None:
        plain, changed = place_utility(around()), place_utility(around(**{told: 70_000.0}))
        assert bool(changed > plain) is higher

    def test_all_that_is_wrong_is_listed(self) -> None:
        one: Float = np.ones(2)
        with pytest.raises(DataError, match=r"(?s)3 defects.*village_wage.*subsidy.*distance_km"):
            Surroundings(
                city_wage=one,
                village_wage=0.0 * one,
                city_price=one,
                subsidy=-one,
                distance_km=np.ones(3),
            )


class TestRule:
    def test_it_is_a_model_like_any_other(self) -> None:
        assert isinstance(PushPullRule(), MigrationModel)

    def test_a_fit_meets_the_share_and_keeps_the_order(self) -> None:
        table = people({"age": 20.0}, {"age": 30.0}, {"age": 40.0}, {}, target=[0, 1, 1, 1])
        rule = PushPullRule().fit(table)
        p = rule.predict_proba(table)[:, 1]
        assert p.mean() == pytest.approx(0.75)
        assert np.argsort(p).tolist() == [0, 1, 3, 2]

    @pytest.mark.parametrize("target", [[0, 0], [1, 1], [-1, 1]])
    def test_it_cannot_be_fitted_to_one_kind_of_label(self, target: list[int]) -> None:
        with pytest.raises(DataError, match="labels of both kinds"):
            PushPullRule().fit(people({}, {}, target=target))

    def test_the_strongest_factors_are_told_first(self) -> None:
        table = people({"hukou": 1.0, "age": 60.0, "marriage": 2.0, "education": 16.0})
        assert PushPullRule().explain(table) == ["hukou +0.80, age +0.75"]

    def test_of_those_who_leave_what_speaks_against_home_is_told(self) -> None:
        table = people({"age": 25.0, "hukou": 1.0}, {"education": 16.0})
        told = PushPullRule().explain(table, leaving=[True, False])
        assert told == ["age -0.30", "by chance"]

    def test_what_is_read_back_predicts_the_same(self, tmp_path: Path) -> None:
        rule = PushPullRule(PushPullConfig(age=1 / 3))
        rule.save(tmp_path / "rule")
        again = PushPullRule.load(tmp_path / "rule")
        table = people({"age": 41.0}, {"hukou": 1.0})
        assert again.config == rule.config
        assert again.predict_proba(table).tolist() == rule.predict_proba(table).tolist()

    def test_a_row_depends_on_itself_alone(self) -> None:
        table = people({"age": 41.0, "wage": 1234.5}, {"hukou": 1.0}, {"work": 0.0})
        rule = PushPullRule()
        for row in range(3):
            alone = rule.predict_proba(table.take([row]))
            assert alone[0].tolist() == rule.predict_proba(table)[row].tolist()

    @pytest.mark.parametrize("weights", [{"age": 1.0}, [], None, dict.fromkeys(range(3), 1.0)])
    def test_other_weights_are_refused(self, tmp_path: Path, weights: object) -> None:
        self._tamper(tmp_path, weights)
        with pytest.raises(DataError, match="must have the weights"):
            PushPullRule.load(tmp_path)

    def test_weights_that_are_no_numbers_are_refused(self, tmp_path: Path) -> None:
        self._tamper(tmp_path, dict.fromkeys(_weights(tmp_path), "high"))
        with pytest.raises(DataError, match="no numbers"):
            PushPullRule.load(tmp_path)

    def _tamper(self, folder: Path, weights: object) -> None:
        told = _weights(folder, whole=True)
        (folder / "config.json").write_text(json.dumps({**told, "weights": weights}))


class TestConfig:
    @pytest.mark.parametrize("name", ["age", "intercept", "income"])
    def test_weights_must_be_finite(self, name: str) -> None:
        with pytest.raises(ConfigError, match=f"{name} must be finite"):
            PushPullConfig(**{name: float("nan")})

    def test_the_reference_wage_must_be_positive(self) -> None:
        with pytest.raises(ConfigError, match="reference_wage must be positive"):
            PushPullConfig(reference_wage=0.0)


def _weights(folder: Path, *, whole: bool = False) -> dict[str, object]:
    PushPullRule().save(folder)
    told: dict[str, object] = json.loads((folder / "config.json").read_text())
    weights = told["weights"]
    assert isinstance(weights, dict)
    return told if whole else weights
