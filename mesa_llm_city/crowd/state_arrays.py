"""All arrays of a crowd's state by name: to be counted, saved and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import DataError

__all__ = ["arrays_of", "put_arrays"]

_APART = frozenset(
    {"people", "rates", "parameters", "traits", "interests", "house", "order", "_home", "_work"}
)


def arrays_of(thing: object, path: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Iterate over the arrays of a state and of its parts, by dotted names.

    Who the people are, and what follows from that and from parameters, is left out.

    Parameters
    ----------
    thing : object
        The state, or a part of it.
    path : str, optional
        Dotted name of the part.
    """
    if isinstance(thing, np.ndarray):
        yield path, thing
        return
    for name in _names(thing):
        if name not in _APART:
            yield from arrays_of(getattr(thing, name), f"{path}.{name}" if path else name)


def put_arrays(thing: object, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Put arrays into the state that `arrays_of` has read them from, or one of the same size.

    Raises
    ------
    DataError
        If arrays are missing or have other shapes; nothing is changed then.
    """
    own = dict(arrays_of(thing))
    defects = [f"{name} is missing" for name in own if name not in arrays]
    defects += [
        f"{name} has shape {arrays[name].shape}, and {one.shape} is expected"
        for name, one in own.items()
        if name in arrays and arrays[name].shape != one.shape
    ]
    if defects:
        source = "the state of the crowd"
        raise DataError.listing(source, defects)
    for name, one in own.items():
        one[...] = arrays[name]


def _names(thing: object) -> tuple[str, ...]:
    if is_dataclass(thing):
        return tuple(one.name for one in fields(thing))
    if isinstance(thing, tuple):
        return tuple(getattr(thing, "_fields", ()))
    return tuple(getattr(type(thing), "__slots__", ()))
