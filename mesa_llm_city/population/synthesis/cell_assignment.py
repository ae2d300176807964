"""Assignment of people to the cells of a table, each of which holds a given number."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from mesa_llm_city.core.values import Bool, Float, Int

__all__ = ["assign_cells"]

_BLOCKS = 8  # in so many parts those who wait choose, one part after the other


def assign_cells(odds: Float, kind: Int, left: Int, rng: Generator) -> Int:
    """Let each person take one of the cells that are left, by their odds for them.

    Parameters
    ----------
    odds : ndarray of float64, shape (kinds, cells)
        Odds of each kind of person for each cell.
    kind : ndarray of int64, shape (n,)
        Kind of each person. Who comes first chooses first.
    left : ndarray of int64, shape (cells,)
        How many people each cell holds; adds up to n.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    ndarray of int64, shape (n,)
        Cells; each is taken as often as it holds people.

    Notes
    -----
    The first eighth of those who wait choose at the same time, with chances that go with
    ``odds * left``. Where a cell has more takers than it holds, the first ones get it, and the
    others wait for the next round. So few people choose one after the other, and many nearly
    so, in a number of rounds that grows with the logarithm of n. Who has odds for no cell that
    is left takes any.

    Examples
    --------
    >>> odds, left = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([2, 1])
    >>> assign_cells(odds, np.array([0, 0, 1]), left, np.random.default_rng(1)).tolist()
    [0, 0, 1]
    """
    left, waiting = left.copy(), np.arange(len(kind))
    taken = np.empty(len(kind), dtype=np.int64)
    while len(waiting):
        count = -(-len(waiting) // _BLOCKS)
        block = waiting[:count]
        wanted = _wanted(odds, kind[block], left, rng.random(count))
        gets = _first_come(wanted, left)
        taken[block[gets]] = wanted[gets]
        left -= np.bincount(wanted[gets], minlength=len(left))
        waiting = np.concatenate([block[~gets], waiting[count:]])
    return taken


def _wanted(odds: Float, kind: Int, left: Int, draws: Float) -> Int:
    """Return the cell that each person draws of those that are left, shape (n,)."""
    ends = np.cumsum(odds * left, axis=1)
    ends[ends[:, -1] <= 0.0] = np.cumsum(left)
    total = ends[:, -1:]
    # Rounding may push a draw onto the very end, behind the last cell with weight.
    last = np.argmax(ends >= total, axis=1)
    cell = (ends[kind] <= draws[:, np.newaxis] * total[kind]).sum(axis=1)
    within: Int = np.minimum(cell, last[kind])
    return within


def _first_come(wanted: Int, left: Int) -> Bool:
    """Tell who gets the cell that they want, if the first ones get it."""
    order = np.argsort(wanted, kind="stable")
    counts = np.bincount(wanted, minlength=len(left))
    place = np.empty(len(wanted), dtype=np.int64)
    place[order] = np.arange(len(wanted)) - np.repeat(np.cumsum(counts) - counts, counts)
    gets: Bool = place < left[wanted]
    return gets
