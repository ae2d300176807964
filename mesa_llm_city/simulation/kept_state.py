"""The state of attributes by name: taken from an object, and put back into one like it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from mesa_llm_city.core.errors import DataError

__all__ = ["restore_attributes", "state_of"]


def state_of(owner: object, names: Iterable[str]) -> dict[str, Any]:
    """Return the state of attributes by name.

    Parameters
    ----------
    owner : object
        Whose attributes they are.
    names : iterable of str
        Attributes that change over a run: arrays, plain values, lists and dicts of them, and
        components, whose own method ``state`` is called.

    Examples
    --------
    >>> class Town:
    ...     def __init__(self):
    ...         self.level = np.array([0.5, 0.25])
    >>> state_of(Town(), ["level"])
    {'level': array([0.5 , 0.25])}
    """
    return {name: _kept(getattr(owner, name)) for name in names}


def restore_attributes(owner: object, state: Mapping[str, Any], names: Iterable[str]) -> None:
    """Put a state of `state_of` back.

    Parameters
    ----------
    owner : object
        An object made with the same arguments.
    state : mapping of str to object
        The state.
    names : iterable of str
        As for `state_of`.

    Raises
    ------
    DataError
        If the state has other names than `names`.
    """
    wanted = list(names)
    if set(state) != set(wanted):
        message = (
            f"the state of a {type(owner).__name__} has {', '.join(sorted(wanted)) or 'nothing'}, "
            f"got {', '.join(sorted(state)) or 'nothing'}; restore one that the same class gave"
        )
        raise DataError(message)
    for name in wanted:
        setattr(owner, name, _back(getattr(owner, name), state[name]))


def _kept(value: Any) -> Any:  # noqa: ANN401 - any attribute
    if hasattr(value, "state") and hasattr(value, "restore"):
        return value.state()
    if isinstance(value, list | tuple) and value and hasattr(value[0], "restore"):
        return [one.state() for one in value]
    return value.copy() if isinstance(value, np.ndarray) else deepcopy(value)


def _back(now: Any, kept: Any) -> Any:  # noqa: ANN401 - any attribute
    if hasattr(now, "state") and hasattr(now, "restore"):
        now.restore(kept)
        return now
    if isinstance(now, list | tuple) and now and hasattr(now[0], "restore"):
        for one, its in zip(now, kept, strict=True):
            one.restore(its)
        return now
    return kept.copy() if isinstance(kept, np.ndarray) else deepcopy(kept)
