"""Classes and limits of streets in the wordings of many maps."""

from __future__ import annotations

import pandas as pd
import pytest

from mesa_llm_city.city.loading.street_kinds import parts_of, street_speeds
from mesa_llm_city.parameters.city import StreetParameters

FIGURES = StreetParameters()


def speed(kind: object, limit: object = "", *, column: str = "highway") -> float:
    frame = pd.DataFrame({column: [kind], "maxspeed": [limit]})
    return float(street_speeds(frame, FIGURES).km_h[0])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("['residential', 'tertiary']", ["residential", "tertiary"]),
        ("['a' 'b']", ["a", "b"]),
        ("[30, 50]", ["30", "50"]),
        ("30;50", ["30", "50"]),
        ("primary|secondary", ["primary", "secondary"]),
        ("primary", ["primary"]),
    ],
)
def test_several_values_in_a_cell_are_taken_apart(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("['residential', 'tertiary']", 35.0),
        ("['proposed', 'tertiary']", 40.0),
        ("RESIDENTIAL", 30.0),
        ("primary_link", 50.0),
        ("Living Street", 15.0),
        ("primary;secondary", 50.0),
        ("", 30.0),
        ("nan", 30.0),
    ],
)
def test_classes_are_known_in_lists_and_in_any_case(kind: str, expected: float) -> None:
    assert speed(kind) == expected


@pytest.mark.parametrize(
    ("column", "kind", "expected"),
    [("fclass", "track_grade2", 10.0), ("class", "footway", 5.0), ("MTFCC", "S1400", 30.0)],
)
def test_classes_of_other_makers_are_known(column: str, kind: str, expected: float) -> None:
    assert speed(kind, column=column) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (40, 40.0),
        (40.0, 40.0),
        (None, 50.0),
        (0, 50.0),
        ("40 km/h", 40.0),
        ("25 mph", 40.2336),
        ("25mph", 40.2336),
        ("['30', '50']", 40.0),
        ("30; 50", 40.0),
        ("DE:urban", 50.0),
        ("DE:zone:30", 30.0),
        ("walk", 7.0),
        ("none", 50.0),
        ("signals", 50.0),
    ],
)
def test_limits_are_read_as_numbers_and_words(limit: object, expected: float) -> None:
    assert speed("primary", limit) == pytest.approx(expected)


@pytest.mark.parametrize("kind", ["footway", "path", "steps", "pedestrian"])
def test_a_limit_makes_no_street_of_a_footpath(kind: str) -> None:
    assert speed(kind, "30") <= 5.0


def test_what_is_no_street_or_no_limit_is_counted() -> None:
    frame = pd.DataFrame(
        {
            "highway": ["proposed", "proposed", "elevator", "primary", "primary"],
            "maxspeed": ["", "", "", "fast", "999"],
        }
    )
    notes = street_speeds(frame, FIGURES).notes()
    assert notes[0] == "3 rows that are no streets left out: proposed 2, elevator 1"
    assert notes[1].startswith("2 speed limits could not be read (fast 1, 999 1)")
