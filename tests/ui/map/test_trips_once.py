"""Each trip is told once."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.ui.map.trips_once import TripsOnce
from mesa_llm_city.ui.views.protocols import UnderWay


def _trips(*begun: tuple[int, int]) -> UnderWay:
    person, start = np.array(begun, dtype=np.int64).reshape(-1, 2).T
    ends = np.column_stack([person, start, person, start + 1.0])
    times = np.column_stack([start, start + 30])
    return UnderWay(person, times, np.zeros(len(person), dtype=np.int64), Polylines.straight(ends))


def test_only_trips_that_were_not_under_way_before_are_new() -> None:
    once = TripsOnce()
    assert once.new(_trips((1, 480), (2, 485))).person.tolist() == [1, 2]
    assert len(once.new(_trips((1, 480), (2, 485))).person) == 0
    new = once.new(_trips((1, 480), (2, 520), (3, 520)))
    assert new.person.tolist() == [2, 3]
    assert new.lines.points[0].tolist() == [2.0, 520.0]


def test_a_trip_that_one_comes_back_to_is_told_again() -> None:
    once = TripsOnce()
    once.new(_trips((1, 480)))
    once.new(_trips())
    assert once.new(_trips((1, 480))).person.tolist() == [1]
