"""Decision trees of several libraries in one format."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.predictors import Trees

__all__ = ["Tree", "join_trees", "mean_trees"]


class Tree(NamedTuple):
    """One tree; a row goes left if x <= threshold. All arrays have shape (nodes,).

    Parameters
    ----------
    feature, left, right : ndarray of int
        Column to compare, and the next nodes; not used at a leaf.
    threshold : ndarray of float64
        Value to compare with; not used at a leaf.
    is_leaf : ndarray of bool
        Whether a node is a leaf.
    value : ndarray of float64
        Value of a leaf; not used elsewhere.
    """

    feature: NDArray[Any]
    threshold: NDArray[Any]
    left: NDArray[Any]
    right: NDArray[Any]
    is_leaf: NDArray[np.bool_]
    value: Float


def join_trees(trees: Sequence[Tree], *, start: float = float("nan")) -> Trees:
    """Join trees to one predictor.

    Parameters
    ----------
    trees : sequence of Tree
        The trees.
    start : float, default NaN
        Log odds to which the leaves are added; NaN to average the leaves.

    Examples
    --------
    >>> leaf = Tree(*(np.array([-1]) for _ in range(4)), np.array([True]), np.array([0.3]))
    >>> join_trees([leaf]).p(np.zeros((2, 1))).tolist()
    [0.3, 0.3]
    """
    sizes = [len(tree.value) for tree in trees]
    root = np.array([0, *accumulate(sizes)][:-1], dtype=np.int32)
    leaf = np.concatenate([tree.is_leaf for tree in trees]).astype(bool)
    itself = np.arange(len(leaf), dtype=np.int32)

    def below(side: str) -> NDArray[np.int32]:
        nodes = np.concatenate(
            [
                getattr(tree, side).astype(np.int64) + at
                for tree, at in zip(trees, root, strict=True)
            ]
        )
        return np.where(leaf, itself, nodes).astype(np.int32)

    feature = np.concatenate([tree.feature for tree in trees]).astype(np.int32)
    threshold = np.concatenate([tree.threshold for tree in trees]).astype(np.float64)
    value = np.concatenate([tree.value for tree in trees]).astype(np.float64)
    return Trees(
        root=root,
        feature=np.where(leaf, 0, feature).astype(np.int32),
        threshold=np.where(leaf, 0.0, threshold),
        left=below("left"),
        right=below("right"),
        value=np.where(leaf, value, 0.0),
        start=np.array([start]),
    )


def mean_trees(ensembles: Sequence[Trees]) -> Trees:
    """Return one predictor with the mean log odds of boosted trees, or the mean of forests.

    Parameters
    ----------
    ensembles : sequence of Trees
        Of one kind, and of forests of equal size.

    Examples
    --------
    >>> leaf = Tree(*(np.array([-1]) for _ in range(4)), np.array([True]), np.array([1.0]))
    >>> pair = [join_trees([leaf], start=start) for start in (-1.0, -3.0)]
    >>> mean_trees(pair).p(np.zeros((1, 1))).round(3).tolist()
    [0.269]
    """
    sizes = [len(one.value) for one in ensembles]
    begin = [0, *accumulate(sizes)][:-1]
    start = np.mean([one.start for one in ensembles], axis=0)
    share = 1.0 if np.isnan(start).any() else 1.0 / len(ensembles)
    moved = {
        name: np.concatenate(
            [getattr(one, name) + at for one, at in zip(ensembles, begin, strict=True)]
        ).astype(np.int32)
        for name in ("root", "left", "right")
    }
    return Trees(
        **moved,
        feature=np.concatenate([one.feature for one in ensembles]),
        threshold=np.concatenate([one.threshold for one in ensembles]),
        value=np.concatenate([one.value for one in ensembles]) * share,
        start=start,
    )
