"""Finding the places around a point, fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mesa_llm_city.core.values import Float, Int

__all__ = ["PlaceIndex", "every_nth"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceIndex:
    """Places in order of their northing, so that a circle reads one contiguous band.

    Plain arithmetic over the band beats a tree: no list of hits has to be built,
    and most circles of a day's travel hold a good part of the places anyway.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Place ids, in order of `y`.
    x, y : ndarray of float64, shape (n,)
        Their positions in metres.

    Examples
    --------
    >>> xy = np.array([0.0, 30.0, 0.0]), np.array([0.0, 40.0, 90.0])
    >>> index = PlaceIndex.of(np.arange(3), *xy)
    >>> index.within(0.0, 0.0, 60.0)
    (array([0, 1]), array([ 0., 50.]))
    """

    ids: Int
    x: Float
    y: Float

    @classmethod
    def of(cls, ids: Int, x: Float, y: Float) -> PlaceIndex:
        """Index the places `ids` at positions `x`, `y` (all of shape (n,))."""
        order = np.argsort(y, kind="stable")
        return cls(ids=ids[order], x=x[order], y=y[order])

    def within(self, x: float, y: float, radius_m: float) -> tuple[Int, Float]:
        """Return the places in a circle, nearest first, and their straight-line distances.

        Parameters
        ----------
        x, y : float
            Centre in metres.
        radius_m : float
            Radius in metres, inclusive.

        Returns
        -------
        ids : ndarray of int64, shape (k,)
        distance_m : ndarray of float64, shape (k,)
        """
        low = int(self.y.searchsorted(y - radius_m))
        high = int(self.y.searchsorted(y + radius_m, side="right"))
        dx, dy = self.x[low:high] - x, self.y[low:high] - y
        squared = dx * dx + dy * dy
        inside = np.flatnonzero(squared <= radius_m * radius_m)
        order = inside[_ascending(squared[inside])]
        return self.ids[low:high][order], np.sqrt(squared[order])


def every_nth(n: int, k: int) -> Int:
    """Return the ranks of a systematic sample: `k` of `n`, evenly spread, in order.

    Examples
    --------
    >>> every_nth(10, 5)
    array([1, 3, 5, 7, 9])
    """
    return (np.arange(k) * n + n // 2) // k


def _ascending(values: Float) -> Int:
    """Return the order of values; equal ones keep theirs."""
    order = np.argsort(values)
    ranked = values[order]
    # The fast sort may put equal values, as of places at one spot, in any order.
    if np.any(ranked[1:] == ranked[:-1]):
        return np.argsort(values, kind="stable")
    return order
