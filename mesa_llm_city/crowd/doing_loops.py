"""How many rows do what, as a loop over all rows that is compiled (see `kernels`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int

__all__ = ["count_purposes"]


def count_purposes(
    present: Bool,
    destination: NDArray[np.int32],
    purpose: NDArray[np.int8],
    travel: int,
    counts: Int,
) -> None:
    """Count who is there by purpose.

    Parameters
    ----------
    present : ndarray of bool, shape (n,)
        Who is counted.
    destination : ndarray of int32, shape (n,)
        Where each is going; negative for who is not under way.
    purpose : ndarray of int8, shape (n,)
        What each does, or will do; negative for who has not begun.
    travel : int
        Purpose of those under way.
    counts : ndarray of int64, shape (p + 1,)
        Is added to, by purpose; the last is for who has not begun.
    """
    last = len(counts) - 1
    for row in range(len(present)):
        if not present[row]:
            continue
        if destination[row] >= 0:
            counts[travel] += 1
        elif purpose[row] >= 0:
            counts[purpose[row]] += 1
        else:
            counts[last] += 1
