"""Exact Shapley values of trees, path-dependent, over the stored arrays of a predictor.

The value of a set of columns is the expected prediction when the row follows the splits on
these columns, and at all other splits goes both ways in proportion to the background rows
(Lundberg et al. 2020, From local explanations to global understanding with explainable AI for
trees, Nature Machine Intelligence 2, 56-67, alg. 1). A leaf whose path has the columns
1 to m contributes to column i, with o whether the row satisfies the splits on a column and z
the share of the background that does so along the path,

    v (o_i - z_i) integral from 0 to 1 of prod over j != i of ((1 - t) z_j + t o_j) dt,

since the Shapley weight of a set of size s among m - 1 others is the integral of
t^s (1 - t)^(m - 1 - s). The integrand is a polynomial of degree m - 1, so Gauss-Legendre
quadrature with m / 2 nodes is exact, and all leaves and rows are computed at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.models.predictors import Trees

__all__ = ["TreeShapley", "node_cover"]

_ELEMENTS = 200_000  # of an array in memory, which is faster if it is small
_ROWS = 2048
_HALF = 0.5
_TINY = 1e-30


class _Leaves(NamedTuple):
    """Leaves whose paths have m different columns; all arrays but value have shape (leaves, m).

    A row satisfies the splits on a column if it is above `low` and at most `high`.
    """

    feature: Int
    low: Float
    high: Float
    share: Float
    value: Float


class _Paths(NamedTuple):
    """Nodes of one depth, with what leads to them; unused places have feature -1."""

    node: Int
    feature: Int
    low: Float
    high: Float
    share: Float


@dataclass(frozen=True, slots=True)
class TreeShapley:
    """Shapley values of the predictions of trees.

    Parameters
    ----------
    leaves : tuple
        Leaves, by the number of columns on their path.
    columns : int
        Number of columns of a row.
    base : float
        Expected prediction over the background: log odds of boosted trees, the probability
        of a forest.

    Examples
    --------
    >>> stump = Trees(
    ...     root=np.array([0]), feature=np.array([0, 0, 0]), threshold=np.array([30.0, 0, 0]),
    ...     left=np.array([1, 1, 2]), right=np.array([2, 1, 2]),
    ...     value=np.array([0.0, 0.2, 0.6]), start=np.array([np.nan]))
    >>> shapley = TreeShapley.of(stump, np.array([[18.0], [45.0]]))
    >>> round(shapley.base, 9), shapley.values(np.array([[18.0]])).round(9).tolist()
    (0.4, [[-0.2]])
    """

    leaves: tuple[_Leaves, ...]
    columns: int
    base: float

    @classmethod
    def of(cls, trees: Trees, background: Float, weight: Float | None = None) -> Self:
        """Prepare the paths of trees.

        Parameters
        ----------
        trees : Trees
            A forest, or boosted trees.
        background : ndarray of float64, shape (n, d)
            Rows that give the shares of both ways at each split.
        weight : ndarray of float64, shape (n,), optional
            Weights of these rows.
        """
        cover = node_cover(trees, background, weight)
        is_forest = bool(np.isnan(trees.start[0]))
        scale = 1.0 / len(trees.root) if is_forest else 1.0
        leaves = tuple(_by_length(trees, cover, scale))
        expected = [float(np.sum(one.value * one.share.prod(axis=1))) for one in leaves]
        start = 0.0 if is_forest else float(trees.start[0])
        return cls(leaves, background.shape[1], start + float(np.sum(expected)))

    def values(self, x: Float) -> Float:
        """Return Shapley values, shape (n, d); with `base`, they add up to the prediction."""
        found = np.zeros((len(x), self.columns))
        for leaves in self.leaves:
            length = leaves.feature.shape[1]
            if not length:
                continue
            step = max(_ELEMENTS // max(leaves.feature.size, 1), 1)
            for first in range(0, len(x), step):
                rows = slice(first, first + step)
                _add(found[rows], _contributions(leaves, x[rows]), leaves.feature)
        return found


def node_cover(trees: Trees, x: Float, weight: Float | None = None) -> Float:
    """Return the weight of the rows that pass each node, shape (nodes,)."""
    cover = np.zeros(len(trees.feature))
    weights = np.ones(len(x)) if weight is None else weight
    for first in range(0, len(x), _ROWS):
        block, own = x[first : first + _ROWS], weights[first : first + _ROWS]
        rows = np.arange(len(block))[:, None]
        mass = np.broadcast_to(own[:, None], (len(block), len(trees.root)))
        at = np.broadcast_to(trees.root, mass.shape).astype(np.int64)
        moved = np.ones(mass.shape, dtype=np.bool_)
        while moved.any():
            cover += np.bincount(at[moved], weights=mass[moved], minlength=len(cover))
            is_left = block[rows, trees.feature[at]] <= trees.threshold[at]
            below = np.where(is_left, trees.left[at], trees.right[at])
            moved = below != at
            at = below
    return cover


def _by_length(trees: Trees, cover: Float, scale: float) -> Iterator[_Leaves]:
    """Yield the leaves of all trees by the number of columns on their path."""
    found: dict[int, list[_Leaves]] = {}
    paths = _start(trees)
    while len(paths.node):
        is_leaf = trees.left[paths.node] == paths.node
        for length, leaves in _leaves(trees, _some(paths, is_leaf), scale):
            found.setdefault(length, []).append(leaves)
        paths = _below(trees, cover, _some(paths, ~is_leaf))
    for length in sorted(found):
        yield _Leaves(*(np.concatenate(parts) for parts in zip(*found[length], strict=True)))


def _start(trees: Trees) -> _Paths:
    nodes = trees.root.astype(np.int64)
    empty = np.zeros((len(nodes), 0))
    return _Paths(nodes, np.zeros((len(nodes), 0), dtype=np.int64), empty, empty, empty)


def _some(paths: _Paths, mask: NDArray[np.bool_]) -> _Paths:
    chosen: list[Any] = [one[mask] for one in paths]
    return _Paths(*chosen)


def _leaves(trees: Trees, paths: _Paths, scale: float) -> Iterator[tuple[int, _Leaves]]:
    lengths = (paths.feature >= 0).sum(axis=1)
    for length in np.unique(lengths).tolist():
        here = _some(paths, lengths == length)
        # Columns fill the places from the left.
        parts: list[Any] = [one[:, :length] for one in here[1:]]
        yield length, _Leaves(*[*parts, trees.value[here.node] * scale])


def _below(trees: Trees, cover: Float, paths: _Paths) -> _Paths:
    """Return the paths to both children of each node."""
    node, split = paths.node, trees.feature[paths.node].astype(np.int64)
    wide = _widened(paths)
    is_same = wide.feature == split[:, None]
    unused = (wide.feature < 0).argmax(axis=1)
    place = np.where(is_same.any(axis=1), is_same.argmax(axis=1), unused)
    at = (np.arange(len(node)), place)
    wide.feature[at] = split
    threshold = trees.threshold[node]
    children = []
    for child, is_left in ((trees.left[node], True), (trees.right[node], False)):
        parts: list[Any] = [part.copy() for part in wide[1:]]
        one = _Paths(child.astype(np.int64), *parts)
        share = np.full(len(node), _HALF)
        np.divide(cover[child], cover[node], out=share, where=cover[node] > 0.0)
        one.share[at] *= share
        if is_left:
            one.high[at] = np.minimum(one.high[at], threshold)
        else:
            one.low[at] = np.maximum(one.low[at], threshold)
        children.append(one)
    return _Paths(*(np.concatenate(parts) for parts in zip(*children, strict=True)))


def _widened(paths: _Paths) -> _Paths:
    """Return paths with a place for one more column."""

    def with_place(values: NDArray[Any], fill: float) -> NDArray[Any]:
        more = np.full((len(values), 1), fill, dtype=values.dtype)
        return np.concatenate([values, more], axis=1)

    return _Paths(
        paths.node,
        with_place(paths.feature, -1),
        with_place(paths.low, -np.inf),
        with_place(paths.high, np.inf),
        with_place(paths.share, 1.0),
    )


def _contributions(leaves: _Leaves, x: Float) -> Float:
    """Return what each leaf contributes to each column of its path, shape (m, leaves, n)."""
    columns = np.ascontiguousarray(leaves.feature.T)
    low, high = leaves.low.T[..., None], leaves.high.T[..., None]
    seen = np.ascontiguousarray(x.T)[columns]
    is_met = ((seen > low) & (seen <= high)).astype(np.float64)
    # A share of 0 would divide 0 by 0; of so small a number nothing remains after division.
    share = np.maximum(leaves.share.T[..., None], _TINY)
    nodes, weights = np.polynomial.legendre.leggauss((len(columns) + 1) // 2)
    total = np.zeros_like(is_met)
    for node, weight in zip((nodes + 1.0) / 2.0, weights / 2.0, strict=True):
        factors = is_met * node
        factors += (1.0 - node) * share
        product = factors.prod(axis=0)
        product *= weight
        np.divide(product, factors, out=factors)
        total += factors
    is_met -= share
    total *= is_met
    total *= leaves.value[:, None]
    return total


def _add(found: Float, contributions: Float, feature: Int) -> None:
    """Add contributions to the columns that they belong to."""
    owner = feature.T.ravel()
    order = np.argsort(owner, kind="stable")
    columns, starts = np.unique(owner[order], return_index=True)
    flat = contributions.reshape(len(owner), -1)[order]
    found[:, columns] += np.add.reduceat(flat, starts, axis=0).T
