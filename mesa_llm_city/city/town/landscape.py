"""What a map of the synthetic town shows below its people: river, parks, blocks and buildings.

All of it is a drawing around streets and places that are there already, with a random stream
of its own: it moves nothing, and nobody in the town knows of it. So its numbers stand here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city.land import DISTRICT, Label, Land, Shapes
from mesa_llm_city.city.land.extent import fitted_areas, fitted_lines
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.town.buildings import buildings_along, street_chords
from mesa_llm_city.city.town.streets import StreetPlan, river_y
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Int

__all__ = ["Site", "draw_landscape"]

_RIVER = "River Ald"
_EDGE = 1.5
"""How far river and railway go on, in radii of the town."""

_STEP = 0.01
_SIDEWALK_M = 7.0
_GARDEN_M = 24.0
"""Parks keep so far from the doors of others."""

_USES = {
    "building=industrial": "industrial",
    "amenity=school": "campus",
    "amenity=college": "campus",
    "amenity=university": "campus",
    "amenity=hospital": "campus",
    "leisure=sports_centre": "pitch",
    "leisure=playground": "park",
    "leisure=park": "park",
}
"""What a place makes of the block in which it lies; the last of several counts."""

_HOMES = ("building=apartments", "building=house")
_OPEN_SHARE = {"grass": 0.35, "wood": 0.35, "farmland": 0.3}
"""What blocks are in which there is no place at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The town to be drawn, in metres from its centre.

    Parameters
    ----------
    plan : StreetPlan
        Its streets.
    draft : Draft
        Its places.
    zones : Zones
        Its zones.
    stations : Stations
        Its railway stations.
    radius_m : float
        Mean radius of the town.
    river_half_width_m : float
        Half of the width of the river; 0 for none.
    """

    plan: StreetPlan
    draft: Draft
    zones: Zones
    stations: Stations
    radius_m: float
    river_half_width_m: float


def draw_landscape(rng: Generator, site: Site) -> Land:
    """Draw a town.

    Blocks between streets are what their places make of them; parks keep away from the doors
    of others, and no building stands in the river. Buildings stand at the places, and between
    them along the streets.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the drawing.
    site : Site
        What is there already.
    """
    west, south, east, north = shapely.total_bounds(site.zones.polygons)
    box = (west - 300.0, south - 300.0, east + 300.0, north + 300.0)
    river = _river(site)
    blocks = _blocks(rng, site, river)
    taken = [river, *blocks.shapes[np.isin(blocks.kind, ("park", "wood", "pitch", "grass"))]]
    houses = buildings_along(
        rng, street_chords(site.plan.network), site.draft, shapely.union_all(taken)
    )
    areas = Shapes.join(
        [
            blocks,
            Shapes.of([river], ["water"], [_RIVER]),
            Shapes.of(houses, ["building"] * len(houses), [""] * len(houses)),
        ]
    )
    lines = Shapes.join([_streets(site.plan), _railway(site.stations, site.radius_m)])
    return Land.of(fitted_areas(areas, box), fitted_lines(lines, box), _districts(site.zones))


def _river(site: Site) -> BaseGeometry:
    """Return the river as an area; an empty one if it has no width."""
    if not site.river_half_width_m:
        return shapely.Polygon()
    x = np.arange(-_EDGE, _EDGE, _STEP) * site.radius_m
    middle = river_y(x, site.radius_m)
    half = site.river_half_width_m
    banks = np.column_stack(
        [np.concatenate([x, x[::-1]]), np.concatenate([middle - half, middle[::-1] + half])]
    )
    return shapely.Polygon(banks)


def _blocks(rng: Generator, site: Site, river: BaseGeometry) -> Shapes:
    """Return the blocks between streets, by what they are used for."""
    plan, draft = site.plan.network, site.draft
    edges = shapely.linestrings(plan.segments)
    faces = shapely.get_parts(shapely.polygonize(edges))
    inner = shapely.difference(shapely.buffer(faces, -_SIDEWALK_M, join_style="mitre"), river)
    points = shapely.points(draft.x, draft.y)
    place, block = shapely.STRtree(faces).query(points, predicate="within")
    uses = _uses(rng, draft, place, block, len(faces))
    others = np.array([_USES.get(kind) != "park" for kind in draft.kind], dtype=np.bool_)
    yards = shapely.union_all(shapely.buffer(points[others], _GARDEN_M, quad_segs=2))
    is_park = np.isin(uses, ("park", "wood"))
    inner[is_park] = shapely.difference(inner[is_park], yards)
    names = _park_names(draft, place, block, len(faces))
    known = [name if use == "park" else "" for name, use in zip(names, uses, strict=True)]
    return Shapes.of(inner, uses.tolist(), known)


def _uses(rng: Generator, draft: Draft, place: Int, block: Int, count: int) -> NDArray[np.str_]:
    """Return what each block is used for, shape (count,)."""
    kinds, shares = list(_OPEN_SHARE), list(_OPEN_SHARE.values())
    uses = rng.choice(np.array(kinds, dtype="<U16"), size=count, p=shares)
    is_home = np.array([kind in _HOMES for kind in draft.kind], dtype=np.int64)
    homes = np.bincount(block, is_home[place], minlength=count)
    every = np.bincount(block, minlength=count)
    uses[every > 0] = "residential"
    uses[every > 2 * homes] = "retail"
    for kind, use in _USES.items():
        of_kind = np.array([one == kind for one in draft.kind], dtype=np.bool_)
        uses[block[of_kind[place]]] = use
    return uses


def _park_names(draft: Draft, place: Int, block: Int, count: int) -> list[str]:
    """Return the name of the park in each block; empty for none."""
    names = [""] * count
    for row, at in zip(place.tolist(), block.tolist(), strict=True):
        if draft.kind[row] == "leisure=park":
            names[at] = draft.name[row]
    return names


def _streets(plan: StreetPlan) -> Shapes:
    """Return the streets, with their names."""
    net = plan.network
    fast = net.speed_km_h > net.speed_km_h.min(initial=np.inf)
    kind = np.where(plan.is_main, "primary", np.where(fast, "secondary", "minor"))
    return Shapes.of(
        shapely.linestrings(street_chords(net)),
        kind.tolist(),
        [plan.names[row] for row in plan.street.tolist()],
    )


def _railway(stations: Stations, radius_m: float) -> Shapes:
    """Return the railway: a smooth line through its stations and on beyond the town."""
    if not len(stations):
        return Shapes.of([], [], [])
    from scipy.interpolate import PchipInterpolator

    order = np.argsort(stations.x)
    x, y = stations.x[order], stations.y[order]
    slope = np.diff(y)[[0, -1]] / np.diff(x)[[0, -1]]
    far = _EDGE * radius_m
    ends = y[0] - slope[0] * (x[0] + far), y[-1] + slope[1] * (far - x[-1])
    curve = PchipInterpolator([-far, *x, far], [ends[0], *y, ends[1]])
    along = np.linspace(-far, far, round(2.0 * _EDGE / _STEP))
    every = np.unique(np.concatenate([along, x]))
    track = shapely.LineString(np.column_stack([every, curve(every)]))
    return Shapes.of([track], ["rail"], [""])


def _districts(zones: Zones) -> list[Label]:
    """Return the names of the zones as those of districts."""
    x, y = zones.centroids
    named = zip(x.tolist(), y.tolist(), zones.names, strict=True)
    return [Label(east, north, name, DISTRICT) for east, north, name in named]
