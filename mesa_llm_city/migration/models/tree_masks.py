"""Leaves of many rows in many trees, by bit masks instead of steps from node to node.

Each tree has its leaves numbered from left to right, as bits of one number. A comparison that
is false excludes the leaves on its left. So the leaf of a row is the lowest bit that no false
comparison excludes (Lucchese et al., 2015, "QuickScorer: a Fast Algorithm to Rank Documents
with Additive Ensembles of Regression Trees", https://doi.org/10.1145/2766462.2767733). All
comparisons of a tree with one column are one look-up, by the number of thresholds of that
column which are below the value. The leaves are the same as those found step by step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float

__all__ = ["LeafMasks", "Nodes"]

Whole = NDArray[np.int32]
Index = NDArray[np.int64]
Mask = NDArray[np.uint32]

_BITS = 32
_ALL = np.uint32(2**_BITS - 1)


class Nodes(NamedTuple):
    """Nodes of all trees, as in `predictors.Trees`; both nodes after a leaf are the leaf."""

    root: Whole
    feature: Whole
    threshold: Float
    left: Whole
    right: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafMasks:
    """Tables of the leaves that remain after comparisons.

    Parameters
    ----------
    thresholds : dict of ndarray
        Thresholds of each column that is compared, ascending and different.
    tables : list of list, length trees
        For each tree, the columns that it compares, each with the masks of the leaves that
        remain, by the number of thresholds below the value.
    node : ndarray of int64, shape (trees, 32)
        Node of each leaf.
    """

    thresholds: dict[int, Float]
    tables: list[list[tuple[int, Mask]]]
    node: Index

    @classmethod
    def of(cls, nodes: Nodes) -> Self | None:
        """Return the tables; None if a tree has more than 32 leaves, or branches that meet."""
        levels = _levels(nodes)
        if levels is None:
            return None
        leaves = _leaf_counts(nodes, [level.at for level in levels])
        if leaves[nodes.root].max() > _BITS:
            return None
        first = _first_leaves(nodes, [level.at for level in levels], leaves)
        at = np.concatenate([level.at for level in levels])
        tree = np.concatenate([level.tree for level in levels])
        inner = nodes.left[at] != at
        node = np.zeros((len(nodes.root), _BITS), dtype=np.int64)
        node[tree[~inner], first[at[~inner]]] = at[~inner]
        compared = _Compared.of(nodes, at[inner], tree[inner], first, leaves)
        thresholds = compared.thresholds()
        return cls(thresholds=thresholds, tables=compared.tables(thresholds, len(node)), node=node)

    def values(self, x: Float, value: Float) -> Float:
        """Return the value of the leaf of each row in each tree, shape (trees, n).

        Parameters
        ----------
        x : ndarray of float64, shape (n, d)
            Rows.
        value : ndarray of float64, shape (nodes,)
            Value of each node.
        """
        ranks = {
            column: np.searchsorted(at, x[:, column]) for column, at in self.thresholds.items()
        }
        values = np.empty((len(self.tables), len(x)))
        kept, some = np.empty(len(x), dtype=np.uint32), np.empty(len(x), dtype=np.uint32)
        for into, tables, node in zip(values, self.tables, self.node, strict=True):
            kept.fill(_ALL)
            for column, table in tables:
                # All ranks are inside the table; "clip" only skips the check of that.
                table.take(ranks[column], out=some, mode="clip")
                np.bitwise_and(kept, some, out=kept)
            value[node].take(_lowest_bit(kept), out=into, mode="clip")
        return values


class _Level(NamedTuple):
    """Nodes at the same distance from their roots, with the numbers of their trees."""

    at: Whole
    tree: Index


class _Compared(NamedTuple):
    """Comparisons: tree, column, threshold, and the leaves that remain if it is false."""

    tree: Index
    column: Whole
    threshold: Float
    mask: Mask

    @classmethod
    def of(cls, nodes: Nodes, at: Whole, tree: Index, first: Index, leaves: Index) -> Self:
        count = leaves[nodes.left[at]].astype(np.uint64)
        excluded = ((np.uint64(1) << count) - np.uint64(1)) << first[at].astype(np.uint64)
        return cls(tree, nodes.feature[at], nodes.threshold[at], ~excluded.astype(np.uint32))

    def thresholds(self) -> dict[int, Float]:
        columns = np.unique(self.column).tolist()
        return {one: np.unique(self.threshold[self.column == one]) for one in columns}

    def tables(self, thresholds: dict[int, Float], trees: int) -> list[list[tuple[int, Mask]]]:
        tables: list[list[tuple[int, Mask]]] = [[] for _ in range(trees)]
        for column, at in thresholds.items():
            here = self.column == column
            tree, row = np.unique(self.tree[here], return_inverse=True)
            table = np.full((len(tree), len(at) + 1), _ALL)
            passed = np.searchsorted(at, self.threshold[here]) + 1
            np.bitwise_and.at(table, (row, passed), self.mask[here])
            np.bitwise_and.accumulate(table, axis=1, out=table)
            for number, one in zip(tree.tolist(), table, strict=True):
                tables[number].append((column, one))
        return tables


def _levels(nodes: Nodes) -> list[_Level] | None:
    """Return the nodes level by level; None if one can be reached in two ways."""
    levels = [_Level(nodes.root, np.arange(len(nodes.root)))]
    reached = 0
    while levels[-1].at.size:
        at, tree = levels[-1]
        reached += at.size
        if reached > len(nodes.feature):
            return None
        inner = nodes.left[at] != at
        below = [side[at[inner]] for side in (nodes.left, nodes.right)]
        levels.append(_Level(np.concatenate(below), np.concatenate([tree[inner]] * 2)))
    every = np.concatenate([level.at for level in levels])
    return levels if len(np.unique(every)) == len(every) else None


def _leaf_counts(nodes: Nodes, levels: list[Whole]) -> Index:
    """Return the number of leaves below each node; 1 for a leaf."""
    count = np.ones(len(nodes.feature), dtype=np.int64)
    for at in reversed(levels):
        inner = at[nodes.left[at] != at]
        count[inner] = count[nodes.left[inner]] + count[nodes.right[inner]]
    return count


def _first_leaves(nodes: Nodes, levels: list[Whole], count: Index) -> Index:
    """Return the number of the leftmost leaf below each node, from 0 in each tree."""
    first = np.zeros(len(nodes.feature), dtype=np.int64)
    for at in levels:
        inner = at[nodes.left[at] != at]
        first[nodes.left[inner]] = first[inner]
        first[nodes.right[inner]] = first[inner] + count[nodes.left[inner]]
    return first


def _lowest_bit(mask: Mask) -> NDArray[np.uint8]:
    """Return the place of the lowest bit of each number, from 0.

    Examples
    --------
    >>> _lowest_bit(np.array([1, 6, 2**31], dtype=np.uint32)).tolist()
    [0, 1, 31]
    """
    place: NDArray[np.uint8] = np.bitwise_count((mask & -mask) - np.uint32(1))
    return place
