"""What is left of a trained classifier: arrays, and the arithmetic that predicts from them.

A classifier is kept as plain numbers rather than as an object of the library that
trained it. So prediction needs that library no more, nothing on disk can run code, and
what is read back predicts the same to the last bit, since it is the same arithmetic.
Rows depend on themselves alone, whatever other rows come along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.evaluation.calibration import sigmoid

__all__ = [
    "CHECKED_ROWS",
    "PREDICTORS",
    "Fourier",
    "Linear",
    "Network",
    "Predictor",
    "Trees",
    "check_agrees",
    "waves",
]

CHECKED_ROWS = 1000
"""Of the training rows, for `check_agrees`."""

_EXACT = 1e-9
_BLOCK = 256
_TREE_ROWS = 2048


class Predictor(Protocol):
    """Tells probabilities of label 1 for encoded rows."""

    def p(self, x: Float, /) -> Float:
        """Return probabilities, shape (n,), of rows of shape (n, d)."""
        ...

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything it is made of, by name."""
        ...


class _Arrays:
    """A dataclass of arrays, to and from a mapping by name."""

    __slots__ = ()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything it is made of, by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Build from `arrays`.

        Raises
        ------
        DataError
            If one is missing or there are others.
        """
        wanted = {one.name for one in fields(cls)}  # type: ignore[arg-type]
        if wanted != set(arrays):
            message = (
                f"a {cls.__name__.lower()} predictor has the arrays {', '.join(sorted(wanted))}, "
                f"got {', '.join(sorted(arrays)) or 'none'}"
            )
            raise DataError(message)
        return cls(**arrays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear(_Arrays):
    """A logistic regression.

    Parameters
    ----------
    weight : ndarray of float64, shape (d,)
        Of each column.
    bias : ndarray of float64, shape (1,)
        Added to their sum.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees(_Arrays):
    """A forest, or a boosted sequence of trees; a row goes left where x <= threshold.

    Parameters
    ----------
    root : ndarray of int32, shape (trees,)
        First node of each tree.
    feature : ndarray of int32, shape (nodes,)
        Column that a node asks for; at a leaf 0.
    threshold : ndarray of float64, shape (nodes,)
        What it is compared with.
    left, right : ndarray of int32, shape (nodes,)
        The next node; at a leaf the leaf itself.
    value : ndarray of float64, shape (nodes,)
        What a leaf says: a probability in a forest, else log odds to be added up.
    start : ndarray of float64, shape (1,)
        Log odds before the first tree; NaN in a forest, whose trees are averaged.

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

    def p(self, x: Float) -> Float:
        """Return probabilities, shape (n,)."""
        told = np.empty(len(x))
        for first in range(0, len(x), _TREE_ROWS):
            said = self.value[self._leaves(x[first : first + _TREE_ROWS])]
            told[first : first + _TREE_ROWS] = self._together(said)
        return told

    def _together(self, said: Float) -> Float:
        if np.isnan(self.start[0]):
            told: Float = said.mean(axis=1)
            return told
        return sigmoid(self.start + said.sum(axis=1))

    def _leaves(self, x: Float) -> NDArray[np.int32]:
        """Return the leaf that each row falls into, shape (n, trees)."""
        rows = np.arange(len(x))[:, None]
        at = np.broadcast_to(self.root, (len(x), len(self.root)))
        while True:
            is_left = x[rows, self.feature[at]] <= self.threshold[at]
            below = np.where(is_left, self.left[at], self.right[at])
            if np.array_equal(below, at):
                return below
            at = below


@dataclass(frozen=True, slots=True, kw_only=True)
class Network(_Arrays):
    """A perceptron with two hidden layers of rectified units.

    Parameters
    ----------
    weight_1, weight_2, weight_3 : ndarray of float64, shapes (d, a), (a, b), (b, 1)
        From layer to layer.
    bias_1, bias_2, bias_3 : ndarray of float64, shapes (a,), (b,), (1,)
        Of the units.
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
        told: Float = (second @ self.weight_3 + self.bias_3)[:, 0]
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Fourier(_Arrays):
    """A linear machine over random waves, which stand in for a Gaussian kernel.

    Parameters
    ----------
    wave : ndarray of float64, shape (d, waves)
        Frequencies, drawn from the kernel's spectrum (Rahimi and Recht, 2007).
    phase : ndarray of float64, shape (waves,)
        In [0, 2 pi).
    weight : ndarray of float64, shape (waves,)
        Of each wave in the log odds.
    bias : ndarray of float64, shape (1,)
        Added to their sum.
    """

    wave: Float
    phase: Float
    weight: Float
    bias: Float

    def p(self, x: Float) -> Float:
        """Return probabilities, shape (n,)."""
        return sigmoid(_in_blocks(self._log_odds, x))

    def _log_odds(self, x: Float) -> Float:
        told: Float = waves(x, self.wave, self.phase) @ self.weight + self.bias
        return told


def waves(x: Float, wave: Float, phase: Float) -> Float:
    """Return random Fourier features (Rahimi and Recht, 2007, alg. 1), shape (n, waves).

    The mean product of the features of two rows tends to exp(-gamma |a - b|^2) if the
    frequencies are normal with variance 2 gamma.
    """
    told: Float = np.sqrt(2.0 / len(phase)) * np.cos(x @ wave + phase)
    return told


PREDICTORS: Mapping[str, type[Linear | Trees | Network | Fourier]] = MappingProxyType(
    {"linear": Linear, "trees": Trees, "network": Network, "fourier": Fourier}
)
"""The kinds of predictors, by the name they are saved under."""


def check_agrees(
    told: Predictor, x: Float, p: Float, *, source: str, within: float = _EXACT
) -> None:
    """Make sure that arrays predict as the library they were taken from.

    Parameters
    ----------
    told : Predictor
        What was made of the arrays.
    x : ndarray of float64, shape (n, d)
        Rows to try.
    p : ndarray of float64, shape (n,)
        What the library predicts for them.
    source : str
        Name of the library.
    within : float, default 1e-9
        Greatest difference; libraries that add up in single precision need more.

    Raises
    ------
    CityError
        If they do not: the library has changed how it predicts.
    """
    off = float(np.abs(told.p(x) - p).max()) if len(x) else 0.0
    if not off <= within:
        message = (
            f"arrays taken from {source} predict otherwise than it does, by {off:.1e}; "
            "install the version named in pyproject.toml, or choose another method"
        )
        raise CityError(message)


def _in_blocks(formula: Callable[[Float], Float], x: Float) -> Float:
    """Apply `formula` to blocks of one size: a matrix product may round by how many rows."""
    told = np.empty(len(x))
    for first in range(0, len(x), _BLOCK):
        some = x[first : first + _BLOCK]
        filled = np.zeros((_BLOCK, x.shape[1]))
        filled[: len(some)] = some
        told[first : first + len(some)] = formula(filled)[: len(some)]
    return told
