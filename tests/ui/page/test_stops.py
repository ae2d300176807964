"""Stops: a run goes on until a time, or until something comes true."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("solara")

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.page.pace import Pace
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.stops import (
    AtMinute,
    Stop,
    Whenever,
    at_place,
    doing,
    minute_of,
    reported,
    reporters_of,
    under_way,
)
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from tests.town import small_town, townspeople

_LONG_S = 30.0


@pytest.fixture
def model() -> CityModel:
    """Return a model at its first midnight."""
    return CityModel(small_town(), townspeople(), rng=7)


def _first_minute(model: CityModel, stop: Stop) -> int:
    """Return the minute at which a stop is met, looking after each step of a day."""
    for _ in range(288):
        model.step()
        if stop.is_met(model):
            return model.minute
    message = f"never: {stop.label}"
    raise AssertionError(message)


def test_a_runner_goes_to_a_minute_and_says_where_it_has_stopped(model: CityModel) -> None:
    runner = Runner(model, steps_per_s=1.0)
    runner.play(AtMinute(60, since=0), hurry=True)
    assert runner.state == "playing"
    assert runner.wait(_LONG_S)
    assert (model.minute, runner.state) == (60, "paused")
    assert runner.stopped_at == "day 1, 01:00"
    runner.step()
    assert runner.wait(_LONG_S)
    assert (model.minute, runner.stopped_at) == (65, "")
    runner.close()


def test_a_pause_gives_a_stop_up(model: CityModel) -> None:
    runner = Runner(model, steps_per_s=1.0)
    runner.play(AtMinute(600, since=0))
    runner.pause()
    assert (runner.until, runner.stopped_at) == (None, "")
    runner.close()


@pytest.mark.parametrize("kind", [ConfigError, TypeError])
def test_a_condition_that_fails_stops_the_run_and_is_told(
    model: CityModel, kind: type[Exception]
) -> None:
    class Broken:
        """A condition that cannot be read."""

        label = "broken"

        def is_met(self, city: object) -> bool:
            """Fail."""
            message = f"nothing is known of {type(city).__name__}"
            raise kind(message)

        def share(self, city: object) -> float | None:
            """Return None."""
            del city
            return None

    runner = Runner(model, steps_per_s=1000.0)
    runner.play(Broken())
    assert runner.wait(_LONG_S)
    assert runner.state == "failed"
    assert runner.error.endswith("nothing is known of CityModel")
    runner.close()


def test_how_much_of_the_way_is_done(model: CityModel) -> None:
    stop = AtMinute(20, since=0)
    shares = []
    for _ in range(5):
        model.step()
        shares.append(stop.share(model))
    assert shares == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_it_stops_when_people_are_under_way(model: CityModel) -> None:
    stop = under_way(model, 0.1)
    _first_minute(model, stop)
    mode = LiveView(model).crowd().mode
    assert (mode >= 0).mean() >= 0.1


def test_it_stops_when_a_reporter_is_above_a_value(model: CityModel) -> None:
    model.step()
    assert "trips" in reporters_of(model)
    stop = reported(model, "trips", "above", 3)
    _first_minute(model, stop)
    column = model.datacollector.model_vars["trips"]
    assert column[-1] > 3 >= column[-2]


def test_it_stops_when_a_person_begins_to_do_something(model: CityModel) -> None:
    person = next(one for one in model.citizens if one.citizen.persona.work is not None)
    stop = doing(model, person.person, "work")
    _first_minute(model, stop)
    assert str(person.purpose) == "work"


def test_it_stops_when_a_place_is_full_live_and_replayed(model: CityModel) -> None:
    works = [one.citizen.persona.work for one in model.citizens]
    place = max((one for one in works if one is not None), key=works.count)
    minute = _first_minute(model, at_place(model, place, 1))
    assert len(model.people_at(place)) >= 1
    replay = Replay.of(model)
    replay.go_to(0)
    stop = at_place(replay, place, 1)
    while not stop.is_met(replay):
        assert replay.running
        replay.step()
    assert replay.minute == minute


def test_what_holds_already_has_to_end_first() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    known = iter([True, True, False, True])
    stop = Whenever("something", lambda _: next(known), model)
    assert [stop.is_met(model) for _ in range(3)] == [False, False, True]
    assert stop.share(model) is None


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda model: under_way(model, 0.0), "must be above 0 and at most 100 %"),
        (lambda model: reported(model, "noise", "above", 1), "'noise' is not reported"),
        (lambda model: doing(model, 10**6, "work"), "1000000"),
        (lambda model: doing(model, 1, "juggling"), "no activity 'juggling'"),
        (lambda model: at_place(model, -1, 1), "there is no place -1"),
        (lambda model: at_place(model, 0, 0), "at least 1, got 0"),
        (lambda _: minute_of(1, "soon", step_min=5), "'soon' is no time of day"),
        (lambda _: minute_of(1, "24:00", step_min=5), "'24:00' is no time of day"),
        (lambda _: minute_of(0, "08:00", step_min=5), "day 1, got 0"),
    ],
)
def test_what_cannot_be_is_refused(make: object, told: str, model: CityModel) -> None:
    assert callable(make)
    with pytest.raises(ConfigError, match=re.escape(told)):
        make(model)


def test_the_pace_is_that_of_the_last_seconds() -> None:
    seconds = iter([0.0, 0.1, 5.0, 6.0, 7.0])
    pace = Pace(now=lambda: next(seconds))
    pace.note()
    assert pace.per_s is None
    for _ in range(4):
        pace.note()
    assert pace.per_s == 1.0
    pace.forget()
    assert pace.per_s is None
