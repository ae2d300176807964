"""The railway of the synthetic town: where its stations lie and what they are called."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from mesa_llm_city.city.stations import Stations
from mesa_llm_city.city.zones import Zones

__all__ = ["lay_railway"]


def lay_railway(rng: Generator, count: int, zones: Zones, radius_m: float) -> Stations:
    """Put stations along a gently bent line from west to east, one of them central.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random stream of the railway.
    count : int
        Number of stations; may be 0.
    zones : Zones
        Zones of the town, which name the stations.
    radius_m : float
        Mean radius of the town in metres.
    """
    along = np.linspace(-0.78, 0.78, count) if count else np.empty(0)
    x = radius_m * (along + rng.uniform(-0.04, 0.04, count))
    y = radius_m * (0.12 * np.sin(2.4 * along + 0.3) + 0.06 + 0.1 * along)
    zone = zones.zone_of(x, y).tolist() if count else []
    names = [f"{zones.names[row]} Station" for row in zone]
    if count:
        names[int(np.argmin(np.hypot(x, y)))] = "Central Station"
    return Stations(names=tuple(_distinct(names)), x=x, y=y)


def _distinct(names: list[str]) -> list[str]:
    """Add a number to the names of further stations of a zone."""
    return [
        f"{name} {names[:row].count(name) + 1}" if name in names[:row] else name
        for row, name in enumerate(names)
    ]
