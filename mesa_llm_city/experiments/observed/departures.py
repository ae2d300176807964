"""Observed departures: how trips are spread over the hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments.hourly import DAY_H
from mesa_llm_city.experiments.observed.cells import Cells, Source, normal
from mesa_llm_city.experiments.observed.respondents import ALL, DAY_WORDS

__all__ = ["DepartureCurve", "Departures", "read_departures"]


class DepartureCurve(NamedTuple):
    """Which trips a curve is about.

    Attributes
    ----------
    day_type : str
        ``all``, ``weekday``, ``weekend``, ``saturday`` or ``sunday``.
    purpose, mode : str
        Of the trips; ``all`` for any.
    """

    day_type: str = ALL
    purpose: str = ALL
    mode: str = ALL

    def __str__(self) -> str:
        """Return what restricts the trips, such as ``weekday, car``."""
        return ", ".join(word for word in self if word != ALL) or "all days"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Departures:
    """Curves of departures.

    Parameters
    ----------
    source : Source
        The file.
    curves : dict of DepartureCurve to ndarray of float64, shape (24,)
        Shares of the trips by the hour in which they begin; each adds up to 1.
    """

    source: Source
    curves: dict[DepartureCurve, Float]


def read_departures(path: Path) -> Departures:
    """Read a table of departures by hour.

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
    hour = cells.numbers("hour", "hr", "start_hour", high=DAY_H - 1.0)
    cells.flag((hour % 1 != 0).tolist(), "hour", "it must be a whole number from 0 to 23")
    day = cells.words("day_type", "day", words=DAY_WORDS, default=ALL)
    purpose = [normal(cell) for cell in cells.texts("purpose", default=ALL)]
    mode = [normal(cell) for cell in cells.texts("mode", default=ALL)]
    amount = cells.numbers("share", "share_of_day", "percent", "trips", "departures", "count", "n")
    cells.check()
    curves: dict[DepartureCurve, Float] = {}
    for row, curve in enumerate(map(DepartureCurve, day, purpose, mode)):
        counts = curves.setdefault(curve, np.full(DAY_H, np.nan))
        if not np.isnan(counts[int(hour[row])]):
            cells.add(f"row {cells.lines[row]}: hour {hour[row]:.0f} is there twice for {curve}")
        counts[int(hour[row])] = amount[row]
    for curve, counts in curves.items():
        if not np.nansum(counts):
            cells.add(f"{curve}: there are no departures")
    source = cells.close()
    filled = {curve: np.nan_to_num(counts) for curve, counts in curves.items()}
    return Departures(
        source=source, curves={curve: one / one.sum() for curve, one in filled.items()}
    )
