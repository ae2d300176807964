"""The model basic_income: money, the trial, arms, the scale, prompts, copies and sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mesa_llm_city.models.basic_income.ces_d import (
    ITEMS,
    REVERSED,
    DepressionScale,
    answers_by_rule,
    score,
)
from mesa_llm_city.models.basic_income.ces_d_prompt import ScalePrompt
from mesa_llm_city.models.basic_income.model import BasicIncome
from mesa_llm_city.models.basic_income.program import PROGRAM
from mesa_llm_city.models.basic_income.sweep import sweep
from mesa_llm_city.models.basic_income.tables import flows, groups
from mesa_llm_city.models.basic_income.trial import PUBLISHED, compared, effect, effects_by_year

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.economy import buffer_stock_spending
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.prompts import Prompted
from mesa_llm_city.testing import check_component


@cache
def lived(people: int = 120, months: int = 30, **options: object) -> BasicIncome:
    """Return a run to its end, made once; read it only. The transfer begins in month 6."""
    given: dict[str, Any] = {"first_month": 6, "rng": 7, **options}
    model = BasicIncome(people, months, **given)
    model.run_to_end()
    return model


class _Says:
    """A backend that answers every question of a kind alike."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def answer_many(self, questions: Sequence[Question]) -> list[Any]:
        self.asked += questions
        return [one.reply(**_ANSWERS[one.purpose]) for one in questions]


_ANSWERS: dict[str, dict[str, Any]] = {
    "work": {"reason": "needs the money", "work_percent": 50},
    "spend": {"reason": "has enough", "spend_percent": 40},
    "scale": {"reason": "feels well", "answers": [1] * 20},
}


class TestMoney:
    @pytest.mark.parametrize("arm", ["trial", "funded", "issued", "none"])
    def test_no_cent_is_lost_and_every_balance_follows_from_payments(self, arm: str) -> None:
        accounts = lived(arm=arm).market.accounts
        assert accounts.balances.sum() == 0
        assert np.array_equal(accounts.recounted(), accounts.balances)
        assert accounts.balances[accounts.rows("person")].min() >= 0

    def test_money_grows_by_what_is_issued_and_by_nothing_else(self) -> None:
        grown = {arm: lived(arm=arm).issued_by_transfers for arm in ("none", "funded", "issued")}
        assert grown == {"none": 0.0, "funded": 0.0, "issued": 120 * 24 * 300.0}

    def test_what_is_funded_is_paid_by_a_levy_of_the_same_months(self) -> None:
        paid = flows(lived(arm="funded").market.accounts, BasicIncome.STEP_MIN)
        by_month = paid.pivot_table(index="month", columns="what", values="cents")
        months = by_month["transfer"].dropna().index
        assert months.tolist() == list(range(7, 31))
        assert (by_month["transfer"] <= by_month["levy"])[months].all()
        assert by_month["transfer"][months].min() > 0.999 * 120 * 300 * 100

    def test_without_a_transfer_a_town_stays_as_it_is(self) -> None:
        history = lived(arm="none", months=36).history()
        for name in ("units", "savings", "hours", "price"):
            assert history[name].iloc[-1] == pytest.approx(history[name].iloc[0], rel=2e-3)

    def test_new_money_raises_prices_and_a_levy_does_not(self) -> None:
        prices = {arm: lived(arm=arm).price for arm in ("funded", "issued")}
        assert prices["issued"] > 1.01
        assert prices["funded"] == pytest.approx(1.0, abs=0.005)

    def test_where_prices_are_fixed_goods_are_rationed(self) -> None:
        model = lived(arm="issued", **{"economy.prices.flexible": False})
        assert model.price == 1.0
        assert (model.market.stock >= -1e-6).all()
        assert model.units == pytest.approx(lived(arm="none").units, rel=0.06)


class TestTrial:
    def test_a_third_gets_the_transfer_and_the_others_fifty(self) -> None:
        model = lived()
        assert model.is_treated.sum() == 40
        paid = model.market.accounts.paid_in(model.market.accounts.rows("person"), what="transfer")
        assert set(paid[model.is_treated].tolist()) == {24 * 100_000}
        assert set(paid[~model.is_treated].tolist()) == {24 * 5_000}

    def test_effects_have_the_signs_of_the_lottery_and_of_the_rule(self) -> None:
        model = lived(450, 42)
        for name, sign in (("hours", -1), ("earnings", -1), ("spending", 1), ("stress", -1)):
            found = effect(model, name, first=0, last=36)
            assert sign * found.low > 0
            assert sign * found.high > 0
        years = effects_by_year(model, "ces_d")
        assert years["high"].iloc[0] < 0
        assert years["value"].is_monotonic_increasing

    def test_relief_fades_only_by_getting_used_to_it(self) -> None:
        # Without a transfer to the others, whose small savings lower their stress too.
        never = lived(300, 42, control=0.0, **{"economy.stress.half_life_months": 1e9})
        years = effects_by_year(never, "stress")["value"]
        assert years.iloc[-1] < 0.95 * years.iloc[0]
        fading = effects_by_year(lived(300, 42, control=0.0), "stress")["value"]
        assert fading.iloc[-1] > 0.7 * fading.iloc[0]

    def test_who_gets_nothing_changes_nothing(self) -> None:
        model = lived(arm="trial", amount=0.0, control=0.0)
        assert effect(model, "hours", first=0, last=24) == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
        assert effect(model, "spending", first=0, last=24).value == pytest.approx(0.0, abs=0.5)

    def test_the_comparison_names_what_was_published(self) -> None:
        table = compared(lived()).set_index("outcome")
        assert table.loc["hours", "published_low"] == -1.4
        assert table["source"].str.contains("NBER").all()
        with pytest.raises(ConfigError, match="effects need a trial"):
            compared(lived(arm="none"))

    def test_groups_are_those_of_the_arms(self) -> None:
        rows = groups(lived())
        assert rows.groupby("group")["people"].first().to_dict() == {"control": 80, "treated": 40}
        assert rows["ces_d"].notna().sum() == 2 * 10


class TestScale:
    def test_four_statements_are_reversed(self) -> None:
        assert REVERSED == (4, 8, 12, 16)
        only = np.zeros((20, 20), dtype=int)
        np.fill_diagonal(only, 3)
        # Without any agreement 12; each of the reversed statements takes 3 off, the others add 3.
        expected = [9 if number in REVERSED else 15 for number in range(1, 21)]
        assert score(only).tolist() == expected

    def test_distress_raises_the_score_from_nothing_to_all(self) -> None:
        draws = np.random.default_rng(1).random((3000, len(ITEMS)))
        means = [score(answers_by_rule(np.full(3000, at), draws)).mean() for at in (-8, 0, 1, 8)]
        assert means == sorted(means)
        assert means[0] < 0.1
        assert means[-1] > 59.9

    def test_the_scale_is_a_component(self) -> None:
        draws = [0.3] * 20
        check_component(DepressionScale, lambda one, _: one.answer(0.5, draws=draws))
        asked = Prompted(DepressionScale(), ScalePrompt())
        assert run(asked.answer(0.5, draws=draws), backend=_Says()).answers == (1,) * 20


class TestPrompts:
    def test_a_language_model_decides_all_three_in_one_batch_each(self) -> None:
        says = _Says()
        model = BasicIncome(30, 3, rng=7, llm=says, prompts="full", first_month=1)
        model.run_to_end()
        works = int((model.people.usual_hours > 0).sum())
        purposes = [one.purpose for one in says.asked]
        counts = {name: purposes.count(name) for name in ("work", "spend", "scale")}
        assert counts == {"work": 3 * works, "spend": 3 * 30, "scale": 30}
        assert model.decided["prompt"] == len(purposes)
        assert model.hours == pytest.approx(20.0 * works / 30)
        assert set(model.outcomes[2, 4]) == {20 - 4 + 4 * 2}

    def test_people_are_told_as_they_are(self) -> None:
        says = _Says()
        BasicIncome(10, 2, rng=7, llm=says, prompts=["spend"], first_month=1).run_to_end()
        assert "transfers 0 a month" in str(says.asked[0].facts["person"])
        texts = {
            str(one.facts["person"]).rsplit("transfers", maxsplit=1)[1] for one in says.asked[10:]
        }
        assert texts == {" 1000 a month.", " 50 a month."}

    def test_a_recorded_model_is_replayed_to_the_same_run(self, tmp_path: Path) -> None:
        prompts, store = [PROGRAM.own_prompts or ""], tmp_path / "answers.sqlite"
        made_up = ClientSpec(backend="scripted", model="made-up")
        options: dict[str, Any] = {"people": 6, "months": 3, "first_month": 1, "rng": 7}
        digests = []
        for is_new in (True, False):
            own: dict[str, Any] = {"prompts": prompts}
            llm = LLM(made_up, store=store, **own) if is_new else LLM.replay(store, **own)
            model = BasicIncome(**options, llm=llm, prompts="full")
            if is_new:
                expected = model.cost_estimate().calls
            model.run_to_end()
            digests.append(model.digest())
            assert expected.low <= model.llm_use.totals["calls"] <= expected.high
        assert digests[0] == digests[1]


class TestRuns:
    def test_equal_seeds_give_equal_runs_and_other_seeds_others(self) -> None:
        digests = []
        for seed in (1, 1, 2):
            model = BasicIncome(40, 8, rng=seed)
            model.run_to_end()
            digests.append(model.digest())
        assert digests[0] == digests[1] != digests[2]

    def test_arms_of_a_seed_have_the_same_people(self) -> None:
        one, other = lived(40, 1, arm="funded"), lived(40, 1, arm="none")
        assert np.array_equal(one.people.wage, other.people.wage)
        assert np.array_equal(one.people.trait, other.people.trait)

    def test_a_copy_and_a_restored_model_go_on_alike(self) -> None:
        model = BasicIncome(40, 20, arm="issued", first_month=4, rng=3)
        for _ in range(9):
            model.step()
        copy, other = model.copy(), BasicIncome(40, 20, arm="issued", first_month=4, rng=3)
        other.restore(model.state())
        for one in (model, copy, other):
            one.run_to_end()
        assert model.digest() == copy.digest() == other.digest()

    def test_the_amount_is_a_lever(self) -> None:
        model = BasicIncome(40, 6, arm="issued", first_month=1, rng=3)
        model.step()
        model.change(amount=10.0)
        model.step()
        assert model.transfers == pytest.approx(10.0)

    def test_one_person_spends_as_the_rule_says(self) -> None:
        model = BasicIncome(50, 2, rng=5)
        savings = model.market.savings / 100
        model.step()
        people, numbers = model.people, model.parameters.economy
        paid = model.market.accounts
        own = sum(
            sign * flow(paid.rows("person"), what=what) / 100
            for what, flow, sign in (
                ("wage", paid.paid_in, 1),
                ("support", paid.paid_in, 1),
                ("tax", paid.paid_out, -1),
                ("rent", paid.paid_out, -1),
            )
        )
        expected = buffer_stock_spending(
            own,
            0.0,
            savings,
            cushion=people.cushion,
            least=numbers.spending.least * numbers.median_income,
            parameters=numbers.spending,
        )
        assert model.outcomes[0, 0] == pytest.approx(expected, abs=0.011)

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ({"arm": "lottery"}, "arm must be one of trial, funded"),
            ({"people": 0}, "people must be at least 1"),
            ({"treated": 1.5}, "share between 0 and 1"),
            ({"amount": -5.0}, "amount must be from 0 to 1e\\+12, got -5.0"),
            ({"amount": 1e20}, "amount must be from 0"),
            ({"months": 2.5}, "months must be a whole number"),
            ({"first_month": None}, "first_month must be a whole number"),
        ],
    )
    def test_impossible_options_are_refused(self, options: dict[str, Any], problem: str) -> None:
        with pytest.raises(ConfigError, match=problem):
            BasicIncome(**{"people": 5, "months": 2, "first_month": 0, **options}).step()

    def test_a_lever_keeps_its_range(self) -> None:
        model = BasicIncome(people=5, months=2, rng=1)
        with pytest.raises(ConfigError, match="amount must be from 0"):
            model.change(amount=float("nan"))
        model.change(amount=10.0)
        assert model.amount == 10.0

    @pytest.mark.filterwarnings("error")
    def test_a_single_person_lives_on_money_that_balances(self) -> None:
        model = BasicIncome(people=1, months=3, rng=1)
        model.run_to_end()
        assert model.market.accounts.balances.sum() == 0
        assert np.isfinite(model.history()["spending"]).all()

    @pytest.mark.slow
    def test_two_processes_give_the_rows_of_one(self) -> None:
        options = {"people": 6, "months": 2, "first_month": 1}
        rows = [sweep(["issued"], [1, 2], processes=n, **options) for n in (1, 2)]
        assert rows[0].equals(rows[1])
        assert len(rows[0]) == 2 * 2


def test_a_published_figure_is_said_once_and_a_range_with_both_ends() -> None:
    assert PUBLISHED["working"].words == "-2"
    assert PUBLISHED["hours"].words == "-1.4 to -1.3"


def test_what_is_told_of_a_short_trial_has_no_empty_figures() -> None:
    model = PROGRAM.make({"people": 30, "months": 4, "first_month": 1, "rng": 7})
    model.run_to_end()
    assert PROGRAM.key_figures(model)["symptoms"] == "paid for no full year"


def test_the_program_leaves_tables_and_a_picture(tmp_path: Path) -> None:
    options = {"people": 30, "months": 20, "first_month": 6, "paid_months": 12, "rng": 7}
    lines = "\n".join(PROGRAM.simulate(options, tmp_path / "run"))
    assert "published -1.4 to -1.3" in lines
    assert "points; published -2\n" in lines
    assert "no number was fitted" in lines
    names = {one.name for one in (tmp_path / "run").iterdir()}
    assert {"history.csv", "groups.parquet", "flows.parquet", "accounts.parquet"} <= names
    assert "summary.png" in names
