"""Many people as counts in cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Float, Int

__all__ = ["Density", "Grid"]

_CELLS_ACROSS = 240
_STEPS = 255
"""Steps of density in a byte."""


class Density(NamedTuple):
    """How many people there are in each cell of a grid.

    Attributes
    ----------
    steps : ndarray of uint8, shape (lines, columns)
        Root of the share of the fullest cell, in steps of 1/255; lines from north to south.
    bounds : (float, float, float, float)
        West, south, east and north end of the grid, in metres.
    cell_m : float
        Side of a cell in metres.
    most : int
        People in the fullest cell.
    doing : ndarray of int64, shape (p + 1,)
        How many people do each of ``parameters.purposes``, and something else.
    present, residents : ndarray of int64, shape (z,)
        How many are in each zone, or have set out from there, and how many live there.
    """

    steps: NDArray[np.uint8]
    bounds: tuple[float, float, float, float]
    cell_m: float
    most: int
    doing: Int
    present: Int
    residents: Int

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.doing.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Square cells over a part of the plane; points beyond it count in the cells at its border.

    Parameters
    ----------
    west, north : float
        Its upper left corner in metres.
    cell_m : float
        Side of a cell in metres.
    columns, lines : int
        How many cells there are.
    of_place : ndarray of int64, shape (p,)
        Cell of each place.

    Examples
    --------
    >>> grid = Grid.over((0.0, 0.0, 2400.0, 1200.0), np.array([[5.0, 1195.0], [2395.0, 5.0]]))
    >>> grid.columns, grid.lines, grid.of_place.tolist()
    (240, 120, [0, 28799])
    """

    west: float
    north: float
    cell_m: float
    columns: int
    lines: int
    of_place: Int

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float], places: Float) -> Grid:
        """Return the grid of a city.

        Parameters
        ----------
        bounds : (float, float, float, float)
            West, south, east and north end, in metres.
        places : ndarray of float64, shape (p, 2)
            Places in metres.
        """
        west, south, east, north = bounds
        side = max(east - west, north - south, 1.0) / _CELLS_ACROSS
        columns, lines = (max(int(np.ceil(one / side)), 1) for one in (east - west, north - south))
        plain = cls(west, north, side, columns, lines, np.empty(0, dtype=np.int64))
        return cls(west, north, side, columns, lines, plain.cells(places))

    def cells(self, points: Float) -> Int:
        """Return the cell of each point, shape (n,), line by line from the north-west."""
        column = ((points[:, 0] - self.west) / self.cell_m).astype(np.int64)
        line = ((self.north - points[:, 1]) / self.cell_m).astype(np.int64)
        inside: Int = np.clip(line, 0, self.lines - 1) * self.columns
        return inside + np.clip(column, 0, self.columns - 1)

    def counted(self, cells: Int, doing: Int, *, present: Int, residents: Int) -> Density:
        """Return the density of people in cells.

        Parameters
        ----------
        cells : ndarray of int64, shape (n,)
            Cell of each person.
        doing : ndarray of int64, shape (p + 1,)
            How many people do what (see `Density`).
        present, residents : ndarray of int64, shape (z,)
            How many are and live in each zone.
        """
        counts = np.bincount(cells, minlength=self.columns * self.lines)
        most = int(counts.max(initial=0))
        steps = np.ceil(_STEPS * np.sqrt(counts / max(most, 1)))
        east = self.west + self.columns * self.cell_m
        south = self.north - self.lines * self.cell_m
        return Density(
            steps=steps.astype(np.uint8).reshape(self.lines, self.columns),
            bounds=(self.west, south, east, self.north),
            cell_m=self.cell_m,
            most=most,
            doing=doing,
            present=present,
            residents=residents,
        )
