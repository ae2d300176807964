"""Trips of a part of a run: all are counted, and a fair sample of them is drawn."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.past_trips import line_finder, past_trips
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from tests.ui.shown import Replayed, lived

MODEL = lived(200)
VIEW = LiveView(MODEL)
DAY = Span(0, 1440)


def test_they_are_those_that_began_in_it() -> None:
    trips = VIEW.table("trips")
    start = minutes_of(trips["start"], VIEW.clock)
    middle = int(np.median(start))
    found = past_trips(VIEW, Span(0, middle), most=10_000)
    assert found.total == len(found.mode) == (start < middle).sum() > 0
    places = VIEW.basemap().places
    first = trips[start < middle].iloc[0]
    expected = [*places[first["origin"]], *places[first["destination"]]]
    assert found.ends[0].tolist() == expected
    assert list(VIEW.parameters.modes)[found.mode[0]] == first["mode"]


def test_of_many_some_are_drawn_and_always_the_same() -> None:
    whole, some = (past_trips(VIEW, DAY, most=most) for most in (10_000, 7))
    assert (some.total, len(some.ends)) == (whole.total, 7)
    assert {tuple(one) for one in some.ends.tolist()} <= {tuple(one) for one in whole.ends.tolist()}
    again = past_trips(Replay.of(MODEL), DAY, most=7)
    assert not again.total
    replay = Replay.of(MODEL)
    replay.go_to(replay.end)
    assert past_trips(replay, DAY, most=7).ends.tolist() == some.ends.tolist()


def test_nothing_is_drawn_of_an_empty_span() -> None:
    found = past_trips(VIEW, Span(0, 0), most=5)
    assert (found.total, found.ends.shape) == (0, (0, 4))


def test_views_of_models_and_runs_know_ways() -> None:
    replay = Replay.of(MODEL)
    assert line_finder(VIEW) is VIEW.trip_lines
    assert line_finder(replay) is replay.history.track.finder
    assert line_finder(Replayed(MODEL)) is None
