"""Exponentials, logarithms and powers that are the same numbers everywhere.

NumPy has functions of its own for some processors, which differ from others in the last bit.
Those of SciPy here call the mathematical library of the system, as compiled loops do (see
`kernels`). So a run repeats on another processor, and with or without compiled loops.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import boxcox, inv_boxcox

from mesa_llm_city.core.values import Float

__all__ = ["exp", "fill_exp_and_log", "log", "power", "power_of_one"]


def exp(values: ArrayLike) -> Float:
    """Return the exponential of each value, which loops take by `math.exp`.

    Examples
    --------
    >>> exp([0.0, -np.inf])
    array([1., 0.])
    """
    # The inverse of Box and Cox's transformation is the exponential for an exponent of 0.
    return np.asarray(inv_boxcox(np.asarray(values, dtype=np.float64), 0.0), dtype=np.float64)


def log(values: ArrayLike) -> Float:
    """Return the natural logarithm of each value, which loops take by `math.log`.

    Examples
    --------
    >>> log([1.0, 0.0])
    array([  0., -inf])
    """
    return np.asarray(boxcox(np.asarray(values, dtype=np.float64), 0.0), dtype=np.float64)


def power(base: ArrayLike, exponent: ArrayLike) -> Float:
    """Return powers of numbers that are at least 0, which loops take by `power_of_one`.

    Parameters
    ----------
    base : array_like
        Bases, at least 0.
    exponent : array_like
        Exponents; above 0 where a base is 0. It broadcasts with `base`.

    Examples
    --------
    >>> power([0.0, 4.0], 0.5)
    array([0., 2.])
    """
    return exp(np.multiply(exponent, log(base)))


def power_of_one(base: float, exponent: float) -> float:
    """Return the power of one number, as `power` does, in a form that can be compiled."""
    return math.exp(exponent * math.log(base)) if base > 0.0 else 0.0


def fill_exp_and_log(values: Float, exps: Float, logs: Float) -> None:
    """Fill ``exp(-value)`` and ``log(value)`` of each value, by which `kernels` checks loops."""
    for at in range(len(values)):
        exps[at], logs[at] = math.exp(-values[at]), math.log(values[at])
