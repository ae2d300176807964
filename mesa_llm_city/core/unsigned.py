"""Rows as numbers without a sign, in loops that are compiled (see `kernels`)."""

from __future__ import annotations

import numpy as np

__all__ = ["unsigned"]


def unsigned(row: int) -> int:
    """Return a row as a number without a sign, which is read faster.

    Compiled code asks of other numbers, at each column, whether they count from its end.
    """
    index: int = np.uint64(row)  # type: ignore[assignment]
    return index
