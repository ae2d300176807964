"""Leaves of many rows in deep trees, tree after tree and step by step."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.tree_masks import Index, Nodes

__all__ = ["walked_leaves"]

_STILL_GOING = 0.7  # share of rows not at a leaf, below which those at a leaf are set aside


def walked_leaves(nodes: Nodes, x: Float) -> Index:
    """Return the leaf of each row in each tree, shape (trees, n).

    One tree at a time stays in the cache of the processor, unlike all trees at once.

    Parameters
    ----------
    nodes : Nodes
        Nodes of all trees.
    x : ndarray of float64, shape (n, d)
        Rows.
    """
    feature = nodes.feature.astype(np.int64)
    below = np.column_stack([nodes.right, nodes.left]).astype(np.int64).ravel()
    values, start = np.ravel(x), np.arange(len(x)) * x.shape[1]
    leaves = np.empty((len(nodes.root), len(x)), dtype=np.int64)
    for into, root in zip(leaves, nodes.root.tolist(), strict=True):
        into.fill(root)
        at, first, rows = into.copy(), start, np.arange(len(x))
        while len(at):
            is_left = values.take(first + feature.take(at)) <= nodes.threshold.take(at)
            after = below.take(2 * at + is_left)
            going = after != at
            if np.count_nonzero(going) < _STILL_GOING * len(at):
                into[rows] = after
                kept = np.flatnonzero(going)
                after, first, rows = after[kept], first[kept], rows[kept]
            at = after
    return leaves
