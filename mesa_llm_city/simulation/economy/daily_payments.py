"""What is paid between paydays: visits and trips as they end, and transfers paid once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mesa_llm_city.core.values import Float
from mesa_llm_city.economy import affordable, split
from mesa_llm_city.parameters.modes import ModeSpec
from mesa_llm_city.simulation.economy.grants import Grant, due_of
from mesa_llm_city.simulation.economy.shopping import (
    fare_cents,
    paid_cents,
    visit_cents,
    willingness,
)
from mesa_llm_city.simulation.economy.town_accounts import TownAccounts

if TYPE_CHECKING:
    from mesa_llm_city.citizen.intention import Completed
    from mesa_llm_city.core.values import Trip
    from mesa_llm_city.simulation.agent import CityAgent

__all__ = ["DailyPayments"]


class DailyPayments:
    """Payments between paydays: of visits and trips as they end, and of transfers paid once.

    Parameters
    ----------
    town : TownAccounts
        Accounts and purses.
    price : ndarray of float64
        Price level of each place.
    modes : mapping of str to ModeSpec
        Modes of travel: those without a vehicle of one's own are paid to the operator.
    """

    def __init__(self, town: TownAccounts, price: Float, modes: Mapping[str, ModeSpec]) -> None:
        self._town, self._price, self._modes = town, price, modes

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
        stay = completed.activity
        if stay is not None and stay.place is not None and agent.citizen.is_visit(stay):
            self._pay_visit(agent, str(stay.purpose), stay.place, minute)
        if completed.trip is not None:
            self._pay_trip(agent, completed.trip, minute)

    def _pay_visit(self, agent: CityAgent, purpose: str, place: int, minute: int) -> None:
        numbers = self._town.numbers
        scale = willingness(self._town.purses.get(agent.person), numbers.shopping)
        cents = visit_cents(purpose, float(self._price[place]), scale, numbers)
        if cents:
            self._pay_for(agent, self._town.place(place), cents, purpose, minute)

    def _pay_trip(self, agent: CityAgent, trip: Trip, minute: int) -> None:
        is_own = bool(self._modes[trip.option.mode].needs_vehicle)
        payee, what = (self._town.outside, "driving") if is_own else (self._town.operator, "fare")
        cents = fare_cents(trip.option.cost, self._town.numbers)
        if cents:
            self._pay_for(agent, payee, cents, what, minute)

    def _pay_for(self, agent: CityAgent, payee: int, cents: int, what: str, minute: int) -> None:
        """Let a person, or the member of the household who pays for them, pay what there is."""
        town, payer = self._town, self._town.payer(agent, cents)
        if payer is not None:
            paid = paid_cents(cents, town.balance(payer))
            town.accounts.pay(town.row(payer), payee, paid, what=what, minute=minute)
            town.purses[payer].spent += paid
        elif agent.persona.outsider is not None and payee != town.outside:
            town.accounts.pay(town.outside, payee, cents, what=what, minute=minute)

    def pay_once(self, grant: Grant, agents: Sequence[CityAgent], minute: int) -> int:
        """Pay a transfer once, now; return the number of people who get it.

        A levy takes the same share of the savings of everybody.

        Parameters
        ----------
        grant : Grant
            The transfer.
        agents : sequence of CityAgent
            Who gets it.
        minute : int
            When.
        """
        town = self._town
        rows, cents = due_of(grant, agents, town.rows())
        payers = {"issued": 0, "outside": town.outside, "levy": town.government}
        if grant.funding == "levy":
            cents = split(self._levied(int(cents.sum()), minute), cents)
        payer = payers[grant.funding]
        town.accounts.pay(payer, rows, cents, what="transfer", minute=minute)
        return len(rows)

    def _levied(self, cents: int, minute: int) -> int:
        """Collect an amount from all savings; return what there was of it."""
        town, everybody = self._town, self._town.everybody()
        there = town.accounts.balances[everybody]
        parts = affordable(split(min(cents, int(there.sum())), there), there)
        town.accounts.pay(everybody, town.government, parts, what="levy", minute=minute)
        return int(parts.sum())
