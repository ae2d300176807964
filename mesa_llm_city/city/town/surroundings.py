"""The country around the synthetic town, drawn so far that a wide map is full.

Woods, meadows, and the roads that lead out of the town: a drawing that nobody in the town knows
of. So its numbers stand here.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.city.land import Shapes
from mesa_llm_city.core.values import Float

__all__ = ["box_around", "draw_surroundings", "wavy_outlines"]

_WIDE = 3.5
_HIGH = 1.8
"""The country reaches so far to the sides, and up and down, in radii of the town."""

_FIELDS = 900
_MEADOWS = 0.3
_COPSES = 0.07
_HEDGE_M = 5.0
"""Fields, the shares of meadows and copses among them, and half the way between two of them."""

_WOODS = 54
_ROADS = 9
_APART = 0.35
"""Roads out of the town are so far apart at least, in radians."""

_BEND = 0.12
_STEPS = 24


def box_around(radius_m: float) -> tuple[float, float, float, float]:
    """Return west, south, east and north end of the country, in metres from the centre.

    Parameters
    ----------
    radius_m : float
        Mean radius of the town.
    """
    return -_WIDE * radius_m, -_HIGH * radius_m, _WIDE * radius_m, _HIGH * radius_m


def draw_surroundings(
    rng: Generator, country: BaseGeometry, ends: Float, radius_m: float
) -> tuple[Shapes, Shapes]:
    """Return the areas and the lines of the country.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the drawing.
    country : shapely geometry
        All that is not town, in metres from the centre.
    ends : ndarray of float64, shape (n, 2)
        Where main streets reach the edge of the town.
    radius_m : float
        Mean radius of the town.
    """
    roads = _roads(rng, ends, radius_m)
    woods = _woods(rng, radius_m)
    fields, kinds = _fields(rng, radius_m)
    cut = shapely.intersection(np.concatenate([fields, woods]), country)
    every = [*kinds, *["wood"] * len(woods)]
    return _unnamed(cut, every), _unnamed(roads, ["primary"] * len(roads))


def wavy_outlines(rng: Generator, centres: Float, reach_m: Float) -> NDArray[np.object_]:
    """Return round areas with wavy edges.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the drawing.
    centres : ndarray of float64, shape (n, 2)
        Their middles in metres.
    reach_m : ndarray of float64, shape (n,)
        Their mean radii.
    """
    around = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
    bends = rng.uniform(0.05, 0.2, (len(centres), 3))
    phases = rng.uniform(0, 2 * np.pi, (len(centres), 3))
    waves = bends[:, :, None] * np.cos(np.arange(2, 5)[None, :, None] * around + phases[:, :, None])
    reach = reach_m[:, None] * (1.0 + waves.sum(axis=1))
    x = centres[:, :1] + reach * np.cos(around)
    y = centres[:, 1:] + reach * np.sin(around)
    return np.asarray(shapely.polygons(np.stack([x, y], axis=-1)), dtype=np.object_)


def _unnamed(shapes: NDArray[np.object_], kinds: list[str]) -> Shapes:
    return Shapes.of(shapes, kinds, [""] * len(kinds))


def _spread(rng: Generator, count: int, radius_m: float) -> Float:
    """Return points all over the country."""
    share = rng.uniform(-1.0, 1.0, (count, 2))
    points: Float = share * np.array([_WIDE, _HIGH]) * radius_m
    return points


def _woods(rng: Generator, radius_m: float) -> NDArray[np.object_]:
    centres = _spread(rng, _WOODS, radius_m)
    reach = radius_m * rng.uniform(0.05, 0.24, _WOODS)
    far = np.hypot(*centres.T) > 1.35 * radius_m
    return wavy_outlines(rng, centres[far], reach[far])


def _fields(rng: Generator, radius_m: float) -> tuple[NDArray[np.object_], list[str]]:
    """Return meadows and copses among the fields."""
    points = shapely.multipoints(_spread(rng, _FIELDS, radius_m))
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    draw = rng.random(len(cells))
    used = draw < _MEADOWS + _COPSES
    shapes = shapely.buffer(cells[used], -_HEDGE_M, join_style="mitre")
    return shapes, ["wood" if one < _COPSES else "grass" for one in draw[used].tolist()]


def _roads(rng: Generator, ends: Float, radius_m: float) -> NDArray[np.object_]:
    """Return roads from the edge of the town to that of the country, in gentle bends."""
    roads = []
    for x, y in _apart(ends):
        angle, far = np.arctan2(y, x), np.hypot(x, y)
        away = np.linspace(far, (_WIDE + _HIGH) * radius_m, _STEPS)
        turns = rng.normal(0.0, _BEND, 2)
        passed = (away - far) / radius_m
        bent = angle + turns[0] * np.sin(passed) + turns[1] * np.sin(2.0 * passed) / 2.0
        line = np.column_stack([away * np.cos(bent), away * np.sin(bent)])
        roads.append(shapely.LineString(line))
    return np.array(roads, dtype=np.object_)


def _apart(ends: Float) -> list[tuple[float, float]]:
    """Return the farthest of the points that lie apart, seen from the centre."""
    kept: list[tuple[float, float]] = []
    for x, y in ends[np.argsort(-np.hypot(*ends.T), kind="stable")].tolist():
        gaps = [abs(np.angle(complex(x, y) / complex(u, v))) for u, v in kept]
        if len(kept) < _ROADS and min(gaps, default=np.inf) > _APART:
            kept.append((x, y))
    return kept
