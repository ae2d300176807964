"""What of a map is kept: within bounds, simplified, and never more than can be sent."""

from __future__ import annotations

import numpy as np
import shapely

from mesa_llm_city.city.land import Shapes
from mesa_llm_city.city.land.extent import cut_to, fitted_areas, fitted_lines, merged_lines

BOX = (0.0, 0.0, 1000.0, 1000.0)


def _squares(count: int, kind: str, side: float = 10.0) -> Shapes:
    west = np.arange(count) * 12.0 % 900.0
    south = np.arange(count) * 12.0 // 900.0 * 12.0
    growing = side + np.arange(count) / count
    boxes = shapely.box(west, south, west + growing, south + growing)
    return Shapes.of(boxes, [kind] * count, [""] * count)


def _points(shapes: Shapes) -> int:
    return int(shapely.get_num_coordinates(shapes.shapes).sum())


def test_shapes_are_cut_at_the_border() -> None:
    inside, across = shapely.box(10, 10, 20, 20), shapely.box(-50, 10, 50, 20)
    cut = cut_to(np.array([inside, across], dtype=object), BOX)
    assert cut[0] is inside
    assert cut[1].bounds == (0.0, 10.0, 50.0, 20.0)


def test_areas_keep_kind_name_and_holes() -> None:
    lake = shapely.box(100, 100, 300, 300).difference(shapely.box(150, 150, 200, 200))
    both = shapely.union_all([lake, shapely.box(500, 500, 600, 600)])
    found = fitted_areas(Shapes.of([both], ["water"], ["Long Lake"]), BOX)
    assert tuple(found.kind) == ("water", "water")
    assert tuple(found.name) == ("Long Lake", "Long Lake")
    assert sorted(shapely.get_num_interior_rings(found.shapes).tolist()) == [0, 1]


def test_what_is_left_of_broken_areas_is_drawn() -> None:
    mixed = shapely.GeometryCollection(
        [shapely.box(0, 0, 50, 50), shapely.LineString([(0, 0), (9, 9)])]
    )
    found = fitted_areas(Shapes.of([mixed], ["park"], [""]), BOX)
    assert [shape.area for shape in found.shapes] == [2500.0]


def test_outlines_are_simplified_to_a_metre() -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 2000, endpoint=False)
    round_ = shapely.Polygon(500.0 + 100.0 * np.column_stack([np.cos(angle), np.sin(angle)]))
    (simple,) = fitted_areas(Shapes.of([round_], ["park"], [""]), BOX).shapes
    assert shapely.get_num_coordinates(simple) < 60
    assert shapely.hausdorff_distance(simple, round_) <= 1.0


def test_of_too_many_buildings_the_largest_remain_beside_all_land() -> None:
    town = Shapes.join([_squares(100, "building"), _squares(20, "park", 5.0)])
    found = fitted_areas(town, BOX, most=200)
    assert _points(found) <= 200
    assert list(found.kind).count("park") == 20
    kept = [
        shape.area
        for shape, kind in zip(found.shapes, found.kind, strict=True)
        if kind == "building"
    ]
    assert len(kept) == 20
    assert min(kept) > max(sorted(shape.area for shape in town.shapes[:100])[:79])


def test_coarser_outlines_come_before_fewer_areas() -> None:
    rng = np.random.default_rng(3)
    angle = np.linspace(0.0, 2.0 * np.pi, 400, endpoint=False)
    away = 100.0 + rng.uniform(-1.5, 1.5, 400)
    rough = shapely.Polygon(500.0 + np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None])
    one = Shapes.of([rough], ["wood"], [""])
    fine, coarse = fitted_areas(one, BOX), fitted_areas(one, BOX, most=150)
    assert len(fine) == len(coarse) == 1
    assert _points(coarse) <= 150 < _points(fine)


def test_lines_of_a_name_are_joined() -> None:
    pieces = [shapely.LineString([(at, 0), (at + 10, 0)]) for at in (0, 10, 20)]
    lines = Shapes.of(pieces, ["minor"] * 3, ["Mill Street", "Mill Street", "Oak Road"])
    joined = merged_lines(lines)
    assert sorted(zip(joined.name, shapely.length(joined.shapes).tolist(), strict=True)) == [
        ("Mill Street", 20.0),
        ("Oak Road", 10.0),
    ]


def test_of_too_many_lines_paths_are_left_out_first() -> None:
    rows = np.arange(60) * 10.0
    every = [shapely.LineString([(0, y), (500, y)]) for y in rows.tolist()]
    kinds = ["path", "service", "minor"] * 20
    lines = Shapes.of(every, kinds, [""] * 60)
    assert set(fitted_lines(lines, BOX, most=200).kind) == {"path", "service", "minor"}
    assert set(fitted_lines(lines, BOX, most=80).kind) == {"service", "minor"}
    assert set(fitted_lines(lines, BOX, most=40).kind) == {"minor"}
    assert _points(fitted_lines(lines, BOX, most=30)) == 30


def test_nothing_stays_nothing() -> None:
    nothing = Shapes.of([], [], [])
    assert len(fitted_areas(nothing, BOX)) == len(fitted_lines(nothing, BOX)) == 0
    far = Shapes.of([shapely.box(5000, 0, 5100, 100)], ["park"], [""])
    assert len(fitted_areas(far, BOX)) == 0
