"""Places, zones and kinds are found by name and by number."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city import ConfigError
from mesa_llm_city.simulation.place_query import kind_rows, place_ids, zone_rows
from tests.town import small_town


def test_zones_are_found_by_name_and_row() -> None:
    names = small_town().zones.names
    assert zone_rows(small_town(), [names[1], 0]) == [0, 1]


def test_places_of_a_name_are_all_found() -> None:
    city = small_town()
    name = next(one for one in city.places.name if one)
    assert place_ids(city, name).tolist() == [
        row for row, one in enumerate(city.places.name) if one == name
    ]
    assert place_ids(city, np.array([7, 3])).tolist() == [3, 7]


def test_a_kind_is_found_whole_or_by_a_part_of_its_name() -> None:
    city = small_town()
    names = city.places.category_names
    whole = next(one for one in names if "=" in one)
    assert kind_rows(city, whole) == [names.index(whole)]
    key = whole.split("=")[0]
    assert kind_rows(city, key) == [row for row, one in enumerate(names) if key in one.split("=")]


@pytest.mark.parametrize(
    ("find", "given", "message"),
    [
        (zone_rows, "harbor", "there is no zone 'harbor'"),
        (zone_rows, -1, "there is no zone -1; numbers run from 0"),
        (place_ids, 10**6, "there is no place 1000000"),
        (place_ids, 2.5, "a place is a name or a whole number, got 2.5"),
        (kind_rows, "amenity=caffe", "did you mean"),
    ],
)
def test_what_is_not_there_is_named(find: object, given: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find(small_town(), given)  # type: ignore[operator]
