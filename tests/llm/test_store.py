"""The store: what is written is found, by any process, and what is missing is explained."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from mesa_llm_city.core.errors import RecordingError
from mesa_llm_city.llm.base import Address, Completion, Message, Request
from mesa_llm_city.llm.store import Store, Stored, _explained


def request(sample: str = "7", text: str = "Plan.", purpose: str = "plan") -> Request:
    return Request(
        model="-", messages=(Message("user", text),), address=Address(sample, 480, purpose)
    )


def stored(sample: str = "7", answer: str = "Sleep.") -> Stored:
    completion = Completion(text=answer, prompt_tokens=9, completion_tokens=2, cost_usd=0.001)
    return Stored.of(request(sample), completion)


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite") as store:
        store.put_many([stored()])
    with Store(tmp_path / "a.sqlite") as store:
        kept = store.get_many([request().key(), request("8").key()])
    assert kept == {request().key(): stored()}
    assert kept[request().key()].completion().cost_usd == 0.001


def test_equal_prompts_of_two_persons_are_two_draws() -> None:
    assert request("7").key() != request("8").key()


def test_the_first_answer_to_a_request_stays() -> None:
    with Store(":memory:") as store:
        store.put_many([stored()])
        store.put_many([stored(answer="Eat.")])
        assert store.get_many([request().key()])[request().key()].text == "Sleep."


def test_answers_and_what_is_written_beside_them_are_kept_together_or_not_at_all() -> None:
    def fail(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO settings VALUES ('half', '1')")
        message = "no room"
        raise OSError(28, message)

    with Store(":memory:") as store:
        store.take([stored()])
        with pytest.raises(RecordingError):
            store.flush(fail)
        assert (len(store), store.settings()) == (0, {})
        store.flush(lambda db: db.execute("INSERT INTO settings VALUES ('whole', '1')"))
        assert (len(store), store.settings()) == (1, {"whole": 1})


def test_any_thread_may_use_it_also_several_at_once() -> None:
    with Store(":memory:") as store, ThreadPoolExecutor(4) as pool:

        def put(number: int) -> int:
            store.put_many([stored(f"{number}-{one}") for one in range(10)])
            store.note(**{f"of_{number}": number})
            return len(store.get_many([one.key for one in store]))

        assert max(pool.map(put, range(20))) <= len(store) == 200
        assert len(store.settings()) == 20


def test_thousands_of_keys_are_looked_up_at_once() -> None:
    with Store(":memory:") as store:
        store.put_many(stored(str(one)) for one in range(1200))
        assert len(store.get_many([request(str(one)).key() for one in range(1300)])) == 1200


WRITER = """
import os, signal, sys
from mesa_llm_city.llm.store import Store, Stored, _explained
store = Store(sys.argv[1])
store.put_many([Stored(f"k{n}", "{}", "text", "stop", None, None, None, None) for n in range(9)])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_put_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    ended = subprocess.run([sys.executable, "-c", WRITER, str(path)], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    with Store(path) as store:
        assert len(store) == 9


def test_two_may_write_one_store(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite") as one, Store(tmp_path / "a.sqlite") as other:
        one.put_many([stored("1")])
        other.put_many([stored("2")])
        assert len(one) == len(other) == 2


def test_a_recording_holds_the_same_answers_in_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    with Store(":memory:") as store, Store(":memory:") as copy:
        store.note(model="tiny")
        store.put_many([stored("2"), stored("1")])
        assert store.export_jsonl(first) == 2
        assert copy.import_jsonl(first) == 2
        copy.export_jsonl(second)
        assert list(copy) == list(store)
        assert copy.settings() == {"model": "tiny"}
    assert first.read_bytes() == second.read_bytes()


def test_a_miss_names_whom_and_shows_the_first_difference() -> None:
    with Store(":memory:") as store:
        store.put_many([stored("7"), stored("8")])
        error = store.miss(request("7", "Plan now."))
    assert (error.person, error.minute, error.purpose) == (7, 480, "plan")
    assert "Plan now." in str(error)
    assert "there " in str(error)
    assert "Plan." in str(error)


def test_a_miss_in_an_empty_store_says_so() -> None:
    with Store(":memory:") as store:
        assert "it is empty" in str(store.miss(request()))


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("no database at all, only a text of some length" * 30)
    with pytest.raises(RecordingError, match="cannot be opened as a store of answers"):
        Store(tmp_path / "text.sqlite")
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE birds (name TEXT)")
    other.close()
    with pytest.raises(RecordingError, match="a database of something else"):
        Store(tmp_path / "other.sqlite")
    with Store(":memory:") as store, pytest.raises(RecordingError, match="no recording of answers"):
        store.import_jsonl(tmp_path / "text.sqlite")


def test_another_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path / "a.sqlite").close()
    newer = sqlite3.connect(tmp_path / "a.sqlite")
    newer.execute("PRAGMA user_version = 9")
    newer.close()
    with pytest.raises(RecordingError, match="version 9; this package reads 1"):
        Store(tmp_path / "a.sqlite")


def test_no_key_of_the_environment_gets_into_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-secret")
    with Store(tmp_path / "a.sqlite") as store:
        store.put_many([stored()])
        store.export_jsonl(tmp_path / "a.jsonl.gz")
    for path in tmp_path.iterdir():
        assert b"sk-planted-secret" not in path.read_bytes()


class TestFaultsOfTheDisk:
    def test_answers_that_could_not_be_written_are_kept_until_they_can(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = Store(tmp_path / "a.sqlite")
        full = sqlite3.OperationalError("database or disk is full")
        with monkeypatch.context() as patch:
            patch.setattr(Store, "transaction", _failing(full, store.path))
            with pytest.raises(RecordingError, match=r"a\.sqlite .*the disk is full; make room"):
                store.put_many([stored()])
        store.close()
        with Store(tmp_path / "a.sqlite") as again:
            assert again.get_many([request().key()])[request().key()].text == "Sleep."

    def test_a_file_that_is_deleted_meanwhile_is_made_again_as_a_whole(
        self, tmp_path: Path
    ) -> None:
        home = tmp_path / "home"
        home.mkdir()
        with Store(home / "a.sqlite") as store:
            store.put_many([stored("1")])
            store.note(model="-")
            shutil.rmtree(home)
            store.put_many([stored("2")])
        with Store(home / "a.sqlite") as again:
            assert len(again) == 2
            assert again.settings() == {"model": "-"}

    def test_a_store_that_cannot_be_written_is_read_and_refuses_answers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Store(tmp_path / "a.sqlite") as store:
            store.put_many([stored()])
        with monkeypatch.context() as patch:
            patch.setattr("mesa_llm_city.llm.store._opened", _refuse_to_write)
            read_only = Store(tmp_path / "a.sqlite")
        assert len(read_only) == 1
        with pytest.raises(RecordingError, match="cannot be written"):
            read_only.put_many([stored("8")])

    def test_a_damaged_store_is_told(self, tmp_path: Path) -> None:
        with Store(tmp_path / "a.sqlite") as store:
            store.put_many(stored(str(one)) for one in range(200))
        data = bytearray((tmp_path / "a.sqlite").read_bytes())
        data[4096:] = bytes(len(data) - 4096)
        (tmp_path / "a.sqlite").write_bytes(data)
        with pytest.raises(RecordingError, match=r"a\.sqlite"), Store(tmp_path / "a.sqlite") as bad:
            list(bad)


def _failing(error: Exception, path: str) -> Callable[[Store], AbstractContextManager[None]]:
    @contextmanager
    def transaction(_: Store) -> Iterator[None]:
        with _explained(path):
            raise error
        yield

    return transaction


def _refuse_to_write(_: str) -> sqlite3.Connection:
    message = "attempt to write a readonly database"
    raise sqlite3.OperationalError(message)
