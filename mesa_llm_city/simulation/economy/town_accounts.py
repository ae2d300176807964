"""The accounts of a city: who has one, who pays for whom, and what homes cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float
from mesa_llm_city.economy import Accounts, in_cents, in_currency
from mesa_llm_city.parameters.economy import EconomyParameters
from mesa_llm_city.simulation.economy.purse import Purse

if TYPE_CHECKING:
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.residents import Residents

__all__ = ["TownAccounts"]


class TownAccounts:
    """Accounts of the people and places of a city, and what is kept beside them.

    Parameters
    ----------
    numbers : EconomyParameters
        Every number of the economy.
    residents : Residents
        Those who live in the model.
    seed : int
        Seed of what people are like.

    Attributes
    ----------
    accounts : Accounts
        All money.
    purses : dict of int to Purse
        What people mean to spend and have spent, by id.
    outside, government, landlord, operator : int
        Rows of their accounts: the rest of the world, those who get taxes and rents, and those
        who run what needs no vehicle of one's own.
    """

    def __init__(self, numbers: EconomyParameters, residents: Residents, *, seed: int) -> None:
        self.numbers, self._residents, self.seed = numbers, residents, seed
        self.accounts = Accounts()
        self.outside = int(self.accounts.open("outside", [0], may_owe=True)[0])
        self.government, self.landlord, self.operator = (
            int(self.accounts.open(kind, [0])[0]) for kind in ("government", "landlord", "operator")
        )
        self.purses: dict[int, Purse] = {}
        self._rents: dict[str, int] = {}

    def holders(self) -> list[CityAgent]:
        """Return the residents who have an account, or are old enough for one."""
        least = self.numbers.adult_from
        return [
            one
            for one in self._residents.agents
            if one.persona.outsider is None
            and one.citizen.components.finances is not None
            and (one.age >= least or one.person in self.purses)
        ]

    def with_purse(self) -> list[CityAgent]:
        """Return the residents who have an account."""
        return [one for one in self.holders() if one.person in self.purses]

    def gone(self) -> list[int]:
        """Return the ids of those who have a purse and do not live here any more."""
        here = {one.person for one in self._residents.agents}
        return [one for one in self.purses if one not in here]

    def row(self, person: int) -> int:
        """Return the row of the account of a person."""
        return self.accounts.row("person", person)

    def rows(self) -> dict[int, int]:
        """Return the rows of the accounts of residents by id."""
        return {one.person: self.row(one.person) for one in self.with_purse()}

    def open(self, person: int) -> int:
        """Return the row of the account of a person, opened if there is none."""
        if self.accounts.has("person", person):
            return self.row(person)
        return int(self.accounts.open("person", [person])[0])

    def place(self, place: int) -> int:
        """Return the row of the account of a place, opened if there is none."""
        if self.accounts.has("place", place):
            return self.accounts.row("place", place)
        return int(self.accounts.open("place", [place])[0])

    def employer(self, agent: CityAgent) -> int:
        """Return the row of the account that pays the wage of a person."""
        work = agent.persona.work
        if not agent.persona.is_employed or work is None or work == agent.persona.home:
            return self.outside
        return self.place(work)

    def balance(self, person: int) -> int:
        """Return what a person has, in cents."""
        return int(self.accounts.balances[self.row(person)])

    def savings(self, person: int) -> float:
        """Return what a person has, in currency."""
        return float(in_currency(self.balance(person)))

    def payer(self, agent: CityAgent, cents: int) -> int | None:
        """Return who pays for a person: the richest of the household where there is too little.

        Parameters
        ----------
        agent : CityAgent
            The person.
        cents : int
            What is to be paid.

        Returns
        -------
        int or None
            Id; None for people who enter from outside, and children alone.
        """
        own = agent.person if agent.person in self.purses else None
        if own is not None and self.balance(own) >= cents:
            return own
        if agent.persona.outsider is not None:
            return None
        members = [one.person for one in self._residents.household_of(agent)]
        known = [one for one in (*members, agent.person) if one in self.purses]
        return max(known, key=lambda one: (self.balance(one), -one), default=None)

    def rent(self, household: str, income_cents: int) -> int:
        """Return the rent of a household in its home, which is set when it moves in, in cents.

        Parameters
        ----------
        household : str
            The household and its home.
        income_cents : int
            Usual income of its members.
        """
        numbers = self.numbers.rent
        if household not in self._rents:
            least = numbers.least * self.numbers.median_income
            rent = max(float(in_currency(income_cents)) * numbers.share, least)
            self._rents[household] = int(in_cents(rent))
        return self._rents[household]

    def traits(self, purpose: str, agents: Sequence[CityAgent]) -> Float:
        """Return a uniform draw for each person that stays with the person."""
        return uniforms(self.seed, [one.person for one in agents], purpose, 0, 1)[:, 0]

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run."""
        return {
            "accounts": self.accounts.state(),
            "purses": [[person, one.state()] for person, one in self.purses.items()],
            "rents": dict(self._rents),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.accounts.restore(state["accounts"])
        self.purses = {int(person): Purse.of(one) for person, one in state["purses"]}
        self._rents = {str(name): int(cents) for name, cents in state["rents"].items()}

    def everybody(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return the rows of the accounts of all residents."""
        return np.array(list(self.rows().values()), dtype=np.int64)
