"""Order of training rows, and learning rate."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.streams import rng

__all__ = ["batches", "one_cycle"]

_WARM_UP = 0.1
_WINDOW = 50  # batches whose rows are sorted by length together


def one_cycle(done: float, peak: float) -> float:
    """Return the learning rate after the share `done` of training, in [0, 1].

    It increases linearly over the first tenth, then decreases to 0 along a cosine
    (Smith and Topin, 2019, "Super-convergence", https://doi.org/10.1117/12.2520589).

    Examples
    --------
    >>> [round(one_cycle(done, 1.0), 2) for done in (0.0, 0.1, 0.55, 1.0)]
    [0.0, 1.0, 0.5, 0.0]
    """
    if done < _WARM_UP:
        return peak * done / _WARM_UP
    decayed = min((done - _WARM_UP) / (1.0 - _WARM_UP), 1.0)
    return peak * 0.5 * (1.0 + math.cos(math.pi * decayed))


def batches(
    lengths: NDArray[np.int64], *, size: int, seed: int, epoch: int
) -> list[NDArray[np.int64]]:
    """Return the rows of every batch of one epoch, with rows of similar length together.

    Rows are shuffled, sorted by length within windows of 50 batches, and the batches are
    shuffled again. The order depends on `seed` and `epoch` only.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n,)
        Number of tokens of each row.
    size : int
        Number of rows of a batch; one batch may have fewer.
    seed, epoch : int
        Seed of the run, and number of the epoch.

    Examples
    --------
    >>> sorted(len(batch) for batch in batches(np.zeros(5, int), size=2, seed=7, epoch=0))
    [1, 2, 2]
    """
    draws = rng(seed, epoch, "rms_batches", 0)
    order = draws.permutation(len(lengths))
    is_ragged = bool(lengths.size) and lengths.min() != lengths.max()
    if is_ragged:
        order = np.concatenate([_by_length(part, lengths) for part in _cut(order, size * _WINDOW)])
    found = _cut(order, size)
    return [found[i] for i in draws.permutation(len(found))] if is_ragged else found


def _cut(order: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _by_length(rows: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return rows[np.argsort(lengths[rows], kind="stable")]
