"""The map of a city survives being saved, and old saves have none."""

from __future__ import annotations

import pickle

import shapely

from mesa_llm_city.city import City
from mesa_llm_city.city.land import DISTRICT, Label, Land, Shapes
from mesa_llm_city.city.saved_city import city_of, city_state
from mesa_llm_city.city.saved_land import land_of, land_state


def _land() -> Land:
    lake = shapely.box(0, 0, 90, 90).difference(shapely.box(10, 10, 20, 20))
    return Land.of(
        Shapes.of([lake, shapely.box(0, 0, 9, 9)], ["water", "park"], ["Long Lake", ""]),
        Shapes.of([shapely.LineString([(0, 0), (5, 5)])], ["primary"], ["Mill Street"]),
        [Label(1.0, 2.0, "Old Town", DISTRICT)],
    )


def _same(one: Land, other: Land) -> bool:
    return (
        list(one.areas) == list(other.areas)
        and list(one.lines) == list(other.lines)
        and one.area_kind_names == other.area_kind_names
        and one.line_kind_names == other.line_kind_names
        and (one.area_name, one.line_name, one.labels)
        == (other.area_name, other.line_name, other.labels)
    )


def test_land_comes_back_as_it_was() -> None:
    assert _same(land_of(land_state(_land())), _land())
    assert land_of(land_state(Land.of())).is_empty


def test_a_city_keeps_its_land() -> None:
    town = City.synthetic(rng=3, places=300)
    city = City(places=town.places, zones=town.zones, crs=town.crs, land=_land())
    again = city_of(city_state(city), city.parameters)
    assert _same(again.land, _land())
    assert _same(pickle.loads(pickle.dumps(city)).land, _land())


def test_a_town_is_drawn_anew_from_its_numbers() -> None:
    town = City.synthetic(rng=3, places=300)
    state = city_state(town)
    assert state["land"] is None
    assert _same(city_of(state, town.parameters).land, town.land)


def test_a_city_that_was_saved_without_land_has_none() -> None:
    town = City.synthetic(rng=3, places=300)
    state = {k: v for k, v in city_state(town).items() if k not in ("land", "town_land")}
    assert city_of(state, town.parameters).land.is_empty
