"""Optional boosting libraries: LightGBM and XGBoost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import log_odds
from mesa_llm_city.migration.models.libraries import library
from mesa_llm_city.migration.models.predictors import CHECKED_ROWS, Trees, check_agrees
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees

__all__ = ["learn_lightgbm", "learn_xgboost"]

_SINGLE = 1e-5

Labels: TypeAlias = NDArray[np.int8]


def learn_lightgbm(x: Float, target: Labels, weight: Float | None, seed: int) -> Trees:
    """Train LightGBM: 250 trees of 31 leaves, learning rate 0.05, 30 % of the columns each.

    Raises
    ------
    ConfigError
        If LightGBM is not installed.
    """
    lightgbm = library("lightgbm")
    options = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 31,
        "feature_fraction": 0.3,
        "lambda_l2": 1.0,
        "boost_from_average": True,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "verbosity": -1,
    }
    rows = lightgbm.Dataset(x, label=target, weight=weight)
    booster = lightgbm.train(options, rows, num_boost_round=250)
    # LightGBM adds the start of boosting to the leaves of the first tree.
    trees = [_lightgbm_tree(one["tree_structure"]) for one in booster.dump_model()["tree_info"]]
    predictor = join_trees(trees, start=0.0)
    check_agrees(predictor, x[:CHECKED_ROWS], booster.predict(x[:CHECKED_ROWS]), source="LightGBM")
    return predictor


def _lightgbm_tree(root: Mapping[str, Any]) -> Tree:
    nodes: list[Mapping[str, Any]] = []
    sides: list[tuple[int, int]] = []

    def add(node: Mapping[str, Any]) -> int:
        place = len(nodes)
        nodes.append(node)
        sides.append((0, 0))
        if "split_feature" in node:
            sides[place] = (add(node["left_child"]), add(node["right_child"]))
        return place

    add(root)
    return Tree(
        feature=np.array([node.get("split_feature", 0) for node in nodes]),
        threshold=np.array([float(node.get("threshold", 0.0)) for node in nodes]),
        left=np.array([left for left, _ in sides]),
        right=np.array([right for _, right in sides]),
        is_leaf=np.array(["split_feature" not in node for node in nodes]),
        value=np.array([float(node.get("leaf_value", 0.0)) for node in nodes]),
    )


def learn_xgboost(x: Float, target: Labels, weight: Float | None, seed: int) -> Trees:
    """Train XGBoost: 100 trees, learning rate 0.1 (RMS-Agent, sec. 5.1).

    Raises
    ------
    ConfigError
        If XGBoost is not installed.
    """
    xgboost = library("xgboost")
    options = {
        "objective": "binary:logistic",
        "eta": 0.1,
        "nthread": 1,
        "seed": seed,
        "base_score": float(np.average(target, weights=weight)),
    }
    rows = xgboost.DMatrix(x.astype(np.float32), label=target, weight=weight)
    booster = xgboost.train(options, rows, num_boost_round=100)
    content = json.loads(booster.save_raw("json").decode())
    trees = [_xgboost_tree(one) for one in content["learner"]["gradient_booster"]["model"]["trees"]]
    predictor = join_trees(trees, start=float(log_odds(np.average(target, weights=weight))))
    p = booster.predict(rows)[:CHECKED_ROWS].astype(np.float64)
    # XGBoost computes in single precision.
    check_agrees(predictor, x[:CHECKED_ROWS], p, source="XGBoost", within=_SINGLE)
    return predictor


def _xgboost_tree(tree: Mapping[str, Any]) -> Tree:
    left = np.array(tree["left_children"])
    split = np.array(tree["split_conditions"], dtype=np.float32)
    return Tree(
        feature=np.array(tree["split_indices"]),
        # XGBoost goes left if x < split, in single precision: x <= the next lower number.
        threshold=np.nextafter(split, np.float32(-np.inf)).astype(np.float64),
        left=left,
        right=np.array(tree["right_children"]),
        is_leaf=left < 0,
        value=split.astype(np.float64),
    )
