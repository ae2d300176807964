"""Checks of arrays that the measures take."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int

__all__ = ["checked_edges", "checked_numbers", "checked_people"]


def checked_edges(edges: ArrayLike, people: int) -> Int:
    """Return edges as integers of shape (m, 2).

    Raises
    ------
    DataError
        If they have another shape, or name a person who does not exist.
    """
    rows = np.asarray(edges)
    if not rows.size:
        return np.empty((0, 2), np.int64)
    if rows.ndim != 2 or rows.shape[1] != 2:
        message = f"edges must have two columns, got shape {rows.shape}; give rows of two people"
        raise DataError(message)
    checked_people(rows, people)
    return rows.astype(np.int64)


def checked_people(numbers: ArrayLike, people: int) -> Int:
    """Return numbers of people as integers.

    Raises
    ------
    DataError
        If a number is no integer, or not between 0 and ``people - 1``.
    """
    rows = np.asarray(numbers)
    if rows.size and not np.issubdtype(rows.dtype, np.integer):
        message = f"people must be numbered by integers, got {rows.dtype}"
        raise DataError(message)
    outside = rows[(rows < 0) | (rows >= people)]
    if outside.size:
        message = (
            f"there are {people} people, so they are numbered from 0 to {people - 1}, "
            f"got {int(outside.flat[0])}"
        )
        raise DataError(message)
    return rows.astype(np.int64)


def checked_numbers(name: str, values: ArrayLike, low: float, high: float) -> Float:
    """Return values as floats.

    Raises
    ------
    DataError
        If a value is missing or outside [low, high].
    """
    rows = np.asarray(values, dtype=np.float64)
    wrong = rows[~((rows >= low) & (rows <= high))]
    if wrong.size:
        message = f"{name} must be in [{low:g}, {high:g}], got {float(wrong.flat[0]):g}"
        raise DataError(message)
    return rows
