"""Land in pictures: everything in view is drawn, and no name lies on another."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from mesa_llm_city.city.land import AREA_KINDS, DISTRICT, LINE_KINDS, Label, Land, Shapes
from mesa_llm_city.experiments.land_look import AREA_LOOKS, LINE_LOOKS
from mesa_llm_city.experiments.land_picture import MapNames, ThemeName, draw_land, land_names


def _axes(side_m: float = 400.0) -> Axes:
    axes = Figure(figsize=(6.0, 6.0)).add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, side_m)
    axes.set_ylim(0.0, side_m)
    return axes


def _hex(colour: NDArray[np.uint8]) -> str:
    return "#" + bytes(colour[:3].tolist()).hex()


def _colours(drawn: Collection) -> set[str]:
    """Return the colours of areas and lines."""
    both = [drawn.get_facecolor(), drawn.get_edgecolor()]
    every = np.vstack([np.reshape(one, (-1, 4)) for one in both])
    return {_hex(one) for one in np.rint(255 * every).astype(np.uint8)}


def _pixels(axes: Axes) -> NDArray[np.uint8]:
    """Return a square picture, the lowest row first."""
    file, figure = BytesIO(), axes.figure
    assert isinstance(figure, Figure)
    figure.savefig(file, format="png")
    return np.asarray(Image.open(file).convert("RGB"))[::-1]


def _everything() -> Land:
    areas = [shapely.box(10 * row, 0, 10 * row + 8, 50) for row in range(len(AREA_KINDS))]
    lines = [
        shapely.LineString([(0, 100 + 10 * row), (300, 100 + 10 * row)])
        for row in range(len(LINE_KINDS))
    ]
    return Land.of(
        Shapes.of(areas, [kind.name for kind in AREA_KINDS], [""] * len(areas)),
        Shapes.of(lines, [kind.name for kind in LINE_KINDS], [""] * len(lines)),
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_is_drawn_in_its_colour(theme: ThemeName) -> None:
    axes = _axes()
    draw_land(axes, _everything(), theme=theme)
    drawn = set().union(*(_colours(one) for one in axes.collections))
    looks = [*AREA_LOOKS.values(), *LINE_LOOKS.values()]
    assert {getattr(look, theme) for look in looks} <= drawn


def test_small_things_are_left_out_from_afar() -> None:
    near, far = _axes(400.0), _axes(40_000.0)
    draw_land(near, _everything())
    draw_land(far, _everything())
    assert len(far.collections) < len(near.collections)
    building = AREA_LOOKS["building"].light
    assert building not in set().union(*(_colours(one) for one in far.collections))


def test_holes_stay_open_whichever_way_round_they_are_drawn() -> None:
    hole = [(150, 150), (250, 150), (250, 250), (150, 250)]
    for around in (hole, hole[::-1]):
        ring = shapely.Polygon([(100, 100), (300, 100), (300, 300), (100, 300)], [around])
        axes = _axes()
        axes.set_axis_off()
        draw_land(axes, Land.of(Shapes.of([ring], ["water"], [""])))
        pixels = _pixels(axes)
        side = len(pixels)
        shown = [_hex(pixels[at, at]) for at in (side * 120 // 400, side // 2)]
        assert shown == [AREA_LOOKS["water"].light, "#ffffff"]


def test_large_areas_and_districts_have_names_and_each_once() -> None:
    areas = [
        shapely.box(0, 0, 100, 100),
        shapely.box(200, 0, 390, 190),
        shapely.box(0, 300, 4, 304),
    ]
    land = Land.of(
        Shapes.of(areas, ["park"] * 3, ["Green", "Green", "Tiny"]),
        labels=[Label(50.0, 350.0, "Old Town", DISTRICT), Label(900.0, 0.0, "Far", DISTRICT)],
    )
    found = land_names(_axes(), land)
    assert [(name, kind) for name, *_, kind in found] == [("Old Town", DISTRICT), ("Green", "park")]
    assert 200.0 < found[1][1] < 390.0


def test_who_comes_first_has_the_room() -> None:
    names = MapNames(_axes())
    assert names.write("Central Station", 200.0, 200.0)
    assert not names.write("Old Town", 205.0, 201.0)
    assert names.write("Old Town", 205.0, 230.0)
    assert not names.write("Beyond the border", 399.0, 100.0)
    names.keep_free(100.0, 100.0, 10.0)
    assert not names.write("Mill", 101.0, 100.0)
    assert [text.get_text() for text in names.axes.texts] == ["Central Station", "Old Town"]


def test_east_asian_names_take_twice_the_room_of_latin_ones() -> None:
    axes = Figure(figsize=(4.0, 4.0)).add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, 288.0)  # a point of paper is a metre
    axes.set_ylim(0.0, 288.0)
    for first, is_free in (("abcdef", True), ("渋谷駅前広場", False)):
        names = MapNames(axes)
        assert names.write(first, 100.0, 100.0, size_pt=10.0)
        # 6 letters are 34 points wide, and 67 if they are East Asian.
        assert names.write("x", 124.0, 100.0, size_pt=10.0) is is_free
