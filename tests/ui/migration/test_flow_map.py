"""The map of flows: what is drawn, where, how wide, and that texts stay texts."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesa_llm_city.ui.migration.flow_map import flow_map, flows_of
from mesa_llm_city.ui.migration.layout import positions
from mesa_llm_city.ui.migration.story import Moved, Region
from tests.ui.migration.made_up import MadeUp, moved

MOVES = [
    moved(1, "c", "v1", 3),
    moved(2, "c", "v1", 2),
    moved(1, "v2", "c", 4),
    moved(1, "c", "v2"),
]
REGIONS = [
    Region("c", "city", (0.0, 0.0)),
    Region("v1", "village", (100.0, 0.0), belong=9),
    Region("v2", "village", (100.0, 50.0), belong=9),
]


class TestFlows:
    def test_moves_between_the_same_places_are_one_flow_and_the_largest_comes_first(self) -> None:
        assert [(one.origin, one.destination, one.people) for one in flows_of(MOVES)] == [
            ("c", "v1", 5),
            ("v2", "c", 4),
            ("c", "v2", 1),
        ]

    def test_only_the_largest_or_those_of_a_region_can_be_asked_for(self) -> None:
        assert [one.people for one in flows_of(MOVES, most=2)] == [5, 4]
        assert [one.people for one in flows_of(MOVES, region="v2")] == [4, 1]

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 9))))
    @settings(max_examples=40, deadline=None)
    def test_nobody_is_lost(self, rows: list[tuple[str, str, int]]) -> None:
        moves = [Moved(1, origin, to, people, is_return=True) for origin, to, people in rows]
        assert sum(one.people for one in flows_of(moves)) == sum(one.people for one in moves)


class TestPositions:
    def test_both_axes_have_one_scale(self) -> None:
        where = positions(REGIONS)
        assert where == {"c": (0.0, 0.25), "v1": (1.0, 0.25), "v2": (1.0, 0.75)}

    def test_without_positions_those_who_exchange_people_are_neighbours_on_a_ring(self) -> None:
        some = [Region(name, "village") for name in "abcd"]
        where = positions(some, {("a", "c"): 5, ("c", "b"): 2})
        near = abs(complex(*where["a"]) - complex(*where["c"]))
        assert near < abs(complex(*where["a"]) - complex(*where["b"]))
        for x, y in where.values():
            assert (x - 0.5) ** 2 + (y - 0.5) ** 2 == pytest.approx(0.25)

    def test_one_region_lies_in_the_middle(self) -> None:
        assert positions([Region("a", "city", (7.0, 7.0))]) == {"a": (0.5, 0.5)}


class TestMap:
    def drawn(self, **more: object) -> ET.Element:
        people = {"c": 16, "v1": 4}
        text = flow_map(REGIONS, people, flows_of(MOVES), **more)  # type: ignore[arg-type]
        return ET.fromstring(text)  # noqa: S314 - our own text

    def test_each_flow_is_an_arc_with_its_numbers(self) -> None:
        paths = self.drawn().iter("path")
        titles = [one.findtext("title") for one in paths if one.find("title") is not None]
        assert titles == ["1 person: c to v2", "4 people: v2 to c", "5 people: c to v1"]

    def test_the_area_of_a_disc_grows_with_people(self) -> None:
        radius = {
            one.get("data-key"): float(one.findall("circle")[-1].get("r", "nan"))
            for one in self.drawn().iter("g")
            if one.get("data-key")
        }
        assert radius["c"] / radius["v1"] == pytest.approx(2.0, rel=0.01)
        assert radius["v2"] == 0.0

    def test_regions_can_be_reached_by_keyboard_and_are_named(self) -> None:
        regions = [one for one in self.drawn(chosen="v1").iter("g") if one.get("data-key")]
        assert {one.get("tabindex") for one in regions} == {"0"}
        pressed = [one.get("data-key") for one in regions if one.get("aria-pressed") == "true"]
        assert pressed == ["v1"]
        assert "v1: 4 people live here, 9 belong here" in [one.get("aria-label") for one in regions]

    def test_names_do_not_overlap_discs_of_others_and_are_texts(self) -> None:
        run = MadeUp()
        text = flow_map(run.regions(), run.population(), flows_of(run.moves()))
        assert "city &lt;1&gt;" in text
        assert "<1>" not in text

    def test_the_name_of_a_city_at_the_edge_fits_in_large_letters_too(self) -> None:
        regions = [Region("v", "village", (0.0, 0.0)), Region("a town", "city", (9.0, 0.0))]
        drawn = ET.fromstring(flow_map(regions, {"v": 1, "a town": 9}, []))  # noqa: S314 - our own
        (name,) = (one for one in drawn.iter("text") if one.text == "a town")
        assert name.get("text-anchor") == "end"

    def test_the_bar_of_the_scale_is_a_round_distance(self) -> None:
        (scale,) = (one for one in self.drawn().iter("g") if one.get("class") == "migration-scale")
        assert scale.findtext("text") == "20 km"
        assert "h106" in str(next(scale.iter("path")).get("d"))

    def test_a_ring_of_regions_has_no_scale(self) -> None:
        assert "migration-scale" not in flow_map([Region("a", "city")], {"a": 1}, [])

    def test_all_numbers_are_finite(self) -> None:
        text = flow_map([Region("a", "x", (1.0, 1.0)), Region("b", "x", (1.0, 1.0))], {}, [])
        assert not re.search(r"[\" .MLhvH](nan|inf)", text)


def test_regions_of_a_kind_have_one_ground_and_none_without_positions() -> None:
    known = [
        Region("a", "city", (0.0, 0.0)),
        Region("b", "village", (90.0, 0.0)),
        Region("c", "village", (100.0, 5.0)),
    ]
    drawn = flow_map(known, {}, [])
    assert drawn.count("migration-country") == 2
    assert drawn.count("migration-country migration-city") == 1
    assert "migration-country" not in flow_map([Region("a", "city", None)], {}, [])
