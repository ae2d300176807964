"""Ids of people and of households, and whether a column of them is a key."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float
from mesa_llm_city.population.table.defects import RowDefects

__all__ = ["household_numbers", "number_of", "person_numbers"]

_LARGEST = 2**52
"""Such numbers are exact as floats, and keys of random streams."""

_FEW_SHARE = 0.05
"""Up to this share of rows may have a bad id; of more of them the column is no key."""


def number_of(cell: str | None, low: int = 0) -> float:
    """Return the whole number in [low, 2**52] of a cell, or NaN.

    Examples
    --------
    >>> number_of("12.0"), number_of("P12")
    (12.0, nan)
    """
    try:
        value = np.nan if cell is None or "_" in cell else float(cell)
    except ValueError:
        return np.nan
    return value if value.is_integer() and low <= value <= _LARGEST else np.nan


def person_numbers(
    cells: Sequence[str | None], rule: str, defects: RowDefects
) -> tuple[Float, tuple[str, ...]]:
    """Return the ids of people; if the column is no key, they are numbered by row.

    A few ids that repeat or are no whole numbers are defects; a column with many of them, or
    a missing one, is replaced, and a note says so.

    Parameters
    ----------
    cells : sequence of str or None
        The column ``id``.
    rule : str
        What an id has to be, in words.
    defects : RowDefects
        Gets the bad rows.

    Returns
    -------
    ids : ndarray of float64, shape (n,)
        NaN in bad rows.
    notes : tuple of str
        Why people were numbered, if they were.
    """
    ids = np.array([number_of(cell) for cell in cells], dtype=np.float64)
    unread, repeated = np.isnan(ids), _stands_above(ids)
    few = max(1, int(_FEW_SHARE * len(ids)))
    if reason := _no_key(cells, unread, repeated, few):
        return np.arange(len(ids), dtype=np.float64), (f"{reason}; people are numbered by row",)

    def shown() -> list[str]:
        return ["blank" if cell is None else repr(cell) for cell in cells]

    defects.flag("id", unread, shown, rule)
    rule = "it stands in a row above already; make it unique, or leave the column out"
    defects.flag("id", repeated, lambda: [f"{one:.16g}" for one in ids.tolist()], rule)
    return ids, ()


def _no_key(
    cells: Sequence[str | None], unread: NDArray[np.bool_], repeated: NDArray[np.bool_], few: int
) -> str:
    if not any(cells):
        return "there is no id"
    if np.count_nonzero(unread) > few:
        first = next(cell for cell, bad in zip(cells, unread, strict=True) if bad)
        shown = "is blank" if first is None else f"such as {first!r} is no whole number"
        return f"the id of {np.count_nonzero(unread)} of {len(cells)} people {shown}"
    if np.count_nonzero(repeated) > few:
        first = cells[int(np.flatnonzero(repeated)[0])]
        return (
            f"id repeats in {np.count_nonzero(repeated)} rows (such as {first!r}), so it is no key"
        )
    return ""


def _stands_above(ids: Float) -> NDArray[np.bool_]:
    """Tell which ids stand in a row above already; NaN does not repeat."""
    seen: set[float] = set()
    repeated = np.zeros(len(ids), dtype=np.bool_)
    for row, one in enumerate(ids.tolist()):
        repeated[row] = one in seen
        if one == one:  # noqa: PLR0124 - no NaN
            seen.add(one)
    return repeated


def household_numbers(cells: Sequence[str | None]) -> tuple[Float, tuple[str, ...]]:
    """Return numbers of households, NaN where there is none.

    If one of them is no whole number, all are numbered in the order of their texts.

    Examples
    --------
    >>> household_numbers(["H2", "H1", None, "H2"])[0].tolist()
    [1.0, 0.0, nan, 1.0]
    """
    numbers = np.array([number_of(cell, -_LARGEST) for cell in cells], dtype=np.float64)
    texts = sorted({cell for cell in cells if cell is not None})
    bad = [cell for cell, one in zip(cells, numbers, strict=True) if cell and np.isnan(one)]
    if not bad:
        return numbers, ()
    order = {text: float(number) for number, text in enumerate(texts)}
    named = np.array([np.nan if cell is None else order[cell] for cell in cells])
    return named, (f"household_id such as {bad[0]!r} is no number; households are numbered",)
