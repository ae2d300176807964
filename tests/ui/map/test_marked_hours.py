"""The map follows the hours that are marked in a chart."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.focus import TimeRange, time_range
from mesa_llm_city.ui.map import marked_hours
from mesa_llm_city.ui.map.canvas import CityCanvas
from mesa_llm_city.ui.map.city_map import LAYERS, CityMap
from mesa_llm_city.ui.views.flows import zone_flows
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from tests.ui.shown import lived, show

HOURS = TimeRange(480, 720)


@cache
def model() -> CityModel:
    """Return a model after 20 hours."""
    return lived(240)


@cache
def view() -> LiveView:
    """Return it as the page sees it."""
    return LiveView(model())


def _map_of(view: object) -> CityCanvas:
    return next(one for one in show(view, CityMap).widgets() if isinstance(one, CityCanvas))


@pytest.fixture
def canvas() -> CityCanvas:
    """Return the map, without any marks."""
    time_range(model()).set(None)
    return _map_of(model())


def test_nothing_is_of_hours_while_none_are_marked(canvas: CityCanvas) -> None:
    canvas.layers = [*LAYERS, "trips"]
    assert (canvas.hours, canvas.past_xy) == ({}, b"")


def test_trips_are_those_that_began_in_them(canvas: CityCanvas) -> None:
    time_range(model()).set(HOURS)
    assert canvas.hours["trips"] == 0
    canvas.layers = [*LAYERS, "trips"]
    start = minutes_of(view().table("trips")["start"], view().clock)
    expected = int(((start >= 480) & (start < 720)).sum())
    assert expected > 0
    assert canvas.hours == {
        "label": "08:00-12:00, day 1",
        "trips": expected,
        "drawn": expected,
        "visits": False,
    }
    sizes = np.frombuffer(canvas.past_sizes, dtype=np.uint16)
    assert len(sizes) == len(canvas.past_modes)
    assert 4 * sizes.sum() == len(canvas.past_xy)


def test_trips_are_found_anew_once_the_hours_begin_on_another_day() -> None:
    hours = TimeRange(420, 540)
    minutes = [1440 + 419, 1440 + 420, 1440 + 421, 1440 + 434]
    keys = [marked_hours._known_for(hours, minute, slowly=1440 + 418) for minute in minutes]
    days = [hours.in_words(minute) for minute in minutes]
    assert [days[at] == days[at + 1] for at in range(3)] == [True, False, True]
    assert [keys[at] == keys[at + 1] for at in range(3)] == [True, False, True]
    assert marked_hours._known_for(None, 421, slowly=421)[0] is None


def test_ways_that_are_found_later_are_drawn_later(monkeypatch: pytest.MonkeyPatch) -> None:
    replay = Replay.of(model())
    replay.go_to(replay.end)
    waiting: list[_Soon] = []

    class _Soon:
        def __init__(self, _: float, then: Callable[[], None]) -> None:
            self.then = then
            waiting.append(self)

        def start(self) -> None:
            """Wait until it is called."""

        cancel = start

    monkeypatch.setattr(marked_hours, "_STEPS", 1)
    monkeypatch.setattr(marked_hours, "Timer", _Soon)
    canvas = _map_of(replay)
    canvas.layers = [*LAYERS, "trips"]
    time_range(replay).set(HOURS)
    drawn = [len(canvas.past_modes)]
    while drawn[-1] < canvas.hours["drawn"]:
        waiting.pop().then()
        drawn.append(len(canvas.past_modes))
        assert drawn[-1] > drawn[-2]
    assert len(drawn) > 2


def test_flows_and_visits_are_counted_in_them(canvas: CityCanvas) -> None:
    canvas.layers = [*LAYERS, "flows"]
    canvas.measure = "visits"
    whole = canvas.zone_look
    time_range(model()).set(HOURS)
    counts = np.frombuffer(canvas.flow_counts, dtype=np.uint32)
    assert counts.tolist() == zone_flows(view(), Span(480, 720)).trips.tolist()
    assert canvas.hours["visits"]
    assert (whole["title"], canvas.zone_look["title"]) == (
        "visits today",
        "visits in the marked hours",
    )
    assert canvas.zone_words.startswith("visits in the marked hours: ")
    assert "today" not in canvas.zone_words


def test_the_browser_takes_the_mark_away(canvas: CityCanvas) -> None:
    time_range(model()).set(HOURS)
    canvas.hours = {}
    assert time_range(model()).value is None
    assert canvas.hours == {}
