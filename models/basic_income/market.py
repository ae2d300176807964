"""The market of the model: wages, taxes, rents, goods and dividends, each cent paid by somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from mesa_llm_city.models.basic_income.sample import People, SampleParameters

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.economy import (
    WEEKS_PER_MONTH,
    Accounts,
    affordable,
    in_cents,
    in_currency,
    next_price,
    split,
    tax_due,
)
from mesa_llm_city.parameters import CityParameters

__all__ = ["Market"]


class Market:
    """Who pays whom in a month.

    In a *closed* town all goods are made by its people, shops pay wages from sales, and rents
    and profits go back to those who own. In an *open* one the people are few among many: the
    rest of the world employs them, sells at fixed prices whatever they want, and keeps the rents.

    Parameters
    ----------
    people : People
        The people.
    parameters : CityParameters
        Its branch `economy`.
    sample : SampleParameters
        Shops and what they keep.
    is_closed : bool
        Whether the town is closed.

    Attributes
    ----------
    accounts : Accounts
        All money.
    price : ndarray of float64, shape (shops,)
        Price of a unit of goods, 1 at first.
    stock : ndarray of float64, shape (shops,)
        Units of goods that lie in the shops.
    sold : float
        Units that people have bought in the last month.
    """

    def __init__(
        self,
        people: People,
        *,
        parameters: CityParameters,
        sample: SampleParameters,
        is_closed: bool,
    ) -> None:
        self._people, self._numbers, self._sample = people, parameters.economy, sample
        self.is_closed = is_closed
        self.accounts = Accounts()
        self._person = self.accounts.open("person", np.arange(len(people)))
        self._shop = self.accounts.open("shop", np.arange(sample.shops), may_owe=not is_closed)
        self._landlord = int(self.accounts.open("landlord", [0])[0])
        self._government = int(self.accounts.open("government", [0], may_owe=not is_closed)[0])
        self.price: Float = np.ones(sample.shops)
        self.sold = 0.0
        usual = in_currency(people.usual_cents)
        self._made: Float = _by_shop(people.shop, usual, sample.shops)
        made = float(self._made.sum())
        # Shops are of equal size where nobody works for any of them.
        self._size: Float = (
            self._made / made if made > 0.0 else np.full_like(self.price, 1.0 / sample.shops)
        )
        self.stock: Float = self._made * sample.stock_months / 2.0
        self._begin()

    def _begin(self) -> None:
        """Issue the money of the start: savings, the cash of shops, and a month's taxes."""
        self.accounts.issue(self._person, self._people.start_cents, what="start", minute=0)
        if self.is_closed:
            cash = in_cents(self._sample.reserve_months * self._made)
            self.accounts.issue(self._shop, cash, what="start", minute=0)
            due = int(self._people.support_cents.sum())
            self.accounts.issue(self._government, due, what="start", minute=0)

    def renew(self, parameters: CityParameters) -> None:
        """Take over other numbers from now on."""
        self._numbers = parameters.economy

    @property
    def savings(self) -> Int:
        """Savings of everybody, in cents."""
        return self.accounts.balances[self._person]

    def pay_wages(self, hours: Float, minute: int) -> Int:
        """Pay everybody for a month, and make goods; return earnings before taxes, in cents.

        Shops in a closed town that have too little pay everybody the same share.
        """
        value = self._people.wage * hours * WEEKS_PER_MONTH
        due = in_cents(value)
        self._made = _by_shop(self._people.shop, value, len(self._shop))
        kept = np.minimum(self.stock, self._made * self._sample.stock_months)
        self.stock = kept + self._made
        paid = due if not self.is_closed else self._within_cash(due)
        employer = self._shop[self._people.shop]
        self.accounts.pay(employer, self._person, paid, what="wage", minute=minute)
        return paid

    def _within_cash(self, due: Int) -> Int:
        paid = due.copy()
        for number, row in enumerate(self._shop):
            works = self._people.shop == number
            cash, bill = int(self.accounts.balances[row]), int(due[works].sum())
            if bill > cash:
                paid[works] = split(cash, due[works])
        return paid

    def collect(self, earned: Int, levy: float, minute: int) -> tuple[Int, Int]:
        """Collect taxes and a levy on earnings; return both of everybody, in cents."""
        taxes = tax_due(earned, self._numbers.tax)
        levies = np.minimum(in_cents(levy * in_currency(earned)), earned - taxes)
        for what, cents in (("tax", taxes), ("levy", levies)):
            self.accounts.pay(self._person, self._government, cents, what=what, minute=minute)
        return taxes, levies

    def support(self, minute: int) -> Int:
        """Pay support to those who usually do not work; return what was paid, in cents."""
        due = self._people.support_cents
        there = max(int(self.accounts.balances[self._government]), 0)
        is_enough = not self.is_closed or int(due.sum()) <= there
        paid = due if is_enough else split(there, due)
        self.accounts.pay(self._government, self._person, paid, what="support", minute=minute)
        return paid

    def transfer(self, due: Int, *, is_issued: bool, minute: int) -> Int:
        """Pay a transfer from new money, or from what the levy of the month has brought."""
        if is_issued:
            self.accounts.issue(self._person, due, what="transfer", minute=minute)
            return due
        levied = self.accounts.paid_in([self._government], what="levy", since=minute)
        paid = due if int(due.sum()) <= int(levied[0]) else split(int(levied[0]), due)
        self.accounts.pay(self._government, self._person, paid, what="transfer", minute=minute)
        return paid

    def pay_rents(self, minute: int) -> tuple[Int, Int]:
        """Pay rents as far as there is money, and what owners get of them; both in cents."""
        paid = affordable(self._people.rent_cents, self.savings)
        self.accounts.pay(self._person, self._landlord, paid, what="rent", minute=minute)
        if not self.is_closed:
            return paid, np.zeros_like(paid)
        got = split(int(self.accounts.balances[self._landlord]), self._people.owns)
        self.accounts.pay(self._landlord, self._person, got, what="dividend", minute=minute)
        return paid, got

    def sell(self, budgets: Float, minute: int) -> Int:
        """Sell goods for budgets in currency; return what everybody has spent, in cents.

        Budgets are split between the shops by their prices. Where more is wanted than there is,
        everybody gets the same share of it. What is left of taxes buys goods as well.
        """
        wished = affordable(in_cents(budgets), self.savings)
        share = self._size * self.price**-self._sample.switching
        share = share / share.sum()
        left, spent = wished.copy(), np.zeros_like(wished)
        public = self._public_budget()
        wanted, self.sold = np.zeros(len(self._shop)), 0.0
        for number, row in enumerate(self._shop):
            cents = left if number == len(self._shop) - 1 else _part(wished, share[number], left)
            left = left - cents
            public_cents = round(public * float(share[number]))
            money = float(in_currency(cents.sum() + public_cents))
            wanted[number] = money / self.price[number]
            served = self._served(wanted[number], number)
            bought = np.floor(cents * served).astype(np.int64)
            self.accounts.pay(self._person, row, bought, what="shopping", minute=minute)
            spent += bought
            self.sold += float(in_currency(bought.sum())) / float(self.price[number])
            self._buy_publicly(int(public_cents * served), row, minute)
            self.stock[number] -= served * wanted[number]
        if self.is_closed:
            self.price = next_price(self.price, wanted, self._made, self._numbers.prices)
        return spent

    def _served(self, wanted: float, number: int) -> float:
        """Return which share of what is wanted of a shop there is."""
        if not self.is_closed or wanted <= self.stock[number]:
            return 1.0
        return float(self.stock[number]) / wanted

    def _public_budget(self) -> int:
        """Return what the government buys goods for, in cents: all but next month's support."""
        if not self.is_closed:
            return 0
        kept = int(self._people.support_cents.sum())
        return max(int(self.accounts.balances[self._government]) - kept, 0)

    def _buy_publicly(self, cents: int, row: int, minute: int) -> None:
        there = max(int(self.accounts.balances[self._government]), 0)
        if self.is_closed:
            paid = min(cents, there)
            self.accounts.pay(self._government, row, paid, what="public", minute=minute)

    def pay_dividends(self, minute: int) -> Int:
        """Pay what shops have beyond their reserve to those who own them, in cents."""
        total = np.zeros(len(self._people), dtype=np.int64)
        if not self.is_closed:
            return total
        kept = in_cents(self._sample.reserve_months * self._made)
        for row, reserve in zip(self._shop, kept, strict=True):
            profit = max(int(self.accounts.balances[row] - reserve), 0)
            got = split(profit, self._people.owns)
            self.accounts.pay(row, self._person, got, what="dividend", minute=minute)
            total += got
        return total

    def state(self) -> State:
        """Return accounts, prices and stocks."""
        arrays = {"price": self.price.copy(), "stock": self.stock.copy(), "made": self._made.copy()}
        return {"accounts": self.accounts.state(), "sold": self.sold, **arrays}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.accounts.restore(state["accounts"])
        self.sold = float(state["sold"])
        self.price, self.stock, self._made = (
            np.array(state[name], dtype=np.float64) for name in ("price", "stock", "made")
        )


def _part(wished: Int, share: float, left: Int) -> Int:
    """Return a share of budgets in whole cents, no more than is left of them."""
    part: Int = np.minimum(np.floor(wished * share).astype(np.int64), left)
    return part


def _by_shop(shop: Int, value: Float, shops: int) -> Float:
    """Return the sum of values of each shop."""
    return np.bincount(shop, value, shops).astype(np.float64)
