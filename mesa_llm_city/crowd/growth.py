"""More rows for a crowd: columns with those of newcomers behind them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TypeVar

import numpy as np

__all__ = ["grow"]

T = TypeVar("T")

_OF_ALL = frozenset({"rates", "parameters", "interests"})


def grow(state: T, more: T) -> T:
    """Return columns followed by others of the same kind; what is no column stays as it is.

    Parameters
    ----------
    state : object
        Arrays whose first axis are rows, or a data class, named tuple or object with slots that
        holds such, at any depth. Data classes and objects with slots are changed in place.
    more : object
        The same of the newcomers.
    """
    if isinstance(state, np.ndarray):
        return np.concatenate([state, more])  # type: ignore[return-value]
    if is_dataclass(state):
        names = [one.name for one in fields(state)]
    elif isinstance(state, tuple) and hasattr(state, "_make"):
        return state._make(map(grow, state, more))  # type: ignore[no-any-return, call-overload]
    else:
        names = list(getattr(type(state), "__slots__", ()))
    for name in names:
        if name in _OF_ALL:
            continue
        # A frozen class holds arrays too; nobody else has them.
        object.__setattr__(state, name, grow(getattr(state, name), getattr(more, name)))
    return state
