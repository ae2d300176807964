"""How much to work and to spend: rules by hand, one person as a row, prompts, components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.economy import (
    WEEKS_PER_MONTH,
    SpendingChoice,
    SpendingFacts,
    SpendingPrompt,
    WorkChoice,
    WorkFacts,
    WorkPrompt,
    adapted,
    buffer_stock_spending,
    felt_stress,
    hours_by_rule,
    money_stress,
    next_price,
    personal_cushion,
    personal_effect,
    wage_per_hour,
    wished_hours,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.economy import (
    PriceParameters,
    SpendingParameters,
    StressParameters,
    WorkParameters,
)
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.testing import check_component

WORK, SPENDING, STRESS = WorkParameters(), SpendingParameters(), StressParameters()
FULL_TIME = WorkFacts(usual_hours=40.0, hours=40.0, wage=20.0, unearned=1000.0, effect=0.11)
MONTH = SpendingFacts(disposable=1000.0, transfers=200.0, savings=600.0, cushion=2.0, rent=500.0)


class _Says:
    """A backend that always says the same, and keeps what it was asked."""

    def __init__(self, **values: object) -> None:
        self.values = {"reason": "so", **values}
        self.asked: list[Question] = []

    def answer_many(self, questions: Sequence[Question]) -> list[Any]:
        self.asked += questions
        return [one.reply(**self.values) for one in questions]


def wished(usual: float = 40.0, **changed: float) -> float:
    facts = {"wage": 20.0, "unearned": 0.0, "kept": 1.0, "effect": 0.11, **changed}
    return float(wished_hours(usual, parameters=WORK, **facts))


class TestWork:
    def test_a_transfer_lowers_earnings_by_its_income_effect(self) -> None:
        less = 40.0 - wished(unearned=1000.0)
        assert less * 20.0 * WEEKS_PER_MONTH == pytest.approx(110.0)

    def test_hours_follow_what_is_left_of_a_wage(self) -> None:
        assert wished(kept=0.8) == pytest.approx(40.0 * 0.8**0.33)
        assert wished(kept=1.1) > 40.0

    def test_who_would_work_a_few_hours_stops_and_nobody_works_too_much(self) -> None:
        assert wished(8.5) == 8.5
        assert wished(8.5, unearned=1000.0) == 0.0
        assert wished(100.0) == WORK.most_hours
        assert wished(0.0) == 0.0

    def test_the_mean_income_effect_is_that_of_the_parameters(self) -> None:
        draws = (np.arange(20_000) + 0.5) / 20_000
        assert personal_effect(draws, WORK).mean() == pytest.approx(0.11, rel=0.01)

    def test_a_tenth_of_the_people_changes_hours_in_a_month(self) -> None:
        draws = uniforms(1, np.arange(5000), "economy.work", 3, 1)[:, 0]
        hours = hours_by_rule(40.0, 30.0, draws, WORK)
        assert (hours == 30.0).mean() == pytest.approx(0.1, abs=0.015)

    def test_a_person_decides_as_a_row_of_columns_does(self) -> None:
        n = 40
        draws = uniforms(7, np.arange(n), "economy.work", 1, 3)
        usual, wage = 60.0 * draws[:, 0], 8.0 + 40.0 * draws[:, 1]
        effect = personal_effect(draws[:, 2], WORK)
        numbers: dict[str, Any] = {"wage": wage, "unearned": 700.0, "kept": 0.9, "effect": effect}
        rows = hours_by_rule(usual, wished_hours(usual, parameters=WORK, **numbers), 0.0, WORK)
        choice = WorkChoice()
        for row in range(n):
            facts = WorkFacts(
                usual_hours=usual[row],
                hours=usual[row],
                wage=wage[row],
                unearned=700.0,
                kept=0.9,
                effect=effect[row],
            )
            assert run(choice.offer(facts, draw=0.0)).hours == rows[row]

    def test_by_the_power_rule_the_rich_work_less_often(self) -> None:
        choice = WorkChoice(CityParameters().with_("economy.work.rule", "power"))
        rich = FULL_TIME._replace(savings=1e6)
        assert [run(choice.offer(rich, draw=draw)).hours for draw in (0.5, 0.9)] == [40.0, 0.0]
        assert run(choice.offer(FULL_TIME, draw=0.9)).hours == 40.0

    def test_a_wage_of_an_hour_is_a_month_over_its_hours(self) -> None:
        assert wage_per_hour(4348.0, 40.0) == pytest.approx(25.0, abs=0.01)


class TestSpending:
    def test_spending_is_income_and_a_share_of_what_is_beyond_the_cushion(self) -> None:
        # income 1000 + .25 of 200; cushion 2 months of 1050; savings of 600 are 1500 short
        assert run(SpendingChoice().budget(MONTH)).amount == pytest.approx(1050 - 0.03 * 1500)

    def test_savings_equal_to_the_cushion_stay_as_they_are(self) -> None:
        spent = buffer_stock_spending(1000.0, 0.0, 2000.0, cushion=2.0, parameters=SPENDING)
        assert spent == 1000.0

    def test_a_transfer_that_goes_on_is_spent_in_the_end(self) -> None:
        savings, spent = 2000.0, []
        for _ in range(400):
            now = buffer_stock_spending(1000.0, 500.0, savings, cushion=2.0, parameters=SPENDING)
            savings += 1500.0 - float(now)
            spent.append(float(now))
        assert spent[0] == pytest.approx(1000.0 + 125.0 - 0.03 * 250.0)
        assert spent[-1] == pytest.approx(1500.0, abs=0.1)

    def test_nobody_spends_more_than_there_is_or_less_than_the_least(self) -> None:
        spent = buffer_stock_spending(
            [100.0, 100.0, 0.0],
            0.0,
            [0.0, 900.0, 0.0],
            cushion=5.0,
            least=360.0,
            parameters=SPENDING,
        )
        assert spent.tolist() == [100.0, 360.0, 0.0]

    def test_the_median_cushion_is_that_of_the_parameters_and_none_is_endless(self) -> None:
        cushions = personal_cushion([0.5, 1.0 - 1e-9], SPENDING)
        assert cushions.tolist() == [1.5, 1.0 / 0.03]

    def test_a_person_spends_as_a_row_of_columns_does(self) -> None:
        draws = 3000.0 * uniforms(7, np.arange(30), "economy.spend", 1, 3)
        cushion = personal_cushion(draws[:, 0] / 3000.0, SPENDING)
        choice = SpendingChoice()
        rows = buffer_stock_spending(
            *draws.T, cushion=cushion, least=choice.least, parameters=SPENDING
        )
        for row, numbers in enumerate(draws):
            disposable, transfers, savings = numbers.tolist()
            facts = SpendingFacts(disposable, transfers, savings, float(cushion[row]))
            assert run(choice.budget(facts)).amount == rows[row]

    def test_by_the_power_rule_the_rich_spend_a_smaller_share(self) -> None:
        choice = SpendingChoice(CityParameters().with_("economy.spending.rule", "power"))
        shares = [
            run(choice.budget(MONTH._replace(savings=savings))).amount / (1200.0 + savings)
            for savings in (0.0, 1e4, 1e6)
        ]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] == pytest.approx(1200.0**-0.1)


class TestPrompts:
    def test_a_language_model_names_hours_in_steps_of_full_time(self) -> None:
        says = _Says(work_percent=85)
        offer = Prompted(WorkChoice(), WorkPrompt()).offer(FULL_TIME, draw=0.0, person="Ada")
        decision = run(offer, backend=says)
        assert decision.hours == pytest.approx(40 * 0.84)
        assert decision.source is DecisionSource.PROMPT
        facts = says.asked[0].facts
        assert (facts["person"], facts["unearned"], facts["most"]) == ("Ada", 1000, 150)

    def test_a_language_model_names_a_share_of_all_there_is(self) -> None:
        says = _Says(spend_percent=50)
        decision = run(Prompted(SpendingChoice(), SpendingPrompt()).budget(MONTH), backend=says)
        assert decision.amount == pytest.approx(0.5 * 1800.0)
        assert says.asked[0].facts["there"] == 1800

    def test_nothing_is_asked_where_there_is_no_money(self) -> None:
        says = _Says(spend_percent=50)
        poor = SpendingFacts(disposable=0.0, transfers=0.0, savings=0.0, cushion=1.0)
        decision = run(Prompted(SpendingChoice(), SpendingPrompt()).budget(poor), backend=says)
        assert (decision.amount, decision.source) == (0.0, DecisionSource.RULE)
        assert not says.asked


def test_the_choices_are_components_as_others_are() -> None:
    check_component(WorkChoice, lambda one, _: one.offer(FULL_TIME, draw=0.3))
    check_component(SpendingChoice, lambda one, _: one.budget(MONTH))
    check_component(
        lambda: Prompted(WorkChoice(), WorkPrompt()),
        lambda one, _: one.offer(FULL_TIME, draw=0.3),
        backend=_Says(work_percent=50),
    )
    check_component(
        lambda: Prompted(SpendingChoice(), SpendingPrompt()),
        lambda one, _: one.budget(MONTH),
        backend=_Says(spend_percent=50),
    )


class TestStress:
    def test_stress_falls_with_months_of_savings(self) -> None:
        assert money_stress([0, 1500, 3000, 99], [1000, 1000, 1000, 0], STRESS).tolist() == [
            1.0,
            0.5,
            0.0,
            0.0,
        ]

    def test_half_of_a_change_is_usual_after_a_half_life(self) -> None:
        usual: Any = 1.0
        for _ in range(32):
            usual = adapted(usual, 0.0, STRESS)
        assert usual == pytest.approx(0.5 ** (32 / 31.7))

    def test_relief_fades_though_savings_stay(self) -> None:
        usual: Any = 0.8
        felt = []
        for _ in range(120):
            felt.append(float(felt_stress(0.2, usual, 0.8)))
            usual = adapted(usual, 0.2, STRESS)
        assert felt[0] == pytest.approx(0.2)
        assert felt == sorted(felt)
        assert felt[48] == pytest.approx(0.8 - 0.6 * 0.35, abs=0.005)  # 65 % lost in 4 years


def test_prices_follow_demand_by_a_tenth_at_most() -> None:
    numbers = PriceParameters(response=1.0)
    assert next_price(1.0, [50.0, 100.0, 0.0], 100.0, numbers).tolist() == [0.95, 1.0, 0.9]
    fixed = PriceParameters(flexible=False)
    assert next_price(1.0, [0.0, 500.0], 100.0, fixed).tolist() == [1.0, 1.0]
