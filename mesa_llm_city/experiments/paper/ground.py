"""The ground of maps in pictures of experiments: borders, streets and stations of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.saved_tables import read_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Ground"]

_KM = 1000.0
_LINE = "#999999"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Lines and stations of a map, in metres.

    Parameters
    ----------
    lines : tuple of ndarray of float64, each of shape (n, 2)
        Borders of zones, and streets.
    stations : ndarray of float64, shape (k, 2)
        Stations.
    """

    lines: tuple[Float, ...]
    stations: Float

    @classmethod
    def of_run(cls, folder: Path) -> Self:
        """Return that of a finished run."""
        import shapely

        frame = read_map(folder, "base_map")
        kind = frame["kind"].astype(str).to_numpy()
        shapes = frame.geometry.to_numpy()
        borders = shapely.get_parts(shapely.boundary(shapes[kind == "zone"]))
        streets = shapely.get_parts(shapes[kind == "street"])
        lines = tuple(shapely.get_coordinates(one) for one in (*borders, *streets))
        return cls(lines=lines, stations=shapely.get_coordinates(shapes[kind == "station"]))

    def draw(self, axes: Axes, west: float, south: float) -> None:
        """Draw it in kilometres from a corner; the limits of the axes stay as they are."""
        from matplotlib.collections import LineCollection

        limits = (axes.get_xlim(), axes.get_ylim())
        corner = np.array([west, south])
        lines = [(one - corner) / _KM for one in self.lines]
        axes.add_collection(LineCollection(lines, colors=_LINE, linewidths=0.4, zorder=1.5))
        if len(self.stations):
            x, y = ((self.stations - corner) / _KM).T
            axes.scatter(x, y, marker="s", s=16, color="black", edgecolors="white", zorder=6)
        axes.set(xlim=limits[0], ylim=limits[1])
