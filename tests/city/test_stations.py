"""Stations: the nearest one, and platforms that are merged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mesa_llm_city.city.stations import Stations

LINE = Stations(
    names=("West", "East", "West", "West"),
    x=np.array([0.0, 3000.0, 100.0, 9000.0]),
    y=np.zeros(4),
)


def test_the_nearest_station_is_found_with_its_distance() -> None:
    station, away = LINE.nearest(np.array([2500.0, 8000.0]), np.zeros(2))
    assert station.tolist() == [1, 3]
    assert away.tolist() == [500.0, 1000.0]


def test_without_stations_everything_is_out_of_reach() -> None:
    none = Stations(names=(), x=np.empty(0), y=np.empty(0))
    station, away = none.nearest(np.zeros(2), np.zeros(2))
    assert station.tolist() == [-1, -1]
    assert np.isinf(away).all()
    assert len(none.merged(200.0)) == 0


def test_stops_of_one_name_close_together_become_one_in_their_middle() -> None:
    merged = LINE.merged(200.0)
    assert merged.names == ("West", "East", "West")
    assert merged.x.tolist() == [50.0, 3000.0, 9000.0]


def test_neighbours_of_different_names_stay_apart() -> None:
    pair = Stations(names=("A", "B"), x=np.array([0.0, 50.0]), y=np.zeros(2))
    assert pair.merged(200.0).names == ("A", "B")


def test_entries_of_merged_stations_add_up_and_follow_those_that_are_kept() -> None:
    counted = replace(LINE, entries=np.array([10.0, 5.0, 20.0, np.nan]))
    merged = counted.merged(200.0).entries
    assert merged is not None
    np.testing.assert_array_equal(merged, [30.0, 5.0, np.nan])
    kept = counted.kept(np.array([False, True, True, False]))
    assert kept.names == ("East", "West")
    assert kept.entries is not None
    assert kept.entries.tolist() == [5.0, 20.0]
