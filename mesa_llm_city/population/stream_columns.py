"""Random numbers of many persons at once, each row from its own stream (see `streams`)."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.streams import rng
from mesa_llm_city.core.values import Float, Int

__all__ = ["normals", "uniforms"]


def uniforms(seed: int, persons: Int, purpose: str, count: int) -> Float:
    """Return `count` uniform numbers in [0, 1) for each of `persons`.

    Parameters
    ----------
    seed : int
        Seed of the population.
    persons : ndarray of int64, shape (n,)
        Ids, non-negative.
    purpose : str
        Name of the stream.
    count : int
        Numbers per person.

    Returns
    -------
    ndarray of float64, shape (n, count)
        Row i depends on the seed, the purpose and the id only.

    Examples
    --------
    >>> both = uniforms(7, np.array([3, 5]), "persona.means", 2)
    >>> bool((uniforms(7, np.array([5]), "persona.means", 2)[0] == both[1]).all())
    True
    """
    rows = np.empty((len(persons), count))
    for row, person in zip(rows, persons.tolist(), strict=True):
        rng(seed, person, purpose, 0).random(out=row)
    return rows


def normals(seed: int, persons: Int, purpose: str, count: int) -> Float:
    """Return `count` standard-normal numbers for each of `persons` (see `uniforms`)."""
    rows = np.empty((len(persons), count))
    for row, person in zip(rows, persons.tolist(), strict=True):
        rng(seed, person, purpose, 0).standard_normal(out=row)
    return rows
