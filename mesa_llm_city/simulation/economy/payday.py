"""A payday: what everybody earns, pays and gets at the beginning of a month, in cents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.economy import (
    Accounts,
    affordable,
    in_cents,
    in_currency,
    levy_rate,
    split,
    tax_due,
)
from mesa_llm_city.parameters.economy import EconomyParameters

__all__ = ["Payday", "Payroll"]

_MONTHS = 12


@dataclass(slots=True)
class Payroll:
    """Everybody who has an account, in columns of equal length.

    Attributes
    ----------
    account : ndarray of int64
        Rows of their accounts.
    employer : ndarray of int64
        Rows of the accounts that pay wages.
    wage, benefit : ndarray of int64
        What is earned before taxes, and what the government pays to those who do not work.
    household : ndarray of int64
        Numbers from 0, the same for members of a household.
    rent : ndarray of int64
        Rent of each of these households.
    """

    account: Int
    employer: Int
    wage: Int
    benefit: Int
    household: Int
    rent: Int


@dataclass(slots=True)
class Payday:
    """Lets a payday happen on some accounts.

    Attributes
    ----------
    accounts : Accounts
        All accounts.
    numbers : EconomyParameters
        Taxes and interest.
    minute : int
        When.
    outside, government, landlord : int
        Rows of their accounts.
    levy : float
        Rate of the levy on wages that pays for transfers.
    """

    accounts: Accounts
    numbers: EconomyParameters
    minute: int
    outside: int
    government: int
    landlord: int
    levy: float = 0.0

    def pay(self, what: str, payers: object, payees: object, cents: object) -> None:
        """Pay amounts, which broadcast, from accounts to accounts."""
        self.accounts.pay(payers, payees, cents, what=what, minute=self.minute)  # type: ignore[arg-type]

    def interest(self, people: Payroll) -> None:
        """Pay a month's interest on savings, from new money."""
        rate = self.numbers.interest / _MONTHS
        cents = np.floor(self.accounts.balances[people.account] * rate).astype(np.int64)
        if cents.any():
            self.accounts.issue(people.account, cents, what="interest", minute=self.minute)

    def wages(self, people: Payroll) -> None:
        """Let employers sell outside what they lack for wages, pay them, and buy for the rest."""
        employers = np.unique(people.employer)
        bills = np.array([int(people.wage[people.employer == one].sum()) for one in employers])
        own = employers[employers != self.outside]
        bill = bills[employers != self.outside]
        lacking = np.maximum(bill - self.accounts.balances[own], 0)
        self.pay("sales", self.outside, own, lacking)
        self.pay("wage", people.employer, people.account, people.wage)
        # A month's wages are kept; what is beyond buys supplies and pays the owners.
        beyond = np.maximum(self.accounts.balances[own] - bill, 0)
        self.pay("supplies", own, self.outside, beyond)

    def taxes(self, people: Payroll) -> Int:
        """Collect taxes on wages; return them in cents."""
        due = tax_due(people.wage, self.numbers.tax)
        self.pay("tax", people.account, self.government, due)
        return due

    def benefits(self, people: Payroll) -> None:
        """Pay pensions and benefits, from new money where taxes do not suffice."""
        total = int(people.benefit.sum())
        lacking = max(total - int(self.accounts.balances[self.government]), 0)
        self.accounts.issue(self.government, lacking, what="issue", minute=self.minute)
        self.pay("benefit", self.government, people.account, people.benefit)

    def rents(self, people: Payroll) -> Int:
        """Pay rents, members of a household by what they have; return them in cents."""
        paid = np.zeros(len(people.account), dtype=np.int64)
        there = np.maximum(self.accounts.balances[people.account], 0)
        order = np.argsort(people.household, kind="stable")
        bounds = np.searchsorted(people.household[order], np.arange(len(people.rent) + 1))
        for number, rent in enumerate(people.rent.tolist()):
            rows = order[bounds[number] : bounds[number + 1]]
            most = min(rent, int(there[rows].sum()))
            paid[rows] = affordable(split(most, there[rows]), there[rows])
        self.pay("rent", people.account, self.landlord, paid)
        return paid

    def transfers(
        self, people: Payroll, due: list[tuple[str, Int, Int]], taxes: Int
    ) -> tuple[Int, Int]:
        """Pay transfers; return what each row of `people` got, and the levy each paid.

        Parameters
        ----------
        people : Payroll
            Everybody.
        due : list of (str, ndarray, ndarray)
            Funding, accounts and cents of each transfer.
        taxes : ndarray of int64
            Taxes on wages, which are paid first.
        """
        got, levies = np.zeros((2, len(people.account)), dtype=np.int64)
        row_of = np.full(len(self.accounts), -1, dtype=np.int64)
        row_of[people.account] = np.arange(len(people.account))
        levied = [one for one in due if one[0] == "levy"]
        cost = int(np.sum([int(cents.sum()) for _, _, cents in levied], dtype=np.int64))
        if cost:
            self.levy = levy_rate(cost, people.wage)
            wished = in_cents(self.levy * in_currency(people.wage))
            levies = np.minimum(wished, people.wage - taxes)
            levies = affordable(levies, self.accounts.balances[people.account])
            self.pay("levy", people.account, self.government, levies)
        pot = int(levies.sum())
        for funding, accounts, cents in due:
            paid = cents
            if funding == "levy":
                # Where the levy brings less than is due, all get the same share of it.
                paid = split(min(int(cents.sum()), pot), cents)
                pot -= int(paid.sum())
            self._grant(funding, accounts, paid)
            np.add.at(got, row_of[accounts], paid)
        return got, levies

    def _grant(self, funding: str, accounts: Int, cents: Int) -> None:
        if funding == "issued":
            self.accounts.issue(accounts, cents, what="transfer", minute=self.minute)
        else:
            payer = self.government if funding == "levy" else self.outside
            self.pay("transfer", payer, accounts, cents)
