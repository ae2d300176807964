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
from mesa_llm_city.city.land.kinds import BUILDING
from mesa_llm_city.city.place_draft import Draft
from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.town.buildings import (
    as_lines,
    houses_between,
    place_buildings,
    street_chords,
)
from mesa_llm_city.city.town.streets import StreetPlan, river_y
from mesa_llm_city.city.town.surroundings import box_around, draw_surroundings, wavy_outlines
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float, Int

__all__ = ["Site", "draw_landscape"]

_RIVER = "River Ald"
_EDGE = 3.6
"""How far river and railway go on, in radii of the town: beyond the country around it."""

_STEP = 0.01
_SIDEWALK_M = 7.0
_GARDEN_M = 9.0
"""Parks keep so far from the houses of others."""

_FRINGE_M = 9.0
"""Fields begin so far from the last blocks."""

_WOODS = 14

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

_GREEN = ("park", "wood", "grass", "farmland", "pitch")
"""Uses of blocks on which no house stands but those of places."""

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
    box = box_around(site.radius_m)
    chords = street_chords(site.plan.network)
    own, river = place_buildings(chords, site.draft), _river(site)
    faces = shapely.get_parts(shapely.polygonize(as_lines(chords)))
    blocks = _blocks(rng, site, faces, own)
    # Blocks share their borders, so that their union is quickly found.
    town = shapely.buffer(shapely.coverage_union_all(faces), _FRINGE_M, join_style="mitre")
    fields = shapely.difference(shapely.box(*box), town)
    country = _countryside(rng, fields, site.radius_m)
    green = blocks.shapes[np.isin(blocks.kind, _GREEN)]
    houses = houses_between(
        rng, chords, own, np.concatenate([green, np.array([river], dtype=object)])
    )
    around, roads = draw_surroundings(rng, fields, _main_ends(site.plan), site.radius_m)
    areas = Shapes.join(
        [
            country,
            around,
            Shapes.of([town], ["residential"], [""]),
            blocks,
            Shapes.of([river], ["water"], [_RIVER]),
            _unnamed(np.concatenate([own, houses]), BUILDING),
        ]
    )
    lines = Shapes.join([_streets(site.plan), roads, _railway(site.stations, site.radius_m)])
    return Land.of(fitted_areas(areas, box), fitted_lines(lines, box), _districts(site.zones))


def _unnamed(shapes: NDArray[np.object_], kind: str) -> Shapes:
    return Shapes.of(shapes, [kind] * len(shapes), [""] * len(shapes))


def _countryside(rng: Generator, fields: BaseGeometry, radius_m: float) -> Shapes:
    """Return fields around the town, and woods in them."""
    angle = rng.uniform(0.0, 2.0 * np.pi, _WOODS)
    away, size = rng.uniform(0.95, 1.4, _WOODS), rng.uniform(0.05, 0.2, _WOODS)
    centres = radius_m * away[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    outlines = wavy_outlines(rng, centres, radius_m * size)
    woods = shapely.intersection(outlines, fields)
    kinds = ["farmland", *["wood"] * _WOODS]
    return Shapes.of([fields, *woods], kinds, [""] * len(kinds))


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


def _blocks(
    rng: Generator, site: Site, faces: NDArray[np.object_], own: NDArray[np.object_]
) -> Shapes:
    """Return the blocks between streets whose use is another than homes.

    Parks have yards of houses in them, which belong to the homes below.
    """
    draft = site.draft
    points = shapely.points(draft.x, draft.y)
    place, block = shapely.STRtree(faces).query(points, predicate="within")
    uses = _uses(rng, draft, place, block, len(faces))
    used = np.flatnonzero(uses != "residential")
    inner = shapely.buffer(faces[used], -_SIDEWALK_M, join_style="mitre")
    parks = np.flatnonzero(np.isin(uses[used], ("park", "pitch")))
    inner[parks] = _without_yards(inner[parks], own)
    names = _park_names(draft, place, block, len(faces))
    known = [names[row] if uses[row] == "park" else "" for row in used.tolist()]
    return Shapes.of(inner, uses[used].tolist(), known)


def _without_yards(parks: NDArray[np.object_], houses: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return parks without the yards around houses."""
    park, house = shapely.STRtree(houses).query(parks, predicate="dwithin", distance=_GARDEN_M)
    near, first = np.unique(park, return_index=True)
    yards = np.split(shapely.buffer(houses[house], _GARDEN_M, join_style="mitre"), first[1:])
    left = parks.copy()
    for row, around in zip(near.tolist(), yards, strict=False):
        left[row] = shapely.difference(parks[row], shapely.union_all(around))
    return left


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
        as_lines(street_chords(net)),
        kind.tolist(),
        [plan.names[row] for row in plan.street.tolist()],
    )


def _main_ends(plan: StreetPlan) -> Float:
    """Return where main streets end, shape (n, 2)."""
    net = plan.network
    start, end = net.start[plan.is_main], net.end[plan.is_main]
    crossings, streets = np.unique(np.concatenate([start, end]), return_counts=True)
    ends = crossings[streets == 1]
    return np.column_stack([net.x[ends], net.y[ends]])


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
