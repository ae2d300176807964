"""Areas, lines and names of a map as columns, in the order of drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from mesa_llm_city.city.land import AREA_KINDS, DISTRICT, LINE_KINDS, Label, Land, Shapes
from mesa_llm_city.experiments.land_look import AREA_LOOKS, LINE_LOOKS


def test_kinds_follow_their_table_and_large_areas_come_first() -> None:
    areas = [shapely.box(0, 0, side, side) for side in (3, 9, 6)]
    land = Land.of(Shapes.of(areas, ["building", "park", "park"], ["a", "b", "c"]))
    assert land.area_kind_names == ("park", "park", "building")
    assert land.area_name == ("b", "c", "a") or land.area_name[0] == "b"
    assert [shape.area for shape in land.areas] == [81.0, 36.0, 9.0]


def test_a_map_moves_as_a_whole() -> None:
    land = Land.of(
        Shapes.of([shapely.box(0, 0, 10, 10)], ["park"], ["Green"]),
        Shapes.of([shapely.LineString([(0, 0), (5, 0)])], ["rail"], [""]),
        [Label(1.0, 2.0, "Old Town", DISTRICT)],
    ).moved(100.0, -50.0)
    assert land.areas[0].bounds == (100.0, -50.0, 110.0, -40.0)
    assert land.lines[0].bounds == (100.0, -50.0, 105.0, -50.0)
    assert land.labels == (Label(101.0, -48.0, "Old Town", DISTRICT),)


def test_a_map_without_anything_is_empty() -> None:
    assert Land.of().is_empty
    assert not Land.of(labels=[Label(0.0, 0.0, "Old Town", DISTRICT)]).is_empty


def test_a_kind_that_is_in_no_table_is_an_error() -> None:
    with pytest.raises(KeyError, match="moon"):
        Land.of(Shapes.of([shapely.box(0, 0, 1, 1)], ["moon"], [""]))


def test_no_tag_says_two_kinds() -> None:
    for kinds in (AREA_KINDS, LINE_KINDS):
        tags = [tag for kind in kinds for tag in kind.tags]
        assert len(tags) == len(set(tags))


def test_every_kind_has_a_look() -> None:
    assert list(AREA_LOOKS) == [kind.name for kind in AREA_KINDS]
    assert list(LINE_LOOKS) == [kind.name for kind in LINE_KINDS]


def test_the_manual_lists_every_kind() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "maps.md"
    text = page.read_text(encoding="utf-8")
    for kind in (*AREA_KINDS, *LINE_KINDS):
        assert f"| `{kind.name}` | {kind.label} |" in text
