"""Response curves, average marginal effects, and expected against found signs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.margins import average_marginal_effects
from mesa_llm_city.migration.effects.pictures import draw_response
from mesa_llm_city.migration.effects.response import response_curve
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

AGE = Column(name="age", kind="number", label="Age", unit="years")
GRANT = Column(
    name="grant", kind="category", label="Grant", codes={0: "no", 1: "yes"}, expected=1, lever=True
)
HEALTH = Column(
    name="health", kind="ordered", label="Health", codes={1: "good", 2: "fair", 3: "poor"}
)
TEXT = Column(name="story", kind="text", label="Story")


class Sum:
    """A model whose probability is linear: .01 a year, and so much for the grant."""

    def __init__(self, grant: float = 0.2, age: float = 0.01, *, product: float = 0.0) -> None:
        self.grant, self.age, self.product = grant, age, product

    def predict_proba(self, table: SurveyTable) -> Float:
        age = np.nan_to_num(table.frame["age"].to_numpy(np.float64), nan=10.0)
        grant = np.nan_to_num(table.frame["grant"].to_numpy(np.float64))
        health = np.nan_to_num(table.frame["health"].to_numpy(np.float64))
        p = 0.1 + self.age * age + self.grant * grant + 0.05 * health
        p = p + self.product * age * grant
        return np.column_stack([1.0 - p, p])


def people(count: int = 40, *, blank: bool = False, **more: Any) -> SurveyTable:  # noqa: ANN401
    age = np.arange(count) % 20 + 1.0
    frame = pd.DataFrame(
        {
            "age": np.where(np.arange(count) % 8 == 0, np.nan, age) if blank else age,
            "grant": np.arange(count) % 2 * 1.0,
            "health": np.arange(count) % 3 + 1.0,
            "story": "none",
        }
    )
    table = SurveyTable(
        frame=frame,
        target=np.full(count, -1, dtype=np.int8),
        group=np.arange(count) // 2,
        schema=binary_schema(features=(AGE, GRANT, HEALTH, TEXT), group="hhid"),
    )
    return replace(table, **more)


class TestCurve:
    def test_both_curves_of_a_linear_model_have_its_slope(self) -> None:
        curve = response_curve(Sum(), people(), "age", points=5, draws=30)
        assert curve.local is not None
        for one in (curve.partial.value, curve.local.value):
            assert (np.diff(one) / np.diff(curve.points)).tolist() == pytest.approx([0.01] * 4)

    def test_partial_dependence_worked_by_hand(self) -> None:
        # Mean health is 2 of three rows; the grant is 0, 1, 0.
        curve = response_curve(Sum(), people(3), "age", draws=0)
        assert curve.points.tolist() == [1.0, 2.0, 3.0]
        mean = 0.1 + 0.2 / 3.0 + 0.05 * 2.0
        assert curve.partial.value.tolist() == pytest.approx([mean + 0.01 * k for k in (1, 2, 3)])
        assert np.isnan(curve.partial.low).all()

    def test_local_effects_use_people_who_are_there(self) -> None:
        # Age works only with the grant, which the old have and the young do not.
        table = people(20)
        table.frame["grant"] = (np.arange(20) >= 10) * 1.0
        curve = response_curve(Sum(age=0.0, product=0.01), table, "age", points=20, draws=0)
        assert curve.local is not None
        steps = np.diff(curve.local.value)
        assert steps[:9].tolist() == pytest.approx([0.0] * 9)
        assert steps[9:].tolist() == pytest.approx([0.01] * 10)

    def test_weights_count_as_rows(self) -> None:
        weighted = people(2, group=None, weight=np.array([3.0, 1.0]))
        copied = people(2).take([0, 0, 0, 1])
        first, second = (
            response_curve(Sum(), one, "grant", draws=0).partial.value for one in (weighted, copied)
        )
        assert first.tolist() == pytest.approx(second.tolist())

    def test_the_interval_of_an_ensemble_holds_the_differences_of_its_models(self) -> None:
        models = [Sum(0.1), Sum(0.3)]
        curve = response_curve(models, people(), "grant", draws=40)
        value, low, high = (float(one[0]) for one in curve.change)
        assert value == pytest.approx(0.2)
        assert (low, high) == pytest.approx((0.1, 0.3))
        assert curve.basis == "95%, 40 resamples of households and 2 models"

    def test_the_response_to_a_missing_value_is_told(self) -> None:
        curve = response_curve(Sum(), people(40, blank=True), "age", draws=0)
        at_ten = response_curve(Sum(), people(40, blank=True), "age", draws=0, points=20)
        assert float(curve.missing.value[0]) == pytest.approx(
            float(at_ten.partial.value[np.flatnonzero(at_ten.points == 10.0)][0])
        )

    def test_it_is_written_as_table_json_text_and_picture(self, tmp_path: Path) -> None:
        for name in ("age", "grant", "health"):
            curve = response_curve(Sum(), people(), name, draws=5)
            assert curve.to_frame()["value"].tolist() == curve.points.tolist()
            assert json.loads(json.dumps(curve.to_dict(), allow_nan=False))["column"] == name
            assert "intervals: 95%, 5 resamples of households" in str(curve)
        draw_response(curve, tmp_path / "picture.png")
        assert (tmp_path / "picture.png").stat().st_size > 1000

    def test_texts_unknown_and_empty_columns_are_refused_in_words(self) -> None:
        with pytest.raises(ConfigError, match="story cannot be told: it is of kind text"):
            response_curve(Sum(), people(), "story")
        with pytest.raises(ConfigError, match="no column 'agee'; did you mean"):
            response_curve(Sum(), people(), "agee")
        table = people()
        table.frame["age"] = np.nan
        with pytest.raises(DataError, match="age is missing in every row"):
            response_curve(Sum(), table, "age")
        with pytest.raises(DataError, match="no rows"):
            response_curve(Sum(), people(0), "grant")


class TestSign:
    def test_the_expected_sign_is_found_without_a_warning(self) -> None:
        curve = response_curve(Sum(), people(), "grant", draws=30)
        assert (curve.sign, curve.warnings) == (1, ())
        assert "sign expected: positive, found: positive" in str(curve)

    def test_a_lever_with_the_wrong_sign_is_a_warning(self) -> None:
        curve = response_curve(Sum(grant=-0.05), people(), "grant", draws=30)
        (warning,) = curve.warnings
        assert (
            "grant is a policy lever, and the model responds to it with the wrong sign" in warning
        )
        assert "the opposite effect" in warning

    def test_an_effect_that_cannot_be_told_from_zero_is_a_warning(self) -> None:
        models = [Sum(grant=-0.1), Sum(grant=0.12)]
        curve = response_curve(models, people(), "grant", draws=30)
        assert curve.sign == 0
        assert "cannot be told from 0" in curve.warnings[0]

    def test_a_lever_without_an_expected_sign_is_told(self) -> None:
        silent = replace(GRANT, expected=0)
        table = people(schema=binary_schema(features=(AGE, silent, HEALTH, TEXT), group="hhid"))
        assert "without an expected sign" in response_curve(Sum(), table, "grant").warnings[0]


class TestMarginalEffects:
    def test_effects_of_a_linear_model_worked_by_hand(self) -> None:
        found = average_marginal_effects(Sum(), people(), draws=20)
        effects = {one.column.name: float(one.effect.value[0]) for one in found.effects}
        age = people().frame["age"].to_numpy(np.float64)
        half = age.std() / 2.0
        change = np.clip(age + half, 1.0, 20.0) - np.clip(age - half, 1.0, 20.0)
        assert effects == pytest.approx({"age": 0.01 * change.mean(), "grant": 0.2, "health": 0.05})
        assert [one.change for one in found.effects] == [
            "5.77 years more (one standard deviation)",
            "yes in place of no",
            "the next code",
        ]

    def test_the_effect_of_not_knowing_a_value_is_told(self) -> None:
        found = average_marginal_effects(Sum(), people(40, blank=True), columns=["age"], draws=0)
        known = people(40, blank=True).frame["age"].dropna().to_numpy(np.float64)
        assert found.effects[1].change == "not known"
        assert float(found.effects[1].effect.value[0]) == pytest.approx(
            0.01 * (10.0 - known.mean())
        )

    def test_a_wrong_sign_is_a_warning_and_the_table_is_complete(self) -> None:
        found = average_marginal_effects(Sum(grant=-0.1), people(), draws=10)
        assert "wrong sign" in found.warnings[0]
        assert len(found.to_frame()) == len(found.to_dict()["effects"]) == 3
        assert "yes in place of no" in str(found)
