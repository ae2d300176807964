"""The store of answers, one SQLite file: what has been paid for is kept.

An answer is written before it is used, so a run that is killed and started
again finds it and does not pay twice. Requests hold no key and no header, and
so does the file.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import Any, Self

from mesa_llm_city.core.errors import RecordingError
from mesa_llm_city.core.text_files import is_file, parse_json
from mesa_llm_city.llm.base import Request
from mesa_llm_city.llm.recording import (
    VERSION,
    Stored,
    check_version,
    read_recording,
    write_recording,
)

__all__ = ["Store", "Stored"]

_RECORDING = ".jsonl.gz"
_MEMORY = ":memory:"
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
    >>> from mesa_llm_city.llm.base import Address, Completion, Message
    >>> where = Address("7", 480, "plan")
    >>> request = Request(model="-", messages=(Message("user", "Plan."),), address=where)
    >>> with Store(":memory:") as store:
    ...     store.put_many([Stored.of(request, Completion(text="Sleep."))])
    ...     store.get_many([request.key()])[request.key()].text
    'Sleep.'
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._unwritten: list[Stored] = []
        self._lock = RLock()
        recorded = self.path.endswith(_RECORDING)
        self._is_file = not recorded and self.path != _MEMORY
        self._db = _open(self.path if self._is_file else _MEMORY)
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
        with self.reading() as db:
            (count,) = db.execute("SELECT count(*) FROM answers").fetchone()
        return int(count)

    def __iter__(self) -> Iterator[Stored]:
        """Iterate over the answers in the order of their keys."""
        query = "SELECT * FROM answers WHERE key > ? ORDER BY key LIMIT ?"
        last = ""
        while True:  # in pieces, since another thread may use the file in between
            with self.reading() as db:
                rows = db.execute(query, (last, _AT_ONCE)).fetchall()
            if not rows:
                return
            yield from map(Stored._make, rows)
            last = rows[-1][0]

    def close(self) -> None:
        """Write what could not be written before, and close the file."""
        with self._lock:
            try:
                if self._unwritten:
                    self.flush()
            finally:
                self._db.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the database for reading; other threads wait meanwhile."""
        with self._lock, _explained(self.path):
            yield self._db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the database for changes that are made all or none.

        Other threads and processes wait meanwhile.
        """
        with self._lock, _explained(self.path), self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    def get_many(self, keys: Sequence[str]) -> dict[str, Stored]:
        """Return the answers there are, by key."""
        found: dict[str, Stored] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT * FROM answers WHERE key IN ({marks})"  # noqa: S608 - question marks
            with self.reading() as db:
                found |= {row[0]: Stored._make(row) for row in db.execute(query, some)}
        return found

    def put_many(self, answers: Iterable[Stored]) -> None:
        """Keep answers, all or none; the first answer to a request stays.

        When this returns, they are on disk.

        Raises
        ------
        RecordingError
            If they cannot be written, as on a full disk; `flush` tries again.
        """
        self.take(answers)
        self.flush()

    def take(self, answers: Iterable[Stored]) -> None:
        """Take answers, which `flush` writes."""
        with self._lock:
            self._unwritten += answers

    def flush(self, beside: Callable[[sqlite3.Connection], object] | None = None) -> None:
        """Write what has not been written yet; a file that was deleted is made again.

        Parameters
        ----------
        beside : callable, optional
            Writes something of its own into the database, in the same transaction.

        Raises
        ------
        RecordingError
            If that is not possible.
        """
        with self._lock:
            if self._is_file and not is_file(Path(self.path)):
                self._make_again()
            if self._unwritten or beside is not None:
                with self.transaction() as db:
                    db.executemany(_INSERT, self._unwritten)
                    if beside is not None:
                        beside(db)
                self._unwritten.clear()

    def _make_again(self) -> None:
        """Write a file that was deleted while it was open, with all that it held."""
        with _explained(self.path):
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path)) as fresh:
                self._db.backup(fresh)
            self._db.close()
            self._db = _opened(self.path)

    def settings(self) -> dict[str, Any]:
        """Return what has been noted about the recording, such as its model."""
        with self.reading() as db:
            rows = db.execute("SELECT name, value FROM settings ORDER BY name").fetchall()
        try:
            return {name: parse_json(value) for name, value in rows}
        except (TypeError, ValueError) as error:
            message = f"{self.path} is damaged: its settings cannot be read ({error})"
            raise RecordingError(message) from error

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
        for one in self:
            alike = _alike(_address(one.canonical), list(request.address))
            if alike > most:
                best, most = one.canonical, alike
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

        Raises
        ------
        DataError
            If the file cannot be written; one that was there is left as it was.
        """
        return write_recording(Path(path), self.settings(), list(self))

    def import_jsonl(self, path: str | Path) -> int:
        """Read what `export_jsonl` wrote, and return how many answers it held.

        Raises
        ------
        RecordingError
            If the file is no such recording, or one of another version.
        """
        settings, answers = read_recording(Path(path))
        self.put_many(answers)
        self.note(**settings)
        return len(answers)


def _open(path: str) -> sqlite3.Connection:
    """Open a file, make it if there is none, or read one that cannot be written into memory."""
    with _explained(path):
        try:
            return _opened(path)
        except sqlite3.OperationalError:
            if path == _MEMORY or not is_file(Path(path)):
                raise
        return _read_into_memory(path)


def _opened(path: str) -> sqlite3.Connection:
    # Transactions are begun by hand: one per batch, whatever the version of Python. A lock of
    # ours keeps threads apart: a model may be stepped by another thread than the one before.
    db = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        if not _check_is_store(db, path):
            db.executescript(f"{_TABLES} PRAGMA user_version = {VERSION};")
    except BaseException:
        db.close()
        raise
    return db


def _check_is_store(db: sqlite3.Connection, path: str) -> bool:
    """Tell whether a database has our tables; refuse one that has others, or another version."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if names and not {"answers", "settings"} <= names:
        message = f"{path} is a database of something else; choose another file"
        raise RecordingError(message)
    if names:
        check_version(path, version)
    return bool(names)


def _read_into_memory(path: str) -> sqlite3.Connection:
    """Return a copy of a store in a folder in which SQLite cannot make its helper files."""
    memory = sqlite3.connect(_MEMORY, isolation_level=None, check_same_thread=False)
    with TemporaryDirectory() as folder:
        for end in ("", "-wal"):
            if is_file(Path(f"{path}{end}")):
                shutil.copyfile(f"{path}{end}", Path(folder, f"copy{end}"))
        with closing(sqlite3.connect(Path(folder, "copy"))) as copy:
            _check_is_store(copy, path)
            copy.backup(memory)
    # What is written into the copy would be lost.
    memory.execute("PRAGMA query_only = ON")
    return memory


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turn errors of SQLite and of the disk into one that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise RecordingError(_advice(path, str(error))) from error
    except OSError as error:
        raise RecordingError(_advice(path, str(error.strerror))) from error


def _advice(path: str, reason: str) -> str:
    if "full" in reason:
        return f"{path} cannot be written: the disk is full; make room"
    if "readonly" in reason or "disk I/O" in reason or "unable to open" in reason:
        return f"{path} cannot be written ({reason}); check the folder and its permissions"
    if "locked" in reason:
        return f"{path} is in use by another program ({reason}); wait for it, or stop it"
    return f"{path} cannot be opened as a store of answers ({reason}); choose another file"


def _address(canonical: str) -> list[object]:
    """Return the address in a stored request; an empty one if it is damaged."""
    try:
        found = parse_json(canonical)["address"]
    except (KeyError, TypeError, ValueError):
        return []
    return found if isinstance(found, list) else []


def _alike(one: Sequence[object], other: Sequence[object]) -> int:
    """Count how much two addresses have in common, purpose and person first."""
    weights = (4, 2, 8, 1, 1)
    shared = [weight for weight, a, b in zip(weights, one, other, strict=False) if a == b]
    return len(shared) and int(sum(shared))
