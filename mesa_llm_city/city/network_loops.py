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


class _Queue(NamedTuple):
    """Junctions that wait, in bins by their weight: linked lists with a head for each bin."""

    head: NDArray[np.int32]
    before: NDArray[np.int32]
    after: NDArray[np.int32]


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
    count, longest = len(streets.first) - 1, 0.0
    for one in streets.weight:
        longest = max(longest, one)
    bins = int(longest / bin_width) + 2
    head, before = np.full(bins, _NONE, dtype=np.int32), np.empty(count, dtype=np.int32)
    queue, own = _Queue(head, before, np.empty(count, dtype=np.int32)), np.empty(count)
    for row in range(len(sources)):
        _spread(sources[row], streets, bin_width, queue, own)
        for column in range(len(targets)):
            cost[row, column] = own[targets[column]]


def _spread(source: int, streets: Streets, bin_width: float, queue: _Queue, cost: Float) -> None:
    """Fill the cheapest way from one junction to each other."""
    cost[:] = np.inf
    cost[source] = 0.0
    _put(queue, source, 0)
    waiting, at, bins = 1, 0, len(queue.head)
    while waiting > 0:
        node = queue.head[at]
        if node < 0:
            at = (at + 1) % bins
            continue
        _take(queue, node, at)
        queue.before[node] = _NOT_WAITING
        waiting -= 1
        for way in range(streets.first[node], streets.first[node + 1]):
            other, there = streets.to[way], cost[node] + streets.weight[way]
            if there >= cost[other]:
                continue
            if cost[other] < np.inf and queue.before[other] != _NOT_WAITING:
                _take(queue, other, int(cost[other] / bin_width) % bins)
                waiting -= 1
            cost[other] = there
            _put(queue, other, int(there / bin_width) % bins)
            waiting += 1


def _put(queue: _Queue, node: int, at: int) -> None:
    """Put a junction into a bin."""
    follows = queue.head[at]
    queue.before[node], queue.after[node], queue.head[at] = _NONE, follows, node
    if follows >= 0:
        queue.before[follows] = node


def _take(queue: _Queue, node: int, at: int) -> None:
    """Take a junction out of its bin."""
    before, after = queue.before[node], queue.after[node]
    if before >= 0:
        queue.after[before] = after
    else:
        queue.head[at] = after
    if after >= 0:
        queue.before[after] = before
