"""The store of answers, one SQLite file: what has been paid for is kept.

An answer is written before it is used, so a run that is killed and started
again finds it and does not pay twice. Requests hold no key and no header, and
so does the file.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple, Self

from mesa_llm_city.core.errors import RecordingError
from mesa_llm_city.llm.base import Completion, Request

__all__ = ["Store", "Stored"]

_VERSION = 1
_RECORDING = ".jsonl.gz"
_AT_ONCE = 500
_CONTEXT = 60

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    canonical TEXT NOT NULL,
    text TEXT NOT NULL,
    finish TEXT NOT NULL,
    prompt_tokens INTEGER,
    cached_tokens INTEGER,
    completion_tokens INTEGER,
    cost_usd REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_INSERT = "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Stored(NamedTuple):
    """An answer as it is kept.

    Attributes
    ----------
    key : str
        `Request.key` of the request.
    canonical : str
        `Request.canonical` of the request.
    text, finish, prompt_tokens, cached_tokens, completion_tokens, cost_usd
        As in `Completion`.
    """

    key: str
    canonical: str
    text: str
    finish: str
    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None

    @classmethod
    def of(cls, request: Request, completion: Completion) -> Self:
        """Return what is to be kept of a request and its answer."""
        return cls(
            request.key(),
            request.canonical(),
            completion.text,
            completion.finish,
            completion.prompt_tokens,
            completion.cached_tokens,
            completion.completion_tokens,
            completion.cost_usd,
        )

    def completion(self) -> Completion:
        """Return the answer."""
        return Completion(
            text=self.text,
            finish=self.finish,
            prompt_tokens=self.prompt_tokens,
            cached_tokens=self.cached_tokens,
            completion_tokens=self.completion_tokens,
            cost_usd=self.cost_usd,
        )


class Store:
    """Answers in a SQLite file; several processes may share it, and any thread may use it.

    Parameters
    ----------
    path : str or Path
        The file, made if it does not exist; ``":memory:"`` keeps it in memory, and a
        recording that `export_jsonl` wrote (``.jsonl.gz``) is read into memory.

    Raises
    ------
    RecordingError
        If the file is no such store, or one of another version.

    Examples
    --------
    >>> from mesa_llm_city.llm.base import Address, Message
    >>> where = Address("7", 480, "plan")
    >>> request = Request(model="-", messages=(Message("user", "Plan."),), address=where)
    >>> with Store(":memory:") as store:
    ...     store.put_many([Stored.of(request, Completion(text="Sleep."))])
    ...     store.get_many([request.key()])[request.key()].text
    'Sleep.'
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        recorded = self.path.endswith(_RECORDING)
        self._lock = RLock()
        self._db = _open(":memory:" if recorded else self.path)
        if recorded:
            self.import_jsonl(self.path)

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def __len__(self) -> int:
        """Return the number of answers."""
        with self._lock:
            (count,) = self._db.execute("SELECT count(*) FROM answers").fetchone()
        return int(count)

    def __iter__(self) -> Iterator[Stored]:
        """Iterate over the answers in the order of their keys."""
        query = "SELECT * FROM answers WHERE key > ? ORDER BY key LIMIT ?"
        last = ""
        while True:  # in pieces, since another thread may use the file in between
            with self._lock:
                rows = self._db.execute(query, (last, _AT_ONCE)).fetchall()
            if not rows:
                return
            yield from map(Stored._make, rows)
            last = rows[-1][0]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the database for reading; other threads wait meanwhile."""
        with self._lock:
            yield self._db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the database for changes that are made all or none.

        Other threads and processes wait meanwhile.
        """
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    def get_many(self, keys: Sequence[str]) -> dict[str, Stored]:
        """Return the answers there are, by key."""
        found: dict[str, Stored] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT * FROM answers WHERE key IN ({marks})"  # noqa: S608 - question marks
            with self._lock:
                found |= {row[0]: Stored._make(row) for row in self._db.execute(query, some)}
        return found

    def put_many(self, answers: Iterable[Stored]) -> None:
        """Keep answers, all or none; the first answer to a request stays.

        When this returns, they are on disk.
        """
        with self.transaction() as db:
            db.executemany(_INSERT, answers)

    def settings(self) -> dict[str, Any]:
        """Return what has been noted about the recording, such as its model."""
        with self._lock:
            rows = self._db.execute("SELECT name, value FROM settings ORDER BY name").fetchall()
        return {name: json.loads(value) for name, value in rows}

    def note(self, **settings: object) -> None:
        """Write JSON-able facts about the recording, by name."""
        rows = [(name, json.dumps(value, sort_keys=True)) for name, value in settings.items()]
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)

    def miss(self, request: Request) -> RecordingError:
        """Return the error that there is no answer, and how it differs from the nearest one."""
        where = request.address
        person = int(where.sample) if where.sample.isdecimal() else None
        return RecordingError(
            f"{self.path} holds no answer to this request; {self._difference(request)}; replay "
            "with the settings it was recorded with, or allow new requests",
            person=person,
            minute=where.minute,
            purpose=where.purpose,
        )

    def _difference(self, request: Request) -> str:
        wanted, best, most = request.canonical(), "", -1
        for kept in self:
            canonical, parts = kept.canonical, json.loads(kept.canonical)
            alike = _alike(parts["address"], list(request.address))
            if alike > most:
                best, most = canonical, alike
        if most < 0:
            return "it is empty"
        at = next(
            (row for row, (a, b) in enumerate(zip(wanted, best, strict=False)) if a != b),
            min(len(wanted), len(best)),
        )
        begin = max(at - _CONTEXT // 2, 0)
        here, there = (text[begin : begin + _CONTEXT] for text in (wanted, best))
        return f"the nearest one differs: here {here!r}, there {there!r}"

    def export_jsonl(self, path: str | Path) -> int:
        """Write all answers as compressed JSON lines, the same bytes for the same answers.

        Returns
        -------
        int
            How many.
        """
        rows = [json.dumps({"version": _VERSION, "settings": self.settings()}, sort_keys=True)]
        rows += [json.dumps(one._asdict(), sort_keys=True, ensure_ascii=False) for one in self]
        with Path(path).open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.write("".join(f"{row}\n" for row in rows).encode())
        return len(rows) - 1

    def import_jsonl(self, path: str | Path) -> int:
        """Read what `export_jsonl` wrote, and return how many answers it held.

        Raises
        ------
        RecordingError
            If the file is no such recording, or one of another version.
        """
        try:
            with gzip.open(path, "rt", encoding="utf-8") as packed:
                head, *rows = map(json.loads, packed)
            _check_version(str(path), int(head["version"]))
            answers = [Stored(**row) for row in rows]
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            message = f"{path} is no recording of answers ({error}); give a .jsonl.gz of `export`"
            raise RecordingError(message) from error
        self.put_many(answers)
        self.note(**head["settings"])
        return len(answers)


def _open(path: str) -> sqlite3.Connection:
    try:
        # Transactions are begun by hand: one per batch, whatever the version of Python. A lock of
        # ours keeps threads apart: a model may be stepped by another thread than the one before.
        db = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        message = f"{path} cannot be opened as a store of answers ({error}); choose another file"
        raise RecordingError(message) from error
    if names and "answers" not in names:
        db.close()
        message = f"{path} is a database of something else; choose another file"
        raise RecordingError(message)
    if names:
        _check_version(path, version)
    db.executescript(f"{_TABLES} PRAGMA user_version = {_VERSION};")
    return db


def _check_version(path: str, version: int) -> None:
    if version != _VERSION:
        message = f"{path} is a recording of version {version}; this package reads {_VERSION}"
        raise RecordingError(message)


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    """Count how much two addresses have in common, purpose and person first."""
    weights = (4, 2, 8, 1, 1)
    shared = [weight for weight, a, b in zip(weights, one, other, strict=True) if a == b]
    return len(shared) and int(sum(shared))
