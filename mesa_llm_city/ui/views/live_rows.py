"""The rows of a crowd on the map: as people one by one, or, where they are many, as a density.

Rows have the modes and purposes of the parameters, in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.crowd.state import NOT_TRAVELLING
from mesa_llm_city.ui.views.density import Density, Grid
from mesa_llm_city.ui.views.kinds import row_of
from mesa_llm_city.ui.views.protocols import Crowd, UnderWay
from mesa_llm_city.ui.views.trip_lines import Going, MovingLines, TripLines

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["MOST_DOTS", "RowColumns", "by_id"]

MOST_DOTS = 20_000
"""Rows of a crowd beyond this number are shown as a density, without a dot for each."""

_STILL = -1
_LONGEST_RUN_MIN = 2**30


class RowColumns:
    """Where the rows of one crowd are and what they do, read anew at each reading."""

    __slots__ = ("_grid", "_moving")

    def __init__(self) -> None:
        self._moving = MovingLines()
        self._grid: tuple[Float, Grid] | None = None

    def crowd(self, rows: CrowdAgent, finder: TripLines) -> Crowd:
        """Return where all rows are now, by rising id.

        Parameters
        ----------
        rows : CrowdAgent
            The crowd.
        finder : TripLines
            Finds the lines of trips.
        """
        chosen = by_id(rows)
        minute, trip, places = rows.model.minute, rows.state.trip, rows.model.city.places
        at = rows.state.place[chosen]
        where = np.column_stack([places.x[at], places.y[at]])
        goes = _going(rows, chosen)
        under = chosen[goes]
        lines, _ = self._moving.at(minute, _trips(rows, under), finder)
        length = np.maximum(trip.end[under] - trip.start[under], 1)
        where[goes] = lines.at(np.clip((minute - trip.start[under]) / length, 0.0, 1.0))
        mode = np.full(len(chosen), _STILL, dtype=np.int8)
        mode[goes] = trip.mode[under]
        return Crowd(
            minute=minute,
            person=rows.people.ids[chosen].astype(np.int64),
            x=where[:, 0],
            y=where[:, 1],
            doing=_doing(rows, chosen).astype(np.uint8),
            mode=mode,
        )

    def under_way(self, rows: CrowdAgent, finder: TripLines) -> UnderWay:
        """Return the trips of rows that are under way now and whose lines are known."""
        chosen, trip = by_id(rows), rows.state.trip
        under = chosen[_going(rows, chosen)]
        lines, found = self._moving.at(rows.model.minute, _trips(rows, under), finder)
        known = under[found]
        return UnderWay(
            person=rows.people.ids[known].astype(np.int64),
            times=np.column_stack([trip.start[known], trip.end[known]]).astype(np.int64),
            mode=trip.mode[known].astype(np.int64),
            lines=lines if found.all() else lines.take(np.flatnonzero(found)),
        )

    def values(self, rows: CrowdAgent, by: str) -> Float:
        """Return needs, moods or incomes of all rows, by rising id; NaN for beliefs.

        Parameters
        ----------
        rows : CrowdAgent
            The crowd.
        by : str
            One of `colourings` other than ``activity`` and ``mode``.
        """
        chosen = by_id(rows)
        if by == "belief":
            return np.full(len(chosen), np.nan)
        values: Float = rows.values(by, chosen).astype(np.float64)
        return values

    def density(self, rows: CrowdAgent, bounds: tuple[float, float, float, float]) -> Density:
        """Return how many rows there are per cell, those under way on straight lines.

        Parameters
        ----------
        rows : CrowdAgent
            The crowd.
        bounds : (float, float, float, float)
            West, south, east and north end of what is counted, in metres.
        """
        chosen, places, minute = rows.rows, rows.model.city.places, rows.model.minute
        if self._grid is None or self._grid[0] is not places.x:
            self._grid = places.x, Grid.over(bounds, np.column_stack([places.x, places.y]))
        grid, trip = self._grid[1], rows.state.trip
        cells = grid.of_place[rows.state.place[chosen]]
        goes = _going(rows, chosen)
        under = chosen[goes]
        begin, end = rows.state.place[under], trip.destination[under]
        length = np.maximum(trip.end[under] - trip.start[under], 1)
        gone = np.clip((minute - trip.start[under]) / length, 0.0, 1.0)
        here = [axis[begin] + gone * (axis[end] - axis[begin]) for axis in (places.x, places.y)]
        cells[goes] = grid.cells(np.column_stack(here))
        kinds = len(rows.model.parameters.purposes) + 1
        doing = np.bincount(_doing(rows, chosen), minlength=kinds)
        zones = len(rows.model.city.zones)
        at, home = rows.state.place[chosen], rows.people.home[chosen]
        present, residents = (np.bincount(places.zone[one], minlength=zones) for one in (at, home))
        return grid.counted(cells, doing, present=present, residents=residents)


def by_id(rows: CrowdAgent) -> Int:
    """Return the rows of those who live here, by rising id."""
    chosen = rows.rows
    ordered: Int = chosen[np.argsort(rows.people.ids[chosen], kind="stable")]
    return ordered


def _going(rows: CrowdAgent, chosen: Int) -> Int:
    """Return who of some rows is under way."""
    return np.flatnonzero(rows.state.trip.destination[chosen] != NOT_TRAVELLING)


def _trips(rows: CrowdAgent, under: Int) -> Going:
    trip, places = rows.state.trip, rows.model.city.places
    begin, end = rows.state.place[under], trip.destination[under]
    ends = np.column_stack([places.x[begin], places.y[begin], places.x[end], places.y[end]])
    key = rows.people.ids[under].astype(np.int64) * _LONGEST_RUN_MIN + trip.start[under]
    return Going(key, ends, trip.mode[under].astype(np.int64))


def _doing(rows: CrowdAgent, chosen: Int) -> Int:
    """Return what each does as row of the purposes; who has not begun anything sleeps."""
    row = row_of(rows.model.parameters.purposes)
    purpose = rows.state.doing.purpose[chosen].astype(np.int64)
    travels = rows.state.trip.destination[chosen] != NOT_TRAVELLING
    begun: Int = np.where(purpose < 0, row[str(Purpose.SLEEP)], purpose)
    return np.where(travels, row[str(Purpose.TRAVEL)], begun)
