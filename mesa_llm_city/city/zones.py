"""Zones: the areas into which a city is divided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import ZoneParameters

__all__ = ["Zones"]

_DEFAULTS = ZoneParameters()


@dataclass(frozen=True, kw_only=True, eq=False)
class Zones:
    """Areas of a city, in order; the number of a zone is its row.

    Parameters
    ----------
    names, ids : tuple of str, length n
        Names to show, and ids in the file they came from.
    polygons : ndarray of shapely geometries, shape (n,)
        Areas in metres of the city's reference system.
    population : ndarray of float64, shape (n,)
        Residents; NaN if unknown.
    reach_m : float, optional
        How far outside the nearest zone a point still counts as inside, in metres;
        that of drawn zones by default (`ZoneParameters.given_reach_m`).

    Examples
    --------
    >>> zones = Zones.grid(np.array([100.0, 2500.0]), np.array([100.0, 100.0]), size_m=1000.0)
    >>> zones.zone_of(np.array([2400.0]), np.array([0.0]))
    array([1])
    """

    names: tuple[str, ...]
    ids: tuple[str, ...]
    polygons: NDArray[np.object_]
    population: Float
    reach_m: float = _DEFAULTS.given_reach_m

    @classmethod
    def of(
        cls,
        polygons: Iterable[BaseGeometry],
        *,
        names: Iterable[str] | None = None,
        ids: Iterable[str] | None = None,
        population: Float | None = None,
        reach_m: float = _DEFAULTS.given_reach_m,
    ) -> Zones:
        """Make zones of polygons; ids count from 0, and names are the ids unless given."""
        shapes = np.array(list(polygons), dtype=object)
        numbers = tuple(str(number) for number in range(len(shapes)))
        known = numbers if ids is None else tuple(ids)
        return cls(
            names=known if names is None else tuple(names),
            ids=known,
            polygons=shapes,
            population=np.full(len(shapes), np.nan) if population is None else population,
            reach_m=reach_m,
        )

    @classmethod
    def grid(
        cls,
        x: Float,
        y: Float,
        *,
        size_m: float | None = None,
        parameters: ZoneParameters = _DEFAULTS,
    ) -> Zones:
        """Lay square cells over points and keep those that hold one.

        Parameters
        ----------
        x, y : ndarray of float64, shape (n,)
            Points in metres.
        size_m : float, optional
            Side of a cell. By default 1 km, or more where that would make over 150 cells.
        parameters : ZoneParameters, optional
            These sizes, and how far the zones reach.
        """
        side = size_m or _cell_side(x, y, parameters)
        cells = np.unique(np.floor(np.column_stack([y, x]) / side), axis=0)
        south, west = cells[:, 0] * side, cells[:, 1] * side
        boxes = shapely.box(west, south, west + side, south + side)
        names = tuple(f"cell {int(column)}/{int(row)}" for row, column in cells)
        return cls.of(boxes, names=names, ids=names, reach_m=parameters.grid_reach_m)

    def __len__(self) -> int:
        """Return the number of zones."""
        return len(self.names)

    @cached_property
    def centroids(self) -> tuple[Float, Float]:
        """Centres of the areas in metres, each of shape (n,)."""
        centres = shapely.centroid(self.polygons)
        return shapely.get_x(centres), shapely.get_y(centres)

    @cached_property
    def area_m2(self) -> Float:
        """Areas in square metres, shape (n,)."""
        return np.asarray(shapely.area(self.polygons), dtype=np.float64)

    def zone_of(self, x: Float, y: Float) -> Int:
        """Return the zone that holds each point, or the nearest one, shape (n,)."""
        return self._nearest(x, y)[0]

    def contains(self, x: Float, y: Float) -> NDArray[np.bool_]:
        """Return which points lie inside a zone or within `reach_m` of one, shape (n,)."""
        return self._nearest(x, y)[1] <= self.reach_m

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)

    def _nearest(self, x: Float, y: Float) -> tuple[Int, Float]:
        """Return the nearest zone of each point and its distance, 0 inside."""
        points = np.asarray(shapely.points(x, y), dtype=object).reshape(-1)
        zone, distance = np.full(len(points), -1), np.full(len(points), np.inf)
        inside = self._tree.query(points, predicate="intersects")
        _take_first(inside[0], inside[1], 0.0, (zone, distance))
        # The nearest one is dear to find, and nearly all points lie inside one.
        outside = np.flatnonzero(zone < 0)
        pairs, away = self._tree.query_nearest(points[outside], return_distance=True)
        _take_first(outside[pairs[0]], pairs[1], away, (zone, distance))
        return zone, distance


def _take_first(point: Int, found: Int, away: Float | float, into: tuple[Int, Float]) -> None:
    """Give points the first of the zones found for them, as on a border there are several."""
    zone, distance = into
    order = np.lexsort((found, point))
    rows, first = np.unique(point[order], return_index=True)
    zone[rows] = found[order][first]
    distance[rows] = np.broadcast_to(away, len(point))[order][first]


def _cell_side(x: Float, y: Float, parameters: ZoneParameters) -> float:
    """Return the side of a cell in metres, enlarged until there are not too many cells."""
    side = parameters.side_m
    at = np.column_stack([y, x])
    while len(np.unique(np.floor(at / side), axis=0)) > parameters.most_cells:
        side *= parameters.growth
    return side
