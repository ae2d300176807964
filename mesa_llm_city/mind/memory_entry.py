"""Entries of temporal memory, one by one or as columns, and their recency."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, Int

__all__ = ["MemoryColumns", "MemoryEntry", "recency"]


def recency(age_min: ArrayLike, *, kept_per_h: float) -> Float:
    """Return how recent a memory is: ``kept_per_h ** hours``.

    The form is that of Generative Agents [1]_, since CitySim names none for the
    "temporal proximity" it retrieves by (appendix A).

    Parameters
    ----------
    age_min : array_like
        Time passed, in minutes, at least 0.
    kept_per_h : float
        Share that is left after an hour, in (0, 1].

    Returns
    -------
    ndarray of float64
        In (0, 1], of the shape of `age_min`.

    References
    ----------
    .. [1] Park, O'Brien, Cai, Morris, Liang and Bernstein (2023), Generative agents:
       interactive simulacra of human behavior. UIST '23.
       https://doi.org/10.1145/3586183.3606763

    Examples
    --------
    >>> recency([0, 24 * 60], kept_per_h=0.995).round(3)
    array([1.   , 0.887])
    """
    return np.asarray(kept_per_h ** np.divide(age_min, HOUR_MIN), dtype=np.float64)


class MemoryEntry(NamedTuple):
    """An entry of temporal memory (CitySim, sec. 3.1.2).

    Attributes
    ----------
    minute : int
        Time, in minutes.
    place : int
        Id of the place.
    key : str
        What it is filed under, such as ``"meal"``.
    observation : str
        What was seen or done.
    score : float or None
        How good it was, in [0, 1], if that was judged; kept to a hundredth.
    """

    minute: int
    place: int
    key: str
    observation: str
    score: float | None = None


class MemoryColumns(NamedTuple):
    """Entries of a memory without their texts, oldest first, as arrays of equal length n.

    Attributes
    ----------
    number : ndarray of int64, shape (n,)
        Numbers of the entries.
    minute, place : ndarray of int64, shape (n,)
        Times in minutes, and ids of places.
    code : ndarray of int64, shape (n,)
        Position of the key in `keys`.
    score : ndarray of float64, shape (n,)
        How good it was, in [0, 1]; NaN where that was not judged.
    keys : tuple of str
        The keys; some may have no entry.
    """

    number: Int
    minute: Int
    place: Int
    code: Int
    score: Float
    keys: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether there is any entry."""
        return bool(len(self.number))

    def only(self, rows: NDArray[np.bool_]) -> MemoryColumns:
        """Return the entries where `rows` (shape (n,)) is true."""
        return MemoryColumns(
            self.number[rows],
            self.minute[rows],
            self.place[rows],
            self.code[rows],
            self.score[rows],
            self.keys,
        )
