"""Sessions: a run outlives the pages that show it, and ends when no page comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("solara")

import solara
from solara.server import kernel_context
from solara.server.kernel import Kernel

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page import app
from mesa_llm_city.ui.page.sessions import Session, Sessions
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.person.selection import NOBODY, selected
from tests.town import small_town, townspeople

_LONG_S = 20.0
_KERNELS = count()


@pytest.fixture(autouse=True)
def without_collections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out garbage collections, which take long beside many other tests."""
    for name in ("settle", "settle_later"):
        monkeypatch.setattr(f"mesa_llm_city.ui.page.sessions.{name}", lambda *_: None)


class SmallSource(Source):
    """A source of small cities, in which no city has fewer than one citizen."""

    def make(self, **changes: int) -> CityModel:
        """Return a small city."""
        if changes.get("citizens", 1) < 1:
            message = f"citizens must be at least 1, got {changes['citizens']}"
            raise ConfigError(message)
        if "nonsense" in changes:
            message = "a fault of ours"
            raise RuntimeError(message)
        return CityModel(small_town(), townspeople(), rng=changes.get("seed", 7))


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.005)


def _nothing() -> None:
    return None


def _built(session: Session) -> CityModel:
    _until(lambda: not session.is_building)
    assert isinstance(session.city, CityModel)
    return session.city


def test_a_city_is_being_built_until_a_page_can_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    make_runs, told, is_known = SmallSource.make_runs, [], Event()
    sessions, source = Sessions(), SmallSource()

    def told_first(*arguments: Any) -> Any:  # noqa: ANN401 - those of `make_runs`
        assert is_known.wait(_LONG_S)
        told.append(session.is_building)
        return make_runs(*arguments)

    monkeypatch.setattr(SmallSource, "make_runs", told_first)
    session = sessions.of("a browser", source)
    is_known.set()
    _built(session)
    assert told == [True]


def test_a_page_that_comes_back_finds_the_run_where_it_was() -> None:
    sessions, source = Sessions(), SmallSource()
    session = sessions.of("a browser", source)
    city = _built(session)
    leave = session.watch(_nothing)
    city.step()
    leave()
    again = sessions.of("a browser", source)
    assert (again.city, city.minute) == (city, 5)
    assert sessions.of("another browser", source).city is not city


def test_a_city_that_cannot_be_leaves_the_present_one_alone() -> None:
    session = Session(SmallSource())
    session.begin()
    city = _built(session)
    city.step()
    for impossible, told in ({"citizens": -5}, "got -5"), ({"nonsense": 1}, "a fault of ours"):
        session.begin(**impossible)
        assert _built(session) is city
        assert told in session.trouble
    assert (session.changes, city.minute) == ({}, 5)
    session.begin(seed=8)
    assert _built(session).run_seed == 8
    assert (session.changes, session.trouble) == ({"seed": 8}, "")


def test_pages_are_told_of_a_new_city() -> None:
    told: list[bool] = []
    session = Session(SmallSource())
    session.watch(lambda: told.append(session.is_building))
    session.begin()
    _built(session)
    _until(lambda: told == [True, False])


def test_a_run_without_a_page_is_paused_and_then_ends() -> None:
    ended: list[Session] = []
    session = Session(SmallSource(), keep_s=0.2, alone_s=0.02, on_end=ended.append)
    session.begin()
    _built(session)
    leave = session.watch(_nothing)
    assert session.runner is not None
    session.runner.play()
    leave()
    _until(lambda: session.runner is None or not session.runner.playing)
    _until(lambda: ended == [session])
    assert [session.city, session.runner] == [None, None]


def test_a_page_that_comes_back_in_time_keeps_the_run() -> None:
    session = Session(SmallSource(), keep_s=0.3, alone_s=0.2)
    session.begin()
    city = _built(session)
    leave = session.watch(_nothing)
    leave()
    session.watch(_nothing)
    time.sleep(0.5)
    assert session.city is city


def test_of_many_runs_without_a_page_those_begun_first_end() -> None:
    sessions, source = Sessions(most_alone=2), SmallSource()
    first, watched = sessions.of("first", source), sessions.of("watched", source)
    watched.watch(_nothing)
    for name in ("second", "third"):
        sessions.of(name, source)
    _until(lambda: first.city is None and not first.is_building)
    assert len(sessions) == 3
    assert sessions.of("watched", source) is watched


def test_a_page_drawn_while_its_city_was_finished_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Late(Session):
        """A session whose city is finished after the page was drawn, before it listens."""

        def watch(self, on_change: Callable[[], None]) -> Callable[[], None]:
            self._take(SmallSource().make(), {})
            return super().watch(on_change)

    late = Late(SmallSource(folder=Path()))
    _use(monkeypatch, late)
    box, context = solara.render(app._Shown(late.source.to_json()), handle_error=False)
    assert "city-page" in str(_classes(box))
    context.close()


def test_a_reload_finds_the_selected_person_again(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(SmallSource(folder=Path()))
    session.begin()
    city = _built(session)
    person = city.citizens[3].person
    _use(monkeypatch, session)
    with _page(session):
        selected(city).set(person)
    with _page(session) as box:
        assert selected(city).value == person
        assert city.world.names[person] in _texts(box)
        selected(city).set(NOBODY)
    with _page(session) as box:
        assert city.world.names[person] not in _texts(box)


def test_in_a_new_run_nobody_is_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(SmallSource(folder=Path()))
    session.begin()
    first = _built(session)
    _use(monkeypatch, session)
    with _page(session):
        selected(first).set(4)
    session.begin(seed=8)
    city = _built(session)
    with _page(session):
        assert selected(city).value == NOBODY


def _use(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """Let pages show a session."""
    found = SimpleNamespace(of=lambda *_: session)
    monkeypatch.setattr(app, "server_sessions", lambda: found)
    monkeypatch.setattr(solara, "get_session_id", lambda: "a browser")
    # Otherwise what is selected is kept by the process, not by the kernel.
    monkeypatch.setattr("solara.toestand._using_solara_server", lambda: True)


@contextmanager
def _page(session: Session) -> Iterator[Any]:
    """Open a page, with a kernel of its own as each load of a page has, and close it."""
    number = f"{next(_KERNELS)}"
    with kernel_context.VirtualKernelContext(number, Kernel(), session_id="a browser"):
        box, context = solara.render(app._Shown(session.source.to_json()), handle_error=False)
        yield box
        context.close()


def _texts(widget: Any) -> str:  # noqa: ANN401 - any widget
    inner = getattr(widget, "children", ())
    return "\n".join(one if isinstance(one, str) else _texts(one) for one in inner)


def _classes(widget: Any) -> list[str]:  # noqa: ANN401 - any widget
    inner = [one for one in getattr(widget, "children", ()) if not isinstance(one, str)]
    own = getattr(widget, "class_", None) or ""
    return [own, *(name for one in inner for name in _classes(one))]


def test_a_run_that_no_page_shows_takes_no_memory_and_comes_back() -> None:
    session = Session(SmallSource(), alone_s=0.02)
    session.begin()
    city = _built(session)
    leave = session.watch(_nothing)
    city.step()
    session.select(city.citizens[2].person)
    leave()
    _until(lambda: session.city is None)
    assert session.runner is None
    leave = session.watch(_nothing)
    _until(lambda: session.city is not None)
    back = _built(session)
    assert back is not city
    assert (back.digest(), back.minute) == (city.digest(), 5)
    assert session.person == city.citizens[2].person
    city.step()
    back.step()
    assert back.digest() == city.digest()
    leave()
    session.end()


def test_a_run_that_cannot_be_saved_stays_in_memory() -> None:
    session = Session(SmallSource(), alone_s=0.02)
    session.begin()
    city = _built(session)
    vars(city)["own_memory"] = object()
    session.watch(_nothing)()
    time.sleep(0.3)
    assert session.city is city
    session.end()
