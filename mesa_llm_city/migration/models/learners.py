"""How each tabular method learns: scikit-learn or a boosting library trains, arrays remain.

Settings are those of RMS-Agent, sec. 5.1, where it tells them: 1000 iterations for the
logistic regression, 100 trees, hidden layers of 126 and 64 units, Adam at 1e-3. Libraries
use one thread.
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
    waves,
)
from mesa_llm_city.migration.models.tree_arrays import Tree, joined

__all__ = ["LEARNERS", "learn"]

Labels: TypeAlias = NDArray[np.int8]
Learner: TypeAlias = Callable[[Float, Labels, int], Predictor]

_WAVES = 1000
_FOLDS = 3
_FEWEST = 10


def learn(method: str, x: Float, target: Labels, *, seed: int) -> Predictor:
    """Train a classifier and return what predicts.

    Parameters
    ----------
    method : str
        A name of `LEARNERS`.
    x : ndarray of float64, shape (n, d)
        Encoded rows, without missing values.
    target : ndarray of int8, shape (n,)
        Labels; both 0 and 1 occur.
    seed : int
        Of everything that is drawn.

    Raises
    ------
    ConfigError
        If the method is unknown, or its library is not installed.
    DataError
        If there are fewer than ten rows of a label.
    """
    if method not in LEARNERS:
        message = f"there is no method {method!r}; accepted are {', '.join(LEARNERS)}"
        raise ConfigError(message)
    stayed, returned = np.bincount(target, minlength=2).tolist()
    if min(stayed, returned) < _FEWEST and method != "base_rate":
        message = (
            f"{returned} training rows return and {stayed} stay; "
            f"at least {_FEWEST} of each are needed to learn from"
        )
        raise DataError(message)
    return LEARNERS[method](x, target, seed)


def _base_rate(x: Float, target: Labels, seed: int) -> Predictor:
    """Tell everybody the share of returnees; what any other method has to beat."""
    del seed
    bias = log_odds([np.mean(target)])
    return Linear(weight=np.zeros(x.shape[1]), bias=bias)


def _logistic_regression(x: Float, target: Labels, seed: int) -> Predictor:
    made = library("sklearn.linear_model").LogisticRegression(max_iter=1000, random_state=seed)
    with _training():
        made.fit(x, target)
    told = Linear(weight=made.coef_[0], bias=made.intercept_)
    return _checked(told, made, x)


def _random_forest(x: Float, target: Labels, seed: int) -> Predictor:
    made = library("sklearn.ensemble").RandomForestClassifier(100, random_state=seed, n_jobs=1)
    # The library compares in single precision, so thresholds are learnt there.
    with _training():
        made.fit(x, target)
    trees = [_sklearn_tree(one.tree_, _share_of_returnees) for one in made.estimators_]
    return _checked(joined(trees), made, x)


def _gradient_boosting(x: Float, target: Labels, seed: int) -> Predictor:
    made = library("sklearn.ensemble").GradientBoostingClassifier(random_state=seed)
    with _training():
        made.fit(x, target)
    rate = made.learning_rate
    trees = [
        _sklearn_tree(one.tree_, lambda value: rate * value[:, 0, 0])
        for one in made.estimators_[:, 0]
    ]
    start = float(log_odds(made.init_.class_prior_[1]))
    return _checked(joined(trees, start=start), made, x)


def _hist_gradient_boosting(x: Float, target: Labels, seed: int) -> Predictor:
    made = library("sklearn.ensemble").HistGradientBoostingClassifier(
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
        made.fit(x, target)
    # There is no public way to the trees; `_checked` would notice if they changed their form.
    trees = [_histogram_tree(one[0].nodes) for one in made._predictors]  # noqa: SLF001
    start = float(np.ravel(made._baseline_prediction)[0])  # noqa: SLF001
    return _checked(joined(trees, start=start), made, x)


def _mlp(x: Float, target: Labels, seed: int) -> Predictor:
    made = library("sklearn.neural_network").MLPClassifier(
        (126, 64),
        alpha=1e-3,
        early_stopping=True,
        n_iter_no_change=5,
        max_iter=100,
        random_state=seed,
    )
    with _training():
        made.fit(x, target)
    layers = {f"weight_{layer}": one for layer, one in enumerate(made.coefs_, start=1)}
    layers |= {f"bias_{layer}": one for layer, one in enumerate(made.intercepts_, start=1)}
    return _checked(Network(**layers), made, x)


def _svm(x: Float, target: Labels, seed: int) -> Predictor:
    """Train a support vector machine with a Gaussian kernel, approximated by random waves.

    The exact machine keeps rows of the survey as its support vectors, which must not go
    into a checkpoint, and takes minutes; 1000 waves keep none. Its margins become
    probabilities by Platt's method, on rows held out of each of three folds.
    """
    luck = np.random.default_rng(seed)
    gamma = 1.0 / (x.shape[1] * float(x.var()))
    wave = luck.normal(0.0, np.sqrt(2.0 * gamma), (x.shape[1], _WAVES))
    phase = luck.uniform(0.0, 2.0 * np.pi, _WAVES)
    seen = waves(x, wave, phase)
    # Every fold has its share of either label.
    fold = np.empty(len(x), dtype=np.int64)
    fold[np.lexsort((luck.random(len(x)), target))] = np.arange(len(x)) % _FOLDS
    margin = np.empty(len(x))
    with _training():
        for held_out in range(_FOLDS):
            kept = fold != held_out
            margin[~kept] = _machine(seen[kept], target[kept], seed).decision_function(seen[~kept])
        made = _machine(seen, target, seed)
    platt = ProbabilityCalibration.fit(sigmoid(margin), target)
    return Fourier(
        wave=wave,
        phase=phase,
        weight=made.coef_[0] / platt.temperature,
        bias=made.intercept_ / platt.temperature + platt.intercept,
    )


def _machine(seen: Float, target: Labels, seed: int) -> Any:  # noqa: ANN401 - of an untyped library
    made = library("sklearn.svm").LinearSVC(C=1.0, dual=False, random_state=seed)
    return made.fit(seen, target)


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


def _sklearn_tree(tree: Any, value_of: Callable[[Float], Float]) -> Tree:  # noqa: ANN401
    return Tree(
        feature=tree.feature,
        threshold=tree.threshold,
        left=tree.children_left,
        right=tree.children_right,
        is_leaf=tree.children_left < 0,
        value=value_of(tree.value),
    )


def _share_of_returnees(value: Float) -> Float:
    told: Float = value[:, 0, 1] / value[:, 0].sum(axis=1)
    return told


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
    """Use one thread, and take the number of passes for what it is: a setting."""
    ended = library("sklearn.exceptions").ConvergenceWarning
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ended)
        yield


def _checked(told: Predictor, made: Any, x: Float) -> Predictor:  # noqa: ANN401
    """Return `told` once it is sure to predict as the classifier it was taken from."""
    some = x[:CHECKED_ROWS]
    check_agrees(told, some, made.predict_proba(some)[:, 1], source="scikit-learn")
    return told
