"""Where people live, work and learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int, Purpose, Supply
from mesa_llm_city.population.place_supply import PlaceSupply
from mesa_llm_city.population.synthesis.fitting import systematic_sample
from mesa_llm_city.population.synthesis.spatial_interaction import deterrence, doubly_constrained

__all__ = [
    "Commuting",
    "assign_balanced",
    "assign_homes",
    "assign_singly",
    "nearest_places",
    "usable_supply",
]

_KM = 1000.0
_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Commuting:
    """How far people go to work and to school; all numbers are assumptions.

    Parameters
    ----------
    beta_per_km : float, default 0.2
        Decay of the pull of a workplace, or a place of higher education, with
        distance. Where these spread evenly over the plane the mean trip is
        2 / beta = 10 km; in a small town it is bounded by the town.
    school_beta_per_km : float, default 2.0
        The same for pupils: a mean of 1 km, so mostly the nearest schools.
    self_employed_at_home : float, default 0.4
        Share of the self-employed who work at home, in [0, 1].

    Raises
    ------
    ConfigError
        If a number lies outside its range; the message lists all that do.
    """

    beta_per_km: float = 0.2
    school_beta_per_km: float = 2.0
    self_employed_at_home: float = 0.4

    def __post_init__(self) -> None:
        """Check every range."""
        highs = (100.0, 100.0, 1.0)
        defects = [
            f"{name} must be in [0, {high:g}], got {value}; see Commuting for the usual values"
            for name, high in zip(self.__slots__, highs, strict=True)
            if not 0.0 <= (value := getattr(self, name)) <= high
        ]
        if defects:
            raise ConfigError("; ".join(defects))


def usable_supply(city: PlaceSupply, purpose: Purpose) -> Supply:
    """Return the places of the city for a purpose that offer something (weight above 0)."""
    supply = city.supply(purpose)
    keep = supply.weight > 0
    return Supply(
        places=supply.places[keep],
        x=supply.x[keep],
        y=supply.y[keep],
        zone=supply.zone[keep],
        weight=supply.weight[keep],
    )


def assign_homes(count: int, supply: Supply, rng: Generator) -> Int:
    """Draw a residence for each household, in proportion to the residents.

    Parameters
    ----------
    count : int
        Number of households.
    supply : Supply
        Residences.
    rng : numpy.random.Generator
        The luck.

    Returns
    -------
    ndarray of int64, shape (count,)
        Rows of `supply`, spread as evenly over it as the weights allow.
    """
    return rng.permutation(systematic_sample(supply.weight, count, rng))


def assign_balanced(
    x: Float, y: Float, zone: Int, supply: Supply, *, beta_per_km: float, rng: Generator
) -> Int:
    """Send persons to places so that both ends of all trips are accounted for.

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
        The luck.

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
    # The sample runs origin by origin; who of an origin goes where is drawn.
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
    chosen = np.empty(len(bound), dtype=np.int64)
    for zone in np.unique(bound):
        here, places = np.flatnonzero(bound == zone), np.flatnonzero(target == zone)
        picked = systematic_sample(weight[places], len(here), rng)
        chosen[here] = places[rng.permutation(picked)]
    return chosen


def assign_singly(x: Float, y: Float, supply: Supply, *, beta_per_km: float, luck: Float) -> Int:
    """Send each person to a place, whatever the others do (Wilson, 1971, production-constrained).

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Homes, in metres.
    supply : Supply
        The places; chances go with ``weight * exp(-beta * km)``.
    beta_per_km : float
        Decay with distance.
    luck : ndarray of float64, shape (n,)
        Uniform numbers in [0, 1).

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows of `supply`.
    """
    chosen = np.empty(len(x), dtype=np.int64)
    for first in range(0, len(x), _ROWS):
        rows = slice(first, first + _ROWS)
        km = np.hypot(x[rows, None] - supply.x, y[rows, None] - supply.y) / _KM
        km -= km.min(axis=1, keepdims=True)
        pull = np.cumsum(supply.weight * deterrence(km, beta_per_km), axis=1)
        chosen[rows] = (pull <= luck[rows, None] * pull[:, -1:]).sum(axis=1)
    return np.minimum(chosen, len(supply.places) - 1)


def nearest_places(x: Float, y: Float, supply: Supply) -> Int:
    """Return the row of `supply` nearest to each point, shape (n,)."""
    from scipy.spatial import cKDTree

    tree = cKDTree(np.column_stack([supply.x, supply.y]))
    _, rows = tree.query(np.column_stack([x, y]))
    return np.asarray(rows, dtype=np.int64)
