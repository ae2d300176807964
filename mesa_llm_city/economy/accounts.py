"""Accounts in whole cents: every change is a payment from one account to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Int
from mesa_llm_city.economy.money import MOST_CURRENCY, in_cents
from mesa_llm_city.economy.payment_log import PaymentLog

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ISSUER", "Accounts"]

ISSUER = "issuer"
"""Kind of the account that issues money; what it owes is all the money there is."""


class Accounts:
    """Accounts of people, shops, landlords, governments and others.

    Money is only paid from account to account, so that the balances of all accounts always
    add up to nothing. Money comes into being by a payment of the *issuer*, the one account
    that exists from the start; the balances of the others add up to what was `issued`.

    Attributes
    ----------
    balances : ndarray of int64, shape (n,)
        Cents on each account, by row; read it only.
    log : PaymentLog
        All payments.

    Examples
    --------
    >>> accounts = Accounts()
    >>> people, shop = accounts.open("person", [7, 8]), accounts.open("shop", [0])
    >>> accounts.issue(people, 1000, what="start", minute=0)
    >>> accounts.pay(people, shop, [250, 0], what="shopping", minute=60)
    >>> accounts.balances[people].tolist(), accounts.balances[shop].tolist(), accounts.issued
    ([750, 1000], [250], 2000)
    """

    def __init__(self) -> None:
        self.balances: Int = np.zeros(0, dtype=np.int64)
        self.log = PaymentLog()
        self._kinds: list[str] = []
        self._kind: Int = np.zeros(0, dtype=np.int64)
        self._id: Int = np.zeros(0, dtype=np.int64)
        self._may_owe = np.zeros(0, dtype=np.bool_)
        self._rows: dict[str, dict[int, int]] = {}
        self.open(ISSUER, [0], may_owe=True)

    def __len__(self) -> int:
        """Return the number of accounts, that of the issuer included."""
        return len(self.balances)

    def open(self, kind: str, ids: ArrayLike, *, may_owe: bool = False) -> Int:
        """Open accounts of one kind and return their rows.

        Parameters
        ----------
        kind : str
            What has the account, such as ``"person"``.
        ids : array_like of int, shape (k,)
            Which of that kind.
        may_owe : bool, default False
            Whether its balance may fall below 0, as that of the rest of the world.

        Raises
        ------
        ConfigError
            If such an account is open already.
        """
        new = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        known = self._rows.setdefault(kind, {})
        taken = [one for one in new.tolist() if one in known]
        if taken or len(set(new.tolist())) < len(new):
            message = f"{kind} {taken[0] if taken else new.tolist()} has an account already"
            raise ConfigError(message)
        if kind not in self._kinds:
            self._kinds.append(kind)
        rows = np.arange(len(self), len(self) + len(new))
        known.update(zip(new.tolist(), rows.tolist(), strict=True))
        self.balances = np.concatenate([self.balances, np.zeros(len(new), dtype=np.int64)])
        code = np.full(len(new), self._kinds.index(kind), dtype=np.int64)
        self._kind, self._id = np.concatenate([self._kind, code]), np.concatenate([self._id, new])
        self._may_owe = np.concatenate([self._may_owe, np.full(len(new), may_owe)])
        return rows

    def has(self, kind: str, number: int) -> bool:
        """Tell whether somebody has an account."""
        return number in self._rows.get(kind, {})

    def row(self, kind: str, number: int = 0) -> int:
        """Return the row of an account.

        Raises
        ------
        ConfigError
            If there is none.
        """
        try:
            return self._rows[kind][number]
        except KeyError:
            message = f"{kind} {number} has no account; open one first"
            raise ConfigError(message) from None

    def rows(self, kind: str, ids: ArrayLike | None = None) -> Int:
        """Return the rows of accounts of a kind, of all of them by default."""
        if ids is None:
            return np.array(list(self._rows.get(kind, {}).values()), dtype=np.int64)
        wanted = np.atleast_1d(np.asarray(ids, dtype=np.int64)).tolist()
        return np.array([self.row(kind, one) for one in wanted], dtype=np.int64)

    @property
    def issued(self) -> int:
        """All the money there is, in cents."""
        return -int(self.balances[0])

    def issue(self, payees: ArrayLike, cents: ArrayLike, *, what: str, minute: int) -> None:
        """Make money and pay it to accounts (see `pay`)."""
        self.pay(0, payees, cents, what=what, minute=minute)

    def pay(
        self, payers: ArrayLike, payees: ArrayLike, cents: ArrayLike, *, what: str, minute: int
    ) -> None:
        """Pay whole cents from accounts to accounts, all at once; nothing if anything is wrong.

        Parameters
        ----------
        payers, payees : array_like of int
            Rows of accounts; they and `cents` broadcast.
        cents : array_like of int
            Amounts of 0 or more; those of 0 are left out of the table.
        what : str
            What it is paid for, such as ``"rent"``.
        minute : int
            When, in minutes since the start.

        Raises
        ------
        ConfigError
            If an amount is negative, no whole number or beyond `MOST_CURRENCY`, there is no such
            account, or one that may not owe anything has too little.
        """
        amounts = np.asarray(cents)
        if amounts.dtype.kind not in "iu" or (
            amounts.size and not 0 <= amounts.min() <= amounts.max() <= in_cents(MOST_CURRENCY)
        ):
            message = f"{what}: amounts are whole cents of 0 or more, got {cents!r:.80}"
            raise ConfigError(message)
        for side in (payers, payees):
            rows = np.asarray(side)
            if rows.size and not 0 <= rows.min() <= rows.max() < len(self):
                message = f"{what}: there are accounts 0 to {len(self) - 1}, got {side!r:.80}"
                raise ConfigError(message)
        givers, takers, amounts = (
            np.ravel(one).astype(np.int64)
            for one in np.broadcast_arrays(np.asarray(payers), np.asarray(payees), amounts)
        )
        is_paid = amounts > 0
        givers, takers, amounts = givers[is_paid], takers[is_paid], amounts[is_paid]
        _move(self.balances, givers, takers, amounts)
        short = givers[(self.balances[givers] < 0) & ~self._may_owe[givers]]
        if short.size:
            after = int(self.balances[short[0]])
            _move(self.balances, takers, givers, amounts)
            raise self._lacking(int(short[0]), after, what)
        self.log.add(minute, what, givers, takers, amounts)

    def _lacking(self, row: int, after: int, what: str) -> ConfigError:
        message = (
            f"{what}: {self.name(row)} has {int(self.balances[row])} cents and would have "
            f"{after}; pay no more than there is (see economy.affordable)"
        )
        return ConfigError(message)

    def name(self, row: int) -> str:
        """Return what has an account, such as ``"person 7"``."""
        return f"{self._kinds[self._kind[row]]} {self._id[row]}"

    def paid_in(self, payees: ArrayLike, *, what: str, since: int = 0) -> Int:
        """Return how much accounts were paid for something since a minute, in cents."""
        return self._flows(payees, what, since)[1]

    def paid_out(self, payers: ArrayLike, *, what: str, since: int = 0) -> Int:
        """Return how much accounts have paid for something since a minute, in cents."""
        return self._flows(payers, what, since)[0]

    def _flows(self, rows: ArrayLike, what: str, since: int) -> tuple[Int, Int]:
        givers, takers, cents = self.log.of(what, since)
        totals = np.zeros((2, len(self)), dtype=np.int64)
        np.add.at(totals[0], givers, cents)
        np.add.at(totals[1], takers, cents)
        at = np.asarray(rows, dtype=np.int64)
        return totals[0][at], totals[1][at]

    def to_frame(self) -> pd.DataFrame:
        """Return all accounts: kind, id and balance in cents, in the order of opening."""
        import pandas as pd

        kind = pd.Categorical.from_codes(self._kind, self._kinds)  # type: ignore[call-overload]
        columns = {"kind": kind, "id": self._id, "balance_cents": self.balances}
        return pd.DataFrame(columns).astype({"kind": "str"})

    def payments(self) -> pd.DataFrame:
        """Return all payments: minute, what, payer and payee by kind and id, and cents."""
        import pandas as pd

        minute, what, givers, takers, cents = self.log.columns()
        kinds = np.array(self._kinds, dtype=object)
        return pd.DataFrame(
            {
                "minute": minute,
                "what": what,
                "payer_kind": kinds[self._kind[givers]],
                "payer": self._id[givers],
                "payee_kind": kinds[self._kind[takers]],
                "payee": self._id[takers],
                "cents": cents,
            }
        ).astype({"what": "str", "payer_kind": "str", "payee_kind": "str"})

    def recounted(self) -> Int:
        """Return the balances that follow from all payments alone, to be compared with theirs."""
        _, _, givers, takers, cents = self.log.columns()
        total = np.zeros(len(self), dtype=np.int64)
        _move(total, givers, takers, cents)
        return total

    def state(self) -> State:
        """Return accounts and payments, with columns as arrays."""
        return {
            "kinds": list(self._kinds),
            "kind": self._kind.copy(),
            "id": self._id.copy(),
            "may_owe": self._may_owe.astype(np.int64),
            "balances": self.balances.copy(),
            "log": self.log.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If the payments do not add up to the balances.
        """
        self._kinds = [str(one) for one in state["kinds"]]
        self._kind, self._id = _whole(state["kind"]), _whole(state["id"])
        self._may_owe = _whole(state["may_owe"]).astype(np.bool_)
        self.balances = _whole(state["balances"])
        self._rows = {kind: {} for kind in self._kinds}
        for row, (kind, number) in enumerate(zip(self._kind, self._id, strict=True)):
            self._rows[self._kinds[kind]][int(number)] = row
        self.log.restore(state["log"])
        if not np.array_equal(self.recounted(), self.balances):
            message = "the payments of the save do not add up to its balances; it has been changed"
            raise DataError(message)


def _move(balances: Int, givers: Int, takers: Int, cents: Int) -> None:
    """Take cents from some rows and add them to others, in place."""
    np.subtract.at(balances, givers, cents)
    np.add.at(balances, takers, cents)


def _whole(values: ArrayLike) -> Int:
    return np.array(values, dtype=np.int64)
