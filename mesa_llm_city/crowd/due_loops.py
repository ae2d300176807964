"""What rows do that are due, as a loop that is compiled (see `kernels`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.prefetch import AHEAD, prefetch
from mesa_llm_city.core.values import Bool, Int, Whole
from mesa_llm_city.crowd.state import NO_REFUGE, NOT_BEGUN, NOT_TRAVELLING, Doing

__all__ = [
    "ARRIVES",
    "BEGINS",
    "ENDS",
    "KINDS",
    "LISTENS",
    "STAYS",
    "ask_for_kind",
    "kind_of",
    "sort_rows",
]

ARRIVES, BEGINS, LISTENS, ENDS, STAYS = 0, 1, 2, 3, 4
"""What a row does that is due."""
KINDS = 5
"""Number of these."""


def kind_of(doing: Doing, destination: Whole, waiting: Bool, row: int, minute: int) -> int:
    """Return what a row does that is due at a minute."""
    if destination[row] != NOT_TRAVELLING:
        return ARRIVES
    if doing.purpose[row] == NOT_BEGUN:
        return BEGINS
    if waiting[row]:
        return LISTENS
    return ENDS if minute >= doing.end[row] else STAYS


def ask_for_kind(doing: Doing, destination: Whole, waiting: Bool, row: int) -> None:
    """Ask for what `kind_of` reads, before it is needed (see `prefetch`)."""
    prefetch(destination, row)
    prefetch(doing.purpose, row)
    prefetch(doing.end, row)
    prefetch(waiting, row)


def sort_rows(  # noqa: PLR0917 - compiled loops take no keywords
    doing: Doing,
    destination: Whole,
    waiting: Bool,
    refuge: Whole,
    rows: Int,
    minute: Int,
    kind: NDArray[np.int8],
    first: Int,
    order: Int,
) -> bool:
    """Fill what each of m rows does, and their positions by that; return who has a refuge.

    Parameters
    ----------
    doing, destination, waiting, refuge
        Columns of the crowd.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    kind : ndarray of int8, shape (m,)
        Is filled with what each does.
    first : ndarray of int64, shape (KINDS + 1,)
        Is filled: the positions of those who do k are ``order[first[k]:first[k + 1]]``.
    order : ndarray of int64, shape (m,)
        Is filled with positions, rising for each kind.

    Returns
    -------
    bool
        Whether any of them has a refuge.
    """
    has_refuge = False
    first[:] = 0
    for at in range(len(rows)):
        if at + AHEAD < len(rows):
            later = rows[at + AHEAD]
            prefetch(refuge, later)
            ask_for_kind(doing, destination, waiting, later)
        row = rows[at]
        has_refuge |= refuge[row] != NO_REFUGE
        does = kind_of(doing, destination, waiting, row, minute[at])
        kind[at] = does
        first[does + 1] += 1
    for does in range(KINDS):
        first[does + 1] += first[does]
    for at in range(len(rows)):
        does = kind[at]
        order[first[does]] = at
        first[does] += 1
    # Each begin has moved on to the next one.
    for does in range(KINDS, 0, -1):
        first[does] = first[does - 1]
    first[0] = 0
    return has_refuge
