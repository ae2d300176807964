"""Areas: every place lies in one, none is large, and each has a name of its own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city import City
from mesa_llm_city.city import Areas
from mesa_llm_city.core.values import Purpose

METRES = st.floats(-20_000.0, 20_000.0)


@given(st.lists(st.tuples(METRES, METRES, st.integers(0, 2)), min_size=1, max_size=60))
def test_no_area_is_large_or_reaches_into_two_zones(
    places: list[tuple[float, float, int]],
) -> None:
    x, y, zone = (np.array(column) for column in zip(*places, strict=True))
    areas = Areas.within(x, y, zone.astype(np.int64), ["A", "B", "C"])
    for code in np.unique(areas.of_place):
        inside = areas.of_place == code
        assert len(set(zone[inside].tolist())) == 1
        assert max(np.ptp(x[inside]), np.ptp(y[inside])) <= 2000.0
        assert "ABC"[zone[inside][0]] in areas.names[code]


def test_small_zones_are_areas_as_they_are() -> None:
    city = City.synthetic(rng=1, places=400)
    names = np.array(city.areas.names)[city.areas.of_place]
    assert names.tolist() == np.array(city.zones.names)[city.places.zone].tolist()


def test_squares_are_named_by_where_they_lie() -> None:
    x = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 2000.0, -3000.0])
    y = np.array([0.0, 0.0, 0.0, 0.0, -4000.0, 2000.0, 0.0])
    areas = Areas.within(x, y, np.zeros(7, dtype=np.int64), ["Shibuya"])
    assert [areas.names[code] for code in areas.of_place[3:]] == [
        "centre of Shibuya",
        "Shibuya, 4 km south",
        "Shibuya, 2.8 km north-east",
        "Shibuya, 3 km west",
    ]


def test_choice_sets_know_the_areas_of_their_places() -> None:
    city = City.synthetic(rng=1, places=400)
    near = city.nearby((0.0, 0.0), Purpose.MEAL, radius_m=5000.0)
    assert near.area is not None
    assert near.area.tolist() == city.areas.of_place[near.places].tolist()
