"""Read a model that runs in another thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from mesa_llm_city.core.errors import CityError

__all__ = ["read_steadily"]

T = TypeVar("T")
_TRIES = 20
_PAUSE_S = 0.005


def read_steadily(read: Callable[[], T]) -> T:
    """Return the result of a reading, repeated if the model changed in between.

    A step changes several columns one after the other. A reading in between may
    find columns of different length, or a mapping that grows; a moment later they are
    consistent again. Waiting for a lock instead would stop the page for a whole step.

    Parameters
    ----------
    read : callable
        Function that reads and changes nothing.

    Raises
    ------
    CityError
        Whatever `read` finds wrong itself; it is not read again.

    Examples
    --------
    >>> columns = iter([([1, 2], [1]), ([1, 2], [1, 2])])
    >>> read_steadily(lambda: list(zip(*next(columns), strict=True)))
    [(1, 1), (2, 2)]
    """
    for _ in range(_TRIES):
        try:
            return read()
        except CityError:
            raise
        except (IndexError, KeyError, RuntimeError, ValueError):
            time.sleep(_PAUSE_S)
    return read()
