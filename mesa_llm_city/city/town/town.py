"""A fictional town: streets, zones, stations and places drawn from a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.random import Generator

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.city import City
from mesa_llm_city.city.environment import Environment
from mesa_llm_city.city.network import Network
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.town.place_mix import place_along
from mesa_llm_city.city.town.place_names import AREAS
from mesa_llm_city.city.town.streets import lay_streets, outline_m
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core import streams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float

__all__ = ["synthetic_city"]

CRS = "EPSG:32628"
"""UTM zone 28 north, used in the open Atlantic, so that the town is on nobody's land."""

_ORIGIN_M = (500_000.0, 5_370_000.0)
_RADIUS_M = 3300.0
_TYPICAL_PLACES = 3000
_FEWEST_PLACES = 200
_ZONES_PER_1000 = 10


def synthetic_city(seed: int = 0, places: int = 3000, *, stations: int = 5) -> City:
    """Make a town that exists nowhere, plausible enough to try everything out.

    A dense centre and three smaller ones, streets on an irregular grid, a river
    with a few bridges, a railway line, and the homes, workplaces, schools, shops
    and parks of some ten thousand people.

    Parameters
    ----------
    seed : int, default 0
        Seed; the same seed makes the same town.
    places : int, default 3000
        Number of places, at least 200; 3000 lie on about 34 km2, and the area
        grows in proportion.
    stations : int, default 5
        Number of railway stations: 0, or at least 2.

    Returns
    -------
    City
        Its coordinates are metres of EPSG:32628, in the open sea.

    Raises
    ------
    ConfigError
        If there are too few places, or a single station.

    Examples
    --------
    >>> town = synthetic_city(7, 600)
    >>> town.crs, len(town.stations)
    ('EPSG:32628', 5)
    """
    _check(places, stations)
    radius_m = _RADIUS_M * np.sqrt(places / _TYPICAL_PLACES)
    plan = lay_streets(streams.rng(seed, 0, "town streets", 0), radius_m)
    draft = place_along(streams.rng(seed, 0, "town places", 0), plan, places, radius_m)
    built = draft.to_places(Categories.default())
    zones = _zones(streams.rng(seed, 0, "town zones", 0), built, radius_m)
    located = built.with_zone(zones.zone_of(built.x, built.y))
    people = np.bincount(located.zone, located.residents, minlength=len(zones))
    line = _railway(streams.rng(seed, 0, "town railway", 0), stations, zones, radius_m)
    return City(
        places=_moved_places(located),
        zones=_moved_zones(replace(zones, population=people.astype(np.float64))),
        crs=CRS,
        stations=replace(line, x=line.x + _ORIGIN_M[0], y=line.y + _ORIGIN_M[1]),
        network=_moved_network(plan.network),
        environment=Environment.synthetic(seed),
        name="synthetic town",
        notes=(f"fictional town of seed {seed}; its shares of places and sizes are assumptions",),
    )


def _check(places: int, stations: int) -> None:
    """Refuse towns that cannot be laid out."""
    if places < _FEWEST_PLACES:
        message = f"places must be at least {_FEWEST_PLACES}, got {places}; a town has some of all"
        raise ConfigError(message)
    if stations < 0 or stations == 1:
        message = f"stations must be 0 or at least 2, got {stations}; a train needs two of them"
        raise ConfigError(message)


def _zones(luck: Generator, places: Places, radius_m: float) -> Zones:
    """Divide the town into Voronoi cells about places that lie well apart."""
    wanted = max(6, round(_ZONES_PER_1000 * len(places) / 1000.0))
    seeds = _well_apart(luck, places, wanted)
    angle = np.linspace(0.0, 2 * np.pi, 180, endpoint=False)
    edge = 1.04 * outline_m(angle, radius_m) + 60.0
    outline = shapely.Polygon(np.column_stack([edge * np.cos(angle), edge * np.sin(angle)]))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=outline))
    inside = shapely.intersection(cells, outline)
    # From the centre outwards, so that zone 0 is the old town.
    centres = shapely.get_coordinates(shapely.centroid(inside))
    ordered = inside[np.argsort(np.hypot(centres[:, 0], centres[:, 1]), kind="stable")]
    return Zones.of(ordered, names=_area_names(luck, len(ordered)))


def _well_apart(luck: Generator, places: Places, count: int) -> shapely.MultiPoint:
    """Choose places one by one, each the farthest of a few random ones from those before."""
    chosen = [int(luck.integers(len(places)))]
    while len(chosen) < count:
        tried = luck.integers(0, len(places), 8)
        dx = places.x[tried][:, None] - places.x[chosen]
        dy = places.y[tried][:, None] - places.y[chosen]
        chosen.append(int(tried[np.argmax(np.min(dx * dx + dy * dy, axis=1))]))
    return shapely.MultiPoint(np.column_stack([places.x[chosen], places.y[chosen]]))


def _area_names(luck: Generator, count: int) -> list[str]:
    """Name zones: the first is the old town, names beyond the list are numbered."""
    first, *others = AREAS
    shuffled = [first, *(others[row] for row in luck.permutation(len(others)).tolist())]
    rounds = [shuffled[row % len(AREAS)] for row in range(count)]
    return [
        name if row < len(AREAS) else f"{name} {row // len(AREAS) + 1}"
        for row, name in enumerate(rounds)
    ]


def _railway(luck: Generator, count: int, zones: Zones, radius_m: float) -> Stations:
    """Put stations along a gently bent line from west to east, one of them central."""
    along = np.linspace(-0.78, 0.78, count) if count else np.empty(0)
    x = radius_m * (along + luck.uniform(-0.04, 0.04, count))
    y = radius_m * (0.12 * np.sin(2.4 * along + 0.3) + 0.06 + 0.1 * along)
    zone = zones.zone_of(x, y).tolist() if count else []
    names = [f"{zones.names[row]} Station" for row in zone]
    if count:
        names[int(np.argmin(np.hypot(x, y)))] = "Central Station"
    return Stations(names=tuple(_distinct(names)), x=x, y=y)


def _distinct(names: list[str]) -> list[str]:
    """Tell stations of one zone apart by a number."""
    return [
        f"{name} {names[:row].count(name) + 1}" if name in names[:row] else name
        for row, name in enumerate(names)
    ]


def _moved_places(places: Places) -> Places:
    return replace(places, x=places.x + _ORIGIN_M[0], y=places.y + _ORIGIN_M[1])


def _moved_zones(zones: Zones) -> Zones:
    def move(corners: Float) -> Float:
        moved: Float = corners + np.array(_ORIGIN_M)
        return moved

    return replace(zones, polygons=shapely.transform(zones.polygons, move))


def _moved_network(network: Network) -> Network:
    return replace(
        network,
        x=network.x + _ORIGIN_M[0],
        y=network.y + _ORIGIN_M[1],
        segments=network.segments + np.array(_ORIGIN_M),
    )
