"""Observed mode shares, by length of the trip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.observed.cells import Cells, Source, normal

__all__ = ["DistanceBand", "ObservedModes", "read_modes"]

_MODES = MappingProxyType(
    {
        **dict.fromkeys(("foot", "on_foot", "walking", "walk"), "walk"),
        **dict.fromkeys(("bike", "cycle", "cycling", "bicycle"), "bicycle"),
        **dict.fromkeys(("car", "car_driver+car_passenger", "private_vehicle", "car_van"), "car"),
        **dict.fromkeys(("train", "rail", "subway", "metro"), "train"),
        **dict.fromkeys(("transit", "public_transport", "pt", "bus+rail"), "bus+train"),
    }
)
"""Names of modes and sets of modes in surveys, with those of the parameters."""


class DistanceBand(NamedTuple):
    """A class of trips by length, in kilometres: from (included) to (excluded)."""

    from_km: float = 0.0
    to_km: float = np.inf

    @property
    def is_all(self) -> bool:
        """Whether it has trips of any length."""
        return self == (0.0, np.inf)

    def __str__(self) -> str:
        """Return such as ``1-2 km``, ``40+ km`` or ``all trips``."""
        if self.is_all:
            return "all trips"
        end = "+" if np.isinf(self.to_km) else f"-{self.to_km:g}"
        return f"{self.from_km:g}{end} km"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedModes:
    """Mode shares by class of length.

    Parameters
    ----------
    source : Source
        The file.
    modes : tuple of str
        Names of the m modes that can be compared; ``bus+train`` stands for both together.
    shares : dict of DistanceBand to ndarray of float64, shape (m,)
        Shares of the trips of a class; each adds up to 1.
    trips : dict of DistanceBand to float
        Share of all trips that are in a class, where the table tells it.
    """

    source: Source
    modes: tuple[str, ...]
    shares: dict[DistanceBand, Float]
    trips: dict[DistanceBand, float]

    def column_of(self, mode: str) -> int | None:
        """Return the column of a mode of the parameters; None if it is not compared."""
        found = [row for row, one in enumerate(self.modes) if mode in one.split("+")]
        return found[0] if found else None


def read_modes(path: Path, known: tuple[str, ...]) -> ObservedModes:
    """Read a table of mode shares.

    Parameters
    ----------
    path : Path
        The table; ``docs/reference/observed_tables.md`` describes its columns.
    known : tuple of str
        Names of the modes of the run.

    Raises
    ------
    DataError
        If the table has defects; all of them are listed.
    """
    cells = Cells(path)
    names = [_MODES.get(normal(cell), normal(cell)) for cell in cells.texts("mode")]
    low = np.nan_to_num(cells.numbers("distance_from_km", "from_km", required=False))
    high = cells.numbers("distance_to_km", "to_km", required=False)
    high = np.where(np.isnan(high), np.inf, high)
    cells.flag((high <= low).tolist(), "distance_to_km", "it must be above distance_from_km")
    amount = cells.shares("share")
    of_all = cells.numbers("share_of_trips", high=1.0, required=False)
    cells.check()
    modes = _compared(cells, names, known)
    shares: dict[DistanceBand, Float] = {}
    trips: dict[DistanceBand, float] = {}
    for row, name in enumerate(names):
        band = DistanceBand(float(low[row]), float(high[row]))
        if name in modes:
            shares.setdefault(band, np.zeros(len(modes)))[modes.index(name)] += amount[row]
        if not np.isnan(of_all[row]):
            trips[band] = float(of_all[row])
    for band, one in shares.items():
        if not one.sum():
            cells.add(f"{band}: no share above zero of a mode that the run has")
    source = cells.close()
    return ObservedModes(
        source=source,
        modes=modes,
        shares={band: one / one.sum() for band, one in shares.items()},
        trips=trips,
    )


def _compared(cells: Cells, names: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the modes that the table and the run share."""
    found = tuple(name for name in dict.fromkeys(names) if set(name.split("+")) <= set(known))
    if left := [name for name in dict.fromkeys(names) if name not in found]:
        cells.note(f"left out, the other shares being scaled to 1: {', '.join(left)}")
    if len(found) < 2:
        cells.add(f"of its modes fewer than two are modes of the run ({', '.join(known)})")
    parts = [part for name in found for part in name.split("+")]
    if twice := sorted({part for part in parts if parts.count(part) > 1}):
        cells.add(f"mode {', '.join(twice)} is there alone and together with others")
    return found
