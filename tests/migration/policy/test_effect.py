"""Effects of policies that models expect, side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
from mesa_llm_city.migration.policy.effect import effects_table, policy_effect
from mesa_llm_city.migration.policy.lever import read_levers
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.small_survey import MEMBERS, members


class Share:
    """Predicts a tenth for each thousand of pay, up or down."""

    def __init__(self, slope: float) -> None:
        self.slope = slope

    def predict_proba(self, table: SurveyTable) -> Float:
        p = np.clip(0.5 + self.slope * table.frame["pay"].to_numpy(np.float64), 0.0, 1.0)
        return np.column_stack([1.0 - p, p])


def test_the_effect_is_the_weighted_mean_change() -> None:
    table = members(2)
    table = replace(
        table,
        frame=table.frame.assign(pay=[1000.0, 2000.0]),
        weight=np.array([3.0, 1.0]),
    )
    (found,) = policy_effect({"a": Share(1e-4)}, table, read_levers("pay*2", MEMBERS))
    assert found.change == pytest.approx((3.0 * 0.1 + 0.2) / 4.0)
    assert found.after - found.before == pytest.approx(found.change)


def test_a_sign_against_expectation_is_told() -> None:
    table = members(200)
    models = {"up": Share(1e-5), "down": Share(-1e-5), "flat": Share(0.0)}
    found = policy_effect(models, table, read_levers("pay*1.5", MEMBERS))
    signs = [one.sign for one in found]
    assert signs == ["as expected", "against expectation", "no clear effect"]
    assert "| down |" in effects_table(found)
    (cut,) = policy_effect({"up": Share(1e-5)}, table, read_levers("pay*0.5", MEMBERS))
    assert cut.expected == -1
    assert cut.sign == "as expected"


def test_with_a_lever_of_no_expected_sign_nothing_is_expected_of_the_policy() -> None:
    levers = read_levers(("pay*1.5", "age+1"), MEMBERS)
    (found,) = policy_effect({"down": Share(-1e-5)}, members(50), levers)
    assert found.sign == "nothing expected"


def test_the_rule_has_the_expected_signs() -> None:
    table = members(300)
    rule = ExpectationRule().fit(table)
    for lever in ("pay*1.2", "sector=public"):
        (found,) = policy_effect({"rule": rule}, table, read_levers(lever, MEMBERS))
        assert found.low > 0.0
        assert found.sign == "as expected"


def test_a_policy_without_levers_is_an_error() -> None:
    with pytest.raises(ConfigError, match="a policy needs a lever"):
        policy_effect({}, members(4), [])
