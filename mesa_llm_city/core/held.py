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
from numpy.typing import NDArray

__all__ = ["Held", "held"]

Columns = TypeVar("Columns", bound=tuple[Any, ...])

_WORD_BYTES = 8


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
        from mesa_llm_city.core.held_types import kind_of

        self.memory = _written_down(self.columns)
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


def _written_down(columns: tuple[Any, ...]) -> NDArray[np.uint8]:
    """Return a tuple as compiled code has it: a structure with everything where it is aligned."""
    parts: list[tuple[int, NDArray[Any]]] = []
    size = _lay_out(columns, 0, parts)
    memory = np.zeros(-(-size // _WORD_BYTES), dtype=np.uint64).view(np.uint8)
    for at, part in parts:
        memory[at : at + part.nbytes] = part.view(np.uint8)
    return memory


def _lay_out(columns: tuple[Any, ...], at: int, parts: list[tuple[int, NDArray[Any]]]) -> int:
    """Add what a tuple consists of, and where each begins; return where the tuple ends."""
    at = _aligned(at, _alignment(columns))
    for one in columns:
        if isinstance(one, tuple):
            at = _lay_out(one, at, parts)
            continue
        part = _words_of(one) if isinstance(one, np.ndarray) else _number(one)
        at = _aligned(at, part.itemsize)
        parts.append((at, part))
        at += part.nbytes
    return _aligned(at, _alignment(columns))


def _aligned(at: int, alignment: int) -> int:
    return -(-at // alignment) * alignment


def _alignment(one: object) -> int:
    """Return a multiple of what something has to begin at, in bytes."""
    if isinstance(one, tuple):
        return max(map(_alignment, one), default=1)
    return _WORD_BYTES if isinstance(one, np.ndarray) else _number(one).itemsize


def _words_of(column: NDArray[Any]) -> NDArray[np.int64]:
    """Return an array as numba describes it: its owners, size, address, shape and strides."""
    where = column.ctypes.data
    words = [0, 0, column.size, column.itemsize, where, *column.shape, *column.strides]
    return np.array(words, dtype=np.int64)


def _number(one: object) -> NDArray[Any]:
    """Return a number as an array of one entry."""
    if isinstance(one, (bool, np.bool_)):
        return np.array([one], dtype=np.uint8)
    if isinstance(one, (int, float, np.number)):
        return np.array([one])
    message = f"a tuple that is held has arrays, numbers and named tuples, not {one!r}"
    raise TypeError(message)
