"""Predictors: independent rows, and saving as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.migration.models.predictors import (
    Fourier,
    Linear,
    Network,
    Predictor,
    Trees,
    check_agrees,
    fourier_features,
)
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees

WIDTH = 5


def predictors() -> list[Linear | Trees | Network | Fourier]:
    draws = np.random.default_rng(3)

    def some(*shape: int) -> np.ndarray:
        return draws.normal(size=shape)

    stump = Tree(
        feature=np.array([2, -2, -2]),
        threshold=np.array([0.1, -2.0, -2.0]),
        left=np.array([1, -1, -1]),
        right=np.array([2, -1, -1]),
        is_leaf=np.array([False, True, True]),
        value=np.array([0.0, 0.2, 0.9]),
    )
    return [
        Linear(weight=some(WIDTH), bias=some(1)),
        join_trees([stump, stump._replace(feature=np.array([0, -2, -2]))]),
        join_trees([stump], start=-1.0),
        Network(
            weight_1=some(WIDTH, 126),
            bias_1=some(126),
            weight_2=some(126, 64),
            bias_2=some(64),
            weight_3=some(64, 1),
            bias_3=some(1),
        ),
        Fourier(frequency=some(WIDTH, 200), phase=some(200), weight=some(200), bias=some(1)),
    ]


@pytest.mark.parametrize("one", predictors(), ids=lambda one: type(one).__name__)
class TestEach:
    def test_the_prediction_of_a_row_does_not_depend_on_other_rows(self, one: Predictor) -> None:
        x = np.random.default_rng(1).normal(size=(700, WIDTH))
        p = one.p(x)
        order = np.random.default_rng(2).permutation(len(x))
        assert np.array_equal(one.p(x[order]), p[order])
        for size in (1, 3, 256, 300):
            parts = [one.p(x[at : at + size]) for at in range(0, len(x), size)]
            assert np.array_equal(np.concatenate(parts), p)

    def test_predictions_are_probabilities(self, one: Predictor) -> None:
        x = np.random.default_rng(1).normal(size=(50, WIDTH))
        assert np.all((one.p(x) >= 0.0) & (one.p(x) <= 1.0))
        assert one.p(x[:0]).shape == (0,)

    def test_a_predictor_is_the_same_after_saving_as_arrays(
        self, one: Linear | Trees | Network | Fourier
    ) -> None:
        again = type(one).from_arrays(one.arrays())
        x = np.random.default_rng(1).normal(size=(50, WIDTH))
        assert np.array_equal(again.p(x), one.p(x))

    def test_a_missing_array_is_an_error(self, one: Linear | Trees | Network | Fourier) -> None:
        arrays = one.arrays()
        arrays.popitem()
        with pytest.raises(DataError, match="predictor has the arrays"):
            type(one).from_arrays(arrays)


def test_a_forest_averages_its_trees_and_boosting_adds_them() -> None:
    _, forest, boosted, *_ = predictors()
    low, high = np.zeros((1, WIDTH)), np.ones((1, WIDTH))
    assert forest.p(np.vstack([low, high])) == pytest.approx([0.2, 0.9])
    assert boosted.p(np.vstack([low, high])) == pytest.approx(
        [1 / (1 + np.exp(0.8)), 1 / (1 + np.exp(0.1))]
    )


def test_random_features_approximate_the_gaussian_kernel() -> None:
    draws = np.random.default_rng(0)
    gamma, x = 0.3, draws.normal(size=(20, 3))
    frequency = draws.normal(0.0, np.sqrt(2.0 * gamma), (3, 40_000))
    features = fourier_features(x, frequency, draws.uniform(0.0, 2.0 * np.pi, 40_000))
    distance = ((x[:, None] - x[None]) ** 2).sum(axis=2)
    assert features @ features.T == pytest.approx(np.exp(-gamma * distance), abs=0.03)


def test_a_predictor_that_differs_from_its_library_is_an_error() -> None:
    one = Linear(weight=np.zeros(WIDTH), bias=np.zeros(1))
    check_agrees(one, np.zeros((2, WIDTH)), np.full(2, 0.5), source="a library")
    for p in (0.6, float("nan")):
        with pytest.raises(CityError, match="taken from a library differs"):
            check_agrees(one, np.zeros((2, WIDTH)), np.full(2, p), source="a library")
