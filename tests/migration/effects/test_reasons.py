"""Reasons of decisions: additive, of persons and of households."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.decision import MigrationDecision
from mesa_llm_city.migration.effects.attributions import Attributions, Explains
from mesa_llm_city.migration.effects.reasons import AttentionReasons, TabularReasons, reasons_of
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from tests.migration.small_survey import members

TABLE = synthetic_survey(300, seed=1)
VAL = synthetic_survey(120, seed=2)


FEW = TABLE.take(range(15))


def odds(model: ProbabilityModel) -> list[float]:
    """Return the log odds of a few persons."""
    return [float(one) for one in log_odds(model.predict_proba(FEW)[:, 1])]


class TestTold:
    FOUND = Attributions(
        names=("age", "wage", "work"),
        values=np.array([[0.4, -0.3, 0.1], [0.0, -0.3, 0.5]]),
        base=-1.0,
        unit="log odds",
    )

    def test_the_largest_contributions_that_favour_the_move_are_told(self) -> None:
        assert self.FOUND.told() == ["age +0.40, work +0.10", "work +0.50"]
        assert self.FOUND.told(leaving=[True, False]) == ["wage -0.30", "work +0.50"]

    def test_a_household_has_the_mean_of_its_members(self) -> None:
        together = self.FOUND.of_households([7, 7])
        assert together.values.tolist()[0] == pytest.approx([0.2, -0.3, 0.3])
        assert together.told() == ["work +0.30, age +0.20"] * 2

    def test_attention_is_told_as_shares(self) -> None:
        attention = Attributions(
            names=("age", "wage"),
            values=np.array([[0.1, 0.9]]),
            base=0.0,
            unit="share of attention",
        )
        assert attention.told(leaving=True) == ["read wage 90%, age 10%"]


class TestTabular:
    @pytest.mark.parametrize(
        "method", ["hist_gradient_boosting", "gradient_boosting", "logistic_regression"]
    )
    def test_contributions_add_up_to_the_calibrated_log_odds(self, method: str) -> None:
        pytest.importorskip("sklearn")
        model = TabularModel(method).fit(TABLE, VAL)
        found = TabularReasons(model, TABLE).attributions(FEW)
        assert found.names == tuple(one.name for one in TABLE.schema.inputs)
        added = found.base + found.values.sum(axis=1)
        assert added.tolist() == pytest.approx(odds(model), abs=1e-9)

    def test_contributions_to_a_forest_add_up_to_its_probability(self) -> None:
        pytest.importorskip("sklearn")
        model = TabularModel("random_forest", household_mean=True).fit(TABLE)
        found = TabularReasons(model, TABLE).attributions(TABLE.take(range(5)))
        assert (found.unit, found.names[-1]) == ("probability", "household")
        p = model.predict_proba(TABLE.take(range(5)))[:, 1]
        assert (found.base + found.values.sum(axis=1)).tolist() == pytest.approx(p.tolist())

    def test_a_method_without_exact_attributions_is_refused_in_words(self) -> None:
        pytest.importorskip("sklearn")
        model = TabularModel("mlp").fit(TABLE)
        assert reasons_of(model, TABLE) is None
        with pytest.raises(ConfigError, match="mlp has no exact attributions; use trees"):
            TabularReasons(model, TABLE)


class TestDecision:
    def test_the_rule_explains_itself_and_adds_up(self) -> None:
        rule = PushPullRule().fit(TABLE)
        assert isinstance(rule, Explains)
        assert reasons_of(rule, TABLE) is rule
        found = rule.attributions(FEW)
        added = found.base + found.values.sum(axis=1)
        assert added.tolist() == pytest.approx(odds(rule))

    def test_the_rule_of_any_survey_explains_itself_and_adds_up(self) -> None:
        people = members(100)
        rule = ExpectationRule().fit(people)
        found = rule.attributions(people)
        added = found.base + found.values.sum(axis=1)
        p = rule.predict_proba(people)[:, 1]
        assert added.tolist() == pytest.approx([float(one) for one in log_odds(p)])
        decided = MigrationDecision(model=rule).decide(people, ids=range(100), seed=1, step=0)
        assert any("pay +" in one for one in decided.reason)

    def test_movers_have_reasons_of_the_person_and_of_the_household(self) -> None:
        pytest.importorskip("sklearn")
        model = TabularModel("logistic_regression", missing="impute").fit(TABLE)
        decision = MigrationDecision(model=model, reasons=reasons_of(model, TABLE))
        assert TABLE.group is not None
        _, home = np.unique(TABLE.group, return_inverse=True)
        decided = decision.decide(TABLE, ids=range(300), seed=1, step=0, households=home)
        size = np.bincount(home)[home]
        told = [one for one in decided.reason if one]
        assert told
        for row, reason in enumerate(decided.reason):
            if reason:
                assert ("; household " in reason) is bool(size[row] > 1)
                assert reason.endswith(", places +0.00")
                assert reason.startswith("by tabular: ")

    def test_reasons_of_a_person_do_not_depend_on_others(self) -> None:
        pytest.importorskip("sklearn")
        model = TabularModel("gradient_boosting", missing="impute").fit(TABLE)
        reasons = TabularReasons(model, TABLE)
        whole = reasons.attributions(TABLE)
        alone = reasons.attributions(TABLE.take([17]))
        assert whole.to_frame().iloc[17].tolist() == alone.to_frame().iloc[0].tolist()


class TestAttention:
    @pytest.mark.slow
    def test_each_person_has_shares_of_attention_that_add_up_to_one(self, tmp_path: Path) -> None:
        pytest.importorskip("torch")
        from mesa_llm_city.migration.models.rms.agent import RMSAgent
        from tests.migration.models.rms.tiny import save_backbone, survey

        people = survey(40)
        agent = RMSAgent(backbone=str(save_backbone(tmp_path)), epochs=1, queries=2).fit(people)
        reasons = AttentionReasons(agent)
        found = reasons.attributions(people.take(range(3)))
        assert found.names == ("Age", "Wage", "Work")
        assert found.values.sum(axis=1).tolist() == pytest.approx([1.0] * 3)
        decided = MigrationDecision(model=agent, reasons=reasons).decide(
            people, ids=range(40), seed=1, step=0
        )
        assert all(not one or one.startswith("by rms: read ") for one in decided.reason)
        assert any(decided.reason)
