"""Counting in zones, flows between them, and what they can be coloured by."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.areas import Areas
from mesa_llm_city.ui.views.flows import SPANS, zone_flows
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.span import Span
from mesa_llm_city.ui.views.zone_measures import COUNTS, zone_measures, zone_values
from tests.town import small_town, townspeople

AREAS = Areas(
    ("north", "south", "empty"),
    np.array([0, 0, 1, -1]),
    np.array([[0.0, 10.0], [10.0, 20.0], [5.0, -5.0], [99.0, 99.0]]),
)


@cache
def _views() -> tuple[CityView, CityView]:
    """Return a model at 11:00 and its replay at that minute."""
    model = CityModel(small_town(), townspeople(), rng=5)
    while model.minute < 11 * 60:
        model.step()
    replay = Replay.of(model)
    replay.go_to(replay.end)
    return LiveView(model), replay


def test_the_middle_of_a_zone_is_that_of_its_places() -> None:
    assert AREAS.centre[:2].tolist() == [[5.0, 15.0], [5.0, -5.0]]
    assert np.isnan(AREAS.centre[2]).all()


def test_a_point_is_in_the_zone_of_the_place_nearest_to_it() -> None:
    points = np.array([[9.0, 19.0], [5.0, -4.0], [98.0, 99.0]])
    assert AREAS.of_points(points).tolist() == [0, 1, -1]
    nowhere = Areas((), np.empty(0, dtype=np.int64), np.empty((0, 2)))
    assert nowhere.of_points(points).tolist() == [-1, -1, -1]


def test_counts_and_means_leave_out_what_is_not_known() -> None:
    zones = np.array([0, 0, 1, -1, 1])
    assert AREAS.count(zones).tolist() == [2.0, 2.0, 0.0]
    means = AREAS.mean(zones, np.array([1.0, 3.0, np.nan, 5.0, 7.0]))
    assert means[:2].tolist() == [2.0, 7.0]
    assert np.isnan(means[2])


@pytest.mark.parametrize("view", _views(), ids=["live", "replayed"])
class TestZones:
    """Of a model and of its replay."""

    def test_everybody_is_counted_once(self, view: CityView) -> None:
        assert zone_values(view, "people").sum() == zone_values(view, "residents").sum() == 30

    def test_visits_are_those_of_today(self, view: CityView) -> None:
        assert zone_values(view, "visits").sum() == len(view.table("visits")) > 0

    def test_each_measure_has_a_value_for_each_zone(self, view: CityView) -> None:
        measures = zone_measures(view)
        assert measures[:3] == tuple(COUNTS)
        for measure in measures:
            assert zone_values(view, measure).shape == (len(small_town().zones),)

    def test_incomes_are_those_of_residents(self, view: CityView) -> None:
        people = list(townspeople())
        zone = int(small_town().places.zone[people[0].home])
        there = [one.income for one in people if small_town().places.zone[one.home] == zone]
        assert zone_values(view, "income")[zone] == pytest.approx(np.mean(there))

    def test_other_measures_are_refused(self, view: CityView) -> None:
        with pytest.raises(ConfigError, match="zones cannot be coloured by 'noise'; choose one of"):
            zone_values(view, "noise")

    def test_flows_are_the_trips_between_different_zones(self, view: CityView) -> None:
        flows = zone_flows(view, "day", most=10_000)
        zone, trips = small_town().places.zone, view.table("trips")
        begin, end = (
            zone[trips[one].to_numpy(dtype=np.int64)] for one in ("origin", "destination")
        )
        assert flows.trips.sum() == (begin != end).sum() > 0
        assert flows.trips.tolist() == sorted(flows.trips.tolist(), reverse=True)
        assert flows.ends.shape == (len(flows.trips), 4)
        few = zone_flows(view, "day", most=2)
        assert few.trips.tolist() == flows.trips[:2].tolist()
        assert zone_flows(view, "hour").trips.sum() <= flows.trips.sum()

    def test_flows_of_some_hours_are_the_trips_that_began_in_them(self, view: CityView) -> None:
        trips, zone = view.table("trips"), small_town().places.zone
        start = minutes_of(trips["start"], view.clock)
        middle = int(np.median(start))
        before, after = Span(0, middle), Span(middle, 1440)
        apart = zone[trips["origin"].to_numpy()] != zone[trips["destination"].to_numpy()]
        assert zone_flows(view, before, most=10_000).trips.sum() == (apart & (start < middle)).sum()
        both = [zone_flows(view, one, most=10_000).trips.sum() for one in (before, after)]
        assert sum(both) == zone_flows(view, "day", most=10_000).trips.sum()
        assert not len(zone_flows(view, Span(0, 0)).trips)

    def test_visits_can_be_those_of_some_hours(self, view: CityView) -> None:
        start = minutes_of(view.table("visits")["start"], view.clock)
        middle = int(np.median(start))
        assert zone_values(view, "visits", Span(0, middle)).sum() == (start < middle).sum()
        people = zone_values(view, "people")
        assert zone_values(view, "people", Span(0, middle)).tolist() == people.tolist()

    def test_flows_of_another_span_are_refused(self, view: CityView) -> None:
        assert SPANS == ("hour", "day")
        with pytest.raises(ConfigError, match="flows cover hour or day, got 'week'"):
            zone_flows(view, "week")


def test_the_replay_of_a_model_has_its_zones_and_flows() -> None:
    live, replay = _views()
    for measure in ("residents", "visits", "income"):
        assert np.allclose(zone_values(live, measure), zone_values(replay, measure), equal_nan=True)
    assert zone_flows(live, "day").trips.tolist() == zone_flows(replay, "day").trips.tolist()
