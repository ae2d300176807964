"""The economy of a city: accounts of everybody, paydays, shopping and fares."""

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
    affordable,
    in_cents,
    in_currency,
    personal_cushion,
    split,
    tax_due,
)
from mesa_llm_city.parameters.economy import EconomyParameters
from mesa_llm_city.simulation.economy.grants import Grant, due_of
from mesa_llm_city.simulation.economy.hours import (
    usual_purse,
    with_hours,
    work_facts,
)
from mesa_llm_city.simulation.economy.payday import Payday, Payroll
from mesa_llm_city.simulation.economy.purse import Purse
from mesa_llm_city.simulation.economy.shopping import (
    fare_cents,
    paid_cents,
    visit_cents,
    willingness,
)

if TYPE_CHECKING:
    from mesa_llm_city.citizen.intention import Completed
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.economy.option import Economy
    from mesa_llm_city.simulation.records import Records
    from mesa_llm_city.simulation.registration import Registration
    from mesa_llm_city.simulation.residents import Residents

__all__ = ["MONTHLY", "TownEconomy"]

MONTHLY = frozenset({"work", "spend"})
"""What a language model is asked about on paydays only."""

Entitled = Callable[[], list["CityAgent"]]


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
        What the model was told.
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
    accounts : Accounts
        All money.
    purses : dict of int to Purse
        What people mean to spend and have spent, by id.
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
        self.option, self._tree, self._clock, self._seed = option, parameters, clock, seed
        self._registration, self._residents, self._records = registration, residents, records
        self._price, self._decide = price, decide
        self.accounts = Accounts()
        self._outside = int(self.accounts.open("outside", [0], may_owe=True)[0])
        self._government, self._landlord, self._operator = (
            int(self.accounts.open(kind, [0])[0]) for kind in ("government", "landlord", "operator")
        )
        self.purses: dict[int, Purse] = {}
        self.grants: dict[int, tuple[Grant, Entitled]] = {}
        self._rents: dict[str, int] = {}
        self._month: int | None = None
        self._stage = 0
        self._levy = 0.0
        # Of each payday: what is left of income, transfers and savings of everybody, in cents.
        self._facts: list[tuple[int, int, int]] = []

    @property
    def numbers(self) -> EconomyParameters:
        """Every number of it."""
        return self._tree.economy

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

    def _begin(self, minute: int) -> None:
        """Close the month: bills, what those leave who have gone, and accounts of newcomers."""
        for agent in self._paying():
            if (purse := self.purses.get(agent.person)) is not None:
                self._pay_bills(agent, purse, minute)
                self._review(agent, purse)
        self._settle_estates(minute)
        fresh = [one for one in self._paying() if one.person not in self.purses]
        self._open(fresh, minute)

    def _work(self, minute: int) -> None:
        """Let everybody who works for a wage choose the hours of the month."""
        working = [one for one in self._with_purse() if self.purses[one.person].usual_hours > 0]
        transfers = self._transfers_due()
        facts = [
            work_facts(
                one,
                self.purses[one.person],
                numbers=self.numbers,
                unearned=transfers.get(one.person, 0) / 100.0,
                levy=self._levy if transfers else 0.0,
                savings=self._savings(one),
                seed=self._seed,
            )
            for one in working
        ]
        draws = self._draws("economy.work", working, minute)
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
        agents = self._with_purse()
        people = self._payroll(agents)
        day = self._payday(minute)
        day.interest(people)
        before = self.accounts.balances[people.account].copy()
        day.wages(people)
        taxes = day.taxes(people)
        due = [
            (grant.funding, *due_of(grant, who(), self._account_rows()))
            for grant, who in self.grants.values()
        ]
        got, levies = day.transfers(people, due, taxes)
        self._levy = day.levy
        day.benefits(people)
        rents = day.rents(people)
        own = people.wage + people.benefit - taxes
        for row, agent in enumerate(agents):
            purse = self.purses[agent.person]
            purse.income = int(own[row] + got[row] - levies[row])
            purse.rent = int(rents[row])
        self._facts = [
            (int(own[row] - rents[row]), int(got[row] - levies[row]), int(before[row]))
            for row in range(len(agents))
        ]

    def _budget(self, minute: int) -> None:
        """Let everybody choose what to spend this month."""
        agents = self._with_purse()
        cushion = personal_cushion(self._traits("economy.cushion", agents), self.numbers.spending)
        facts = [
            SpendingFacts(
                disposable=own / 100.0,
                transfers=got / 100.0,
                savings=before / 100.0,
                cushion=float(wished),
                rent=self.purses[one.person].rent / 100.0,
            )
            for one, wished, (own, got, before) in zip(agents, cushion, self._facts, strict=True)
        ]
        decisions: list[SpendingDecision] = self._decide(
            agents,
            (
                _finances(one).budget(fact, person=one.persona.describe())
                for one, fact in zip(agents, facts, strict=True)
            ),
        )
        for one, decision in zip(agents, decisions, strict=True):
            self._note(one, minute, f"{decision.amount:.0f} a month", decision)
            self._set_budget(one, int(in_cents(decision.amount)))

    # What the stages consist of.

    def _paying(self) -> list[CityAgent]:
        """Return the residents who have accounts, or are old enough for one."""
        least = self.numbers.adult_from
        return [
            one
            for one in self._residents.agents
            if one.persona.outsider is None
            and one.citizen.components.finances is not None
            and (one.age >= least or one.person in self.purses)
        ]

    def _with_purse(self) -> list[CityAgent]:
        return [one for one in self._paying() if one.person in self.purses]

    def _account_rows(self) -> dict[int, int]:
        return {one.person: self.accounts.row("person", one.person) for one in self._with_purse()}

    def _savings(self, agent: CityAgent) -> float:
        row = self.accounts.row("person", agent.person)
        return float(in_currency(self.accounts.balances[row]))

    def _open(self, agents: Sequence[CityAgent], minute: int) -> None:
        """Open accounts with the wished savings: new money at the start, brought along later."""
        for one in agents:
            self.purses[one.person] = usual_purse(one.persona, self.numbers)
        if not agents:
            return
        rows = [
            self.accounts.row("person", one.person)
            if self.accounts.has("person", one.person)
            else int(self.accounts.open("person", [one.person])[0])
            for one in agents
        ]
        people = self._payroll(agents)
        net = people.wage + people.benefit - tax_due(people.wage, self.numbers.tax)
        sizes = np.bincount(people.household, minlength=len(people.rent))
        rent = (people.rent / np.maximum(sizes, 1))[people.household]
        cushion = personal_cushion(self._traits("economy.cushion", agents), self.numbers.spending)
        savings = in_cents(cushion * in_currency(np.maximum(net - rent, 0).astype(np.int64)))
        # Who comes of age begins with nothing.
        grown_up = [one.age > self.numbers.adult_from for one in agents]
        savings = np.where(grown_up, savings, 0)
        payer = self._outside if len(self.accounts.log) else 0
        self.accounts.pay(payer, rows, savings, what="start", minute=minute)

    def _payroll(self, agents: Sequence[CityAgent]) -> Payroll:
        """Return what people earn and owe, in columns."""
        unit = self.numbers.median_income
        households = [f"{one.persona.household.id}:{one.persona.home}" for one in agents]
        names, number = np.unique(np.array(households, dtype=str), return_inverse=True)
        income = in_cents([one.persona.income * unit for one in agents])
        earns = np.array([one.persona.is_employed for one in agents], dtype=np.bool_)
        share = np.array([_share(self.purses[one.person]) for one in agents], dtype=np.float64)
        usual = np.bincount(number, income, len(names)).astype(np.int64)
        return Payroll(
            account=np.array(
                [self.accounts.row("person", one.person) for one in agents], dtype=np.int64
            ),
            employer=np.array([self._employer(one) for one in agents], dtype=np.int64),
            wage=np.where(earns, in_cents(share * in_currency(income)), 0).astype(np.int64),
            benefit=np.where(earns, 0, income).astype(np.int64),
            household=number.astype(np.int64),
            rent=np.array(
                [self._rent(name, int(usual[row])) for row, name in enumerate(names)],
                dtype=np.int64,
            ),
        )

    def _rent(self, household: str, income: int) -> int:
        """Return the rent of a household in its home, which is set when it moves in."""
        numbers = self.numbers.rent
        if household not in self._rents:
            least = numbers.least * self.numbers.median_income
            rent = max(float(in_currency(income)) * numbers.share, least)
            self._rents[household] = int(in_cents(rent))
        return self._rents[household]

    def _employer(self, agent: CityAgent) -> int:
        work = agent.persona.work
        if not agent.persona.is_employed or work is None or work == agent.persona.home:
            return self._outside
        return self._place(work)

    def _place(self, place: int) -> int:
        if self.accounts.has("place", place):
            return self.accounts.row("place", place)
        return int(self.accounts.open("place", [place])[0])

    def _payday(self, minute: int) -> Payday:
        return Payday(
            self.accounts,
            self.numbers,
            minute,
            outside=self._outside,
            government=self._government,
            landlord=self._landlord,
        )

    def _transfers_due(self) -> dict[int, int]:
        """Return the cents of this month's transfers by id."""
        total: dict[int, int] = {}
        for grant, who in self.grants.values():
            for one in who():
                total[one.person] = total.get(one.person, 0) + int(in_cents(grant.amount))
        return total

    def _change_hours(self, agent: CityAgent, hours: float) -> None:
        purse = self.purses[agent.person]
        purse.hours = hours
        if self.option.changes_hours:
            persona = with_hours(agent.persona, purse)
            if persona is not agent.persona:
                self._registration.change(agent, persona)

    def _set_budget(self, agent: CityAgent, cents: int) -> None:
        purse = self.purses[agent.person]
        purse.budget, purse.spent = cents, 0
        if not purse.usual_budget:
            purse.usual_budget = cents

    def _pay_bills(self, agent: CityAgent, purse: Purse, minute: int) -> None:
        """Spend what is left of the budget of the month, outside."""
        row = self.accounts.row("person", agent.person)
        left = max(purse.budget - purse.spent, 0)
        cents = paid_cents(left, int(self.accounts.balances[row]))
        self.accounts.pay(row, self._outside, cents, what="bills", minute=minute)
        purse.spent += cents

    def _review(self, agent: CityAgent, purse: Purse) -> None:
        """Let a person take in how the month was."""
        income, costs = purse.income / 100.0, (purse.rent + purse.spent) / 100.0
        if self.option.feeds_goals:
            _finances(agent).review(savings=self._savings(agent), income=income, costs=costs)

    def _settle_estates(self, minute: int) -> None:
        """Let the money of those who have left go to their households, or outside with them."""
        here = {one.person for one in self._residents.agents}
        for person in [one for one in self.purses if one not in here]:
            row = self.accounts.row("person", person)
            self.accounts.pay(
                row, self._outside, int(self.accounts.balances[row]), what="leaving", minute=minute
            )
            del self.purses[person]

    def _note(
        self, agent: CityAgent, minute: int, choice: str, decision: WorkDecision | SpendingDecision
    ) -> None:
        row = (agent.person, minute, "finances", str(decision.source), choice, decision.reason)
        self._records.decisions.add(row)

    # What is paid in the course of a month.

    def pay_completed(self, agent: CityAgent, completed: Completed, minute: int) -> None:
        """Let a visit or a trip that has ended be paid.

        Parameters
        ----------
        agent : CityAgent
            Who was there.
        completed : Completed
            What has ended.
        minute : int
            When.
        """
        stay, trip = completed.activity, completed.trip
        if stay is not None and stay.place is not None and agent.citizen.is_visit(stay):
            self._buy(agent, str(stay.purpose), stay.place, minute)
        if trip is not None:
            mode = self._tree.modes[trip.option.mode]
            payee = self._outside if mode.needs_vehicle else self._operator
            cents = fare_cents(trip.option.cost, self.numbers)
            self._pay_for(agent, payee, cents, "driving" if mode.needs_vehicle else "fare", minute)

    def _buy(self, agent: CityAgent, purpose: str, place: int, minute: int) -> None:
        purse = self.purses.get(agent.person)
        scale = willingness(purse, self.numbers.shopping)
        cents = visit_cents(purpose, float(self._price[place]), scale, self.numbers)
        if cents:
            self._pay_for(agent, self._place(place), cents, purpose, minute)

    def _pay_for(self, agent: CityAgent, payee: int, cents: int, what: str, minute: int) -> None:
        """Let a person, or who keeps them, pay; no more than there is."""
        if cents <= 0:
            return
        payer = self._payer(agent, cents)
        if payer is None:
            if agent.persona.outsider is not None and payee != self._outside:
                self.accounts.pay(self._outside, payee, cents, what=what, minute=minute)
            return
        row = self.accounts.row("person", payer)
        paid = paid_cents(cents, int(self.accounts.balances[row]))
        self.accounts.pay(row, payee, paid, what=what, minute=minute)
        self.purses[payer].spent += paid

    def _payer(self, agent: CityAgent, cents: int) -> int | None:
        """Return who pays for a person: the richest of the household where there is too little."""
        own = agent.person if agent.person in self.purses else None
        if own is not None and self._balance(own) >= cents:
            return own
        if agent.persona.outsider is not None:
            return None
        members = [one.person for one in self._residents.household_of(agent)]
        known = [one for one in (*members, agent.person) if one in self.purses]
        return max(known, key=lambda one: (self._balance(one), -one), default=None)

    def _balance(self, person: int) -> int:
        return int(self.accounts.balances[self.accounts.row("person", person)])

    def pay_once(self, grant: Grant, agents: Sequence[CityAgent], minute: int) -> int:
        """Pay a transfer once, now; return to how many people.

        A levy takes the same share of the savings of everybody.
        """
        rows, cents = due_of(grant, agents, self._account_rows())
        payer = {"issued": 0, "outside": self._outside, "levy": self._government}[grant.funding]
        if grant.funding == "levy":
            everybody = np.array(list(self._account_rows().values()), dtype=np.int64)
            there = self.accounts.balances[everybody]
            total = min(int(cents.sum()), int(there.sum()))
            parts = affordable(split(total, there), there)
            self.accounts.pay(everybody, payer, parts, what="levy", minute=minute)
            cents = split(int(parts.sum()), cents)
        self.accounts.pay(payer, rows, cents, what="transfer", minute=minute)
        return len(rows)

    # Random numbers and state.

    def _draws(self, purpose: str, agents: Sequence[CityAgent], minute: int) -> Float:
        persons = [one.person for one in agents]
        return uniforms(self._registration.setup.seed, persons, purpose, minute, 1)[:, 0]

    def _traits(self, purpose: str, agents: Sequence[CityAgent]) -> Float:
        return uniforms(self._seed, [one.person for one in agents], purpose, 0, 1)[:, 0]

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run but the transfers, which interventions keep."""
        return {
            "option": self.option.to_dict(),
            "accounts": self.accounts.state(),
            "purses": [[person, one.state()] for person, one in self.purses.items()],
            "rents": dict(self._rents),
            "month": self._month,
            "levy": self._levy,
            "stage": self._stage,
            "facts": [list(one) for one in self._facts],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.accounts.restore(state["accounts"])
        self.purses = {int(person): Purse.of(one) for person, one in state["purses"]}
        self._rents = {str(name): int(cents) for name, cents in state["rents"].items()}
        self._month, self._levy = state["month"], float(state["levy"])
        self._stage = int(state["stage"])
        self._facts = [(int(own), int(got), int(before)) for own, got, before in state["facts"]]


def _finances(agent: CityAgent) -> Any:  # noqa: ANN401 - a component of any class that fits the slot
    return agent.citizen.components.finances


def _share(purse: Purse) -> float:
    """Return hours over the usual ones."""
    return purse.hours / purse.usual_hours if purse.usual_hours > 0.0 else 0.0
