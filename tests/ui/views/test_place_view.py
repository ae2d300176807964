"""What a view tells of one place: who is there, when people come, what they think of it."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("solara")

from mesa_llm_city import CityModel
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.place_view import PlaceView, see_place
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.shown import lived

UNTIL_EVENING = 220
"""Steps of five minutes, until 18:20."""


@pytest.fixture(scope="module")
def model() -> CityModel:
    return lived(UNTIL_EVENING)


@pytest.fixture(scope="module")
def views(model: CityModel) -> tuple[LiveView, Replay]:
    return LiveView(model), Replay(Replay.of(model).history, model.minute)


def _busiest(model: CityModel) -> int:
    """Return the place with the most visits that were rated."""
    return int(model.visits()["place"].value_counts().index[0])


def _seen(views: tuple[LiveView, Replay], place: int) -> list[PlaceView]:
    return [see_place(view, place) for view in views]


def test_a_live_model_and_its_replay_tell_the_same_of_every_place(
    model: CityModel, views: tuple[LiveView, Replay]
) -> None:
    visited = model.activities()["place"].dropna().unique().astype(int).tolist()
    for place in visited[:40]:
        live, replayed = _seen(views, place)
        assert (live.name, live.kind, live.zone) == (replayed.name, replayed.kind, replayed.zone)
        assert live.arrivals.tolist() == replayed.arrivals.tolist()
        assert set(live.here) <= set(replayed.here)  # places may share a spot


def test_those_who_are_there_are_named_and_nobody_under_way_is(
    model: CityModel, views: tuple[LiveView, Replay]
) -> None:
    stays = [one.citizen.so_far(model.minute) for one in model.citizens]
    places = {stay[3] for stay in stays if stay is not None and stay[3] is not None}
    here = [person for place in places for person, _ in see_place(views[0], place).here]
    still = [one.person for one in model.citizens if one.citizen.now.trip is None]
    assert sorted(here) == sorted(still)


def test_arrivals_are_the_starts_of_stays_by_hour_of_the_day(
    model: CityModel, views: tuple[LiveView, Replay]
) -> None:
    place = _busiest(model)
    stays = model.activities()
    hours = stays[stays["place"] == place]["start"].dt.hour
    expected = np.bincount(hours, minlength=24)
    assert see_place(views[0], place).arrivals.tolist() == expected.tolist()


def test_a_live_place_is_believed_in_and_a_replayed_one_was_rated(
    model: CityModel, views: tuple[LiveView, Replay]
) -> None:
    place = _busiest(model)
    live, replayed = _seen(views, place)
    visits = model.visits()
    rated = visits[visits["place"] == place]["satisfaction"].dropna()
    assert replayed.opinion.number == len(rated) > 0
    assert replayed.opinion.means["satisfaction"] == pytest.approx(rated.mean(), abs=1e-6)
    assert not replayed.opinion.is_belief
    minds = [one.citizen.components.beliefs for one in model.citizens]
    known = [
        one.belief(place, at_min=model.minute)
        for one in minds
        if one is not None and place in one.places
    ]
    assert live.opinion.is_belief
    assert live.opinion.number == len(known)
    assert list(live.opinion.means.values()) == pytest.approx(np.mean(known, axis=0).tolist())


def test_a_place_that_nobody_knows_has_no_opinions(views: tuple[LiveView, Replay]) -> None:
    live = [see_place(views[0], place) for place in range(len(views[0].basemap().names))]
    unknown = [one for one in live if not one.opinion.number]
    assert unknown
    assert all(not one.opinion.means for one in unknown)


def test_hours_are_those_of_the_day_and_a_replay_does_not_know_them(
    model: CityModel, views: tuple[LiveView, Replay]
) -> None:
    place = _busiest(model)
    live, replayed = _seen(views, place)
    assert live.hours.startswith("open today ") or live.hours in ("open all day", "closed today")
    assert replayed.hours == ""
    shut = model.city.with_opening_hours(np.array([place]), ((),) * 7)
    half = model.city.with_opening_hours(np.array([place]), (((540, 720), (780, 1020)),) * 7)
    told = {}
    for name, city in (("shut", shut), ("half", half)):
        told[name] = see_place(LiveView(CityModel(city, 2, rng=1)), place).hours
    assert told == {"shut": "closed today", "half": "open today 09:00-12:00, 13:00-17:00"}


def test_a_place_that_does_not_exist_is_refused(views: tuple[LiveView, Replay]) -> None:
    last = len(views[0].basemap().names) - 1
    for view in views:
        with pytest.raises(ConfigError, match=f"ids run from 0 to {last}"):
            see_place(view, last + 1)
