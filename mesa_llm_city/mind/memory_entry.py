"""Entries of temporal memory, one by one or as columns; how recent and how salient they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, Int

__all__ = [
    "COMPANY",
    "NO_CIRCUMSTANCES",
    "WEATHERS",
    "Circumstances",
    "MemoryColumns",
    "MemoryEntry",
    "recency",
    "salience",
]

COMPANY = 2
"""How many people an entry has space for."""

WEATHERS = ("", "rain", "cold", "heat", "rain and cold")
"""What weather an entry can name; empty for weather that did not matter."""


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


def salience(score: ArrayLike, times: ArrayLike) -> Float:
    """Return how much an entry stands out: ``max(|2 score - 1|, 1 / times)``.

    What was clearly good or bad stands out, and what is rare. This is in place of the importance
    that Generative Agents [1]_ has a language model rate; the form is an assumption.

    Parameters
    ----------
    score : array_like
        How good it was, in [0, 1]; NaN where that was not judged, which counts as neutral.
    times : array_like
        How often the same was done at the same place, itself included; at least 1.

    Returns
    -------
    ndarray of float64
        In [0, 1]; `score` and `times` broadcast.

    References
    ----------
    .. [1] See `recency`.

    Examples
    --------
    >>> salience([0.9, 0.5, float("nan")], [20, 1, 10])
    array([0.8, 1. , 0.1])
    """
    clearness = np.abs(2.0 * np.nan_to_num(np.asarray(score, dtype=np.float64), nan=0.5) - 1.0)
    return np.asarray(np.maximum(clearness, np.divide(1.0, times)), dtype=np.float64)


class Circumstances(NamedTuple):
    """How long a stay lasted, who was there, what the weather was and how the place was.

    Attributes
    ----------
    minutes : int
        Length of the stay in minutes, from 0 to 65535; 0 for something without a length.
    company : tuple of int
        Ids of people there whom the person knows, the closest first. The first two are kept.
    others : int
        Number of further people there; up to 255 are counted.
    weather : str
        One of `WEATHERS`; empty if it did not matter.
    price, atmosphere, convenience : float or None
        Ratings of the place in [0, 1], from bad to good; kept to a hundredth. None if not
        judged.
    """

    minutes: int = 0
    company: tuple[int, ...] = ()
    others: int = 0
    weather: str = ""
    price: float | None = None
    atmosphere: float | None = None
    convenience: float | None = None


NO_CIRCUMSTANCES = Circumstances()
"""Nothing is known but when, where and what."""


class MemoryEntry(NamedTuple):
    """An entry of temporal memory (CitySim, sec. 3.1.2).

    `MemoryWords` puts it into words.

    Attributes
    ----------
    minute : int
        Time, in minutes.
    place : int
        Id of the place.
    key : str
        What it is filed under, such as ``"meal"``.
    observation : str
        What was seen or done or said of it, in words; may be empty.
    score : float or None
        How good it was, in [0, 1], if that was judged; kept to a hundredth.
    circumstances : Circumstances
        How long it lasted, who was there, and how it was.
    """

    minute: int
    place: int
    key: str
    observation: str = ""
    score: float | None = None
    circumstances: Circumstances = NO_CIRCUMSTANCES


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
    aspects : ndarray of float64, shape (n, 3)
        Ratings of price, atmosphere and convenience, in [0, 1]; NaN where not judged.
    """

    number: Int
    minute: Int
    place: Int
    code: Int
    score: Float
    keys: tuple[str, ...]
    aspects: Float

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
            self.aspects[rows],
        )
