"""A run follows another one: in turn, never beyond, paused and stopped with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.saving import restored, snapshot
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.comparing.following import Following
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.stops import AtMinute

_LONG_S = 60.0


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.01)


class _Two:
    """A run and its fork, and what runs them."""

    def __init__(self) -> None:
        self.model = CityModel(small_town(), townspeople(), rng=7)
        self.fork = restored(snapshot(self.model))
        self.leader, self.follower = Runner(self.model), Runner(self.fork)

    def followed(self) -> Following:
        return Following(self.leader, self.follower, "first run")

    @property
    def minutes(self) -> tuple[int, int]:
        return self.model.minute, self.fork.minute


@pytest.fixture
def two() -> Iterator[_Two]:
    """Return two runs at midnight."""
    made = _Two()
    yield made
    made.leader.close()
    made.follower.close()


def test_a_step_is_followed_by_one_step(two: _Two) -> None:
    following = two.followed()
    for _ in range(2):
        two.leader.step()
        assert two.leader.wait(_LONG_S)
        _until(lambda: not following.is_behind())
    assert following.wait(_LONG_S)
    assert two.minutes == (10, 10)
    assert not following.trouble


def test_both_play_in_turn_and_stop_at_one_minute(two: _Two) -> None:
    following, seen = two.followed(), []
    for runner in (two.leader, two.follower):
        runner.each_step(lambda: seen.append(two.minutes))
    two.leader.play(AtMinute(60, since=0), hurry=True)
    _until(lambda: two.minutes == (60, 60))
    assert following.wait(_LONG_S)
    assert two.leader.stopped_at == "day 1, 01:00"
    # The follower is a step behind at most, and never ahead.
    assert {one - other for one, other in seen} <= {0, 5}


def test_one_that_is_behind_catches_up_and_one_that_is_ahead_stands_still(two: _Two) -> None:
    for _ in range(4):
        two.model.step()
    following = two.followed()
    _until(lambda: two.minutes == (20, 20))
    following.end()
    for _ in range(2):
        two.fork.step()
    two.followed()
    two.leader.play(AtMinute(40, since=20), hurry=True)
    _until(lambda: two.minutes == (40, 40))
    assert two.follower.wait(_LONG_S)
    assert two.minutes == (40, 40)


def test_after_a_pause_both_stand_at_one_minute(two: _Two) -> None:
    following = two.followed()
    two.leader.play()
    _until(lambda: two.minutes[1] >= 10)
    two.leader.pause()
    _until(lambda: not following.is_behind())
    assert two.minutes[0] == two.minutes[1]
    assert not following.waits


def test_a_pause_pauses_both_where_the_follower_asks_a_language_model(
    two: _Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Following, "asks", True)
    following = two.followed()
    two.leader.play()
    _until(lambda: two.minutes[1] >= 10)
    two.leader.pause()
    assert two.follower.is_held
    two.leader.step()
    _until(lambda: two.minutes[0] == two.minutes[1] and not following.is_behind())
    assert two.leader.wait(_LONG_S)
    assert two.minutes[0] >= 10
    assert not two.follower.is_held


def test_what_stops_the_follower_stops_the_leader_until_it_is_tried_again(
    two: _Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = two.followed()
    with monkeypatch.context() as patch:
        patch.setattr(two.fork, "step", _broke)
        two.leader.play(AtMinute(30, since=0), hurry=True)
        _until(lambda: following.trouble == "the budget is spent" and not two.leader.playing)
        assert two.leader.wait(_LONG_S)
        assert two.minutes == (5, 0)
    two.leader.play(AtMinute(30, since=0), hurry=True)
    _until(lambda: two.minutes == (30, 30))
    assert not following.trouble


def _broke() -> None:
    message = "the budget is spent"
    raise ConfigError(message)


def test_runs_that_play_are_shown_when_both_have_made_a_step(
    two: _Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, step, told = Event(), two.fork.step, list[tuple[int, int]]()

    def slow() -> None:
        assert may_end.wait(_LONG_S)
        step()

    monkeypatch.setattr(two.fork, "step", slow)
    two.followed()
    two.leader.listen(lambda: told.append(two.minutes))
    two.leader.play(AtMinute(60, since=0), hurry=True)
    _until(lambda: two.minutes == (5, 0) and two.follower.busy)
    # Longer than the time between two redraws, of which one may have been due before.
    time.sleep(0.5)
    told.clear()
    time.sleep(0.3)
    assert told == []
    may_end.set()
    _until(lambda: two.minutes == (60, 60))
    assert told


def test_one_that_asks_a_language_model_waits_until_it_may_go_on(
    two: _Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Following, "asks", True)
    for _ in range(2):
        two.model.step()
    following = two.followed()
    assert following.waits
    assert two.follower.wait(_LONG_S)
    assert two.minutes == (10, 0)
    following.go_on()
    _until(lambda: two.minutes == (10, 10))
    assert not following.waits


def test_at_the_end_both_go_their_own_ways(two: _Two) -> None:
    following = two.followed()
    following.end()
    two.leader.step()
    assert two.leader.wait(_LONG_S)
    assert two.minutes == (5, 0)
    assert not following.is_behind()
    assert not two.leader.companions
    two.follower.step()
    assert two.follower.wait(_LONG_S)
    assert two.minutes == (5, 5)


def test_a_step_of_the_follower_is_finished_before_the_leader_goes_on_alone(
    two: _Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, step, order = Event(), two.fork.step, list[str]()

    def slow() -> None:
        assert may_end.wait(_LONG_S)
        step()
        order.append("follower")

    monkeypatch.setattr(two.fork, "step", slow)
    following = two.followed()
    two.leader.each_step(lambda: order.append("leader"))
    two.leader.step()
    _until(lambda: two.follower.busy)
    following.end()
    two.leader.step()
    may_end.set()
    _until(lambda: two.minutes == (10, 5))
    assert two.leader.wait(_LONG_S)
    assert order == ["leader", "follower", "leader"]
    assert not two.leader.companions
