"""Trips of a part of a run: all are counted, and a fair sample of them is drawn."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.past_trips import line_finder, past_trips
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from tests.ui.shown import Replayed, lived

DAY = Span(0, 1440)


@cache
def model() -> CityModel:
    """Return a model after 16 hours and 40 minutes."""
    return lived(200)


@cache
def view() -> LiveView:
    """Return it as the page sees it."""
    return LiveView(model())


def test_they_are_those_that_began_in_it() -> None:
    trips = view().table("trips")
    start = minutes_of(trips["start"], view().clock)
    middle = int(np.median(start))
    found = past_trips(view(), Span(0, middle), most=10_000)
    assert found.total == len(found.mode) == (start < middle).sum() > 0
    places = view().basemap().places
    first = trips[start < middle].iloc[0]
    expected = [*places[first["origin"]], *places[first["destination"]]]
    assert found.ends[0].tolist() == expected
    assert list(view().parameters.modes)[found.mode[0]] == first["mode"]


def test_of_many_some_are_drawn_and_always_the_same() -> None:
    whole, some = (past_trips(view(), DAY, most=most) for most in (10_000, 7))
    assert (some.total, len(some.ends)) == (whole.total, 7)
    assert {tuple(one) for one in some.ends.tolist()} <= {tuple(one) for one in whole.ends.tolist()}
    again = past_trips(Replay.of(model()), DAY, most=7)
    assert not again.total
    replay = Replay.of(model())
    replay.go_to(replay.end)
    assert past_trips(replay, DAY, most=7).ends.tolist() == some.ends.tolist()


def test_nothing_is_drawn_of_an_empty_span() -> None:
    found = past_trips(view(), Span(0, 0), most=5)
    assert (found.total, found.ends.shape) == (0, (0, 4))


def test_views_of_models_and_runs_know_ways() -> None:
    replay = Replay.of(model())
    assert line_finder(view()) is view().trip_lines
    assert line_finder(replay) is replay.history.track.finder
    assert line_finder(Replayed(model())) is None
