"""What an extract of OpenStreetMap says of the looks and the name of a city."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from mesa_llm_city.city import City
from mesa_llm_city.city.land import AREA_KINDS, LINE_KINDS, Land
from tests.city.loading.test_osm import Extract


def _city(extract: Extract, folder: Path, **options: str) -> City:
    extract.box(0, 0, 20, 20, building="apartments")
    extract.point(60, 60, shop="bakery")
    return City.from_files(extract.saved(folder), **options)  # type: ignore[arg-type]


def _areas(land: Land) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for kind, shape in zip(land.area_kind_names, land.areas, strict=True):
        found.setdefault(kind, []).append(round(shape.area, -2))
    return found


def test_areas_are_what_their_tags_say(tmp_path: Path) -> None:
    extract, wanted = Extract(), list[str]()
    for kind in AREA_KINDS:
        for tag in kind.tags:
            key, value = tag.split("=")
            # A closed way with one of these keys is a line unless it belongs to a relation.
            if key not in ("highway", "waterway", "man_made") and value != "*":
                extract.box(30.0 * len(wanted), 100, 20, 20, **{key: value})
                wanted.append(kind.name)
    land = _city(extract, tmp_path).land
    seen = [kind for kind in land.area_kind_names if kind != "building"]
    assert seen == wanted
    assert len(wanted) > 50


def test_lines_are_what_their_tags_say(tmp_path: Path) -> None:
    extract, wanted = Extract(), list[tuple[str, str]]()
    for kind in LINE_KINDS:
        for tag in kind.tags:
            key, value = tag.split("=")
            at = 100.0 + 10.0 * len(wanted)
            extract.way((0, at), (200, at), closed=False, **{key: value, "name": tag})
            wanted.append((kind.name, tag))
    land = _city(extract, tmp_path).land
    assert list(zip(land.line_kind_names, land.line_name, strict=True)) == wanted
    assert np.allclose(shapely.length(land.lines), 200.0, rtol=0.01)


def test_what_is_built_counts_before_what_it_is_used_for(tmp_path: Path) -> None:
    extract = Extract()
    extract.box(100, 100, 50, 40, building="yes", amenity="school")
    extract.box(200, 100, 50, 40, building="no", leisure="park")
    assert _areas(_city(extract, tmp_path).land) == {"building": [2000.0, 400.0], "park": [2000.0]}


def test_tunnels_and_corridors_are_not_seen(tmp_path: Path) -> None:
    extract = Extract()
    extract.way((0, 100), (200, 100), highway="primary", tunnel="yes")
    extract.way((0, 120), (200, 120), highway="footway", indoor="yes")
    extract.way((0, 140), (200, 140), highway="secondary", tunnel="no")
    assert _city(extract, tmp_path).land.line_kind_names == ("secondary",)


def test_the_sea_lies_right_of_the_coast(tmp_path: Path) -> None:
    extract = Extract()
    for at in (-200, 200):
        extract.way((-300, at), (300, at), highway="residential")
    # To the west, so that the north is on its right.
    extract.way((300, 100), (-300, 100), natural="coastline")
    land = _city(extract, tmp_path).land
    (sea,) = land.areas[land.area_kind == 0]
    assert land.area_kind_names[0] == "sea"
    assert abs(sea.area / 60_000.0 - 1.0) < 0.2


def test_the_city_has_the_name_of_its_largest_settlement(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(10, 10, place="village", name="Little End", population="90000")
    extract.point(90, 10, place="town", name="Smallham", population="4000")
    extract.point(50, 50, place="town", name="Bigham", population="40000")
    extract.point(20, 20, place="suburb", name="Mill Quarter")
    extract.point(30, 20, place="suburb")
    city = _city(extract, tmp_path)
    assert city.name == "Bigham"
    assert [(label.name, label.kind) for label in city.land.labels] == [
        ("Mill Quarter", "district")
    ]


def test_a_name_that_is_given_counts_first(tmp_path: Path) -> None:
    extract = Extract()
    extract.point(50, 50, place="city", name="Bigham")
    assert _city(extract, tmp_path, name="Old Bigham").name == "Old Bigham"


def test_without_a_settlement_addresses_name_the_city(tmp_path: Path) -> None:
    extract = Extract()
    for east, town in ((10, "Smallham"), (50, "Bigham"), (90, "Bigham")):
        extract.point(east, 50, name="Shop", **{"addr:city": town})
    assert _city(extract, tmp_path).name == "Bigham"


def test_without_settlement_and_addresses_the_file_names_the_city(tmp_path: Path) -> None:
    assert _city(Extract(), tmp_path).name == "Town"


def test_what_two_extracts_have_is_drawn_once(tmp_path: Path) -> None:
    extract = Extract()
    extract.box(100, 100, 50, 40, leisure="park")
    extract.way((0, 0), (200, 0), highway="primary")
    extract.box(0, 0, 20, 20, building="apartments")
    extract.point(60, 60, shop="bakery")
    one = extract.saved(tmp_path)
    other = one.rename(tmp_path / "streets.osm")
    extract.box(300, 100, 50, 40, leisure="park")
    city = City.from_files(extract.saved(tmp_path), network=other)
    assert city.land.area_kind_names == ("park", "park", "building")
    assert city.land.line_kind_names == ("primary",)


def test_what_lies_far_from_the_places_is_left_out(tmp_path: Path) -> None:
    extract = Extract()
    extract.box(5000, 5000, 50, 40, landuse="grass")
    extract.box(0, 100, 9000, 40, landuse="grass")
    land = _city(extract, tmp_path).land
    assert land.area_kind_names == ("grass", "building")
    assert land.areas[0].area < 40 * 2600


def test_holes_and_broken_outlines_are_no_defect(tmp_path: Path) -> None:
    extract = Extract()
    # A bow tie crosses itself: two triangles are left of it.
    extract.way((100, 0), (200, 100), (200, 0), (100, 100), closed=True, leisure="park")
    land = _city(extract, tmp_path).land
    assert land.area_kind_names == ("park", "park", "building")
    assert np.allclose(shapely.area(land.areas[:2]), 2500.0, rtol=0.01)
