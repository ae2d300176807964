"""Skims: detour and pace of trips between zones, measured once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mesa_llm_city.city.network import Network
from mesa_llm_city.city.places import Places
from mesa_llm_city.city.travel import circuity
from mesa_llm_city.city.zones import Zones
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import TravelParameters

__all__ = ["Skims"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skims:
    """Detour and pace between each pair of zones.

    The way of a trip is its own straight line times the detour of its pair of
    zones, so that short trips differ, also within a zone.

    Parameters
    ----------
    detour : ndarray of float64, shape (z, z)
        Length of the way over the straight line, at least 1.
    pace : ndarray of float64, shape (z, z)
        Minutes per metre by car over their mean in the city, above 0.

    Examples
    --------
    >>> Skims.constant(2, 1.3).detour
    array([[1.3, 1.3],
           [1.3, 1.3]])
    """

    detour: Float
    pace: Float

    @classmethod
    def constant(cls, n_zones: int, detour: float) -> Skims:
        """Return the skims of a city without a street network: one detour for all."""
        shape = (n_zones, n_zones)
        return cls(detour=np.full(shape, detour), pace=np.ones(shape))

    @classmethod
    def from_network(
        cls,
        network: Network,
        zones: Zones,
        places: Places,
        parameters: TravelParameters | None = None,
    ) -> Skims:
        """Measure detour and pace along the shortest and fastest ways.

        From the place in the middle of each zone to some places spread over each zone,
        five by default; both directions are averaged. Zones without places are measured
        from their centre.

        Parameters
        ----------
        network : Network
            The streets on which ways are measured.
        zones : Zones
            Zones between which the skims are measured.
        places : Places
            Places of the city.
        parameters : TravelParameters, optional
            How many places are measured, and the bounds of detour and pace.
        """
        bounds = TravelParameters() if parameters is None else parameters
        hubs, spread = _sample(zones, places, bounds.places_per_zone)
        nodes = network.nearest_node(*spread)
        sources, targets = nodes[hubs], nodes
        straight = np.hypot(
            network.x[sources][:, None] - network.x[targets],
            network.y[sources][:, None] - network.y[targets],
        )
        way = network.shortest_m(sources, targets)
        minutes = network.fastest_min(sources, targets)
        length, time = _by_zone(way, len(zones)), _by_zone(minutes, len(zones))
        between = _symmetric(_by_zone(straight, len(zones)))
        detour = circuity(_symmetric(length), between, bounds.longest_detour)
        # A zone whose places share one junction says nothing about ways within it.
        lonely = np.diag(length) == 0
        detour[lonely, lonely] = np.median(detour)
        pace = np.divide(time, length, out=np.full_like(time, np.nan), where=length > 0)
        relative = np.nan_to_num(_symmetric(pace) / np.nanmean(pace), nan=1.0)
        return cls(detour=detour, pace=np.clip(relative, bounds.fastest_pace, bounds.slowest_pace))


def _sample(zones: Zones, places: Places, each: int) -> tuple[Int, tuple[Float, Float]]:
    """Choose points, `each` per zone, and the row of the middle one of each zone."""
    centre_x, centre_y = zones.centroids
    x, y = np.repeat(centre_x, each), np.repeat(centre_y, each)
    hubs = np.arange(len(zones)) * each
    order = np.argsort(places.zone, kind="stable")
    bounds = np.searchsorted(places.zone[order], np.arange(len(zones) + 1))
    for zone, (low, high) in enumerate(pairwise(bounds.tolist())):
        ids = order[low:high]
        if len(ids):
            away = np.hypot(places.x[ids] - centre_x[zone], places.y[ids] - centre_y[zone])
            outward = ids[np.argsort(away, kind="stable")]
            chosen = outward[np.arange(each) * len(ids) // each]
            rows = slice(hubs[zone], hubs[zone] + each)
            x[rows], y[rows] = places.x[chosen], places.y[chosen]
    return hubs, (x, y)


def _by_zone(values: Float, n_zones: int) -> Float:
    """Average over the k points of each target zone: shape (z, k z) to (z, z)."""
    mean: Float = values.reshape(n_zones, n_zones, -1).mean(axis=2)
    return mean


def _symmetric(values: Float) -> Float:
    """Average both directions."""
    return (values + values.T) / 2.0
