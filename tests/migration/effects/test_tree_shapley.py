"""Shapley values of trees: equal to enumeration, and additive."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.effects.tree_shapley import TreeShapley, node_cover
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.predictors import Trees
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees

COLUMNS = 4


def random_tree(rng: np.random.Generator, depth: int) -> Tree:
    """Return a tree with splits drawn at random; a column may occur several times on a path."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    leaf: list[bool] = []
    value: list[float] = []

    def grow(at: int) -> int:
        number = len(feature)
        is_leaf = at == depth or (at > 1 and rng.random() < 0.2)
        feature.append(int(rng.integers(COLUMNS)))
        threshold.append(float(rng.normal()))
        left.append(number)
        right.append(number)
        leaf.append(is_leaf)
        value.append(float(rng.normal()))
        if not is_leaf:
            left[number] = grow(at + 1)
            right[number] = grow(at + 1)
        return number

    grow(0)
    numbers: list[Any] = [np.array(one) for one in (feature, threshold, left, right, leaf, value)]
    return Tree(*numbers)


def expected(trees: Trees, cover: Float, x: Float, known: set[int]) -> float:
    """Return the expected sum of leaves if only some columns are known, by recursion."""

    def at(node: int) -> float:
        left, right = int(trees.left[node]), int(trees.right[node])
        if left == node:
            return float(trees.value[node])
        if int(trees.feature[node]) in known:
            is_left = x[trees.feature[node]] <= trees.threshold[node]
            return at(left if is_left else right)
        share = cover[left] / cover[node] if cover[node] > 0.0 else 0.5
        return share * at(left) + (1.0 - share) * at(right)

    return float(np.sum([at(int(root)) for root in trees.root]))


def enumerated(trees: Trees, cover: Float, x: Float) -> Float:
    """Return Shapley values by their definition."""
    found = np.zeros(COLUMNS)
    for column in range(COLUMNS):
        others = [one for one in range(COLUMNS) if one != column]
        for size in range(COLUMNS):
            weight = factorial(size) * factorial(COLUMNS - size - 1) / factorial(COLUMNS)
            for some in combinations(others, size):
                known = set(some)
                with_column = expected(trees, cover, x, known | {column})
                found[column] += weight * (with_column - expected(trees, cover, x, known))
    return found


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_values_are_those_of_enumeration(depth: int) -> None:
    rng = np.random.default_rng(depth)
    trees = join_trees([random_tree(rng, depth) for _ in range(3)], start=0.3)
    background = rng.normal(size=(25, COLUMNS))  # few, so that some nodes have no row
    x = rng.normal(size=(6, COLUMNS))
    shapley = TreeShapley.of(trees, background)
    cover = node_cover(trees, background)
    for row, values in zip(x, shapley.values(x), strict=True):
        assert values.tolist() == pytest.approx(enumerated(trees, cover, row).tolist(), abs=1e-12)


def test_base_and_values_add_up_to_the_prediction_and_the_base_is_the_mean() -> None:
    rng = np.random.default_rng(7)
    background = rng.normal(size=(200, COLUMNS))
    for start in (-0.4, float("nan")):
        trees = join_trees([random_tree(rng, 6) for _ in range(20)], start=start)
        shapley = TreeShapley.of(trees, background)
        predicted = trees.p(background)
        predicted = predicted if np.isnan(start) else log_odds(predicted)
        added = shapley.base + shapley.values(background).sum(axis=1)
        assert added.tolist() == pytest.approx(predicted.tolist(), abs=1e-9)
        assert shapley.base == pytest.approx(predicted.mean())


def test_weights_of_the_background_count_as_rows() -> None:
    rng = np.random.default_rng(3)
    trees = join_trees([random_tree(rng, 4)], start=0.0)
    background, x = rng.normal(size=(5, COLUMNS)), rng.normal(size=(3, COLUMNS))
    weighted = TreeShapley.of(trees, background, np.array([2.0, 1.0, 1.0, 1.0, 3.0]))
    copied = TreeShapley.of(trees, background[[0, 0, 1, 2, 3, 4, 4, 4]])
    assert np.allclose(weighted.values(x), copied.values(x), atol=1e-12)


def test_a_tree_that_is_a_leaf_has_no_reasons() -> None:
    nowhere = np.array([-1])
    leaf = Tree(nowhere, nowhere, nowhere, nowhere, np.array([True]), np.array([0.7]))
    shapley = TreeShapley.of(join_trees([leaf]), np.zeros((2, COLUMNS)))
    assert shapley.base == pytest.approx(0.7)
    assert not shapley.values(np.zeros((1, COLUMNS))).any()
