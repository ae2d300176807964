"""Which modes lead where, and who can use them, in a form that loops call."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.city.city import City
from mesa_llm_city.city.way_loops import Ways, find_ways
from mesa_llm_city.core.values import Bool
from mesa_llm_city.mobility.mode_loops import NO_CHOICE, only_one
from mesa_llm_city.parameters import CityParameters

MODES = len(CityParameters().modes)
TOWN = City.synthetic(rng=3, places=200)


def ways_by(asked: Bool) -> Ways:
    """Return room for the ways by some modes."""
    distance, minutes, access, cost = np.full((4, len(asked)), np.nan)
    return Ways(asked.copy(), distance, minutes, access, cost)


@pytest.mark.parametrize(
    ("open_ones", "expected"), [((), NO_CHOICE), ((3,), 3), ((0, 3), NO_CHOICE)]
)
def test_a_mode_is_the_only_one_if_no_other_is_open(
    open_ones: tuple[int, ...], expected: int
) -> None:
    assert only_one(np.isin(np.arange(MODES), open_ones)) == expected


def test_ways_are_found_by_the_modes_that_are_asked_for_and_no_others() -> None:
    every = ways_by(np.ones(MODES, dtype=np.bool_))
    assert find_ways(4, 9, TOWN.roads, every)
    for mode in range(MODES):
        asked = np.arange(MODES) == mode
        one = ways_by(asked)
        assert find_ways(4, 9, TOWN.roads, one) == every.offered[mode]
        assert one.offered.tolist() == (asked & every.offered).tolist()
        if one.offered[mode]:
            assert [column[mode] for column in one[1:]] == [column[mode] for column in every[1:]]
        assert not find_ways(4, 9, TOWN.roads, ways_by(np.zeros(MODES, dtype=np.bool_)))


def test_ways_of_one_trip_are_those_of_many() -> None:
    every = ways_by(np.ones(MODES, dtype=np.bool_))
    find_ways(4, 9, TOWN.roads, every)
    many = TOWN.ways(np.array([4]), np.array([9]))
    for mode in np.flatnonzero(every.offered):
        distance, minutes, access, cost = (one[0] for one in many.of_mode(np.array([mode])))
        assert distance == every.distance_m[mode]
        assert [minutes, access, cost] == [
            every.minutes[mode],
            every.access_min[mode],
            every.cost[mode],
        ]
