"""Cheapest ways in a network, as a loop over where they begin that is compiled (see `kernels`).

It adds up the same weights in the same order as `scipy.sparse.csgraph.dijkstra`: along a way,
from where it begins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float

__all__ = ["Streets", "fill_cheapest"]

_NONE = -1
_NOT_WAITING = -2


class Streets(NamedTuple):
    """A graph of n junctions with m ways from one to the next, in both directions.

    Attributes
    ----------
    first : ndarray of int32, shape (n + 1,)
        Position of the first way from each junction, and m.
    to : ndarray of int32, shape (m,)
        Where they lead.
    weight : ndarray of float64, shape (m,)
        Their weights, above 0.
    """

    first: NDArray[np.int32]
    to: NDArray[np.int32]
    weight: Float


def fill_cheapest(
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    streets: Streets,
    bin_width: float,
    cost: Float,
) -> None:
    """Fill the sum of weights along the cheapest ways.

    Parameters
    ----------
    sources : ndarray of int32, shape (s,)
        Junctions where ways begin.
    targets : ndarray of int32, shape (t,)
        Junctions where they end.
    streets : Streets
        The graph.
    bin_width : float
        Range of weights that wait in one bin; it makes the loop fast or slow, and nothing else.
    cost : ndarray of float64, shape (s, t)
        Is filled; infinite where no way leads.

    References
    ----------
    Dial (1969), Algorithm 360: shortest-path forest with topological ordering. Communications
    of the ACM 12(11), 632-633.
    """
    bins, needed = 1, streets.weight.max() / bin_width + 2
    while bins < needed:
        bins *= 2  # so that the bin of a weight is found by its last bits
    count = len(streets.first) - 1
    head, links = np.full(bins, _NONE, dtype=np.int32), np.empty((count, 2), dtype=np.int32)
    own = np.empty(count)
    for row in range(len(sources)):
        _spread(sources[row], streets, 1.0 / bin_width, head, links, own)
        for column in range(len(targets)):
            cost[row, column] = own[targets[column]]


def _spread(  # noqa: PLR0917 - compiled loops take no keywords
    source: int,
    streets: Streets,
    bins_per_weight: float,
    head: NDArray[np.int32],
    links: NDArray[np.int32],
    cost: Float,
) -> None:
    """Fill the cheapest way from one junction to each other.

    Parameters
    ----------
    source : int
        The junction.
    streets : Streets
        The graph.
    bins_per_weight : float
        Junctions that wait lie in bins by their cost, of which there are so many.
    head : ndarray of int32, shape (b,)
        The first junction in each bin; none before and after.
    links : ndarray of int32, shape (n, 2)
        The junctions before and after each in its bin.
    cost : ndarray of float64, shape (n,)
        Is filled.
    """
    cost[:], links[:, 0] = np.inf, _NOT_WAITING
    cost[source] = 0.0
    _put(source, 0, head, links)
    waiting, at, last = 1, 0, len(head) - 1
    while waiting > 0:
        node = head[at]
        if node < 0:
            at = (at + 1) & last
            continue
        _take(node, at, head, links)
        waiting -= 1
        for way in range(streets.first[node], streets.first[node + 1]):
            other, there = streets.to[way], cost[node] + streets.weight[way]
            if there >= cost[other]:
                continue
            to_bin = int(there * bins_per_weight) & last
            if links[other, 0] != _NOT_WAITING:
                from_bin = int(cost[other] * bins_per_weight) & last
                _take(other, from_bin, head, links)
                waiting -= 1
            cost[other] = there
            _put(other, to_bin, head, links)
            waiting += 1


def _put(node: int, at: int, head: NDArray[np.int32], links: NDArray[np.int32]) -> None:
    """Put a junction into a bin."""
    follows = head[at]
    links[node, 0], links[node, 1], head[at] = _NONE, follows, node
    if follows >= 0:
        links[follows, 0] = node


def _take(node: int, at: int, head: NDArray[np.int32], links: NDArray[np.int32]) -> None:
    """Take a junction out of its bin."""
    before, after = links[node, 0], links[node, 1]
    links[node, 0] = _NOT_WAITING
    if before >= 0:
        links[before, 1] = after
    else:
        head[at] = after
    if after >= 0:
        links[after, 0] = before
