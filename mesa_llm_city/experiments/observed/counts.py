"""Observed counts of people at points, by hour if the table has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.observed.cells import Cells, Source

__all__ = ["ObservedCounts", "read_counts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObservedCounts:
    """Counts at points.

    Parameters
    ----------
    source : Source
        The file.
    lon, lat : ndarray of float64, shape (n,)
        Position in degrees (WGS84); of a grid cell, its centre.
    hour : ndarray of float64, shape (n,)
        Hour of the day, 0 to 23; NaN throughout if the counts are of arrivals on whole days.
    count : ndarray of float64, shape (n,)
        People present in the hour, or arrivals of the day, in any unit.
    """

    source: Source
    lon: Float
    lat: Float
    hour: Float
    count: Float

    @property
    def is_hourly(self) -> bool:
        """Whether the counts are of people present by hour, rather than of arrivals."""
        return not bool(np.isnan(self.hour).all())


def read_counts(path: Path) -> ObservedCounts:
    """Read a table of counts at points.

    Parameters
    ----------
    path : Path
        The table; ``docs/reference/observed_tables.md`` describes its columns.

    Raises
    ------
    DataError
        If the table has defects; all of them are listed.
    """
    cells = Cells(path)
    lon = cells.numbers("lon", "longitude", low=-180.0, high=180.0)
    lat = cells.numbers("lat", "latitude", low=-90.0, high=90.0)
    count = cells.numbers("count", "visits", "people", "n_users", "n")
    hour = cells.numbers("hour", "hr", high=DAY_H - 1.0, required=False)
    blank = np.isnan(hour)
    if not blank.all():
        cells.flag(blank.tolist(), "hour", "it is blank, and filled in other rows")
    if not float(np.nansum(count)):
        cells.add("no count is above zero")
    return ObservedCounts(source=cells.close(), lon=lon, lat=lat, hour=hour, count=count)
