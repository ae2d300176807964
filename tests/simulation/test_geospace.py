"""A city stands in a GeoSpace of Mesa-Geo, beside the agents of any model."""

from __future__ import annotations

import json
import pickle
import sys

import mesa
import mesa_geo
import pytest
from shapely import Point

from mesa_llm_city import CityModel
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.geo_agents import PlaceAgent, ZoneAgent
from tests.town import small_town, townspeople


class Walker(mesa_geo.GeoAgent):
    """Stands where it is put."""


class Land(mesa.Model):
    """A map and nothing on it."""

    def __init__(self) -> None:
        super().__init__(rng=1)
        self.space = small_town().to_geospace(self)


@pytest.fixture(scope="module")
def land() -> Land:
    return Land()


def test_every_zone_and_every_place_is_there(land: Land) -> None:
    city, agents = small_town(), land.space.agents
    zones = [agent for agent in agents if isinstance(agent, ZoneAgent)]
    places = [agent for agent in agents if isinstance(agent, PlaceAgent)]
    assert [zone.name for zone in zones] == list(city.zones.names)
    assert [place.place for place in places] == list(range(len(city.places)))
    cafe = places[int(city.supply("meal").places[0])]
    assert (cafe.geometry.x, cafe.geometry.y) == city.position(cafe.place)
    assert "meal" in cafe.purposes
    assert land.space.crs is not None
    assert land.space.crs.to_epsg() == 32628


def test_an_agent_finds_what_is_around_it(land: Land) -> None:
    x, y = small_town().position(5)
    walker = Walker(land, Point(x, y), small_town().crs)  # type: ignore[no-untyped-call]
    near = list(land.space.get_neighbors_within_distance(walker, 1.0))
    assert 5 in [one.place for one in near if isinstance(one, PlaceAgent)]
    zones = [one for one in near if isinstance(one, ZoneAgent)]
    assert small_town().places[5].zone in [one.zone for one in zones]
    walker.remove()


def test_the_city_takes_no_turn_in_the_model(land: Land) -> None:
    assert len(land.agents) == 0


def test_a_city_model_lives_on_as_it_would_have() -> None:
    alone, mapped = (CityModel(small_town(), townspeople(), rng=7) for _ in range(2))
    mapped.geospace = mapped.city.to_geospace(mapped)  # type: ignore[attr-defined]
    for _ in range(100):
        alone.step()
        mapped.step()
    assert mapped.digest() == alone.digest()


def test_the_space_is_a_map_in_degrees(land: Land) -> None:
    features = json.loads(json.dumps(land.space.__geo_interface__))["features"]
    lon, lat = features[-1]["geometry"]["coordinates"]
    assert (round(lon), round(lat)) == (-15, 48)
    assert features[0]["properties"]["name"] == small_town().zones.names[0]


def test_the_agents_can_be_pickled(land: Land) -> None:
    again = pickle.loads(pickle.dumps(land.space.agents[-1]))
    assert again.category == land.space.agents[-1].category


def test_without_mesa_geo_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mesa_geo", None)
    with pytest.raises(ConfigError, match="pip install mesa-geo"):
        small_town().to_geospace(mesa.Model())
