"""Trees for many rows give what they give for one row, to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mesa_llm_city.migration.models import predictors
from mesa_llm_city.migration.models.predictors import Trees
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees
from mesa_llm_city.migration.models.tree_masks import LeafMasks, Nodes

COLUMNS = 5


def grown(draws: np.random.Generator, leaves: int) -> Tree:
    """Return a random tree: a leaf is divided again and again."""
    feature, threshold, left, right = [0], [0.0], [-1], [-1]
    while left.count(-1) < leaves:
        node = int(draws.choice([at for at, below in enumerate(left) if below < 0]))
        feature[node] = int(draws.integers(COLUMNS))
        threshold[node] = float(draws.choice([-1.0, -0.5, 0.0, 0.25, 1.0, np.inf]))
        left[node], right[node] = len(left), len(left) + 1
        threshold += [0.0, 0.0]
        for column, empty in ((feature, 0), (left, -1), (right, -1)):
            column += [empty, empty]
    return Tree(
        feature=np.array(feature),
        threshold=np.array(threshold),
        left=np.array(left),
        right=np.array(right),
        is_leaf=np.array(left) < 0,
        value=draws.normal(size=len(left)),
    )


def forest(leaves: int, *, start: float = 0.1, seed: int = 1) -> Trees:
    draws = np.random.default_rng(seed)
    sizes = [leaves, *draws.integers(1, leaves + 1, 11).tolist()]
    return join_trees([grown(draws, size) for size in sizes], start=start)


def rows(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    draws = np.random.default_rng(2)
    values = [-1.0, -0.6, -0.5, 0.0, -0.0, 0.25, 0.3, 1.0, 2.0, np.inf, -np.inf, np.nan]
    return draws.choice(values, (count, COLUMNS))


def nodes_of(trees: Trees) -> Nodes:
    return Nodes(trees.root, trees.feature, trees.threshold, trees.left, trees.right)


@pytest.mark.parametrize("leaves", [1, 2, 31, 32, 33, 200])
@pytest.mark.parametrize("start", [0.1, float("nan")])
def test_many_rows_are_predicted_as_each_of_them_alone(
    leaves: int, start: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees, x = forest(leaves, start=start), rows(300)
    monkeypatch.setattr(predictors, "_MANY_ROWS", 10**9)
    monkeypatch.setattr(predictors, "_TREE_ROWS", 128)
    alone = trees.p(x)
    monkeypatch.setattr(predictors, "_MANY_ROWS", 1)
    assert np.array_equal(trees.p(x), alone)
    assert np.array_equal(trees.p(x[:7]), alone[:7])


def test_masks_are_used_for_trees_of_at_most_32_leaves() -> None:
    assert LeafMasks.of(nodes_of(forest(32))) is not None
    assert LeafMasks.of(nodes_of(forest(33))) is None


def test_branches_that_meet_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    trees = forest(20)
    inner = np.flatnonzero(trees.left != np.arange(len(trees.left)))
    right = trees.right.copy()
    right[inner[0]] = trees.left[inner[0]]
    trees = replace(trees, right=right)
    assert LeafMasks.of(nodes_of(trees)) is None
    alone = trees.p(rows(50))
    monkeypatch.setattr(predictors, "_MANY_ROWS", 1)
    assert np.array_equal(trees.p(rows(50)), alone)
