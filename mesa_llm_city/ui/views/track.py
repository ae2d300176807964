"""Where everybody was at any minute of a run, from its activities and trips."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.kinds import row_of, rows_of
from mesa_llm_city.ui.views.protocols import Basemap, Crowd, UnderWay
from mesa_llm_city.ui.views.trip_lines import Going, MovingLines, TripLines

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.parameters import CityParameters

__all__ = ["Track"]

_STILL = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """What everybody did in a run, row by row, by person and then time.

    Parameters
    ----------
    person : ndarray of int64, shape (n,)
        Ids, rising.
    owner : ndarray of int64, shape (m,)
        Row in `person` of the person of each activity.
    start, end : ndarray of int64, shape (m,)
        Start and end of each activity, in minutes.
    ends : ndarray of float64, shape (m, 4)
        From (x, y) to (x, y) in metres; the same for those who stay.
    doing : ndarray of uint8, shape (m,)
        Rows of ``parameters.purposes``; one beyond the last for an unknown purpose.
    mode : ndarray of int8, shape (m,)
        Rows of ``parameters.modes``, likewise; -1 for those who stay, and for ways that did
        not end in the run.
    finder : TripLines
        Finds the lines of trips.
    """

    person: Int
    owner: Int
    start: Int
    end: Int
    ends: Float
    doing: NDArray[np.uint8]
    mode: NDArray[np.int8]
    finder: TripLines

    @classmethod
    def of(
        cls,
        activities: pd.DataFrame,
        trips: pd.DataFrame,
        *,
        person: Int,
        basemap: Basemap,
        clock: Clock,
        parameters: CityParameters,
    ) -> Track:
        """Join the tables of a run.

        Parameters
        ----------
        activities, trips : pandas.DataFrame
            The tables (see ``docs/reference/outputs.md``), by person and time.
        person : ndarray of int64, shape (n,)
            Ids, rising.
        basemap : Basemap
            Places, streets and stations.
        clock : Clock
            Calendar of the run.
        parameters : CityParameters
            They name purposes and modes.
        """
        owner = np.searchsorted(person, activities["person"].to_numpy(dtype=np.int64))
        start, end = (minutes_of(activities[name], clock) for name in ("start", "end"))
        at = activities["place"].to_numpy(dtype=np.int64, na_value=_STILL)
        modes, purposes = row_of(parameters.modes), row_of(parameters.purposes)
        whose = np.searchsorted(person, trips["person"].to_numpy(dtype=np.int64))
        found = _rows_at(owner, start, whose, minutes_of(trips["start"], clock))
        origin, there = _ways(owner, at, found, trips)
        mode = np.full(len(at), _STILL, dtype=np.int64)
        mode[found] = rows_of(trips["mode"], modes, unknown=len(modes))
        places = basemap.places
        return cls(
            person=person,
            owner=owner,
            start=start,
            end=end,
            ends=np.hstack([places[origin], places[there]]),
            doing=rows_of(activities["purpose"], purposes, unknown=len(purposes)).astype(np.uint8),
            mode=mode.astype(np.int8),
            finder=TripLines(
                basemap.streets, basemap.stations, parameters.modes, places[~basemap.is_home]
            ),
        )

    @cached_property
    def first(self) -> Int:
        """First row of each person and, at its end, the number of rows; shape (n + 1,)."""
        return np.searchsorted(self.owner, np.arange(len(self.person) + 1))

    def rows_at(self, minute: int) -> Int:
        """Return which row each person is in at a minute, shape (n,).

        What begins at that very minute has not begun yet, as in a model that stands there.
        """
        people = np.arange(len(self.person))
        found = np.searchsorted(self._keys, people * self._span + max(minute - 1, 0), "right") - 1
        return np.clip(found, self.first[:-1], np.maximum(self.first[1:] - 1, 0))

    def present(self, minute: int) -> Int:
        """Return the rows in `person` of those who lived there at a minute, rising."""
        if not len(self.start):
            return np.zeros(0, dtype=np.int64)
        rows = self.rows_at(minute)
        some = self.first[:-1] < self.first[1:]
        known = np.minimum(rows, max(len(self.start) - 1, 0))
        within = (self.start[known] <= minute) & (minute <= self.end[known])
        return np.flatnonzero(some & within)

    def crowd(self, minute: int) -> Crowd:
        """Return where everybody was who lived there at a minute."""
        there = self.present(minute)
        rows = self.rows_at(minute)[there]
        start, length = self.start[rows], np.maximum(self.end[rows] - self.start[rows], 1)
        gone = np.clip((minute - start) / length, 0.0, 1.0)
        ends = self.ends[rows]
        # A way that did not end in the run has no mode: its destination is not known.
        goes = np.flatnonzero(self.mode[rows] != _STILL)
        lines, _ = self._lines_of(minute, rows[goes])
        at = ends[:, :2].copy()
        at[goes] = lines.at(gone[goes])
        return Crowd(
            minute=minute,
            person=self.person[there],
            x=at[:, 0],
            y=at[:, 1],
            doing=self.doing[rows],
            mode=self.mode[rows],
        )

    def under_way(self, minute: int) -> UnderWay:
        """Return the trips that were under way at a minute and whose lines are known."""
        there = self.present(minute)
        rows = self.rows_at(minute)[there]
        goes = self.mode[rows] != _STILL
        person, rows = self.person[there[goes]], rows[goes]
        lines, found = self._lines_of(minute, rows)
        known = np.flatnonzero(found)
        rows = rows[known]
        return UnderWay(
            person=person[known],
            times=np.column_stack([self.start[rows], self.end[rows]]),
            mode=self.mode[rows].astype(np.int64),
            lines=lines.take(known),
        )

    def lines(self, *, most: int) -> tuple[Polylines, Int]:
        """Return the lines of all trips, each once.

        Parameters
        ----------
        most : int
            The largest number of lines; trips on further ones go without.

        Returns
        -------
        lines : Polylines
            The lines, those first that most trips lead along.
        line_of : ndarray of int64, shape (m,)
            Line of each row; -1 for those who stay, and for those without a line.
        """
        trips = np.flatnonzero(self.mode != _STILL)
        asked = np.column_stack([self.ends[trips], self.mode[trips]])
        kinds, kind, often = np.unique(asked, axis=0, return_inverse=True, return_counts=True)
        chosen = np.argsort(-often, kind="stable")[:most]
        number = np.full(len(kinds), -1)
        number[chosen] = np.arange(len(chosen))
        lines, _ = self.finder.of(kinds[chosen, :4], kinds[chosen, 4].astype(np.int64))
        line_of = np.full(len(self.mode), -1)
        line_of[trips] = number[kind]
        return lines, line_of

    def _lines_of(self, minute: int, rows: Int) -> tuple[Polylines, Bool]:
        going = Going(rows, self.ends[rows], self.mode[rows].astype(np.int64))
        return self._moving.at(minute, going, self.finder)

    @cached_property
    def _moving(self) -> MovingLines:
        return MovingLines()

    @cached_property
    def _span(self) -> int:
        return int(self.end.max(initial=0)) + 2

    @cached_property
    def _keys(self) -> Int:
        """Numbers that rise by person and then time."""
        return self.owner * self._span + self.start


def _rows_at(owner: Int, start: Int, whose: Int, at_min: Int) -> Int:
    """Return the row of the activity of each person that begins at a minute."""
    span = int(start.max(initial=0)) + 1
    return np.searchsorted(owner * span + start, whose * span + at_min)


def _ways(owner: Int, at: Int, found: Int, trips: pd.DataFrame) -> tuple[Int, Int]:
    """Return origin and destination of each activity; those who stay go nowhere."""
    origin, there = _filled(owner, at), _filled(owner, at)
    origin[found] = trips["origin"].to_numpy(dtype=np.int64)
    there[found] = trips["destination"].to_numpy(dtype=np.int64)
    return origin, there


def _filled(owner: Int, at: Int) -> Int:
    """Return the latest known place of each row: a way without end stays at its origin."""
    known = np.where(at >= 0, np.arange(len(at)), 0)
    return np.maximum(at[np.maximum.accumulate(known)], 0) if len(owner) else at
