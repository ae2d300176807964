"""The economy of a city: a payday each month, and what is paid in between."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN, Clock
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float
from mesa_llm_city.economy import (
    Accounts,
    SpendingDecision,
    SpendingFacts,
    WorkDecision,
    WorkFacts,
    in_cents,
    in_currency,
    personal_cushion,
)
from mesa_llm_city.parameters.economy import EconomyParameters
from mesa_llm_city.simulation.economy.daily_payments import DailyPayments
from mesa_llm_city.simulation.economy.grants import Grant, due_of
from mesa_llm_city.simulation.economy.hours import usual_purse, with_chosen_hours, work_facts
from mesa_llm_city.simulation.economy.payday import Payday
from mesa_llm_city.simulation.economy.payroll import payroll_of, wished_savings
from mesa_llm_city.simulation.economy.shopping import paid_cents
from mesa_llm_city.simulation.economy.town_accounts import TownAccounts

if TYPE_CHECKING:
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.economy.option import Economy
    from mesa_llm_city.simulation.economy.purse import Purse
    from mesa_llm_city.simulation.records import Records
    from mesa_llm_city.simulation.registration import Registration
    from mesa_llm_city.simulation.residents import Residents

__all__ = ["MONTHLY", "TownEconomy"]

MONTHLY = frozenset({"work", "spend"})
"""What a language model is asked about on paydays only."""


class _Decide(Protocol):
    """Lets thoughts of people come to their values together."""

    def __call__(
        self, people: Sequence[CityAgent], thoughts: Iterable[Coroutine[Any, Any, Any]]
    ) -> list[Any]:
        """Return the values in the order of `people`."""
        ...


class TownEconomy:
    """Money of a city and its people; found as ``model.economy``.

    On the first lived day of each month there is a payday: what is left of the month's budget is
    spent on bills, people choose hours, employers pay wages, people taxes and rents, transfers
    and benefits are paid, and people choose what to spend. Visits and trips are paid as they end.
    Employers sell outside what they lack for wages. People under `economy.adult_from` have no
    account; an adult of the household pays for them. Those who enter from outside pay from there.

    Parameters
    ----------
    option : Economy
        Options of the economy.
    parameters : CityParameters
        Its branch `economy`, and the modes.
    clock : Clock
        The calendar.
    registration, residents, records : Registration, Residents, Records
        Those of the model.
    price : ndarray of float64
        Price level of each place.
    decide : callable
        Lets thoughts come to their values.
    seed : int
        Seed of what people are like.

    Attributes
    ----------
    option : Economy
        As given.
    town : TownAccounts
        Accounts, and who pays for whom.
    daily_payments : DailyPayments
        What is paid between paydays.
    grants : dict of int to (Grant, callable)
        Transfers that are being paid, by number of the intervention, and who gets them.
    """

    def __init__(
        self,
        option: Economy,
        *,
        parameters: CityParameters,
        clock: Clock,
        registration: Registration,
        residents: Residents,
        records: Records,
        price: Float,
        decide: _Decide,
        seed: int,
    ) -> None:
        self.option, self._clock, self._decide = option, clock, decide
        self._registration, self._records = registration, records
        self.town = TownAccounts(parameters.economy, residents, seed=seed)
        self.daily_payments = DailyPayments(self.town, price, parameters.modes)
        self.grants: dict[int, tuple[Grant, Callable[[], list[CityAgent]]]] = {}
        self._month: int | None = None
        self._stage, self._levy = 0, 0.0
        # Of each payday: what is left of income, transfers and savings of everybody, in cents.
        self._facts: list[tuple[int, int, int]] = []

    @property
    def numbers(self) -> EconomyParameters:
        """Every number of it."""
        return self.town.numbers

    @property
    def accounts(self) -> Accounts:
        """All money."""
        return self.town.accounts

    @property
    def purses(self) -> dict[int, Purse]:
        """What people mean to spend and have spent, by id."""
        return self.town.purses

    # Months.

    def month_of(self, minute: int) -> int:
        """Return the month of the calendar at a minute, in months since year 0."""
        date = self._clock.at(minute)
        return date.year * 12 + date.month

    def paydays(self, begin: int, end: int) -> int:
        """Return how many months begin between two minutes, that of `begin` included if due."""
        first = self._month if self._month is not None else self.month_of(begin) - 1
        return max(self.month_of(max(end - 1, begin)) - first, 0)

    def expect_payday(self, minute: int) -> None:
        """Let there be a payday at the next midnight, or at the minute if it is one."""
        midnight = -(-minute // DAY_MIN) * DAY_MIN
        self._month = self.month_of(midnight) - 1

    def live(self, minute: int) -> None:
        """Let the paydays happen that are due; called at the beginning of each step."""
        if minute % DAY_MIN and self._month is not None:
            return
        month = self.month_of(minute)
        if self._month is None:
            self._month = month - 1
        while self._month < month:
            # A step that failed is repeated from the stage that failed.
            stages = (self._begin, self._work, self._pay, self._budget)
            for stage in stages[self._stage :]:
                stage(minute)
                self._stage += 1
            self._stage = 0
            self._month += 1

    # The stages of a payday.

    def _begin(self, minute: int) -> None:
        """Close the month: bills, what those leave who have gone, and accounts of newcomers."""
        for agent in self.town.with_purse():
            purse = self.purses[agent.person]
            self._pay_bills(agent.person, purse, minute)
            self._review(agent, purse)
        self._settle_estates(minute)
        fresh = [one for one in self.town.holders() if one.person not in self.purses]
        self._open(fresh, minute)

    def _work(self, minute: int) -> None:
        """Let everybody who works for a wage choose the hours of the month."""
        working = [
            one for one in self.town.with_purse() if self.purses[one.person].usual_hours > 0.0
        ]
        persons = [one.person for one in working]
        draws = uniforms(self._registration.setup.seed, persons, "economy.work", minute, 1)[:, 0]
        facts = self._work_facts(working)
        decisions: list[WorkDecision] = self._decide(
            working,
            (
                _finances(one).offer(fact, draw=float(draw), person=one.persona.describe())
                for one, fact, draw in zip(working, facts, draws, strict=True)
            ),
        )
        for one, decision in zip(working, decisions, strict=True):
            self._note(one, minute, f"{decision.hours:.1f} h a week", decision)
            self._change_hours(one, decision.hours)

    def _pay(self, minute: int) -> None:
        """Pay wages, taxes, transfers, benefits and rents."""
        town, agents = self.town, self.town.with_purse()
        people = payroll_of(town, agents)
        rows = (town.outside, town.government, town.landlord)
        day = Payday(self.accounts, self.numbers, minute, *rows)
        day.interest(people)
        before = self.accounts.balances[people.account].copy()
        day.wages(people)
        taxes = day.taxes(people)
        due = [(one.funding, *due_of(one, who(), town.rows())) for one, who in self._paid()]
        got, levies = day.transfers(people, due, taxes)
        self._levy = day.levy
        day.benefits(people)
        rents = day.rents(people)
        own, net = people.wage + people.benefit - taxes, got - levies
        for agent, income, rent in zip(agents, (own + net).tolist(), rents.tolist(), strict=True):
            purse = self.purses[agent.person]
            purse.income, purse.rent = income, rent
        columns = (own - rents).tolist(), net.tolist(), before.tolist()
        self._facts = list(zip(*columns, strict=True))

    def _budget(self, minute: int) -> None:
        """Let everybody choose what to spend this month."""
        agents = self.town.with_purse()
        facts = self._spending_facts(agents)
        decisions: list[SpendingDecision] = self._decide(
            agents,
            (
                _finances(one).budget(fact, person=one.persona.describe())
                for one, fact in zip(agents, facts, strict=True)
            ),
        )
        for one, decision in zip(agents, decisions, strict=True):
            self._note(one, minute, f"{decision.amount:.0f} a month", decision)
            purse, cents = self.purses[one.person], int(in_cents(decision.amount))
            purse.budget, purse.spent = cents, 0
            purse.usual_budget = purse.usual_budget or cents

    # What they consist of.

    def _open(self, agents: Sequence[CityAgent], minute: int) -> None:
        """Open accounts with the wished savings: new money at the start, brought along later."""
        if not agents:
            return
        payer = self.town.outside if len(self.accounts.log) else 0
        for one in agents:
            self.purses[one.person] = usual_purse(one.persona, self.numbers)
        rows = [self.town.open(one.person) for one in agents]
        savings = wished_savings(self.town, agents)
        self.accounts.pay(payer, rows, savings, what="start", minute=minute)

    def _work_facts(self, agents: Sequence[CityAgent]) -> list[WorkFacts]:
        due = self._transfers_due()
        draws = self.town.traits("economy.effect", agents)
        return [
            work_facts(
                one,
                self.purses[one.person],
                numbers=self.numbers,
                unearned=float(in_currency(due.get(one.person, 0))),
                levy=self._levy if due else 0.0,
                savings=self.town.savings(one.person),
                draw=float(draw),
            )
            for one, draw in zip(agents, draws, strict=True)
        ]

    def _spending_facts(self, agents: Sequence[CityAgent]) -> list[SpendingFacts]:
        draws = self.town.traits("economy.cushion", agents)
        cushion = personal_cushion(draws, self.numbers.spending)
        money = in_currency(np.array(self._facts, dtype=np.int64).reshape(-1, 3))
        return [
            SpendingFacts(
                disposable=float(own),
                transfers=float(got),
                savings=float(before),
                cushion=float(wished),
                rent=float(in_currency(self.purses[one.person].rent)),
            )
            for one, wished, (own, got, before) in zip(agents, cushion, money, strict=True)
        ]

    def _paid(self) -> list[tuple[Grant, Callable[[], list[CityAgent]]]]:
        """Return the transfers that are being paid, in the order of the interventions."""
        return [self.grants[number] for number in sorted(self.grants)]

    def _transfers_due(self) -> dict[int, int]:
        """Return the cents of this month's transfers by id."""
        total: dict[int, int] = {}
        for grant, who in self._paid():
            for one in who():
                total[one.person] = total.get(one.person, 0) + int(in_cents(grant.amount))
        return total

    def _change_hours(self, agent: CityAgent, hours: float) -> None:
        purse = self.purses[agent.person]
        purse.hours = hours
        if self.option.changes_hours:
            persona = with_chosen_hours(
                agent.persona, purse, step_min=self.numbers.work.day_step_min
            )
            if persona is not agent.persona:
                self._registration.change(agent, persona)

    def _pay_bills(self, person: int, purse: Purse, minute: int) -> None:
        """Spend what is left of the budget of the month, outside."""
        left = max(purse.budget - purse.spent, 0)
        cents = paid_cents(left, self.town.balance(person))
        row = self.town.row(person)
        self.accounts.pay(row, self.town.outside, cents, what="bills", minute=minute)
        purse.spent += cents

    def _review(self, agent: CityAgent, purse: Purse) -> None:
        """Let a person take in how the month was."""
        if self.option.feeds_goals:
            income, costs = in_currency([purse.income, purse.rent + purse.spent]).tolist()
            savings = self.town.savings(agent.person)
            _finances(agent).review(savings=savings, income=income, costs=costs)

    def _settle_estates(self, minute: int) -> None:
        """Let those who have left take their money along."""
        for person in self.town.gone():
            row, cents = self.town.row(person), self.town.balance(person)
            self.accounts.pay(row, self.town.outside, cents, what="leaving", minute=minute)
            del self.purses[person]

    def _note(
        self, agent: CityAgent, minute: int, choice: str, decision: WorkDecision | SpendingDecision
    ) -> None:
        row = (agent.person, minute, "finances", str(decision.source), choice, decision.reason)
        self._records.decisions.add(row)

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run but the transfers, which interventions keep."""
        return {
            "town": self.town.state(),
            "month": self._month,
            "stage": self._stage,
            "levy": self._levy,
            "facts": [list(one) for one in self._facts],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.town.restore(state["town"])
        self._month, self._levy = state["month"], float(state["levy"])
        self._stage = int(state["stage"])
        self._facts = [(int(own), int(got), int(before)) for own, got, before in state["facts"]]


def _finances(agent: CityAgent) -> Any:  # noqa: ANN401 - a component of any class that fits the slot
    return agent.citizen.components.finances
