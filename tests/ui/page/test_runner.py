"""Playing: what pause, step and close do to a model, and when."""

from __future__ import annotations

import time
from threading import Event

import pytest

from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.model import CityModel
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.views.replay import Replay

_LONG_S = 20.0


class Dawdler(CityAgent):
    """Acts, and then waits a little."""

    acted = 0
    begun = Event()

    def act(self, intention: Intention) -> Completed:
        """Act slowly."""
        outcome = super().act(intention)
        Dawdler.acted += 1
        Dawdler.begun.set()
        time.sleep(0.02)
        return outcome


@pytest.fixture
def slow() -> CityModel:
    """Return a model in which acting takes a while."""
    Dawdler.acted, Dawdler.begun = 0, Event()
    return CityModel(small_town(), townspeople(), rng=7, agent_class=Dawdler)


def _model() -> CityModel:
    return CityModel(small_town(), townspeople(), rng=7)


def test_a_step_is_one_step() -> None:
    model = _model()
    runner = Runner(model)
    assert runner.state == "paused"
    runner.step()
    assert runner.wait(_LONG_S)
    assert (model.minute, runner.state) == (5, "paused")
    runner.close()


def test_it_plays_until_it_is_paused() -> None:
    model, seen = _model(), Event()

    def look() -> None:
        if model.minute >= 30:
            seen.set()

    runner = Runner(model, look, steps_per_s=1000.0)
    runner.play()
    assert runner.state == "playing"
    assert seen.wait(_LONG_S)
    runner.pause()
    runner.step()
    assert runner.wait(_LONG_S)
    stood = model.minute
    time.sleep(0.1)
    assert model.minute == stood
    runner.close()


def test_a_pause_takes_effect_between_two_citizens(slow: CityModel) -> None:
    runner = Runner(slow)
    runner.play()
    assert Dawdler.begun.wait(_LONG_S)
    runner.pause()
    time.sleep(0.1)
    acted = Dawdler.acted
    assert 0 < acted < len(slow.citizens)
    assert runner.state == "held"
    time.sleep(0.2)
    assert Dawdler.acted == acted
    runner.step()
    assert runner.wait(_LONG_S)
    assert (slow.minute, runner.state) == (5, "paused")
    runner.close()


def test_a_run_that_was_paused_is_the_same_run(slow: CityModel) -> None:
    runner, straight = Runner(slow), _model()
    runner.play()
    assert Dawdler.begun.wait(_LONG_S)
    runner.pause()
    runner.step()
    assert runner.wait(_LONG_S)
    runner.close()
    straight.step()
    assert slow.digest() == straight.digest()


def test_closing_leaves_a_step_at_the_next_citizen(slow: CityModel) -> None:
    runner = Runner(slow)
    runner.play()
    assert Dawdler.begun.wait(_LONG_S)
    runner.close()
    assert runner.wait(_LONG_S)
    assert Dawdler.acted < len(slow.citizens)
    assert runner.error == ""


def test_after_closing_another_runner_can_play_the_model(slow: CityModel) -> None:
    runner, straight = Runner(slow), _model()
    runner.play()
    assert Dawdler.begun.wait(_LONG_S)
    runner.close()
    assert runner.wait(_LONG_S)
    slow.step()
    straight.step()
    assert slow.minute == straight.minute == 5
    assert slow.doing == straight.doing


def test_an_error_stops_the_run_and_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _model()

    def fail() -> None:
        message = "no answer"
        raise RuntimeError(message)

    monkeypatch.setattr(model, "step", fail)
    runner = Runner(model)
    runner.play()
    assert runner.wait(_LONG_S)
    assert (runner.state, runner.error) == ("failed", "RuntimeError: no answer")
    runner.close()


def test_a_replay_is_played_to_its_end() -> None:
    model = _model()
    for _ in range(6):
        model.step()
    replay = Replay.of(model)
    runner = Runner(replay, steps_per_s=1000.0)
    runner.play()
    assert runner.wait(_LONG_S)
    assert (replay.minute, runner.state) == (30, "finished")
    runner.play()
    assert not runner.playing
    runner.close()


def test_redraws_are_requested_at_most_ten_times_a_second() -> None:
    model, calls = _model(), []
    runner = Runner(model, lambda: calls.append(time.monotonic()), steps_per_s=1000.0)
    began = time.monotonic()
    runner.play()
    time.sleep(0.6)
    runner.pause()
    runner.close()
    lasted_s = time.monotonic() - began
    assert model.minute > 0
    assert 2 <= len(calls) <= 10.0 * lasted_s + 6.0


def test_a_step_that_is_ended_by_closing_is_not_held_up_afterwards(slow: CityModel) -> None:
    runner = Runner(slow)
    runner.play()
    assert Dawdler.begun.wait(_LONG_S)
    runner.close()
    runner.pause()
    assert runner.wait(_LONG_S)


def test_two_runners_of_one_model_do_not_step_it_at_the_same_time() -> None:
    class Watched:
        """Notes how many steps of it run at the same time."""

        running = True
        inside = most = done = 0

        def step(self) -> None:
            """Take a while."""
            self.inside += 1
            self.most = max(self.most, self.inside)
            time.sleep(0.05)
            self.inside -= 1
            self.done += 1

    city = Watched()
    runners = [Runner(city, steps_per_s=1000.0) for _ in range(2)]
    for runner in runners:
        runner.play()
    end_s = time.monotonic() + _LONG_S
    while city.done < 4 and time.monotonic() < end_s:
        time.sleep(0.01)
    for runner in runners:
        runner.close()
    assert city.done >= 4
    assert city.most == 1
