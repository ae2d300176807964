"""Variety of answers: how much they differ within a person, and between persons."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float, Int

__all__ = ["Variety", "divergence", "entropy", "total_variation", "variety"]


class Variety(NamedTuple):
    """Entropy of answers, in bits.

    Attributes
    ----------
    total : float
        Of all answers together.
    within : float
        Mean over the answers of the entropy of the person who gave them.
    between : float
        What is left: how much the person says about the answer (the mutual information).
    """

    total: float
    within: float
    between: float


def entropy(probabilities: ArrayLike) -> Float:
    """Return the entropy ``-sum_a p_a log2 p_a`` in bits (Shannon 1948).

    Parameters
    ----------
    probabilities : array_like, shape (..., answers)
        Probabilities, or weights that need not sum to 1; all 0 has entropy 0.

    Examples
    --------
    >>> entropy([[1, 1], [4, 0]])
    array([1., 0.])
    """
    weight = np.asarray(probabilities, dtype=np.float64)
    total = np.maximum(weight.sum(axis=-1, keepdims=True), np.finfo(np.float64).tiny)
    share = weight / total
    logs = np.log2(np.where(share > 0.0, share, 1.0))
    bits: Float = -(share * logs).sum(axis=-1)
    return np.maximum(bits, 0.0)


def variety(persons: Int, answers: Float) -> Variety:
    """Return how much answers differ within and between persons.

    Parameters
    ----------
    persons : ndarray of int64, shape (m,)
        Whose each row is.
    answers : ndarray of float64, shape (m, answers)
        Probability of each answer in each row; 1 for the one that was given.

    Examples
    --------
    >>> variety(np.array([1, 1, 2, 2]), np.eye(2)[[0, 0, 1, 1]])
    Variety(total=1.0, within=0.0, between=1.0)
    """
    if not len(persons):
        return Variety(0.0, 0.0, 0.0)
    _, row = np.unique(persons, return_inverse=True)
    each = np.zeros((int(row.max()) + 1, answers.shape[1]))
    np.add.at(each, row, answers)
    share = np.bincount(row) / len(row)
    total = float(entropy(each.sum(axis=0)))
    within = min(float((share * entropy(each)).sum()), total)
    return Variety(total, within, total - within)


def total_variation(one: ArrayLike, other: ArrayLike) -> float:
    """Return half of the sum of differences between two distributions, in [0, 1].

    Examples
    --------
    >>> total_variation([0.5, 0.5], [1.0, 0.0])
    0.5
    """
    apart = np.abs(np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64))
    return float(0.5 * apart.sum())


def divergence(one: ArrayLike, other: ArrayLike) -> float:
    """Return the Jensen-Shannon divergence of two distributions, in bits from 0 to 1 (Lin 1991).

    Examples
    --------
    >>> divergence([1.0, 0.0], [0.0, 1.0])
    1.0
    """
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    mixed = float(entropy((first + second) / 2.0))
    return max(mixed - float(entropy(first) + entropy(second)) / 2.0, 0.0)
