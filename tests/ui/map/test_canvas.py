"""The widget that draws the city, and how its data are packed."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("anywidget")

import mesa_llm_city
from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.parameters import default_parameters
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.map.canvas import (
    CityCanvas,
    Frame,
    base_map_traits,
    density_traits,
    look_traits,
    people_traits,
    trips_traits,
)
from mesa_llm_city.ui.palette import THEMES, colouring
from mesa_llm_city.ui.views.density import Grid
from mesa_llm_city.ui.views.kinds import colourings
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import UnderWay
from tests.town import small_town, townspeople

_SOURCES = Path(mesa_llm_city.__file__).parents[1] / "javascript" / "src" / "map"


def _view() -> LiveView:
    return LiveView(CityModel(small_town(), townspeople(), rng=5))


def _script() -> str:
    return files("mesa_llm_city.ui.map").joinpath("citycanvas.js").read_text(encoding="utf-8")


@given(
    west=st.floats(-1e6, 1e6),
    south=st.floats(-1e6, 1e6),
    width=st.floats(1.0, 1e5),
    height=st.floats(1.0, 1e5),
    share=st.floats(0.0, 1.0),
)
def test_a_packed_point_is_within_a_unit_of_where_it_was(
    west: float, south: float, width: float, height: float, share: float
) -> None:
    frame = Frame.of((west, south, west + width, south + height))
    point = np.array([[west + share * width, south + (1.0 - share) * height]])
    east, down = frame.packed(point)[0].astype(float) * frame.unit_m
    assert abs(frame.west + east - point[0, 0]) <= frame.unit_m
    assert abs(frame.north - down - point[0, 1]) <= frame.unit_m
    assert frame.unit_m <= 1.1 * max(width, height) / 65_535


def test_the_part_to_look_at_first_lies_in_the_frame() -> None:
    frame = Frame.of((0.0, 0.0, 9000.0, 9000.0), (3000.0, 6000.0, 4000.0, 7000.0))
    corner = frame.packed(np.array([[3000.0, 7000.0]]))[0]
    assert 0 <= corner[0] - frame.left <= 0.04 * frame.width
    assert 0 <= corner[1] - frame.top <= 0.04 * frame.height
    assert frame.width * frame.unit_m == pytest.approx(1060.0, rel=0.01)


def test_points_outside_the_frame_are_packed_at_its_border() -> None:
    frame = Frame.of((0.0, 0.0, 100.0, 100.0))
    assert frame.packed(np.array([[-900.0, 900.0], [900.0, -900.0]])).tolist() == [
        [0, 0],
        [65_535, 65_535],
    ]


def test_a_person_takes_five_bytes_that_change_and_four_that_stay() -> None:
    view = _view()
    crowd = view.crowd()
    frame = Frame.of(view.basemap().bounds)
    codes = colouring("mood").codes(view.values("mood"))
    packed = people_traits(frame, crowd, codes)
    assert [len(packed[name]) for name in ("xy", "state", "person")] == [
        size * len(crowd) for size in (4, 1, 4)
    ]
    state = np.frombuffer(packed["state"], dtype=np.uint8)
    assert (state & 15).tolist() == crowd.doing.tolist()
    assert (state >> 4).tolist() == codes.tolist()


def test_activities_beyond_the_sixteenth_take_a_byte_of_their_own() -> None:
    view = _view()
    crowd = replace(view.crowd(), doing=np.full(len(view.crowd()), 16, dtype=np.uint8))
    codes = np.full(len(crowd), 15, dtype=np.uint8)
    packed = people_traits(Frame.of(view.basemap().bounds), crowd, codes)
    assert packed["state"] == bytes([16, 15]) * len(crowd)


def test_the_ground_is_packed_whole() -> None:
    base_map = _view().basemap()
    packed = base_map_traits(Frame.of(base_map.bounds), base_map)
    assert len(packed["zones"]) == 4 * sum(packed["zone_sizes"])
    assert len(packed["zone_names"]) == len(packed["zone_sizes"])
    assert len(packed["place_xy"]) + len(packed["homes"]) == 4 * len(base_map.places)
    assert len(packed["stations"]) == 4 * len(packed["station_names"])


def test_a_density_is_packed_with_what_it_covers() -> None:
    grid = Grid.over((10.0, 20.0, 34.0, 32.0), np.empty((0, 2)))
    doing = np.zeros(len(default_parameters().purposes) + 1, dtype=np.int64)
    doing[0] = 3
    none = np.zeros(0, dtype=np.int64)
    density = grid.counted(np.array([0, 0, 9]), doing, present=none, residents=none)
    frame = Frame.of((0.0, 0.0, 100.0, 100.0))
    packed = density_traits(frame, density, colouring("activity"))
    look = packed["density_look"]
    assert len(packed["density"]) == look["columns"] * look["lines"] == 240 * 120
    assert (look["most"], look["people"], sum(look["counts"])) == (2, 3, 3)
    units = [(10.0 - frame.west) / frame.unit_m, 24.0 / frame.unit_m]
    assert np.allclose([look["box"][0], look["box"][2]], units)
    assert sum(density_traits(frame, density, colouring("mode"))["density_look"]["counts"]) == 0
    assert density_traits(frame, None, colouring("mode")) == {"density": b"", "density_look": {}}


def test_trips_are_packed_as_lines_with_times_and_modes() -> None:
    lines = Polylines(np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]]), np.array([0, 3]))
    trips = UnderWay(np.array([7]), np.array([[480, 495]]), np.array([2]), lines)
    packed = trips_traits(Frame.of((0.0, 0.0, 100.0, 100.0)), trips)
    assert (len(packed["trip_xy"]), packed["trip_modes"]) == (12, b"\x02")
    assert np.frombuffer(packed["trip_person"], dtype=np.int32).tolist() == [7]
    assert np.frombuffer(packed["trip_times"], dtype=np.int32).tolist() == [480, 495]
    assert np.frombuffer(packed["trip_sizes"], dtype=np.uint16).tolist() == [3]


@pytest.mark.parametrize("by", colourings(default_parameters()))
def test_the_widget_takes_what_is_packed(by: str) -> None:
    view = _view()
    base_map, crowd = view.basemap(), view.crowd()
    frame = Frame.of(base_map.bounds)
    canvas = CityCanvas(
        **base_map_traits(frame, base_map),
        **people_traits(frame, crowd, colouring(by).codes(view.values(by))),
        **look_traits(view.parameters, by, view.colours()),
    )
    assert canvas.colouring["by"] == by
    assert set(canvas.themes) == set(THEMES)
    canvas.close()


def test_the_script_knows_every_trait_by_its_name_and_no_other() -> None:
    traits = set(CityCanvas.class_own_traits(sync=True)) - {"_esm"}
    message = (_SOURCES / "message" / "traits.d.ts").read_text(encoding="utf-8")
    listed = message.partition("interface Traits {")[2].partition("\n}")[0]
    assert set(re.findall(r"^  (\w+):", listed, re.MULTILINE)) == traits
    sources = "".join(file.read_text(encoding="utf-8") for file in _SOURCES.rglob("*.js"))
    used = set(re.findall(r'model\.(?:get|set)\("(\w+)"', sources))
    used |= set(re.findall(r'wholeNumbers\(model, "(\w+)"', sources))
    assert used == traits


def test_the_script_fetches_nothing_and_writes_no_markup() -> None:
    script = _script()
    for word in ("http:", "https:", "import(", "fetch(", "innerHTML", "insertAdjacent", "eval("):
        assert word not in script
    assert "import " not in script.replace("important ", "")
