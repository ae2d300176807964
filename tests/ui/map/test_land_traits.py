"""Land, lines and places as the widget takes them: nothing is lost and rows fit together."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

pytest.importorskip("anywidget")

from mesa_llm_city.city import City
from mesa_llm_city.city.land import AREA_KINDS, DISTRICT, LINE_KINDS, Label, Land, Shapes
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.map.canvas import CityCanvas, Frame, base_map_traits
from mesa_llm_city.ui.map.land_traits import land_traits, place_traits
from mesa_llm_city.ui.map.place_look import ICONS, icon_of, place_looks
from mesa_llm_city.ui.views.live import LiveView
from tests.town import small_town, townspeople

FRAME = Frame.of((0.0, 0.0, 1000.0, 1000.0))


def _packed(land: Land) -> dict[str, object]:
    return land_traits(land, FRAME.packed, FRAME.box, FRAME.unit_m)


def _numbers(packed: dict[str, object], name: str, kind: str) -> list[int]:
    value = packed[name]
    assert isinstance(value, bytes)
    return [int(one) for one in np.frombuffer(value, dtype=kind)]


def test_an_area_is_its_outline_and_then_its_holes() -> None:
    lake = shapely.box(100, 100, 300, 300).difference(shapely.box(150, 150, 200, 200))
    packed = _packed(
        Land.of(Shapes.of([lake, shapely.box(0, 0, 9, 9)], ["water", "park"], ["", ""]))
    )
    assert _numbers(packed, "land_rings", "<u4") == [5, 5, 5]
    assert _numbers(packed, "land_shapes", "<u2") == [1, 2]
    kinds = [AREA_KINDS[row].name for row in _numbers(packed, "land_kinds", "u1")]
    assert kinds == ["park", "water"]
    corners = np.array(_numbers(packed, "land", "<u2")).reshape(-1, 2)
    assert len(corners) == 15
    outline = {tuple(corner) for corner in corners[5:10].tolist()}
    expected = FRAME.packed(
        np.array([[100.0, 100.0], [300.0, 100.0], [300.0, 300.0], [100.0, 300.0]])
    )
    assert outline == {tuple(corner) for corner in expected.tolist()}


def test_lines_have_rows_of_their_names() -> None:
    shapes = [shapely.LineString([(0, at), (500, at)]) for at in (10, 20, 30)]
    lines = Shapes.of(shapes, ["minor", "rail", "minor"], ["Mill Street", "", "Mill Street"])
    packed = _packed(Land.of(None, lines))
    assert packed["line_names"] == ["Mill Street"]
    assert _numbers(packed, "line_name", "<u2") == [1, 1, 0]
    assert _numbers(packed, "line_sizes", "<u2") == [2, 2, 2]
    kinds = [LINE_KINDS[row].name for row in _numbers(packed, "line_kinds", "u1")]
    assert kinds == ["minor", "minor", "rail"]


def test_what_lies_outside_the_frame_is_cut_off() -> None:
    wide, far = shapely.box(-5000, 100, 5000, 200), shapely.box(5000, 0, 6000, 100)
    along = shapely.LineString([(-5000, 500), (5000, 500)])
    packed = _packed(
        Land.of(
            Shapes.of([wide, far], ["water", "park"], ["Long Lake", "Far Park"]),
            Shapes.of([along], ["rail"], [""]),
            [Label(9000.0, 0.0, "Far", DISTRICT), Label(500.0, 500.0, "Old Town", DISTRICT)],
        )
    )
    assert len(_numbers(packed, "land_kinds", "u1")) == 1
    ends = np.array(_numbers(packed, "lines", "<u2")).reshape(-1, 2)
    assert ends[:, 0].tolist() == [0, 65_535]
    names = packed["land_names"]
    assert isinstance(names, list)
    assert [(one["name"], one["kind"]) for one in names] == [
        ("Long Lake", "water"),
        ("Old Town", DISTRICT),
    ]


def test_of_areas_of_one_name_the_largest_has_it() -> None:
    parks = Shapes.of(
        [shapely.box(0, 0, 50, 50), shapely.box(500, 500, 800, 800)],
        ["park", "park"],
        ["Green", "Green"],
    )
    names = _packed(Land.of(parks))["land_names"]
    assert isinstance(names, list)
    (one,) = names
    assert one["size"] == round(300.0 / FRAME.unit_m)
    assert one["x"] > FRAME.packed(np.array([[500.0, 0.0]]))[0, 0]


def test_places_that_are_no_homes_have_rows_names_and_looks() -> None:
    base_map = LiveView(CityModel(small_town(), townspeople(), rng=5)).basemap()
    packed = place_traits(base_map, FRAME.packed)
    shown = np.flatnonzero(~base_map.is_home)
    assert packed["place_names"].split("\n") == [base_map.names[row] for row in shown.tolist()]
    rows = _numbers(packed, "place_kinds", "u1")
    kinds = [packed["place_look"][row]["kind"] for row in rows]
    assert kinds == [base_map.kinds[row] for row in base_map.kind[shown].tolist()]
    assert len(packed["place_xy"]) == 4 * len(shown)


def test_the_map_of_a_town_takes_less_than_half_a_megabyte() -> None:
    base_map = LiveView(CityModel(small_town(), townspeople(), rng=5)).basemap()
    packed = base_map_traits(Frame.of(base_map.bounds), base_map)
    assert sum(len(one) for one in packed.values() if isinstance(one, bytes)) < 500_000
    canvas = CityCanvas(**packed)
    assert len(canvas.land_look) == len(AREA_KINDS)
    assert len(canvas.line_look) == len(LINE_KINDS)
    canvas.close()


@pytest.mark.parametrize(
    ("kind", "icon"),
    [
        ("amenity=cafe", "food"),
        ("Coffee Shop", "food"),
        ("shop=department_store", "shop"),
        ("amenity=hospital", "health"),
        ("amenity=place_of_worship", "worship"),
        ("amenity=university", "school"),
        ("leisure=park", "park"),
        ("leisure=fitness_station", "sport"),
        ("amenity=fire_station", "work"),
        ("railway=station", "transport"),
        ("office=company", "work"),
        ("amenity=barber", "other"),
    ],
)
def test_icons_fit_kinds(kind: str, icon: str) -> None:
    assert icon_of(kind) == icon
    assert icon in ICONS


def test_beyond_255_kinds_the_rarest_share_a_look() -> None:
    kinds = [f"shop=kind{number}" for number in range(300)]
    kind = np.concatenate([np.arange(300), np.arange(200)])
    rows, looks = place_looks(kind, kinds)
    assert len(looks) == 256
    assert looks[255]["label"] == "place"
    assert rows.max() == 255
    assert {looks[row]["kind"] for row in rows[300:].tolist()} == set(kinds[:200])


def test_streets_of_a_city_put_together_in_python_are_drawn() -> None:
    town = small_town()
    bare = City(places=town.places, zones=town.zones, crs=town.crs, network=town.network)
    base_map = LiveView(CityModel(bare, townspeople(), rng=5)).basemap()
    packed = base_map_traits(Frame.of(base_map.bounds), base_map)
    kinds = {LINE_KINDS[row].name for row in _numbers(packed, "line_kinds", "u1")}
    assert kinds == {"minor"}
    assert packed["land"] == b""
