"""Draws by inverse distribution, so that a person and a row of a table draw the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from mesa_llm_city.core.libm import log
from mesa_llm_city.core.normal_pieces import COUNT, MIDDLE, PIECES
from mesa_llm_city.core.values import Float

__all__ = ["exponential_of", "gumbel_of", "normal_of", "pareto_of"]

_HALF_STEP = 2.0**-54
"""Half of the distance of two uniform numbers, so that none of them is 0."""
_LAST = 1.0 - 2.0**-53
"""The greatest number below 1, which half a step more would round to 1."""


_THIRD, *_LOWER = np.ascontiguousarray(PIECES.T)
"""Coefficients of pieces by power."""


def _between(uniform: ArrayLike) -> Float:
    """Return numbers in (0, 1) for uniform numbers in [0, 1)."""
    return np.minimum(np.asarray(uniform, dtype=np.float64) + _HALF_STEP, _LAST)


def normal_of(uniform: ArrayLike) -> Float:
    """Return standard normal numbers for uniform numbers in [0, 1).

    They differ from the inverse of the distribution function by less than a millionth (see
    `normal_pieces`).

    Examples
    --------
    >>> normal_of([0.5, 0.975]).round(2)
    array([0.  , 1.96])
    """
    share = np.asarray(_between(uniform))
    if not share.ndim:
        return normal_of(share[np.newaxis]).reshape(())
    at = share * COUNT
    piece = at.astype(np.int64)
    at -= piece
    normal: Float = _THIRD.take(piece)
    for coefficients in _LOWER:
        normal *= at
        normal += coefficients.take(piece)
    is_far = np.abs(share - 0.5) >= MIDDLE
    normal[is_far] = ndtri(share[is_far])
    return normal


def exponential_of(uniform: ArrayLike) -> Float:
    """Return numbers of the exponential distribution with mean 1, for uniform ones in [0, 1).

    Examples
    --------
    >>> exponential_of([0.0, 0.5]).round(2)
    array([0.  , 0.69])
    """
    return np.asarray(np.abs(np.log1p(-np.asarray(uniform, dtype=np.float64))))


def gumbel_of(uniform: ArrayLike) -> Float:
    """Return standard Gumbel numbers, ``-ln(-ln u)``, for uniform numbers in [0, 1).

    Examples
    --------
    >>> gumbel_of([0.5, 0.9]).round(2)
    array([0.37, 2.25])
    """
    return -log(-log(_between(uniform)))


def pareto_of(uniform: ArrayLike, shape: float) -> Float:
    """Return numbers of a Pareto distribution with mean 1, for uniform numbers in [0, 1).

    ``(shape - 1) / shape (1 - u) ** (-1 / shape)``, for a shape above 1.

    Examples
    --------
    >>> pareto_of([0.0, 0.75], 2.0)
    array([0.5, 1. ])
    """
    left = 1.0 - np.asarray(uniform, dtype=np.float64)
    return (shape - 1.0) / shape * left ** (-1.0 / shape)
