"""Homes, places of work and schools of people."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core.values import Float, Int, Supply
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.fitting import systematic_sample
from mesa_llm_city.population.synthesis.spatial_interaction import deterrence, doubly_constrained

__all__ = [
    "assign_doubly_constrained",
    "assign_homes",
    "assign_production_constrained",
    "nearest_places",
    "usable_supply",
]

_KM = 1000.0
_CELLS = 2**21  # of the table of distances at once, so that it fits into memory


def usable_supply(city: PlaceSupply, purpose: str) -> Supply:
    """Return the places of the city for a purpose that offer something (weight above 0)."""
    supply = city.supply(purpose)
    return supply.only(supply.weight > 0)


def assign_homes(count: int, supply: Supply, rng: Generator) -> Int:
    """Draw a residence for each household, in proportion to the residents.

    Parameters
    ----------
    count : int
        Number of households.
    supply : Supply
        The residences, with their numbers of residents as weights.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    ndarray of int64, shape (count,)
        Rows of `supply`, spread as evenly over it as the weights allow.
    """
    return rng.permutation(systematic_sample(supply.weight, count, rng))


def assign_doubly_constrained(
    x: Float, y: Float, zone: Int, supply: Supply, *, beta_per_km: float, rng: Generator
) -> Int:
    """Assign persons to places so that homes and places both get their totals.

    A doubly constrained gravity model between zones (see `doubly_constrained`),
    then a draw of the place within the zone by its weight.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Homes, in metres; n is at least 1.
    zone : ndarray of int64, shape (n,)
        Zones of the homes.
    supply : Supply
        The places.
    beta_per_km : float
        Decay with distance.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows of `supply`.
    """
    origin, start = _zones(zone, x, y, np.ones(len(x)))
    target, goal = _zones(supply.zone, supply.x, supply.y, supply.weight)
    flows = doubly_constrained(start[:, 0], goal[:, 0], _distance_km(start, goal), beta=beta_per_km)
    bound = systematic_sample(flows, len(x), rng) % len(goal)
    chosen = np.empty(len(x), dtype=np.int64)
    # The sample is ordered by origin; which person of an origin goes where is drawn.
    chosen[np.lexsort((rng.random(len(x)), origin))] = bound
    return _within_zone(chosen, target, supply.weight, rng)


def _zones(zone: Int, x: Float, y: Float, weight: Float) -> tuple[Int, Float]:
    """Return the zone index of each point, and per zone weight, centroid and mean square spread."""
    _, index = np.unique(zone, return_inverse=True)
    total = np.bincount(index, weight)
    norm = np.maximum(total, np.finfo(np.float64).tiny)
    cx, cy = np.bincount(index, weight * x) / norm, np.bincount(index, weight * y) / norm
    square = np.bincount(index, weight * ((x - cx[index]) ** 2 + (y - cy[index]) ** 2)) / norm
    return index, np.stack([total, cx, cy, square], axis=1)


def _distance_km(start: Float, goal: Float) -> Float:
    """Return the root mean square distance between points of two zones, shape (n, m).

    Unlike the distance of centroids it is not zero within a zone.
    """
    from_, to = start[:, np.newaxis], goal[np.newaxis]
    apart = (from_[..., 1] - to[..., 1]) ** 2 + (from_[..., 2] - to[..., 2]) ** 2
    distance: Float = np.sqrt(apart + from_[..., 3] + to[..., 3]) / _KM
    return distance


def _within_zone(bound: Int, target: Int, weight: Float, rng: Generator) -> Int:
    """Draw a place by weight within the zone that each person is bound for."""
    chosen = np.empty(len(bound), dtype=np.int64)
    zones, people = np.unique(bound, return_counts=True)
    rows = np.split(np.argsort(bound, kind="stable"), np.cumsum(people)[:-1])
    order = np.argsort(target, kind="stable")
    low, high = (np.searchsorted(target, zones, side=s, sorter=order) for s in ("left", "right"))
    for here, first, last in zip(rows, low.tolist(), high.tolist(), strict=True):
        places = order[first:last]
        picked = systematic_sample(weight[places], len(here), rng)
        chosen[here] = places[rng.permutation(picked)]
    return chosen


def assign_production_constrained(
    x: Float, y: Float, supply: Supply, *, beta_per_km: float, draws: Float
) -> Int:
    """Assign each person to a place, independently of all others (Wilson, 1971).

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Homes, in metres.
    supply : Supply
        The places; chances go with ``weight * exp(-beta * km)``.
    beta_per_km : float
        Decay with distance.
    draws : ndarray of float64, shape (n,)
        Uniform numbers in [0, 1).

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows of `supply`.
    """
    points, point = np.unique(x + 1j * y, return_inverse=True)
    people = np.argsort(point, kind="stable")
    chosen = np.empty(len(x), dtype=np.int64)
    step = max(1, _CELLS // len(supply.places))
    for first in range(0, len(points), step):
        homes = points[first : first + step]
        km = np.hypot(homes.real[:, None] - supply.x, homes.imag[:, None] - supply.y) / _KM
        km -= km.min(axis=1, keepdims=True)
        ends = np.cumsum(supply.weight * deterrence(km, beta_per_km), axis=1)
        low, high = np.searchsorted(point, (first, first + step), sorter=people)
        for row, here in zip(point[people[low:high]] - first, people[low:high], strict=True):
            chosen[here] = np.searchsorted(ends[row], draws[here] * ends[row, -1], side="right")
    return np.minimum(chosen, len(supply.places) - 1)


def nearest_places(x: Float, y: Float, supply: Supply) -> Int:
    """Return the row of `supply` nearest to each point, shape (n,)."""
    from scipy.spatial import cKDTree

    tree = cKDTree(np.column_stack([supply.x, supply.y]))
    _, rows = tree.query(np.column_stack([x, y]))
    return np.asarray(rows, dtype=np.int64)
