"""Areas: the parts of a city that people choose among first, none of them large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters.city import AreaParameters

__all__ = ["Areas"]

_COMPASS = (
    *("east", "north-east", "north", "north-west"),
    *("west", "south-west", "south", "south-east"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Which area each place lies in, and what the areas are called.

    Parameters
    ----------
    of_place : ndarray of int64, shape (p,)
        Code of the area of each place.
    names : tuple of str
        By code.
    """

    of_place: Int
    names: tuple[str, ...]

    @classmethod
    def within(
        cls,
        x: Float,
        y: Float,
        zone: Int,
        names: Sequence[str],
        parameters: AreaParameters | None = None,
    ) -> Self:
        """Take zones as areas, and divide those whose places lie far apart.

        A zone of which places lie more than 2 km apart, to the north or to the east, is
        divided into squares of 1 km around their median; these sizes are assumptions. In
        CitySim (sec. 3.2.2) a person chooses among ten areas, which has no effect where one
        area is as large as a town.

        Parameters
        ----------
        x, y : ndarray of float64, shape (p,)
            Position of the places in metres.
        zone : ndarray of int64, shape (p,)
            Zone of each place.
        names : sequence of str
            Names of the zones.
        parameters : AreaParameters, optional
            From what extent on zones are divided, and into squares of what size.

        Examples
        --------
        >>> x, zone = np.array([0.0, 100.0, 200.0, 3000.0]), np.zeros(4, dtype=np.int64)
        >>> areas = Areas.within(x, 0.0 * x, zone, ["Old Town"])
        >>> areas.of_place.tolist(), areas.names
        ([0, 0, 0, 1], ('centre of Old Town', 'Old Town, 3 km east'))
        """
        sizes = AreaParameters() if parameters is None else parameters
        of_place = np.empty(len(x), dtype=np.int64)
        area_names: list[str] = []
        for code, name in enumerate(names):
            rows = np.flatnonzero(zone == code)
            cells = _cells(x[rows], y[rows], sizes)
            found, number = np.unique(cells, axis=0, return_inverse=True)
            of_place[rows] = len(area_names) + number.reshape(-1)
            area_names += _names(name, found, sizes.cell_m)
        return cls(of_place=of_place, names=tuple(area_names))


def _cells(x: Float, y: Float, sizes: AreaParameters) -> Int:
    """Return how many cells to the east and north of the middle places lie, shape (k, 2)."""
    at = np.column_stack([x, y])
    if not len(at) or np.ptp(at, axis=0).max() <= sizes.large_m:
        return np.zeros((len(at), 2), dtype=np.int64)
    cells: Int = np.rint((at - np.median(at, axis=0)) / sizes.cell_m).astype(np.int64)
    return cells


def _names(zone: str, cells: Int, cell_m: float) -> list[str]:
    """Name the areas of a zone: by the zone alone if there is only one, or none."""
    if len(cells) < 2:
        return [zone] * len(cells)
    return [_name(zone, east, north, cell_m) for east, north in cells.tolist()]


def _name(zone: str, east: int, north: int, cell_m: float) -> str:
    if not (east or north):
        return f"centre of {zone}"
    eighth = round(float(np.degrees(np.arctan2(north, east))) / 45.0) % 8
    return f"{zone}, {np.hypot(east, north) * cell_m / 1000.0:.2g} km {_COMPASS[eighth]}"
