"""The standard normal number that a share of all such numbers is below, in cubic pieces.

Most draws lie in the middle, where a table with a cubic polynomial for each piece is several times
as fast as the inverse of the distribution function, and differs from it by less than a millionth.
The ends are left to the exact function.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.values import Float

__all__ = ["COUNT", "MIDDLE", "PIECES"]

COUNT = 512
"""Number of pieces of (0, 1)."""

MIDDLE = 0.5 - 8 / COUNT
"""Shares that differ from 1/2 by less than this are in the table."""


def _pieces() -> Float:
    """Return the coefficients of each piece, from that of the third power on.

    They have the values and the slopes of the inverse at both ends (Hermite interpolation).
    """
    ends = np.arange(1, COUNT) / COUNT
    value = ndtri(ends)
    slope = math.sqrt(2.0 * math.pi) * exp(value * value / 2.0) / COUNT
    rise, low, high = value[1:] - value[:-1], slope[:-1], slope[1:]
    pieces = np.zeros((COUNT, 4))
    # The first and the last piece have no bound.
    pieces[1:-1] = np.stack(
        [low + high - 2.0 * rise, 3.0 * rise - 2.0 * low - high, low, value[:-1]], axis=1
    )
    return pieces


PIECES = _pieces()
"""Coefficients of each piece of (0, 1), shape (512, 4), by how much of the piece is passed."""
