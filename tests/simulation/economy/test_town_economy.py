"""The economy of a city: paydays, shopping, fares, households, transfers, saves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.sampled_clock import SampledClock
from mesa_llm_city.economy import in_cents, tax_due
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.parameters.economy import ShoppingParameters
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.economy.option import Economy, as_economy
from mesa_llm_city.simulation.economy.purse import Purse
from mesa_llm_city.simulation.economy.shopping import cost_factor, willingness
from mesa_llm_city.simulation.interventions import transfer
from tests.town import small_town, townspeople

LAST_DAY = Clock(start="2024-04-30")
"""The second lived day is the first of May, and so a payday."""


def town(people: int = 12, **options: Any) -> CityModel:  # noqa: ANN401 - of any option
    given = {"rng": 7, "economy": True, **options}
    return CityModel(small_town(), townspeople(people), **given)


@cache
def two_days() -> CityModel:
    """Return a town that has lived the last day of April and a morning of May; read it only."""
    model = town(16, clock=LAST_DAY)
    model.run_days(1)
    for _ in range(120):
        model.step()
    return model


class _Says:
    """A backend that has everybody work half and spend a tenth."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def answer_many(self, questions: Sequence[Question]) -> list[Any]:
        self.asked += questions
        said = {"work": {"work_percent": 50}, "spend": {"spend_percent": 10}}
        return [one.reply(reason="so", **said[one.purpose]) for one in questions]


def amounts(model: CityModel, what: str) -> list[int]:
    frame = model.payments()
    return frame.loc[frame["what"] == what, "cents"].tolist()


def _finances(agent: CityAgent) -> Any:  # noqa: ANN401 - the component of the slot
    return agent.citizen.components.finances


class TestPaydays:
    def test_no_cent_is_lost(self) -> None:
        accounts = two_days().economy.accounts
        assert accounts.balances.sum() == 0
        assert np.array_equal(accounts.recounted(), accounts.balances)
        assert accounts.balances[accounts.rows("person")].min() >= 0

    def test_there_is_a_payday_at_the_start_and_on_the_first_of_a_month(self) -> None:
        frame = two_days().payments()
        days = frame.loc[frame["what"] == "wage", "time"].dt.strftime("%m-%d %H:%M").unique()
        assert days.tolist() == ["04-30 00:00", "05-01 00:00"]

    def test_wages_and_taxes_are_those_of_the_income(self) -> None:
        model = two_days()
        frame = model.payments()
        agent = next(one for one in model.citizens if one.persona.is_employed)
        wage = in_cents(agent.persona.income * 3600.0)
        mine = frame[frame["payee"].eq(agent.person) & frame["payee_kind"].eq("person")]
        assert mine.loc[mine["what"] == "wage", "cents"].tolist() == [wage, wage]
        paid = frame[frame["payer"].eq(agent.person) & frame["payer_kind"].eq("person")]
        due = tax_due(wage, model.parameters.economy.tax)
        assert paid.loc[paid["what"] == "tax", "cents"].tolist() == [due, due]

    def test_a_household_pays_three_tenths_of_its_income_as_rent(self) -> None:
        model = two_days()
        frame = model.payments()
        rents = frame[(frame["what"] == "rent") & (frame["time"].dt.day == 30)]
        adults = [one for one in model.citizens if one.age >= 18 and one.persona.outsider is None]
        household = adults[0].persona.household.id
        members = [one for one in adults if one.persona.household.id == household]
        income = math.fsum(one.persona.income for one in members) * 3600.0
        paid = rents[rents["payer"].isin([one.person for one in members])]["cents"].sum()
        assert paid == pytest.approx(100 * max(0.3 * income, 360.0), abs=2)

    def test_employers_sell_outside_what_they_lack_and_keep_a_month_of_wages(self) -> None:
        model = town(16, clock=LAST_DAY)
        model.step()
        assert sum(amounts(model, "sales")) + sum(
            cents
            for cents, kind in zip(amounts(model, "wage"), _payers(model, "wage"), strict=True)
            if kind == "outside"
        ) == sum(amounts(model, "wage"))
        places = model.economy.accounts.rows("place")
        assert set(model.economy.accounts.balances[places].tolist()) == {0}

    def test_what_is_left_of_a_budget_pays_bills_at_the_end_of_the_month(self) -> None:
        model = town(6, clock=LAST_DAY)
        model.run_days(1)
        before = {one: replace(purse) for one, purse in model.economy.purses.items()}
        model.step()
        frame = model.payments()
        bills = frame[frame["what"] == "bills"].set_index("payer")["cents"].to_dict()
        left = {one: purse.budget - purse.spent for one, purse in before.items()}
        assert bills == {one: cents for one, cents in left.items() if cents > 0}

    def test_months_that_are_left_out_are_settled_one_by_one(self) -> None:
        model = town(4, clock=SampledClock(days_per_year=1, start="2024-04-01", step_min=60))
        model.run_days(1)
        model.step()
        months = model.economy.month_of(model.minute) - model.economy.month_of(0) + 1
        paid = model.payments()
        worker = next(one.person for one in model.citizens if one.persona.is_employed)
        wages = paid[paid["what"].eq("wage") & paid["payee"].eq(worker)]
        assert len(wages) == months > 9

    def test_a_step_that_failed_is_repeated_without_paying_twice(self) -> None:
        class Fails(_Says):
            def answer_many(self, questions: Sequence[Question]) -> list[Any]:
                if not self.asked:
                    self.asked += questions
                    message = "no answer"
                    raise ConfigError(message)
                return super().answer_many(questions)

        model = town(6, llm=Fails(), prompts=["spend"])
        with pytest.raises(ConfigError, match="no answer"):
            model.step()
        model.step()
        workers = [one for one in model.citizens if one.persona.is_employed]
        assert len(amounts(model, "wage")) == len(workers)


def _payers(model: CityModel, what: str) -> list[str]:
    frame = model.payments()
    return frame.loc[frame["what"] == what, "payer_kind"].tolist()


class TestShopping:
    def test_visits_and_trips_are_paid_when_they_end(self) -> None:
        model = two_days()
        frame = model.payments()
        bought = frame[frame["what"].isin(["shopping", "meal", "leisure", "sport"])]
        assert len(bought) > 5
        assert set(bought["payee_kind"]) == {"place"}
        places = set(model.visits()["place"])
        assert set(bought["payee"]) <= places
        fares = frame[frame["what"].isin(["fare", "driving"])]
        assert len(fares) <= (model.trips()["cost"] > 0).sum()

    def test_a_fare_is_that_of_the_trip(self) -> None:
        model = two_days()
        trip = next(
            one
            for one in model.trips().itertuples()
            if one.cost > 0 and one.person in model.economy.purses
        )
        frame = model.payments()
        mine = frame[frame["payer"].eq(trip.person) & frame["time"].eq(trip.end)]
        fare = mine.loc[mine["what"].isin(["fare", "driving"]), "cents"]
        assert fare.tolist() == [int(in_cents(trip.cost * 0.001 * 3600.0))]

    def test_children_are_paid_for_by_their_household(self) -> None:
        payers = set(two_days().payments().query("payer_kind == 'person'")["payer"])
        ages = {one.person: one.age for one in two_days().citizens}
        assert min(ages[one] for one in payers) >= 18

    def test_a_dear_place_costs_more_and_who_saves_spends_less(self) -> None:
        numbers = ShoppingParameters()
        assert [cost_factor(one, numbers) for one in (0.0, 0.25, 0.75)] == [0.5, 0.75, 1.25]
        assert willingness(Purse(budget=50, usual_budget=100), numbers) == 0.5
        assert willingness(Purse(budget=1, usual_budget=100), numbers) == numbers.least_share
        assert willingness(None, numbers) == 1.0


class TestTransfers:
    def test_a_basic_income_is_paid_on_each_payday_while_it_lasts(self) -> None:
        given = transfer(amount=500.0, end="day 2 12:00")
        model = town(4, clock=LAST_DAY, interventions=[given])
        model.run_days(1)
        for _ in range(DAY_MIN // 2 // 5 + 1):
            model.step()
        adults = [one for one in model.citizens if one.age >= 18]
        # Given at the first minute, after the payday of that minute.
        assert amounts(model, "transfer") == [50_000] * len(adults)
        assert model.economy.grants == {}
        assert model.interventions()["kind"].tolist() == ["transfer", "end of transfer"]

    def test_a_levy_brings_what_a_transfer_costs(self) -> None:
        given = transfer(amount=100.0, funding="levy")
        model = town(8, clock=LAST_DAY, interventions=[given])
        model.run_days(1)
        model.step()
        assert sum(amounts(model, "levy")) == pytest.approx(sum(amounts(model, "transfer")), abs=50)
        assert sum(amounts(model, "transfer")) > 0.99 * 10_000 * len(model.economy.purses)
        assert model.economy.accounts.balances.sum() == 0

    def test_it_can_be_paid_once_to_some_from_outside(self) -> None:
        given = {
            "kind": "transfer",
            "amount": 80,
            "once": True,
            "funding": "outside",
            "at": None,
            "start": "day 1 01:00",
            "agents": {"age": [65, 120]},
        }
        given.pop("at")
        model = town(30, interventions=[given])
        for _ in range(14):
            model.step()
        old = sum(one.age >= 65 for one in model.citizens)
        assert amounts(model, "transfer") == [8_000] * old
        assert old > 0

    def test_once_from_a_levy_takes_the_same_share_of_all_savings(self) -> None:
        given = transfer(amount=50.0, once=True, funding="levy", start="day 1 00:05")
        model = town(12, interventions=[given])
        for _ in range(3):
            model.step()
        assert sum(amounts(model, "levy")) == sum(amounts(model, "transfer"))
        assert model.economy.accounts.balances.sum() == 0

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ({"amount": -1}, "amount must be a number above 0, got -1"),
            ({"amount": 1e300}, r"amount must be at most 1e\+12, got 1e\+300"),
            ({"amount": 5, "funding": "luck"}, "funding must be one of issued, levy, outside"),
            ({"amount": 5, "once": True, "end": "day 3 00:00"}, "paid once has no end"),
            ({"amount": 5, "agents": {"agee": 3}}, "agents"),
        ],
    )
    def test_what_is_wrong_is_listed(self, given: dict[str, object], problem: str) -> None:
        with pytest.raises(DataError, match=problem):
            town(2, interventions=[{"kind": "transfer", **given}])

    def test_it_needs_an_economy(self) -> None:
        with pytest.raises(DataError, match="the model has no economy"):
            town(2, economy=None, interventions=[transfer(amount=5.0)])


class TestChoices:
    def test_a_language_model_decides_on_work_and_spending(self) -> None:
        says = _Says()
        model = town(12, llm=says, prompts=["work", "spend"])
        model.step()
        adults = [one for one in model.citizens if one.person in model.economy.purses]
        workers = [one for one in adults if one.persona.is_employed]
        purposes = [one.purpose for one in says.asked]
        assert purposes == ["work"] * len(workers) + ["spend"] * purposes.count("spend")
        agent = workers[0]
        purse = model.economy.purses[agent.person]
        assert purse.hours == 20.0
        assert agent.persona.habits.work_minutes < purse.usual_minutes
        decided = model.decisions().query("component == 'finances'")
        assert set(decided["source"]) <= {"rule", "prompt"}
        assert len(decided) == len(workers) + len(adults)

    def test_hours_that_must_not_change_days_change_pay_only(self) -> None:
        options = {"llm": _Says(), "prompts": ["work"]}
        model = town(12, economy=Economy(changes_hours=False), **options)
        model.step()
        agent = next(one for one in model.citizens if one.persona.is_employed)
        before = town(12).residents.by_id[agent.person].persona.habits
        assert agent.persona.habits == before
        assert model.economy.purses[agent.person].hours == 20.0

    def test_goals_follow_from_what_a_month_has_brought_and_cost(self) -> None:
        model = town(6, clock=LAST_DAY)
        model.run_days(1)
        agent = next(one for one in model.citizens if one.persona.is_employed)
        assert _finances(agent).means is None
        model.step()
        finances = _finances(agent)
        purse = model.economy.purses[agent.person]
        assert finances.means.expenses > 0
        assert finances.means.income >= (purse.income - purse.rent) / 100 / 3600 * 0.5
        assert 0.0 <= finances.stress <= 1.0

    def test_a_cost_estimate_counts_paydays_and_not_days(self) -> None:
        llm = LLM(ClientSpec(backend="scripted", model="made-up"))
        model = town(6, llm=llm, prompts=["work", "spend"])
        adults = [one for one in model.citizens if one.age >= 18]
        most = len(adults) + sum(one.persona.is_employed for one in adults)
        for days, months in ((20, 1), (45, 2)):
            calls = model.cost_estimate(days).calls
            assert 0.5 * months * most < (calls.low + calls.high) / 2 <= months * most
        assert not len(model.economy.accounts.log)


class TestModel:
    def test_without_an_economy_nothing_is_there_and_nothing_changes(self) -> None:
        plain, rich = town(5, economy=None), town(5)
        for model in (plain, rich):
            model.run_days(1)
        assert plain.activities().equals(rich.activities())
        assert "payments" not in plain.frames()
        assert plain.economy_or_none is None
        with pytest.raises(ConfigError, match="the model has no economy"):
            plain.payments()

    def test_a_saved_model_goes_on_as_it_would(self, tmp_path: Path) -> None:
        given = transfer(amount=40.0, funding="levy", start="day 1 00:30")
        model = town(4, clock=LAST_DAY, interventions=[given], economy=Economy(feeds_goals=False))
        model.run_days(1)
        model.save(tmp_path / "save")
        loaded = CityModel.load(tmp_path / "save")
        assert loaded.economy.option == Economy(feeds_goals=False)
        for one in (model, loaded, model, loaded):
            one.step()
        assert loaded.digest() == model.digest()
        assert loaded.accounts().equals(model.accounts())

    def test_a_parameter_switches_it_on_too(self) -> None:
        model = town(3, economy=None, **{"economy.enabled": True})
        model.step()
        assert len(model.payments()) > 0

    def test_who_leaves_takes_the_money_along(self) -> None:
        model = town(4, clock=LAST_DAY)
        model.run_days(1)
        agent = next(one for one in model.citizens if one.person in model.economy.purses)
        agent.remove()
        model.step()
        row = model.economy.accounts.row("person", agent.person)
        assert model.economy.accounts.balances[row] == 0
        assert model.economy.accounts.balances.sum() == 0

    def test_a_digest_until_a_moment_counts_what_was_paid_before(self) -> None:
        given = {"clock": LAST_DAY}
        plain = town(10, **given)
        paid = town(
            10, interventions=[transfer(amount=9.0, start="day 1 12:00", once=True)], **given
        )
        for model in (plain, paid):
            model.run_days(1)
        moment = DAY_MIN // 2
        assert plain.digest(until=moment) == paid.digest(until=moment)
        assert plain.digest() != paid.digest()

    def test_true_is_the_default_economy_and_other_things_are_none(self) -> None:
        assert as_economy(given=True) == Economy()
        assert as_economy(given=False) is None
        assert as_economy(None, enabled=True) == Economy()
        assert as_economy(given=False, enabled=True) is None
        with pytest.raises(ConfigError, match="economy must be an Economy"):
            town(2, economy="yes")
