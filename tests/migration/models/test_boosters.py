"""Boosting libraries, where they are installed, and trees in one form."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.models.boosters import learn_lightgbm, learn_xgboost
from mesa_llm_city.migration.models.libraries import has_library, library, require
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees

LUCK = np.random.default_rng(0)
X = LUCK.normal(size=(400, 4)).astype(np.float32).astype(np.float64)
TARGET = (X[:, 0] + LUCK.normal(size=400) > 0).astype(np.int8)


@pytest.mark.parametrize(
    ("name", "learn"), [("lightgbm", learn_lightgbm), ("xgboost", learn_xgboost)]
)
class TestEach:
    def test_training_twice_gives_the_same_model(self, name: str, learn: object) -> None:
        pytest.importorskip(name)
        assert callable(learn)
        first, again = learn(X, TARGET, None, 1).p(X), learn(X, TARGET, None, 1).p(X)
        assert np.array_equal(first, again)
        assert np.mean((first > 0.5) == TARGET) > 0.8

    def test_a_missing_library_is_named(
        self, name: str, learn: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, name, None)
        assert callable(learn)
        with pytest.raises(ConfigError, match=rf"needs {name}, .* pip install \S*(boost|{name})"):
            learn(X, TARGET, None, 1)


class _Booster:
    """Returns one tree in the format of LightGBM: a split of column 1, and two leaves."""

    def dump_model(self) -> dict[str, object]:
        split = {
            "split_feature": 1,
            "threshold": 0.5,
            "left_child": {"leaf_value": -1.0},
            "right_child": {"leaf_value": 2.0},
        }
        return {"tree_info": [{"tree_structure": split}]}

    def predict(self, x: np.ndarray) -> np.ndarray:
        return 1.0 / (1.0 + np.exp(-np.where(x[:, 1] <= 0.5, -1.0, 2.0)))


def test_trees_of_lightgbm_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = ModuleType("lightgbm")
    stand_in.Dataset = lambda x, label, weight: (x, label, weight)  # type: ignore[attr-defined]
    stand_in.train = lambda *_, **__: _Booster()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lightgbm", stand_in)
    predictor = learn_lightgbm(X, TARGET, None, 1)
    assert predictor.p(X) == pytest.approx(_Booster().predict(X))


def test_joined_trees_keep_their_own_nodes() -> None:
    def stump(low: float, high: float) -> Tree:
        return Tree(
            feature=np.array([0, -2, -2]),
            threshold=np.array([0.0, -2.0, -2.0]),
            left=np.array([1, -1, -1]),
            right=np.array([2, -1, -1]),
            is_leaf=np.array([False, True, True]),
            value=np.array([np.nan, low, high]),
        )

    predictor = join_trees([stump(0.0, 1.0), stump(0.2, 0.4), stump(0.4, 0.1)])
    assert predictor.root.tolist() == [0, 3, 6]
    assert predictor.p(np.array([[-1.0], [1.0]])) == pytest.approx([0.2, 0.5])


def test_a_missing_library_is_reported_with_the_command_that_installs_it() -> None:
    assert has_library("numpy")
    assert library("numpy.linalg").__name__ == "numpy.linalg"
    require("numpy")
    with pytest.raises(ConfigError, match="this model needs nonesuch, nothing_either; pip install"):
        require("nonesuch", "nothing_either")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("sklearn", r"pip install 'mesa-llm-city\[tabular\]'$"),
        ("torch", r"pip install 'mesa-llm-city\[rms\]'$"),
        ("xgboost", r"pip install xgboost$"),
    ],
)
def test_the_message_names_the_extra_of_a_library(
    name: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mesa_llm_city.migration.models.libraries.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=f"this model needs {name}; {command}"):
        require(name)
