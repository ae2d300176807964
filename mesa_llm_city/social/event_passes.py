"""Passes over events in which nothing comes twice, so that columns can be changed at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mesa_llm_city.core.values import Int

__all__ = ["distinct_passes"]


def distinct_passes(cells: Int) -> Iterator[slice | Int]:
    """Yield rows of events in which no cell is twice.

    All rows of a cell come in their order, one in each pass.

    Parameters
    ----------
    cells : ndarray of int64, shape (m,)
        What each event changes.

    Yields
    ------
    slice or ndarray of int64
        Rows; all of them at once if no cell is twice.

    Examples
    --------
    >>> [rows.tolist() for rows in distinct_passes(np.array([4, 7, 4, 4]))]
    [[0, 1], [2], [3]]
    """
    if len(cells) < 2 or bool(np.all(cells[1:] > cells[:-1])):
        yield slice(None)
        return
    order = np.argsort(cells, kind="stable")
    begins = np.append(True, cells[order][1:] != cells[order][:-1])
    if begins.all():
        yield slice(None)
        return
    places = np.arange(len(cells))
    nth = np.empty(len(cells), dtype=np.int64)
    nth[order] = places - np.maximum.accumulate(np.where(begins, places, 0))
    for number in range(int(nth.max()) + 1):
        yield np.flatnonzero(nth == number)
