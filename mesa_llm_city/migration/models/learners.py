"""Training of the tabular methods with scikit-learn or a boosting library.

Settings are those of RMS-Agent, sec. 5.1, where given: 1000 iterations of the logistic
regression, 100 trees, hidden layers of 126 and 64 units, Adam with 1e-3. Libraries use one
thread. The result is a predictor of plain arrays (see `predictors`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import ProbabilityCalibration, log_odds, sigmoid
from mesa_llm_city.migration.models.boosters import learn_lightgbm, learn_xgboost
from mesa_llm_city.migration.models.libraries import library, one_thread
from mesa_llm_city.migration.models.predictors import (
    CHECKED_ROWS,
    Fourier,
    Linear,
    Network,
    Predictor,
    check_agrees,
    fourier_features,
)
from mesa_llm_city.migration.models.tree_arrays import Tree, join_trees

__all__ = ["LEARNERS", "TREES", "learn"]

Labels: TypeAlias = NDArray[np.int8]
Weights: TypeAlias = Float | None
Learner: TypeAlias = Callable[[Float, Labels, Weights, int], Predictor]

_FOURIER_FEATURES = 1000
_FOLDS = 3
_FEWEST = 10


def learn(method: str, x: Float, target: Labels, *, seed: int, weight: Weights = None) -> Predictor:
    """Train a classifier and return its predictor.

    Parameters
    ----------
    method : str
        One of `LEARNERS`.
    x : ndarray of float64, shape (n, d)
        Encoded rows, without missing values.
    target : ndarray of int8, shape (n,)
        Labels, both 0 and 1.
    seed : int
        Seed of training.
    weight : ndarray of float64, shape (n,), optional
        Weight of each row in the sample; by default all are equal. Only ratios matter.

    Raises
    ------
    ConfigError
        If the method is unknown, or its library is not installed.
    DataError
        If there are fewer than ten rows of one label.
    """
    if method not in LEARNERS:
        message = f"there is no method {method!r}; accepted are {', '.join(LEARNERS)}"
        raise ConfigError(message)
    zeros, ones = np.bincount(target, minlength=2).tolist()
    if min(zeros, ones) < _FEWEST and method != "base_rate":
        message = (
            f"of the training rows, {ones} have label 1 and {zeros} have label 0; "
            f"at least {_FEWEST} of each are needed"
        )
        raise DataError(message)
    # With a mean of 1, penalties and least sizes of leaves keep their meaning.
    relative = None if weight is None else weight / weight.mean()
    return LEARNERS[method](x, target, relative, seed)


def _base_rate(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    """Predict the share of label 1 for everybody; a baseline for the other methods."""
    del seed
    bias = log_odds([np.average(target, weights=weight)])
    return Linear(weight=np.zeros(x.shape[1]), bias=bias)


def _logistic_regression(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    classifier = library("sklearn.linear_model").LogisticRegression(
        max_iter=1000, random_state=seed
    )
    with _training():
        classifier.fit(x, target, sample_weight=weight)
    predictor = Linear(weight=classifier.coef_[0], bias=classifier.intercept_)
    return _checked(predictor, classifier, x)


def _random_forest(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    classifier = library("sklearn.ensemble").RandomForestClassifier(
        100, random_state=seed, n_jobs=1
    )
    with _training():
        classifier.fit(x, target, sample_weight=weight)
    trees = [_sklearn_tree(one.tree_, _share_of_ones) for one in classifier.estimators_]
    return _checked(join_trees(trees), classifier, x)


def _gradient_boosting(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    classifier = library("sklearn.ensemble").GradientBoostingClassifier(random_state=seed)
    with _training():
        classifier.fit(x, target, sample_weight=weight)
    rate = classifier.learning_rate
    trees = [
        _sklearn_tree(one.tree_, lambda value: rate * value[:, 0, 0])
        for one in classifier.estimators_[:, 0]
    ]
    start = float(log_odds(classifier.init_.class_prior_[1]))
    return _checked(join_trees(trees, start=start), classifier, x)


def _hist_gradient_boosting(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    classifier = library("sklearn.ensemble").HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=250,
        max_leaf_nodes=31,
        min_samples_leaf=20,
        l2_regularization=1.0,
        max_features=0.3,
        early_stopping=False,
        random_state=seed,
    )
    with _training():
        classifier.fit(x, target, sample_weight=weight)
    # There is no public access to the trees; `_checked` detects a change of their format.
    trees = [_histogram_tree(one[0].nodes) for one in classifier._predictors]  # noqa: SLF001
    start = float(np.ravel(classifier._baseline_prediction)[0])  # noqa: SLF001
    return _checked(join_trees(trees, start=start), classifier, x)


def _mlp(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    classifier = library("sklearn.neural_network").MLPClassifier(
        (126, 64),
        alpha=1e-3,
        early_stopping=True,
        n_iter_no_change=5,
        max_iter=100,
        random_state=seed,
    )
    with _training():
        classifier.fit(x, target, sample_weight=weight)
    layers = {f"weight_{layer}": one for layer, one in enumerate(classifier.coefs_, start=1)}
    layers |= {f"bias_{layer}": one for layer, one in enumerate(classifier.intercepts_, start=1)}
    return _checked(Network(**layers), classifier, x)


def _svm(x: Float, target: Labels, weight: Weights, seed: int) -> Predictor:
    """Train a support vector machine with a Gaussian kernel, by random Fourier features.

    An exact machine keeps rows of the survey as support vectors, which must not be saved,
    and takes minutes. With 1000 random features no row is kept. Margins become
    probabilities by the method of Platt (1999), with three-fold cross-validation.
    """
    rng = np.random.default_rng(seed)
    gamma = 1.0 / (x.shape[1] * float(x.var()))
    frequency = rng.normal(0.0, np.sqrt(2.0 * gamma), (x.shape[1], _FOURIER_FEATURES))
    phase = rng.uniform(0.0, 2.0 * np.pi, _FOURIER_FEATURES)
    features = fourier_features(x, frequency, phase)
    # Every fold has the same share of each label.
    fold = np.empty(len(x), dtype=np.int64)
    fold[np.lexsort((rng.random(len(x)), target))] = np.arange(len(x)) % _FOLDS
    margin = np.empty(len(x))
    with _training():
        for held_out in range(_FOLDS):
            kept = fold != held_out
            part = None if weight is None else weight[kept]
            machine = _machine(features[kept], target[kept], part, seed)
            margin[~kept] = machine.decision_function(features[~kept])
        classifier = _machine(features, target, weight, seed)
    platt = ProbabilityCalibration.fit(sigmoid(margin), target, weight)
    return Fourier(
        frequency=frequency,
        phase=phase,
        weight=classifier.coef_[0] / platt.temperature,
        bias=classifier.intercept_ / platt.temperature + platt.intercept,
    )


def _machine(features: Float, target: Labels, weight: Weights, seed: int) -> Any:  # noqa: ANN401 - of an untyped library
    classifier = library("sklearn.svm").LinearSVC(C=1.0, dual=False, random_state=seed)
    return classifier.fit(features, target, sample_weight=weight)


LEARNERS: Mapping[str, Learner] = MappingProxyType(
    {
        "base_rate": _base_rate,
        "logistic_regression": _logistic_regression,
        "random_forest": _random_forest,
        "gradient_boosting": _gradient_boosting,
        "hist_gradient_boosting": _hist_gradient_boosting,
        "svm": _svm,
        "mlp": _mlp,
        "lightgbm": learn_lightgbm,
        "xgboost": learn_xgboost,
    }
)
"""The tabular methods, by name."""

TREES = (
    *("random_forest", "gradient_boosting", "hist_gradient_boosting"),
    *("lightgbm", "xgboost"),
)
"""Methods whose predictors are trees."""


def _sklearn_tree(tree: Any, value_of: Callable[[Float], Float]) -> Tree:  # noqa: ANN401
    return Tree(
        feature=tree.feature,
        threshold=tree.threshold,
        left=tree.children_left,
        right=tree.children_right,
        is_leaf=tree.children_left < 0,
        value=value_of(tree.value),
    )


def _share_of_ones(value: Float) -> Float:
    share: Float = value[:, 0, 1] / value[:, 0].sum(axis=1)
    return share


def _histogram_tree(nodes: NDArray[Any]) -> Tree:
    return Tree(
        feature=nodes["feature_idx"],
        threshold=nodes["num_threshold"],
        left=nodes["left"],
        right=nodes["right"],
        is_leaf=nodes["is_leaf"].astype(bool),
        value=nodes["value"],
    )


@contextmanager
def _training() -> Iterator[None]:
    """Use one thread, and ignore warnings that the number of iterations was reached."""
    warning = library("sklearn.exceptions").ConvergenceWarning
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", warning)
        yield


def _checked(predictor: Predictor, classifier: Any, x: Float) -> Predictor:  # noqa: ANN401
    """Check that a predictor agrees with the classifier it was taken from."""
    some = x[:CHECKED_ROWS]
    check_agrees(predictor, some, classifier.predict_proba(some)[:, 1], source="scikit-learn")
    return predictor
