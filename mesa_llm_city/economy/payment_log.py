"""All payments, in columns that grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import Int

__all__ = ["PaymentColumns", "PaymentLog"]

_BATCHES = 1024
_NUMBERS = ("minute", "code", "payer", "payee", "cents")


class PaymentColumns(NamedTuple):
    """Payments as columns of equal length, in the order in which they were made.

    Attributes
    ----------
    minute : ndarray of int64
        When.
    what : ndarray of object
        What was paid for.
    payer, payee : ndarray of int64
        Rows of the accounts.
    cents : ndarray of int64
        Amounts above 0.
    """

    minute: Int
    what: np.ndarray[Any, np.dtype[np.object_]]
    payer: Int
    payee: Int
    cents: Int


class PaymentLog:
    """Payments: when, what for, from which account to which, and how much.

    Examples
    --------
    >>> log = PaymentLog()
    >>> log.add(5, "rent", np.array([1]), np.array([2]), np.array([900]))
    >>> len(log), log.columns().cents.tolist()
    (1, [900])
    """

    __slots__ = ("_batches", "_chunks", "_names", "_rows")

    def __init__(self) -> None:
        self._names: list[str] = []
        self._rows = 0
        self._chunks: list[Int] = []
        # Those of late: minute, code of what it is for, payers, payees, cents.
        self._batches: list[tuple[int, int, Int, Int, Int]] = []

    def __len__(self) -> int:
        """Return the number of payments."""
        return self._rows

    def add(self, minute: int, what: str, payers: Int, payees: Int, cents: Int) -> None:
        """Append payments of one minute for one thing; arrays of equal length."""
        if not len(cents):
            return
        if what not in self._names:
            self._names.append(what)
        self._batches.append((minute, self._names.index(what), payers, payees, cents))
        self._rows += len(cents)
        if len(self._batches) >= _BATCHES:
            self._chunks.append(_packed(self._batches))
            self._batches = []

    def of(self, what: str, since: int = 0) -> tuple[Int, Int, Int]:
        """Return payers, payees and cents of what was paid for something since a minute."""
        code = self._names.index(what) if what in self._names else -1
        found = [part[:, (part[1] == code) & (part[0] >= since)] for part in self._late(since)]
        minute, _, payers, payees, cents = np.concatenate([_NONE, *found], axis=1)
        del minute
        return payers, payees, cents

    def _late(self, since: int) -> list[Int]:
        """Return the parts in which there may be payments since a minute."""
        parts = [*self._chunks, _packed(self._batches)]
        return [part for part in parts if part.shape[1] and part[0, -1] >= since]

    def columns(self) -> PaymentColumns:
        """Return all payments as columns."""
        minute, code, payers, payees, cents = self._all()
        names = np.array([*self._names, ""], dtype=object)
        return PaymentColumns(minute, names[code], payers, payees, cents)

    def _all(self) -> Int:
        return np.concatenate([_NONE, *self._chunks, _packed(self._batches)], axis=1)

    def state(self) -> State:
        """Return all payments as arrays."""
        return {"names": list(self._names), **dict(zip(_NUMBERS, self._all(), strict=True))}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._names = [str(one) for one in state["names"]]
        columns = np.array([state[name] for name in _NUMBERS], dtype=np.int64).reshape(5, -1)
        self._chunks, self._batches, self._rows = [columns], [], columns.shape[1]


_NONE: Int = np.zeros((len(_NUMBERS), 0), dtype=np.int64)


def _packed(batches: list[tuple[int, int, Int, Int, Int]]) -> Int:
    """Return batches as one array with a row for each of minute, code, payer, payee, cents."""
    if not batches:
        return _NONE
    counts = [len(one[4]) for one in batches]
    heads = [np.repeat([one[at] for one in batches], counts) for at in (0, 1)]
    tails = [np.concatenate([one[at] for one in batches]) for at in (2, 3, 4)]
    return np.stack([*heads, *tails]).astype(np.int64)
