"""Streets of a file in degrees, and the network they make in metres."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.network import Network
from mesa_llm_city.city.projection import Projection
from mesa_llm_city.core.values import Float, Int

__all__ = ["StreetRows", "network_of_lines"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreetRows:
    """Streets of a file: either lines, or junctions and the edges between them.

    Parameters
    ----------
    speed_km_h : ndarray of float64, shape (m,)
        Free-flow speed of each street.
    lines : ndarray of LineStrings, shape (m,), optional
        Streets in degrees.
    lon, lat : ndarray of float64, shape (n,), optional
        Junctions in degrees, if there are no lines.
    start, end : ndarray of int64, shape (m,), optional
        The junctions that each street joins.
    length_m : ndarray of float64, shape (m,), optional
        Lengths in metres; straight lines between the junctions by default.
    source : str
        Name of the file, for messages.
    """

    speed_km_h: Float
    lines: NDArray[np.object_] | None = None
    lon: Float | None = None
    lat: Float | None = None
    start: Int | None = None
    end: Int | None = None
    length_m: Float | None = None
    source: str = "the network"

    def to_network(self, projection: Projection, x: Float, y: Float, margin_m: float) -> Network:
        """Project the streets and join those near points.

        Parameters
        ----------
        projection : Projection
            From degrees to metres.
        x, y : ndarray of float64, shape (n,)
            Points in metres, such as the places; of several parts of the streets that no
            street joins, the one that serves most of them is the network.
        margin_m : float
            How far outside the points streets are kept, in metres.
        """
        near = (x, y)
        bounds = (x.min() - margin_m, y.min() - margin_m, x.max() + margin_m, y.max() + margin_m)
        if self.lines is not None:

            def project(corners: Float) -> Float:
                return np.column_stack(projection.project(corners[:, 0], corners[:, 1]))

            lines = shapely.transform(self.lines, project)
            is_near = shapely.intersects(lines, shapely.box(*bounds))
            return network_of_lines(lines[is_near], self.speed_km_h[is_near], near)
        return self._network_of_edges(projection, bounds, near)

    def as_lines(self) -> NDArray[np.object_]:
        """Return the streets as lines in degrees, shape (m,); edges are straight."""
        if self.lines is not None or self.lon is None or self.lat is None:
            return np.empty(0, dtype=object) if self.lines is None else self.lines
        corners = np.column_stack([self.lon, self.lat])
        ends = [corners[at] for at in (self.start, self.end)]
        return np.asarray(shapely.linestrings(np.stack(ends, axis=1)), dtype=np.object_)

    def exchanged(self) -> StreetRows:
        """Return the streets as they lie if longitude and latitude are exchanged."""
        lines = self.lines
        if lines is not None:
            lines = shapely.transform(lines, lambda corners: corners[:, ::-1])
        return replace(self, lines=lines, lon=self.lat, lat=self.lon)

    def _network_of_edges(
        self,
        projection: Projection,
        bounds: tuple[float, float, float, float],
        near: tuple[Float, Float],
    ) -> Network:
        """Project the junctions and keep the edges within bounds."""
        nothing = np.empty(0)
        start = np.empty(0, dtype=np.int64) if self.start is None else self.start
        end = start if self.end is None else self.end
        x, y = projection.project(
            nothing if self.lon is None else self.lon, nothing if self.lat is None else self.lat
        )
        west, south, east, north = bounds
        inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        used = inside[start] & inside[end]
        return Network.of_edges(
            x,
            y,
            start=start[used],
            end=end[used],
            length_m=None if self.length_m is None else self.length_m[used],
            speed_km_h=self.speed_km_h[used],
            near=near,
        )


def network_of_lines(
    lines: NDArray[np.object_], speed_km_h: Float, near: tuple[Float, Float] | None = None
) -> Network:
    """Join lines into a network at the vertices they share.

    Lines that cross without a common vertex, as at a bridge, are not joined.

    Parameters
    ----------
    lines : ndarray of LineStrings, shape (m,)
        In metres.
    speed_km_h : ndarray of float64, shape (m,)
        Free-flow speed on each.
    near : tuple of ndarray of float64, optional
        Points, x and y, whose streets are kept (see `Network.of_edges`).

    Examples
    --------
    >>> lines = shapely.from_wkt(["LINESTRING (0 0, 50 0, 90 0)", "LINESTRING (50 0, 50 70)"])
    >>> net = network_of_lines(lines, np.array([30.0, 30.0]))
    >>> len(net), net.length_m.tolist()
    (3, [50.0, 40.0, 70.0])
    """
    corners, line = shapely.get_coordinates(lines, return_index=True)
    # Vertices within a centimetre are the same.
    east, north = np.round(corners * 100).astype(np.int64).T
    key = east * 2**31 + north
    _, first, vertex, uses = np.unique(
        key, return_index=True, return_inverse=True, return_counts=True
    )
    at_end = np.ones(len(line), dtype=np.bool_)
    at_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    # Streets begin and end where lines do, and where several pass.
    is_junction = np.zeros(len(first), dtype=np.bool_)
    is_junction[vertex[at_end]] = True
    is_junction[uses > 1] = True
    inner = line[1:] == line[:-1]
    piece = np.hypot(*np.diff(corners, axis=0).T)[inner]
    street = np.cumsum(is_junction[vertex[:-1]] & inner)[inner] - 1
    begins = np.flatnonzero(is_junction[vertex[:-1]] & inner)
    ends = np.flatnonzero(is_junction[vertex[1:]] & inner) + 1
    length = np.bincount(street, piece, minlength=len(begins)).astype(np.float64)
    return Network.of_edges(
        corners[first, 0],
        corners[first, 1],
        start=vertex[begins],
        end=vertex[ends],
        length_m=length,
        speed_km_h=speed_km_h[line[begins]],
        segments=np.stack([corners[:-1][inner], corners[1:][inner]], axis=1),
        street_of_segment=street,
        near=near,
    )
