"""Tuples of columns that compiled loops know again (see `kernels`).

What a call costs that is given a tuple of a hundred arrays is hardly the loop: numba asks each
array anew what type it has, and takes it apart. Tuples that stay the same for many calls can be
held: their type is found once, and where the columns lie is written down once, as compiled code
has it. Then a call takes a microsecond for the whole tuple.
"""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.kernels import are_compiled, compiled

__all__ = ["Held", "held"]

Columns = TypeVar("Columns", bound=tuple[Any, ...])

_WORD_BYTES = 8
_WORDS = 5
"""Words of an array in compiled code, besides two for each dimension."""


class Held(Generic[Columns]):
    """A named tuple of arrays, numbers and such tuples, as compiled loops take it quickly.

    Parameters
    ----------
    columns : named tuple
        What is held. Its arrays may change what they hold, but not where it lies; so what views
        it must not outlive a `resize`, which nobody calls.
    """

    __slots__ = ("_numba_type_", "address", "columns", "memory")

    def __init__(self, columns: Columns) -> None:
        # As long as this object is there, so are the columns and what is written down of them.
        self.columns = columns = _plain(columns)
        self.memory = np.zeros(_WORD_BYTES * _words(columns), dtype=np.uint8)
        self.address = self.memory.ctypes.data
        # The name that numba looks for; without it, or in a class attribute, it asks in Python.
        self._numba_type_ = _kind_of(columns)
        loop = compiled(write_down)
        if loop is not None:
            loop(columns, self.memory)

    def __getattr__(self, name: str) -> object:
        if name == "_fields": raise AttributeError
        """Return a field of the tuple, so that loops run as plain Python too."""
        return getattr(self.columns, name)


def held(columns: Columns) -> Columns:
    """Return a named tuple as it is given to loops many times.

    Parameters
    ----------
    columns : named tuple
        Of arrays, numbers and such tuples.

    Returns
    -------
    named tuple
        To be read by its fields; where loops are compiled, a `Held` one.

    Examples
    --------
    >>> class Pair(NamedTuple):
    ...     one: NDArray[np.int64]
    ...     other: float
    >>> held(Pair(np.arange(3), 0.5)).other
    0.5
    """
    return cast("Columns", Held(columns)) if are_compiled() else columns


def write_down(columns: tuple[Any, ...], memory: NDArray[np.uint8]) -> None:
    """Write a tuple into memory as compiled code has it; a loop that is compiled."""
    lay_down(columns, memory)


def lay_down(columns: tuple[Any, ...], memory: NDArray[np.uint8]) -> None:
    """Store a tuple in memory; an instruction of compiled loops (see `instructions`)."""


def _plain(columns: Columns) -> Columns:
    """Return a tuple without tuples in it that are held already, which stay together in loops."""
    if not any(isinstance(one, Held) for one in columns):
        return columns
    fields = (one.columns if isinstance(one, Held) else one for one in columns)
    return type(columns)(*fields)


def _words(columns: tuple[Any, ...]) -> int:
    """Return how many words a tuple takes at most in compiled code."""
    count = 0
    for one in columns:
        if isinstance(one, tuple):
            count += _words(one)
        else:
            count += _WORDS + 2 * one.ndim if isinstance(one, np.ndarray) else 1
    return count


def _kind_of(columns: tuple[Any, ...]) -> object:
    from mesa_llm_city.core.held_types import kind_of

    return kind_of(columns)
