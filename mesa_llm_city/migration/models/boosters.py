"""Boosting libraries that are used where they are installed: LightGBM and XGBoost."""

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
from mesa_llm_city.migration.models.tree_arrays import Tree, joined

__all__ = ["learn_lightgbm", "learn_xgboost"]

_SINGLE = 1e-5

Labels: TypeAlias = NDArray[np.int8]


def learn_lightgbm(x: Float, target: Labels, seed: int) -> Trees:
    """Train LightGBM: 250 trees of 31 leaves at a rate of .05, a third of the columns each.

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
    made = lightgbm.train(options, lightgbm.Dataset(x, label=target), num_boost_round=250)
    # The average that boosting starts from is added to the leaves of the first tree.
    trees = [_lightgbm_tree(one["tree_structure"]) for one in made.dump_model()["tree_info"]]
    told = joined(trees, start=0.0)
    check_agrees(told, x[:CHECKED_ROWS], made.predict(x[:CHECKED_ROWS]), source="LightGBM")
    return told


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


def learn_xgboost(x: Float, target: Labels, seed: int) -> Trees:
    """Train XGBoost: 100 trees at a rate of .1 (RMS-Agent, sec. 5.1).

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
        "base_score": float(np.mean(target)),
    }
    rows = xgboost.DMatrix(x.astype(np.float32), label=target)
    made = xgboost.train(options, rows, num_boost_round=100)
    told = json.loads(made.save_raw("json").decode())
    trees = [_xgboost_tree(one) for one in told["learner"]["gradient_booster"]["model"]["trees"]]
    told = joined(trees, start=float(log_odds(np.mean(target))))
    p = made.predict(rows)[:CHECKED_ROWS].astype(np.float64)
    # XGBoost adds up in single precision.
    check_agrees(told, x[:CHECKED_ROWS], p, source="XGBoost", within=_SINGLE)
    return told


def _xgboost_tree(told: Mapping[str, Any]) -> Tree:
    left = np.array(told["left_children"])
    split = np.array(told["split_conditions"], dtype=np.float32)
    return Tree(
        feature=np.array(told["split_indices"]),
        # It goes left where x < split, in single precision; here it is x <= the number below.
        threshold=np.nextafter(split, np.float32(-np.inf)).astype(np.float64),
        left=left,
        right=np.array(told["right_children"]),
        is_leaf=left < 0,
        value=split.astype(np.float64),
    )
