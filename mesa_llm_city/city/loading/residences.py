"""Homes for a city whose files hold none."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float, Int

__all__ = ["draw_residences"]

_FILLED = 0.05
"""Share of its box that a zone must fill for points to be drawn in the box."""

_NO_AREA_M2 = 1e-9
"""Least area of a box, so that a line has a share of it."""


def draw_residences(
    rng: Generator, places: Places, zones: Zones | None, count: int, *, spread_m: float
) -> tuple[Draft, str]:
    """Draw residences, and say where.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the residences.
    places : Places
        Places of the city, with their zones.
    zones : Zones or None
        Zones of a file; None if the zones were made from the places.
    count : int
        Number of residences.
    spread_m : float
        How far homes lie from places where there are no zones of a file, as a standard
        deviation in metres.

    Returns
    -------
    draft : Draft
        In metres; residents are those of a zone over its residences, if counted.
    note : str
        Where they were drawn: in proportion to the people of the zones, to the area of
        the zones that hold places, or around the places.
    """
    if zones is None:
        x, y = _around(rng, places, count, spread_m)
        note = f"drawn some {spread_m:.0f} m around the places"
        return Draft.of(["home"] * count, x=x, y=y), note
    people = np.nan_to_num(zones.population)
    if np.any(people > 0):
        zone = _by_weight(rng, people, count)
        residents = (people / np.maximum(np.bincount(zone, minlength=len(zones)), 1))[zone]
        note = "drawn in the zones by their population"
    else:
        occupied = np.bincount(places.zone, minlength=len(zones)) > 0
        zone = _by_weight(rng, zones.area_m2 * occupied, count)
        residents = np.full(count, np.nan)
        note = "drawn in the zones that hold places, by area"
    x, y = _inside(rng, zones.polygons, zone)
    return Draft.of(["home"] * count, x=x, y=y, residents=residents), note


def _by_weight(rng: Generator, weight: Float, count: int) -> Int:
    """Draw zones in proportion to a weight, in order."""
    return np.repeat(np.arange(len(weight)), rng.multinomial(count, weight / np.sum(weight)))


def _around(rng: Generator, places: Places, count: int, spread_m: float) -> tuple[Float, Float]:
    """Draw points around random places."""
    chosen = rng.integers(0, len(places), count)
    away = rng.normal(0.0, spread_m, (2, count))
    return places.x[chosen] + away[0], places.y[chosen] + away[1]


def _inside(rng: Generator, polygons: NDArray[np.object_], zone: Int) -> tuple[Float, Float]:
    """Draw a uniform point in the polygon of each given zone, given in order.

    In a zone that fills a fair part of its box, points of the box are drawn until one lies
    inside; thin zones, and those of distant parts, are cut into triangles.
    """
    west, south, east, north = shapely.bounds(polygons[zone]).T
    filled = shapely.area(polygons) / np.maximum(
        shapely.area(shapely.envelope(polygons)), _NO_AREA_M2
    )
    x, y = np.empty(len(zone)), np.empty(len(zone))
    left = np.flatnonzero(filled[zone] >= _FILLED)
    while len(left):
        x[left] = rng.uniform(west[left], east[left])
        y[left] = rng.uniform(south[left], north[left])
        left = left[~shapely.contains_xy(polygons[zone[left]], x[left], y[left])]
    for thin in np.unique(zone[filled[zone] < _FILLED]).tolist():
        rows = np.flatnonzero(zone == thin)
        x[rows], y[rows] = _in_triangles(rng, polygons[thin], len(rows))
    return x, y


def _in_triangles(rng: Generator, polygon: BaseGeometry, count: int) -> tuple[Float, Float]:
    """Draw uniform points in a polygon: in a triangle of it by area, then within that."""
    pieces = shapely.constrained_delaunay_triangles(shapely.make_valid(polygon))
    corners = np.array([shapely.get_coordinates(one)[:3] for one in shapely.get_parts(pieces)])
    if not len(corners):
        point = shapely.point_on_surface(polygon)
        return np.full(count, point.x), np.full(count, point.y)
    a, b, c = corners.transpose(1, 0, 2)
    area = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    which = rng.choice(len(corners), count, p=area / np.sum(area))
    # A point beyond the diagonal of the parallelogram is turned back into the triangle.
    along, across = rng.random((2, count))
    beyond = along + across > 1.0
    along, across = np.where(beyond, 1.0 - along, along), np.where(beyond, 1.0 - across, across)
    at = a[which] + along[:, None] * (b - a)[which] + across[:, None] * (c - a)[which]
    return at[:, 0], at[:, 1]
