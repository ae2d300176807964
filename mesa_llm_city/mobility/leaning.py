"""How goals and insights change what a person likes to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Float

__all__ = ["NO_LEANINGS", "leaning_liking"]

NO_LEANINGS: Mapping[str, float] = MappingProxyType({})
"""The leanings of a person whose goals and insights favour no activity."""


def leaning_liking(liking: ArrayLike, leaning: ArrayLike, factor: float = 2.0) -> Float:
    """Return a liking after goals and insights: ``liking factor ** leaning``.

    Parameters
    ----------
    liking : array_like
        How much something is liked, or how likely it is; not negative.
    leaning : array_like
        How much goals and insights speak for it, from -1 to 1.
    factor : float, default 2.0
        Factor at the strongest leaning (`mobility.planner.leaning_factor`; assumption).

    Returns
    -------
    ndarray of float64
        Of the shape to which the arguments broadcast.

    Examples
    --------
    >>> leaning_liking([0.2, 0.4], [1.0, -1.0])
    array([0.4, 0.2])
    """
    exponent = math.log2(factor) * np.asarray(leaning, dtype=np.float64)
    return np.asarray(liking, dtype=np.float64) * np.exp2(exponent)
