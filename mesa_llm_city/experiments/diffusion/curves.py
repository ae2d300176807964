"""Curves of a run: how many know, how many are moved, and when."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion.checks import checked_numbers

__all__ = [
    "EMOTION_CUTS",
    "awareness_curve",
    "emotion_peaks",
    "emotion_shares",
    "emotional_density",
    "time_to_share",
]

EMOTION_CUTS = (1.0 / 3.0, 2.0 / 3.0)
"""Intensities from which an emotion is moderate and intense. S3 (arXiv 2307.14984) has the
three levels; the cuts are assumptions."""


def awareness_curve(aware_min: ArrayLike, at_min: ArrayLike) -> Float:
    """Return the share of people who know of an item at some times.

    Parameters
    ----------
    aware_min : array_like of float, shape (n,)
        Minute at which each person first heard of it; NaN or infinity if never.
    at_min : array_like of float, shape (t,)
        Times, in minutes.

    Returns
    -------
    ndarray of float64, shape (t,)
        Shares of all people, who know at these times or before.

    Examples
    --------
    >>> awareness_curve([0.0, 30.0, np.nan, 90.0], [0, 60, 120]).tolist()
    [0.25, 0.5, 0.75]
    """
    times = np.asarray(aware_min, dtype=np.float64)
    if not len(times):
        return np.full(np.shape(at_min), np.nan)
    known = np.sort(times[~np.isnan(times)])
    return np.searchsorted(known, np.asarray(at_min), side="right") / len(times)


def time_to_share(aware_min: ArrayLike, share: float, *, of: str = "reached") -> float:
    """Return the minute at which a share of people knows.

    Parameters
    ----------
    aware_min : array_like of float, shape (n,)
        Minute at which each person first heard of the item; NaN or infinity if never.
    share : float
        The share, in (0, 1].
    of : {"reached", "everybody"}
        Whether the share is of those who ever knew, or of all people.

    Returns
    -------
    float
        Minutes; infinity if so many never knew.

    Raises
    ------
    ConfigError
        If the share or `of` is not accepted.

    Examples
    --------
    >>> minutes = [0.0, 10.0, 20.0, np.nan]
    >>> time_to_share(minutes, 0.5), time_to_share(minutes, 0.5, of="everybody")
    (10.0, 10.0)
    >>> time_to_share(minutes, 0.9, of="everybody")
    inf
    """
    if not 0.0 < share <= 1.0:
        message = f"share must be in (0, 1], got {share:g}"
        raise ConfigError(message)
    if of not in {"reached", "everybody"}:
        message = f"of must be 'reached' or 'everybody', got {of!r}"
        raise ConfigError(message)
    times = np.asarray(aware_min, dtype=np.float64)
    known = np.sort(times[np.isfinite(times)])
    people = len(known) if of == "reached" else len(times)
    # The smallest number of people that is the share or more; the guard is for 0.1 * 30 > 3.
    needed = max(1, int(np.ceil(share * people - 1e-9)))
    return float(known[needed - 1]) if needed <= len(known) else float("inf")


def emotion_shares(intensity: ArrayLike, cuts: tuple[float, float] = EMOTION_CUTS) -> Float:
    """Return the shares of people who are calm, moderately and intensely moved.

    Parameters
    ----------
    intensity : array_like of float, shape (..., n)
        Intensity of each person's emotion, in [0, 1]; one row per time.
    cuts : tuple of two floats
        Intensities from which an emotion is moderate, and intense.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Shares of calm, moderate and intense; they add up to 1.

    Examples
    --------
    >>> emotion_shares([0.0, 0.1, 0.5, 0.9]).tolist()
    [0.5, 0.25, 0.25]
    """
    low, high = cuts
    if not 0.0 <= low <= high <= 1.0:
        message = f"cuts must rise within [0, 1], got {low:g} and {high:g}"
        raise ConfigError(message)
    rows = checked_numbers("intensity", intensity, 0.0, 1.0)
    intense = (rows >= high).mean(axis=-1)
    moved = (rows >= low).mean(axis=-1)
    return np.stack([1.0 - moved, moved - intense, intense], axis=-1)


def emotional_density(
    intensity: ArrayLike, *, calm_below: float = EMOTION_CUTS[0], people: int | None = None
) -> Float:
    """Return the share of all people who are moved: moderately or intensely (S3, sec. 4).

    Parameters
    ----------
    intensity : array_like of float, shape (..., n)
        Intensity of the emotion, in [0, 1]; one row per time.
    calm_below : float
        Intensity under which a person is calm.
    people : int, optional
        Number of all people, if those who do not know are not among the n.

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> emotional_density([[0.0, 0.0], [0.5, 0.1]]).tolist()
    [0.0, 0.5]
    """
    rows = checked_numbers("intensity", intensity, 0.0, 1.0)
    moved = (rows >= calm_below).sum(axis=-1)
    return np.asarray(moved / (rows.shape[-1] if people is None else people))


def emotion_peaks(density: ArrayLike, *, prominence: float = 0.05) -> Int:
    """Return the times at which the emotional density peaks, in the order of time.

    S3 finds two peaks: the second when the news reaches a further community.

    Parameters
    ----------
    density : array_like of float, shape (t,)
        Share of people who are moved at equal steps of time.
    prominence : float
        Least rise before a peak and least fall after it, as a share of all people; a curve that
        falls by less between two heights has one peak there, the higher.

    Returns
    -------
    ndarray of int64
        Positions in `density`. A peak at the beginning or end counts as well.

    Examples
    --------
    >>> emotion_peaks([0.0, 0.4, 0.1, 0.3, 0.0]).tolist()
    [1, 3]
    """
    peaks: list[int] = []
    low, top, at, is_rising = 0.0, 0.0, 0, True
    # A zero after the curve lets a peak at its end be one.
    for time, height in enumerate([*np.asarray(density, dtype=np.float64).tolist(), 0.0]):
        if is_rising and height > top:
            top, at = height, time
        elif is_rising and top - low >= prominence and top - height >= prominence:
            peaks.append(at)
            is_rising, low = False, height
        elif not is_rising:
            low = min(low, height)
            if height - low >= prominence:
                is_rising, top, at = True, height, time
    return np.array(peaks, dtype=np.int64)
