"""Watching two runs: what differs is found anew as they go on, but not all the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

import pytest

pytest.importorskip("solara")

from mesa_llm_city import ConfigError
from mesa_llm_city.ui.comparing import watch as module
from mesa_llm_city.ui.comparing.differences import Differences
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.watch import EVERY_MIN, Watch

_LIMIT_S = 20.0


class _At:
    """Something at a minute, in place of a view or of what was found."""

    def __init__(self, minute: int) -> None:
        self.minute = minute


def _pair(minute: int) -> Pair:
    view = _At(minute)
    return Pair(shown=view, other=view, names=("a", "b"), parted=0)  # type: ignore[arg-type]


def _watch(asked: list[int]) -> Watch:
    def find(_: Pair, minute: int) -> Differences:
        asked.append(minute)
        return cast("Differences", _At(minute))

    return Watch(find)


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REST_S", 0.05)


def test_the_first_time_it_is_found_at_once() -> None:
    asked: list[int] = []
    watch = _watch(asked)
    watch.ask(_pair(60))
    assert watch.wait(_LIMIT_S)
    assert (asked, watch.latest and watch.latest.minute, watch.trouble) == ([60], 60, "")


def test_while_the_runs_go_on_it_is_found_once_in_a_quarter_of_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # They never stand still for long enough.
    monkeypatch.setattr(module, "_REST_S", 1e9)
    asked: list[int] = []
    watch = _watch(asked)
    for minute in range(0, 61, 5):
        watch.ask(_pair(minute))
        if minute % EVERY_MIN == 0:
            _until(lambda minute=minute: asked[-1:] == [minute])  # type: ignore[misc]
    watch.leave()
    assert watch.wait(_LIMIT_S)
    assert asked == [0, 15, 30, 45, 60]


def test_once_they_stand_still_it_is_found_for_that_minute() -> None:
    asked: list[int] = []
    watch = _watch(asked)
    for minute in (60, 65):
        watch.ask(_pair(minute))
        assert watch.wait(_LIMIT_S)
    assert asked == [60, 65]


def test_going_back_finds_it_anew_and_asking_again_does_not() -> None:
    asked: list[int] = []
    watch = _watch(asked)
    for minute in (60, 60, 55):
        watch.ask(_pair(minute))
        assert watch.wait(_LIMIT_S)
    assert asked == [60, 55]


def test_what_is_wrong_is_told_and_not_tried_again_at_the_same_minute() -> None:
    tries: list[int] = []

    def find(_: Pair, minute: int) -> Differences:
        tries.append(minute)
        message = "the clocks differ"
        raise ConfigError(message)

    watch = Watch(find)
    told: list[str] = []
    watch.listen(lambda: told.append(watch.trouble))
    for minute in (60, 60, 90):
        watch.ask(_pair(minute))
        assert watch.wait(_LIMIT_S)
    assert tries == [60, 90]
    assert told[0] == "the clocks differ"


def test_a_replay_that_was_moved_back_meanwhile_is_compared_again() -> None:
    view = _At(60)
    moving = Pair(shown=view, other=view, names=("a", "b"))  # type: ignore[arg-type]

    def find(_: Pair, minute: int) -> Differences:
        view.minute = 30
        return cast("Differences", _At(minute))

    watch = Watch(find)
    watch.ask(moving)
    assert watch.wait(_LIMIT_S)
    assert watch.latest is not None
    assert watch.latest.minute == 30


def _until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LIMIT_S
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.002)


def test_live_runs_that_go_on_after_they_were_asked_about_are_found_as_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # They never stand still for long enough.
    monkeypatch.setattr(module, "_REST_S", 1e9)
    asked: list[int] = []
    watch, view = _watch(asked), _At(0)
    for minute in range(0, 65, 5):
        view.minute = minute
        watch.ask(Pair(shown=view, other=view, names=("a", "b"), parted=0))  # type: ignore[arg-type]
        end_s = time.monotonic() + _LIMIT_S
        while minute % EVERY_MIN == 0 and asked[-1:] != [minute]:
            assert time.monotonic() < end_s, "waited in vain"
            time.sleep(0.01)
    watch.leave()
    assert watch.wait(_LIMIT_S)
    assert asked == [0, 15, 30, 45, 60]
