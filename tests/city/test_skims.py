"""Skims: detour and pace between zones, as the streets have them."""

from __future__ import annotations

import numpy as np
import shapely

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.skims import Skims
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float, Int


def lattice(side: int, block_m: float) -> tuple[Float, Float, Int, Int]:
    """Return the junctions and streets of a square grid."""
    node = np.arange(side * side).reshape(side, side)
    x, y = (part.ravel() * block_m for part in np.meshgrid(np.arange(side), np.arange(side)))
    start = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    end = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    return x.astype(float), y.astype(float), start, end


def grid_city() -> tuple[Network, Zones, Float, Float]:
    x, y, start, end = lattice(21, 100.0)
    zones = Zones.of([shapely.box(0, 0, 1000, 2000), shapely.box(1000, 0, 2000, 2000)])
    return Network.of_edges(x, y, start=start, end=end), zones, x, y


def measured() -> Skims:
    net, zones, x, y = grid_city()
    places = Draft.of(["amenity=cafe"] * len(x), x=x, y=y).to_places(Categories.default())
    return Skims.from_network(net, zones, places.with_zone(zones.zone_of(x, y)))


def test_on_a_square_grid_the_detour_lies_between_one_and_the_root_of_two() -> None:
    detour = measured().detour
    assert np.all((detour > 1.0) & (detour <= np.sqrt(2.0)))


def test_both_directions_are_alike() -> None:
    skims = measured()
    assert np.allclose(skims.detour, skims.detour.T)
    assert np.allclose(skims.pace, skims.pace.T)


def test_streets_of_one_speed_have_the_mean_pace_everywhere() -> None:
    assert np.allclose(measured().pace, 1.0)


def test_a_zone_without_places_is_measured_from_its_centre() -> None:
    net, zones, *_ = grid_city()
    one = Draft.of(["amenity=cafe"], x=[500.0], y=[500.0]).to_places(Categories.default())
    skims = Skims.from_network(net, zones, one)
    assert np.isfinite(skims.detour).all()
    assert np.isfinite(skims.pace).all()
    assert np.all(skims.detour >= 1.0)


def test_without_streets_one_detour_holds_for_all() -> None:
    skims = Skims.constant(3, 1.4)
    assert skims.detour.shape == (3, 3)
    assert np.all(skims.detour == 1.4)
    assert np.all(skims.pace == 1.0)
