"""Asking for memory before it is needed, in loops that are compiled (see `kernels`).

Rows that are due stand far from each other in columns that are larger than the cache of a
processor. A loop that asks for the columns of a row some turns before it comes to it waits less.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

__all__ = ["AHEAD", "prefetch", "prefetch_all"]

AHEAD = 16
"""Turns of a loop between asking for a row and using it."""


def prefetch(column: NDArray[Any], row: int) -> None:
    """Ask for the first bytes of a row of an array; changes nothing.

    Compiled code has an instruction for it. Without compiling nothing is done.

    Parameters
    ----------
    column : ndarray
        Of one dimension or more.
    row : int
        Position of the row, not below 0.
    """


def prefetch_all(column: NDArray[Any], row: int) -> None:
    """Ask for the first and the last bytes of a row, which may lie in two lines of the cache.

    Parameters
    ----------
    column : ndarray
        Of two dimensions or more, whose rows lie one behind another.
    row : int
        As of `prefetch`.
    """
