"""Tuples of columns that compiled loops know again (see `kernels`).

What a call costs that is given a tuple of a hundred arrays is hardly the loop: numba asks each
array anew what type it has, and takes it apart. Tuples that stay the same for many calls can be
held: their type is found once, and where the columns lie is written down once, as compiled code
has it. Then a call takes a microsecond for the whole tuple.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar, cast

import numpy as np

__all__ = ["Held", "held"]

Columns = TypeVar("Columns", bound=tuple[Any, ...])

_WORD_BYTES = 8
_WORDS = 5
"""Words of an array in compiled code, besides two for each dimension."""


class Held(Generic[Columns]):
    """A named tuple of arrays, numbers and such tuples, as compiled loops take it quickly.

    What compiled code needs is found when a loop is first given it.

    Parameters
    ----------
    columns : named tuple
        What is held. Its arrays may change what they hold, but not where it lies, so nobody may
        `resize` them in place.
    """

    __slots__ = ("_numba_type_", "address", "columns", "memory")

    columns: Columns

    def __init__(self, columns: Columns) -> None:
        # As long as this object is there, so are the columns and what is written down of them.
        self.columns = _plain(columns)

    def __getattr__(self, name: str) -> object:
        """Return a field of the tuple, so that loops run as plain Python too."""
        if name not in _NATIVE:
            return getattr(self.columns, name)
        self._write_down()
        return getattr(self, name)

    def __iter__(self) -> Iterator[object]:
        """Give the fields one after the other."""
        return iter(self.columns)

    def __len__(self) -> int:
        """Return the number of fields."""
        return len(self.columns)

    def __reduce__(self) -> tuple[type[Held[Columns]], tuple[Columns]]:
        """Copy the columns alone, since those of the copy lie elsewhere."""
        return type(self), (self.columns,)

    def _write_down(self) -> None:
        """Find out the type, and write down where the columns lie."""
        from mesa_llm_city.core.held_types import kind_of, written_down

        self.memory = written_down(self.columns, _WORD_BYTES * _words(self.columns))
        self.address = self.memory.ctypes.data
        # Numba looks for this name before it asks in Python, which takes longer.
        self._numba_type_ = kind_of(self.columns)


_NATIVE = frozenset({"_numba_type_", "address", "memory"})


def held(columns: Columns) -> Columns:
    """Return a named tuple as it is given to loops many times.

    Parameters
    ----------
    columns : named tuple
        Of arrays, numbers and such tuples, some of which may be held themselves.

    Returns
    -------
    Held
        To be read by its fields, as the tuple, and given to loops.

    Examples
    --------
    >>> from collections import namedtuple
    >>> Pair = namedtuple("Pair", "one other")
    >>> held(Pair(np.arange(3), 0.5)).other
    0.5
    """
    return cast("Columns", Held(columns))


def _plain(columns: Columns) -> Columns:
    """Return a tuple without tuples in it that are held already, which stay together in loops."""
    if not _has_held(columns):
        return columns
    fields = [
        _plain(one.columns if isinstance(one, Held) else one)
        if isinstance(one, (tuple, Held))
        else one
        for one in columns
    ]
    return type(columns)(*fields)


def _has_held(columns: tuple[Any, ...]) -> bool:
    return any(
        isinstance(one, Held) or (isinstance(one, tuple) and _has_held(one)) for one in columns
    )


def _words(columns: tuple[Any, ...]) -> int:
    """Return how many words a tuple takes at most in compiled code."""
    count = 0
    for one in columns:
        if isinstance(one, tuple):
            count += _words(one)
        elif isinstance(one, np.ndarray):
            count += _WORDS + 2 * one.ndim
        elif isinstance(one, (int, float, np.number, np.bool_)):
            count += 1
        else:
            message = f"a tuple that is held has arrays, numbers and named tuples, not {one!r}"
            raise TypeError(message)
    return count
