"""Islands: streets that no street joins to the rest, and the places that lie on them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from mesa_llm_city.city.network import Network
from mesa_llm_city.core.values import Float

__all__ = ["on_islands"]


def on_islands(network: Network, x: Float, y: Float, gap_m: float) -> NDArray[np.bool_]:
    """Return which points lie on islands, which nobody can reach along the streets.

    Parameters
    ----------
    network : Network
        Streets, and those that were left out since none joins them to the others.
    x, y : ndarray of float64, shape (n,)
        Points in metres.
    gap_m : float
        Streets nearer to the others are a gap in the map rather than an island; so are
        points that lie nearer to the others.

    Examples
    --------
    >>> x, y = np.array([0.0, 100.0, 0.0, 100.0]), np.array([0.0, 0.0, 900.0, 900.0])
    >>> ends = np.array([0, 2]), np.array([1, 3])
    >>> net = Network.of_edges(x, y, start=ends[0], end=ends[1], length_m=np.array([101.0, 100]))
    >>> on_islands(net, np.array([50.0, 50.0]), np.array([10.0, 890.0]), 200.0)
    array([False,  True])
    """
    islands = _islands(network, gap_m)
    if not len(islands):
        return np.zeros(len(x), dtype=np.bool_)
    points = np.asarray(shapely.points(x, y), dtype=object)
    to_island, to_streets = (_distance(lines, points) for lines in (islands, network.segments))
    return (to_island < to_streets) & (to_streets > gap_m)


def _islands(network: Network, gap_m: float) -> Float:
    """Return the pieces of those parts that lie farther than a gap from the streets."""
    if not len(network.unjoined):
        return network.unjoined
    away = _distance(network.segments, _lines(network.unjoined))
    nearest = np.full(int(network.unjoined_part.max()) + 1, np.inf)
    np.minimum.at(nearest, network.unjoined_part, away)
    far: Float = network.unjoined[nearest[network.unjoined_part] > gap_m]
    return far


def _distance(pieces: Float, shapes: NDArray[np.object_]) -> Float:
    """Return the distance of each shape to the nearest piece of line, shape (n,)."""
    tree = shapely.STRtree(_lines(pieces))
    rows, away = tree.query_nearest(shapes, return_distance=True, all_matches=False)
    distance = np.full(len(shapes), np.inf)
    distance[rows[0]] = away
    return distance


def _lines(pieces: Float) -> NDArray[np.object_]:
    """Return pieces, shape (k, 2, 2), as lines."""
    return np.asarray(shapely.linestrings(pieces), dtype=object)
