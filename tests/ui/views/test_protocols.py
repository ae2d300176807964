"""What components look at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from mesa_llm_city.city.land import Land, Shapes
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import Crowd, view_of
from tests.town import small_town, townspeople


def _model() -> CityModel:
    return CityModel(small_town(), townspeople(), rng=5)


def test_a_model_is_looked_at_through_a_live_view_and_a_view_through_itself() -> None:
    view = view_of(_model())
    assert isinstance(view, LiveView)
    assert view_of(view) is view


def test_objects_that_are_no_city_are_refused() -> None:
    with pytest.raises(ConfigError, match="list cannot be shown as a city"):
        view_of([])


def test_a_crowd_finds_the_row_of_a_person() -> None:
    ids, zeros = np.array([2, 5, 9]), np.zeros(3)
    crowd = Crowd(
        minute=0,
        person=ids,
        x=zeros,
        y=zeros,
        doing=np.zeros(3, dtype=np.uint8),
        mode=np.full(3, -1, dtype=np.int8),
    )
    assert [crowd.row_of(person) for person in (2, 9, 4, 11)] == [0, 2, None, None]


def test_the_ends_of_the_basemap_hold_all_that_is_drawn() -> None:
    base_map = view_of(_model()).basemap()
    west, south, east, north = base_map.bounds
    for points in (
        base_map.places,
        base_map.stations,
        base_map.streets.reshape(-1, 2),
        *base_map.zones,
    ):
        assert (points >= [west, south]).all()
        assert (points <= [east, north]).all()


def test_one_looks_at_the_places_first_where_zones_reach_far_beyond_them() -> None:
    base_map = replace(view_of(_model()).basemap(), land=Land.of())
    assert base_map.focus == base_map.bounds
    far = replace(
        base_map, zones=(*base_map.zones, np.array([[-9e4, -9e4], [9e4, 9e4], [9e4, 0.0]]))
    )
    assert far.focus[0] == base_map.places[:, 0].min()
    assert far.bounds[0] == -9e4


def test_land_around_is_drawn_but_one_looks_at_the_city_first() -> None:
    base_map = view_of(_model()).basemap()
    west, south, east, north = base_map.focus
    side = max(east - west, north - south)
    near = shapely.box(west - side, south, east, north)
    around = replace(base_map, land=Land.of(Shapes.of([near], ["farmland"], [""])))
    assert around.bounds == (west - side, south, east, north)
    assert around.focus == base_map.focus
    far = shapely.box(west - 9 * side, south, east, north + 0.5 * side)
    beyond = replace(base_map, land=Land.of(Shapes.of([far], ["farmland"], [""])))
    assert beyond.bounds == (west - 1.5 * side, south, east, north + 0.5 * side)


@pytest.mark.parametrize(
    ("doing", "place", "text"),
    [
        ("sleep", "home", "sleep at home"),
        ("travel", "home", "on the way home"),
        ("travel", "Oak Park", "on the way to Oak Park"),
        ("travel", "", "travel"),
    ],
)
def test_the_present_activity_is_shown_with_its_place_or_destination(
    doing: str, place: str, text: str
) -> None:
    model = _model()
    someone = view_of(model).person(model.citizens[0].person)
    now = replace(someone, doing=doing, place=place, travels=doing == "travel").now
    assert now == text
