"""Choice among very many places by weight and distance, exact and without measuring all ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int, Supply

__all__ = ["choose_by_cells"]

_KM = 1000.0
_SIDES = 0.5  # side of a cell in units of the distance over which the pull falls to 1 / e
_FLATTEST = 1e-6  # 1/km; with a flatter decay the earth is one cell
_TABLE = 2**21  # entries of the table of pulls between cells at once


class _Cells(NamedTuple):
    """Places in the order of the square cells in which they lie.

    Attributes
    ----------
    column, row : ndarray of float64, shape (cells,)
        Where each cell lies, in sides of a cell.
    order : ndarray of int64, shape (places,)
        Rows of the supply, cell by cell.
    ends : ndarray of float64, shape (places,)
        Running sum of the weights in that order.
    starts : ndarray of float64, shape (cells + 1,)
        That sum before each cell, and after the last.
    """

    column: Float
    row: Float
    order: Int
    ends: Float
    starts: Float


def choose_by_cells(
    x: Float,
    y: Float,
    supply: Supply,
    *,
    beta_per_km: float,
    draws: Callable[[Int, int], Float],
) -> Int:
    """Assign each person to a place, independently of all others.

    Chances go with ``weight * exp(-beta * km)``, as for `assign_production_constrained`, and
    the cost grows with the number of cells, not with that of places.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Homes, in metres.
    supply : Supply
        The places.
    beta_per_km : float
        Decay with distance.
    draws : callable
        Given rows of persons, shape (k,), and the number of the round, returns uniform numbers
        in [0, 1), shape (k, 3). They have to depend on person and round only.

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows of `supply`.

    Notes
    -----
    Rejection sampling (von Neumann, 1951). A cell is drawn by its weight and the least distance
    between it and the cell of the home, and a place within it by weight; it is taken with the
    chance ``exp(-beta * (km - least km))``, else the person draws again. A cell is half of
    1 / beta wide, so that at least one of five draws is taken.

    References
    ----------
    von Neumann (1951), Various techniques used in connection with random digits. National
    Bureau of Standards, Applied Mathematics Series 12, 36-38.
    """
    side = _KM * _SIDES / max(beta_per_km, _FLATTEST)
    cells = _cells(supply, side)
    homes, home = np.unique(_keys(x, y, side), return_inverse=True)
    people = np.argsort(home, kind="stable")
    step = max(1, _TABLE // len(cells.column))
    chosen = np.empty(len(x), dtype=np.int64)
    for first in range(0, len(homes), step):
        least_km = _least_km(homes[first : first + step], cells, side)
        pull = np.exp(-beta_per_km * (least_km - least_km.min(axis=1, keepdims=True)))
        ends = np.cumsum(np.diff(cells.starts) * pull, axis=1)
        low, high = np.searchsorted(home, (first, first + step), sorter=people)
        here, number = people[low:high], 0
        while len(here):
            drawn, at = draws(here, number), home[here] - first
            cell, place = _drawn(ends, at, cells, drawn)
            km = np.hypot(x[here] - supply.x[place], y[here] - supply.y[place]) / _KM
            taken = drawn[:, 2] < np.exp(-beta_per_km * (km - least_km[at, cell]))
            chosen[here[taken]] = place[taken]
            here, number = here[~taken], number + 1
    return chosen


def _keys(x: Float, y: Float, side: float) -> NDArray[np.complex128]:
    """Return the cell of each point: its column, and its row as imaginary part."""
    keys: NDArray[np.complex128] = np.floor(x / side) + 1j * np.floor(y / side)
    return keys


def _cells(supply: Supply, side: float) -> _Cells:
    keys = _keys(supply.x, supply.y, side)
    cells, cell, count = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(cell, kind="stable")
    ends = np.cumsum(supply.weight[order])
    starts = np.concatenate([[0.0], ends[np.cumsum(count) - 1]])
    return _Cells(cells.real, cells.imag, order, ends, starts)


def _least_km(homes: NDArray[np.complex128], to: _Cells, side: float) -> Float:
    """Return the least distance between points of two cells, in km, shape (homes, cells)."""
    apart_x = np.maximum(np.abs(homes.real[:, None] - to.column) - 1.0, 0.0)
    apart_y = np.maximum(np.abs(homes.imag[:, None] - to.row) - 1.0, 0.0)
    least: Float = np.hypot(apart_x, apart_y) * (side / _KM)
    return least


def _drawn(ends: Float, at: Int, cells: _Cells, draws: Float) -> tuple[Int, Int]:
    """Draw a cell by its pull, and a place within it by weight, for each person."""
    last = len(cells.column) - 1
    cell = np.empty(len(at), dtype=np.int64)
    for home, row in zip(*_runs(at), strict=True):
        cell[row] = np.searchsorted(ends[home], draws[row, 0] * ends[home, -1], side="right")
    cell = np.minimum(cell, last)
    low, high = cells.starts[cell], cells.starts[cell + 1]
    place = np.searchsorted(cells.ends, low + draws[:, 1] * (high - low), side="right")
    # Rounding may push a draw onto the end of the cell.
    final = np.searchsorted(cells.ends, high, side="left")
    return cell, cells.order[np.minimum(place, final)]


def _runs(at: Int) -> tuple[list[int], list[slice]]:
    """Return the runs of equal numbers of an ascending column: the numbers and the rows."""
    starts = np.flatnonzero(np.diff(at, prepend=-1)).tolist()
    ends = [*starts[1:], len(at)]
    return at[starts].tolist(), [slice(*pair) for pair in zip(starts, ends, strict=True)]
