"""Numbers in [0, 1] that are kept in 16 bits.

A code stands for ``code / 60000``, so that decimals of four digits are kept as they are. The
nearest code is ``rint(60000 share)``; compiled loops write both as they are written here, in
double precision, so that they find the same numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.values import Float

__all__ = ["CODES", "Codes", "code_of", "coded_shares", "decoded_shares", "share_of"]

Codes = NDArray[np.uint16]
"""Codes of many numbers."""

CODES = 60_000
"""The code of 1."""


def coded_shares(share: ArrayLike) -> Codes:
    """Return the codes that are nearest to numbers in [0, 1].

    Examples
    --------
    >>> coded_shares([0.0, 0.2, 1.0])
    array([    0, 12000, 60000], dtype=uint16)
    """
    return np.rint(np.asarray(share, dtype=np.float64) * CODES).astype(np.uint16)


def decoded_shares(code: Codes) -> Float:
    """Return the numbers that codes stand for.

    Examples
    --------
    >>> decoded_shares(np.array([0, 12000, 60000], dtype=np.uint16))
    array([0. , 0.2, 1. ])
    """
    share: Float = code.astype(np.float64) / CODES
    return share


def code_of(share: float) -> int:
    """Return the code that is nearest to a number in [0, 1], in a form that can be compiled."""
    return int(np.rint(share * CODES))


def share_of(code: int) -> float:
    """Return the number that a code stands for, in a form that can be compiled."""
    return float(code) / CODES
