"""The zones of the synthetic town, and their names."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.random import Generator

from mesa_llm_city.city.places import Places
from mesa_llm_city.city.town.place_names import AREAS
from mesa_llm_city.city.town.streets import outline_m
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.parameters.city import TownParameters

__all__ = ["divide"]


def divide(rng: Generator, places: Places, radius_m: float, town: TownParameters) -> Zones:
    """Divide the town into Voronoi cells around places that lie well apart.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the zones.
    places : Places
        Places of the town, in metres from its centre.
    radius_m : float
        Mean radius of the town in metres.
    town : TownParameters
        How many zones there are.
    """
    wanted = max(town.fewest_zones, round(town.zones_per_1000 * len(places) / 1000.0))
    seeds = _well_apart(rng, places, min(wanted, max(town.most_zones, town.fewest_zones)))
    angle = np.linspace(0.0, 2 * np.pi, 180, endpoint=False)
    edge = 1.04 * outline_m(angle, radius_m) + 60.0
    outline = shapely.Polygon(np.column_stack([edge * np.cos(angle), edge * np.sin(angle)]))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=outline))
    inside = shapely.intersection(cells, outline)
    # From the centre outwards, so that zone 0 is the old town.
    centres = shapely.get_coordinates(shapely.centroid(inside))
    ordered = inside[np.argsort(np.hypot(centres[:, 0], centres[:, 1]), kind="stable")]
    return Zones.of(ordered, names=_area_names(rng, len(ordered)))


def _well_apart(rng: Generator, places: Places, count: int) -> shapely.MultiPoint:
    """Choose places one by one, each the farthest of a few random ones from those before."""
    chosen = [int(rng.integers(len(places)))]
    while len(chosen) < count:
        tried = rng.integers(0, len(places), 8)
        dx = places.x[tried][:, None] - places.x[chosen]
        dy = places.y[tried][:, None] - places.y[chosen]
        chosen.append(int(tried[np.argmax(np.min(dx * dx + dy * dy, axis=1))]))
    return shapely.MultiPoint(np.column_stack([places.x[chosen], places.y[chosen]]))


def _area_names(rng: Generator, count: int) -> list[str]:
    """Name zones: the first is the old town, names beyond the list are numbered."""
    first, *others = AREAS
    shuffled = [first, *(others[row] for row in rng.permutation(len(others)).tolist())]
    rounds = [shuffled[row % len(AREAS)] for row in range(count)]
    return [
        name if row < len(AREAS) else f"{name} {row // len(AREAS) + 1}"
        for row, name in enumerate(rounds)
    ]
