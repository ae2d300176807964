"""Who is where somebody looks around, as a loop over all rows that is compiled (see `kernels`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int

__all__ = ["find_present"]


def find_present(spot: NDArray[np.integer], marked: Bool, present: Int) -> int:
    """Fill the rows whose spot is marked, and return how many they are.

    Parameters
    ----------
    spot : ndarray of int, shape (n,)
        Where each row can be met; negative for nowhere.
    marked : ndarray of bool
        By spot.
    present : ndarray of int64, shape (n,)
        Is filled from the front, with rising rows.
    """
    count = 0
    for row in range(len(spot)):
        if spot[row] >= 0 and marked[spot[row]]:
            present[count] = row
            count += 1
    return count
