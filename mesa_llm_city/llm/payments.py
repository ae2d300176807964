"""What a store's answers have cost: for a run that is resumed, and for a budget that is shared.

The tables lie in the file of the `Store`, beside the answers, and are no part of a recording.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mesa_llm_city.core.processes import is_alive
from mesa_llm_city.llm.purse import exceeded
from mesa_llm_city.llm.store import Store

__all__ = ["Payment", "Payments", "SharedAccount"]

_TABLES = """
CREATE TABLE IF NOT EXISTS payments (
    key TEXT PRIMARY KEY,
    tries INTEGER NOT NULL,
    latency_s REAL NOT NULL,
    usd REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unkept (
    id INTEGER PRIMARY KEY,
    call TEXT NOT NULL,
    usd REAL NOT NULL,
    tokens REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS spending (
    account TEXT PRIMARY KEY,
    usd REAL NOT NULL,
    calls REAL NOT NULL,
    tokens REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reservations (
    account TEXT NOT NULL,
    process INTEGER NOT NULL,
    at_s REAL NOT NULL,
    usd REAL NOT NULL,
    calls REAL NOT NULL,
    tokens REAL NOT NULL,
    PRIMARY KEY (account, process)
) WITHOUT ROWID
"""
_KINDS = ("usd", "calls", "tokens")
_AT_ONCE = 500
# A request under way for longer than this has been given up by a process that is no more.
_FORGOTTEN_S = 3600.0


class Payment(NamedTuple):
    """What the answer to a request has cost.

    Attributes
    ----------
    key : str
        `Request.key` of the request.
    tries : int
        Number of times it was sent.
    latency_s : float
        Time of the last try, in seconds.
    usd : float or None
        Price in US dollars, None if there is none.
    """

    key: str
    tries: int
    latency_s: float
    usd: float | None


class Payments:
    """The tables of payments in a store.

    Parameters
    ----------
    store : Store
        The store; the tables are made in it if there are none.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as db:
            for table in _TABLES.split(";"):
                db.execute(table)

    def add(self, payments: Iterable[Payment]) -> None:
        """Keep what answers have cost, with those that the store is still to write.

        Of equal keys the first stays.
        """

        def write(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR IGNORE INTO payments VALUES (?, ?, ?, ?)", payments)

        self._store.flush(write)

    def of(self, keys: Sequence[str]) -> dict[str, Payment]:
        """Return what is known of answers, by key."""
        found: dict[str, Payment] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT * FROM payments WHERE key IN ({marks})"  # noqa: S608 - question marks
            with self._store.reading() as db:
                found |= {row[0]: Payment._make(row) for row in db.execute(query, some)}
        return found

    def all(self) -> dict[str, Payment]:
        """Return what is known of all answers, by key."""
        with self._store.reading() as db:
            rows = db.execute("SELECT * FROM payments").fetchall()
        return {row[0]: Payment._make(row) for row in rows}

    def add_unkept(
        self, calls: Iterable[tuple[Mapping[str, Any], float, float]], drop: Sequence[str] = ()
    ) -> None:
        """Keep calls that were paid for, but whose answers are not to be used again.

        Parameters
        ----------
        calls : iterable of tuple
            A row of the ledger, its price in US dollars, and its tokens.
        drop : sequence of str, optional
            Keys of the answers to be removed, so that the questions are asked afresh.
        """
        rows = [(json.dumps(call), usd, tokens) for call, usd, tokens in calls]
        keys = [(key,) for key in drop]
        with self._store.transaction() as db:
            db.executemany("INSERT INTO unkept (call, usd, tokens) VALUES (?, ?, ?)", rows)
            db.executemany("DELETE FROM answers WHERE key = ?", keys)
            db.executemany("DELETE FROM payments WHERE key = ?", keys)

    def unkept(self) -> list[tuple[dict[str, Any], float, float]]:
        """Return what `add_unkept` has kept, in the order in which it came."""
        with self._store.reading() as db:
            rows = db.execute("SELECT call, usd, tokens FROM unkept ORDER BY id").fetchall()
        return [(json.loads(call), usd, tokens) for call, usd, tokens in rows]

    def open_account(self, account: str, spent: Mapping[str, float] | None = None) -> None:
        """Make an account, or set what has been spent of it; forget dead processes.

        Parameters
        ----------
        account : str
            Its name.
        spent : mapping, optional
            Money, calls and tokens; what is known already by default.
        """
        with self._store.transaction() as db:
            db.execute("INSERT OR IGNORE INTO spending VALUES (?, 0.0, 0.0, 0.0)", (account,))
            if spent is not None:
                row = (*(spent[kind] for kind in _KINDS), account)
                query = "UPDATE spending SET usd = ?, calls = ?, tokens = ? WHERE account = ?"
                db.execute(query, row)
            _forget_the_dead(db)

    def taken(self, account: str) -> tuple[dict[str, float], dict[str, float]]:
        """Return what has been spent of an account, and what is reserved by all processes."""
        with self._store.reading() as db:
            return _taken(db, account)

    def reserve(
        self, account: str, wanted: Mapping[str, float], limits: Mapping[str, float | None]
    ) -> str | None:
        """Reserve amounts; return which limit stands against it, None if they are reserved."""
        with self._store.transaction() as db:
            if exceeded(*_taken(db, account), wanted, limits):
                _forget_the_dead(db)
                if kind := exceeded(*_taken(db, account), wanted, limits):
                    return kind
            _change_reservation(db, account, wanted, 1.0)
        return None

    def settle(self, account: str, wanted: Mapping[str, float], spent: Mapping[str, float]) -> None:
        """Release what was reserved, and add what was spent."""
        row = (*(spent[kind] for kind in _KINDS), account)
        query = (
            "UPDATE spending SET usd = round(usd + ?, 12), calls = calls + ?, tokens = tokens + ? "
            "WHERE account = ?"
        )
        with self._store.transaction() as db:
            _change_reservation(db, account, wanted, -1.0)
            db.execute(query, row)


class SharedAccount:
    """An account that all processes share that use a store (see `purse.Account`).

    Parameters
    ----------
    payments : Payments
        The payments of the store.
    name : str
        Name of the account.
    """

    def __init__(self, payments: Payments, name: str) -> None:
        self._payments = payments
        self._name = name

    def taken(self) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Return what has been spent, and what is reserved."""
        return self._payments.taken(self._name)

    def reserve(
        self, wanted: Mapping[str, float], limits: Mapping[str, float | None]
    ) -> str | None:
        """Reserve amounts; return which limit stands against it, None if they are reserved."""
        return self._payments.reserve(self._name, wanted, limits)

    def settle(self, wanted: Mapping[str, float], spent: Mapping[str, float]) -> None:
        """Release what was reserved, and book what was spent."""
        self._payments.settle(self._name, wanted, spent)


def _taken(db: sqlite3.Connection, account: str) -> tuple[dict[str, float], dict[str, float]]:
    spent = db.execute("SELECT usd, calls, tokens FROM spending WHERE account = ?", (account,))
    reserved = db.execute(
        "SELECT total(usd), total(calls), total(tokens) FROM reservations WHERE account = ?",
        (account,),
    )
    amounts = (spent.fetchone() or (0.0, 0.0, 0.0), reserved.fetchone())
    first, second = (dict(zip(_KINDS, one, strict=True)) for one in amounts)
    return first, second


def _change_reservation(
    db: sqlite3.Connection, account: str, amounts: Mapping[str, float], sign: float
) -> None:
    changes = [sign * amounts[kind] for kind in _KINDS]
    query = (
        "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "at_s = excluded.at_s, usd = round(usd + excluded.usd, 12), "
        "calls = calls + excluded.calls, tokens = tokens + excluded.tokens"
    )
    db.execute(query, (account, os.getpid(), time.time(), *changes))


def _forget_the_dead(db: sqlite3.Connection) -> None:
    """Remove what processes have reserved that were killed."""
    for process, at_s in db.execute("SELECT process, at_s FROM reservations").fetchall():
        if not is_alive(process) or time.time() - at_s > _FORGOTTEN_S:
            db.execute("DELETE FROM reservations WHERE process = ?", (process,))
