"""A square of six by six kilometres that offers places and knows nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int, Supply

SIDE_M = 6000.0
_ZONE_M = 1500.0


class FakeTown:
    """Homes, workplaces and schools at random points; a degree is 100 km both ways."""

    crs = "EPSG:32631"

    def __init__(self, *, homes: int = 300, jobs: int = 80, schools: int = 6) -> None:
        rng = np.random.default_rng(1)
        count = homes + jobs + schools
        self.x, self.y = rng.uniform(0, SIDE_M, (2, count))
        self.kind = np.repeat([0, 1, 2], [homes, jobs, schools])
        self.weight = rng.gamma(1.0, 20.0, count)

    def supply(self, purpose: str) -> Supply:
        """Return homes, workplaces (schools among them) or schools."""
        kinds = {"sleep": [0], "work": [1, 2], "school": [2]}[purpose]
        places = np.flatnonzero(np.isin(self.kind, kinds))
        x, y = self.x[places], self.y[places]
        zone = (x // _ZONE_M * 10 + y // _ZONE_M).astype(np.int64)
        return Supply(places=places, x=x, y=y, zone=zone, weight=self.weight[places])

    def project(self, lon: Float, lat: Float) -> tuple[Float, Float]:
        """Turn degrees into metres."""
        return np.asarray(lon) * 1e5, np.asarray(lat) * 1e5

    def contains(self, x: Float, y: Float) -> NDArray[np.bool_]:
        """Tell which points lie in the square."""
        return (x >= 0) & (x <= SIDE_M) & (y >= 0) & (y <= SIDE_M)

    def add_residences(self, x: Float, y: Float) -> Int:
        """Add homes that count no residents."""
        first = len(self.x)
        self.x, self.y = np.append(self.x, x), np.append(self.y, y)
        self.kind = np.append(self.kind, np.zeros(len(x), dtype=np.int64))
        self.weight = np.append(self.weight, np.zeros(len(x)))
        return np.arange(first, len(self.x))

    def position(self, place: int) -> tuple[float, float]:
        """Return a point in metres."""
        return float(self.x[place]), float(self.y[place])
