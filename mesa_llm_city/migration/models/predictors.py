"""Predictors of trained classifiers, as plain arrays.

A classifier is kept as numbers, not as an object of the library that trained it. So
prediction does not need that library, no saved file can run code, and a predictor that was
saved and loaded gives the same results to the last bit. The prediction of a row does not
depend on other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import sigmoid
from mesa_llm_city.migration.models.tree_masks import LeafMasks, Nodes
from mesa_llm_city.migration.models.tree_walk import walked_leaves

__all__ = [
    "CHECKED_ROWS",
    "PREDICTORS",
    "Fourier",
    "Linear",
    "Network",
    "Predictor",
    "Trees",
    "check_agrees",
    "fourier_features",
]

CHECKED_ROWS = 1000
"""Number of training rows used by `check_agrees`."""

_EXACT = 1e-9
_BLOCK = 256
_TREE_ROWS = 4096
_MANY_ROWS = 1000  # from which tables are faster, though they take some ms to make


class Predictor(Protocol):
    """Predicts probabilities of label 1 for encoded rows."""

    def p(self, x: Float, /) -> Float:
        """Return probabilities, shape (n,), for rows of shape (n, d)."""
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all arrays by name."""
        ...

    def check(self, columns: int, /) -> None:
        """Check that it can predict rows of so many columns."""
        ...


class _Arrays:
    """A dataclass of arrays that can be saved and restored by name."""

    __slots__ = ()

    _may_be_nan: ClassVar[tuple[str, ...]] = ()
    _may_be_infinite: ClassVar[tuple[str, ...]] = ()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all arrays by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the predictor that consists of `arrays`.

        Raises
        ------
        DataError
            If an array is missing, or there are others.
        """
        wanted = {one.name for one in fields(cls)}  # type: ignore[arg-type]
        if wanted != set(arrays):
            message = (
                f"a {cls.__name__.lower()} predictor has the arrays {', '.join(sorted(wanted))}, "
                f"got {', '.join(sorted(arrays)) or 'none'}"
            )
            raise DataError(message)
        return cls(**arrays)

    def check(self, columns: int) -> None:
        """Check shapes, types and values, as files that were changed have others.

        Parameters
        ----------
        columns : int
            Number of columns of the rows to predict.

        Raises
        ------
        DataError
            Lists every array that does not fit.
        """
        if wrong := [*self._wrong_numbers(), *self._misfits(columns)]:
            source = f"the {type(self).__name__.lower()} predictor"
            raise DataError.listing(source, wrong, advice="It is damaged; train again.")

    def _wrong_numbers(self) -> Iterator[str]:
        for name, one in self.arrays().items():
            if one.dtype not in {np.dtype(np.float64), np.dtype(np.int32)}:
                yield f"{name} has the type {one.dtype}; accepted are float64 and int32"
            elif np.isnan(one).any() and name not in self._may_be_nan:
                yield f"{name} has values that are no numbers"
            elif np.isinf(one).any() and name not in self._may_be_infinite:
                yield f"{name} has infinite values"

    def _misfits(self, columns: int) -> Iterator[str]:
        raise NotImplementedError

    def _misshapen(self, **wanted: tuple[int, ...]) -> Iterator[str]:
        for name, shape in wanted.items():
            found = getattr(self, name).shape
            if found != shape:
                yield f"{name} has the shape {found}, expected is {shape}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear(_Arrays):
    """A logistic regression.

    Parameters
    ----------
    weight : ndarray of float64, shape (d,)
        Weight of each column.
    bias : ndarray of float64, shape (1,)
        The intercept, in log odds.

    Examples
    --------
    >>> even = Linear(weight=np.array([2.0]), bias=np.array([-1.0]))
    >>> even.p(np.array([[0.5]])).tolist()
    [0.5]
    """

    weight: Float
    bias: Float

    def p(self, x: Float) -> Float:
        """Return probabilities, shape (n,)."""
        return sigmoid((x * self.weight).sum(axis=1) + self.bias)

    def _misfits(self, columns: int) -> Iterator[str]:
        yield from self._misshapen(weight=(columns,), bias=(1,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees(_Arrays):
    """A forest or boosted trees; a row goes left if x <= threshold.

    Parameters
    ----------
    root : ndarray of int32, shape (trees,)
        First node of each tree.
    feature : ndarray of int32, shape (nodes,)
        Column that a node compares; 0 at a leaf.
    threshold : ndarray of float64, shape (nodes,)
        Value to compare with.
    left, right : ndarray of int32, shape (nodes,)
        Next nodes; at a leaf the leaf itself.
    value : ndarray of float64, shape (nodes,)
        Value of a leaf: a probability in a forest, otherwise log odds to be added.
    start : ndarray of float64, shape (1,)
        Log odds before the first tree; NaN for a forest, whose trees are averaged.

    Examples
    --------
    >>> stump = Trees(
    ...     root=np.array([0]), feature=np.array([0, 0, 0]), threshold=np.array([30.0, 0, 0]),
    ...     left=np.array([1, 1, 2]), right=np.array([2, 1, 2]),
    ...     value=np.array([0.0, 0.2, 0.7]), start=np.array([np.nan]))
    >>> stump.p(np.array([[18.0], [45.0]])).tolist()
    [0.2, 0.7]
    """

    root: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: Float
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Float
    start: Float

    # A forest has no start; a split that only missing values pass has an infinite threshold.
    _may_be_nan: ClassVar[tuple[str, ...]] = ("start",)
    _may_be_infinite: ClassVar[tuple[str, ...]] = ("threshold",)

    def p(self, x: Float) -> Float:
        """Return probabilities, shape (n,)."""
        values_of = self._values if len(x) < _MANY_ROWS else self._for_many()
        p = np.empty(len(x))
        for first in range(0, len(x), _TREE_ROWS):
            some = slice(first, first + _TREE_ROWS)
            p[some] = self._combined(values_of(x[some]))
        return p

    def _values(self, x: Float) -> Float:
        """Return the value of the leaf of each row in each tree, shape (n, trees)."""
        return self.value[self._leaves(x)]

    def _for_many(self) -> Callable[[Float], Float]:
        """Return a function that does what `_values` does, but is faster for many rows."""
        nodes = Nodes(self.root, self.feature, self.threshold, self.left, self.right)
        masks = LeafMasks.of(nodes)

        def by_tree(x: Float) -> Float:
            if masks is not None:
                return masks.values(x, self.value)
            return self.value[walked_leaves(nodes, x)]

        # Each row has its trees side by side, so that they are added in the same order.
        return lambda x: np.ascontiguousarray(by_tree(x).T)

    def _combined(self, values: Float) -> Float:
        if np.isnan(self.start[0]):
            mean: Float = values.mean(axis=1)
            return mean
        return sigmoid(self.start + values.sum(axis=1))

    def _leaves(self, x: Float) -> NDArray[np.int32]:
        """Return the leaf of each row, shape (n, trees)."""
        rows = np.arange(len(x))[:, None]
        at = np.broadcast_to(self.root, (len(x), len(self.root)))
        while True:
            is_left = x[rows, self.feature[at]] <= self.threshold[at]
            below = np.where(is_left, self.left[at], self.right[at])
            if np.array_equal(below, at):
                return below
            at = below

    def _misfits(self, columns: int) -> Iterator[str]:
        nodes = self.feature.shape[:1] if self.feature.ndim else (0,)
        each = dict.fromkeys(("feature", "threshold", "left", "right", "value"), nodes)
        wrong = [*self._misshapen(**each, root=(self.root.size,), start=(1,))]
        yield from wrong
        limits = {"root": nodes[0], "left": nodes[0], "right": nodes[0], "feature": columns}
        outside = [
            f"{name} has numbers outside 0 to {below - 1}"
            for name, below in limits.items()
            if not self._is_within(name, below)
        ]
        yield from outside
        if not wrong and not outside and self._has_circle():
            yield "left and right lead in a circle"

    def _is_within(self, name: str, below: int) -> bool:
        one = getattr(self, name)
        return bool(one.dtype == np.int32 and one.size and one.min() >= 0 and one.max() < below)

    def _has_circle(self) -> bool:
        """Tell whether a row could go from node to node for ever."""
        at = np.unique(self.root)
        for _ in range(len(self.feature) + 1):
            inner = at[(self.left[at] != at) | (self.right[at] != at)]
            if not inner.size:
                return False
            at = np.unique(np.concatenate([self.left[inner], self.right[inner]]))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(_Arrays):
    """A multilayer perceptron with two hidden layers of rectified linear units.

    Parameters
    ----------
    weight_1, weight_2, weight_3 : ndarray of float64, shapes (d, a), (a, b), (b, 1)
        Weights of the layers.
    bias_1, bias_2, bias_3 : ndarray of float64, shapes (a,), (b,), (1,)
        Biases of the layers.
    """

    weight_1: Float
    bias_1: Float
    weight_2: Float
    bias_2: Float
    weight_3: Float
    bias_3: Float

    def p(self, x: Float) -> Float:
        """Return probabilities, shape (n,)."""
        return sigmoid(_in_blocks(self._log_odds, x))

    def _log_odds(self, x: Float) -> Float:
        first = np.maximum(x @ self.weight_1 + self.bias_1, 0.0)
        second = np.maximum(first @ self.weight_2 + self.bias_2, 0.0)
        odds: Float = (second @ self.weight_3 + self.bias_3)[:, 0]
        return odds

    def _misfits(self, columns: int) -> Iterator[str]:
        first, second = self.bias_1.size, self.bias_2.size
        yield from self._misshapen(
            weight_1=(columns, first),
            bias_1=(first,),
            weight_2=(first, second),
            bias_2=(second,),
            weight_3=(second, 1),
            bias_3=(1,),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fourier(_Arrays):
    """A linear classifier over random Fourier features, which approximate a Gaussian kernel.

    Parameters
    ----------
    frequency : ndarray of float64, shape (d, m)
        Frequencies, drawn from the spectrum of the kernel (Rahimi and Recht, 2007).
    phase : ndarray of float64, shape (m,)
        Phases in [0, 2 pi).
    weight : ndarray of float64, shape (m,)
        Weight of each feature in the log odds.
    bias : ndarray of float64, shape (1,)
        The intercept, in log odds.
    """

    frequency: Float
    phase: Float
    weight: Float
    bias: Float

    def p(self, x: Float) -> Float:
        """Return probabilities, shape (n,)."""
        return sigmoid(_in_blocks(self._log_odds, x))

    def _log_odds(self, x: Float) -> Float:
        features = fourier_features(x, self.frequency, self.phase)
        odds: Float = features @ self.weight + self.bias
        return odds

    def _misfits(self, columns: int) -> Iterator[str]:
        size = self.phase.size
        yield from self._misshapen(
            frequency=(columns, size), phase=(size,), weight=(size,), bias=(1,)
        )


def fourier_features(x: Float, frequency: Float, phase: Float) -> Float:
    """Return random Fourier features (Rahimi and Recht, 2007, alg. 1), shape (n, m).

    The product of the features of two rows approximates exp(-gamma |a - b|^2) if the
    frequencies are normal with variance 2 gamma.
    """
    features: Float = np.sqrt(2.0 / len(phase)) * np.cos(x @ frequency + phase)
    return features


PREDICTORS: Mapping[str, type[Linear | Trees | Network | Fourier]] = MappingProxyType(
    {"linear": Linear, "trees": Trees, "network": Network, "fourier": Fourier}
)
"""The kinds of predictors, by the name under which they are saved."""


def check_agrees(
    predictor: Predictor, x: Float, p: Float, *, source: str, within: float = _EXACT
) -> None:
    """Check that a predictor agrees with the library it was taken from.

    Parameters
    ----------
    predictor : Predictor
        Predictor made from the arrays.
    x : ndarray of float64, shape (n, d)
        Rows to predict.
    p : ndarray of float64, shape (n,)
        Predictions of the library for these rows.
    source : str
        Name of the library.
    within : float, default 1e-9
        Greatest difference; larger for libraries that compute in single precision.

    Raises
    ------
    CityError
        If they do not agree, since the library has changed its method.
    """
    off = float(np.abs(predictor.p(x) - p).max()) if len(x) else 0.0
    if not off <= within:
        message = (
            f"the predictor taken from {source} differs from it by {off:.1e}; "
            "install the version named in pyproject.toml, or choose another method"
        )
        raise CityError(message)


def _in_blocks(formula: Callable[[Float], Float], x: Float) -> Float:
    """Apply `formula` to blocks of equal size, since rounding may depend on the number of rows."""
    values = np.empty(len(x))
    for first in range(0, len(x), _BLOCK):
        some = x[first : first + _BLOCK]
        filled = np.zeros((_BLOCK, x.shape[1]))
        filled[: len(some)] = some
        values[first : first + len(some)] = formula(filled)[: len(some)]
    return values
