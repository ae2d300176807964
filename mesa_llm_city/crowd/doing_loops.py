"""How many rows do what, as a loop over all rows that is compiled (see `kernels`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool, Int

__all__ = ["count_purposes"]

_CODES, _TURNS = 256, 4


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
    width, rows = len(counts), len(present)
    code = np.empty(rows, dtype=np.uint8)
    under_way, begins, nothing = np.uint8(travel), np.uint8(width - 1), np.uint8(width)
    for row in range(rows):
        does = np.uint8(purpose[row]) if purpose[row] >= 0 else begins
        does = under_way if destination[row] >= 0 else does
        code[row] = does if present[row] else nothing
    # Four in turn: adding to a number that has just been added to would have to wait.
    one, two, three, four = np.zeros((_TURNS, _CODES), dtype=np.int64)
    for turn in range(rows // _TURNS):
        first = _TURNS * turn
        one[code[first]] += 1
        two[code[first + 1]] += 1
        three[code[first + 2]] += 1
        four[code[first + 3]] += 1
    for row in range(rows // _TURNS * _TURNS, rows):
        one[code[row]] += 1
    for at in range(width):
        counts[at] += one[at] + two[at] + three[at] + four[at]
