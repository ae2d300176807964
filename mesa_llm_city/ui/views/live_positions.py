"""Positions of all people, kept in columns of which a step changes a few rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.ui.views.kinds import row_of
from mesa_llm_city.ui.views.protocols import Crowd, UnderWay
from mesa_llm_city.ui.views.trip_lines import Going, MovingLines, TripLines

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CrowdColumns"]

_STILL = -1
_LONGEST_RUN_MIN = 2**30
"""Above any minute, so that an id and a minute make one number."""


class CrowdColumns:
    """Positions of the citizens of one model, kept between readings.

    Only those who have acted since the last reading are read again: whoever acts has to
    think again at another minute than before (`Residents.next_due`).
    """

    __slots__ = (
        *("_citizens", "_codes", "_dues", "_ends", "_ids", "_latest", "_moving", "_order"),
        *("_sorted", "_times"),
    )

    def __init__(self) -> None:
        # Citizens rather than agents, who would keep their model alive.
        self._citizens: list[Citizen] = []
        self._sorted: list[Citizen] = []
        self._dues: Int = np.empty(0, dtype=np.int64)
        self._ids: Int = np.empty(0, dtype=np.int64)
        self._order: Int = np.empty(0, dtype=np.int64)
        self._ends: Float = np.empty((0, 4))
        self._times: Int = np.empty((0, 2), dtype=np.int64)
        self._codes: Int = np.empty((0, 2), dtype=np.int64)
        self._moving = MovingLines()
        self._latest: Crowd | None = None

    @property
    def citizens(self) -> list[Citizen]:
        """The citizens as of the last reading, by rising id; the same list until one comes."""
        return self._sorted

    @property
    def dues(self) -> Int:
        """When each of `citizens` has to think again, in minutes, as of the last reading."""
        return self._dues[self._order]

    def crowd(self, model: CityModel, finder: TripLines) -> Crowd:
        """Return where everybody is now.

        Parameters
        ----------
        model : CityModel
            The same at every reading.
        finder : TripLines
            Finds the lines of trips.
        """
        if self._latest is not None and self._is_current(model):
            return self._latest
        self._read(model)
        order, rows = self._order, self._rows_under_way()
        lines, _ = self._moving.at(model.minute, self._going(rows), finder)
        start, end = self._times[rows].T
        gone = np.clip((model.minute - start) / np.maximum(end - start, 1), 0.0, 1.0)
        at = self._ends[:, :2].copy()
        at[rows] = lines.at(gone)
        self._latest = Crowd(
            minute=model.minute,
            person=self._ids[order],
            x=at[order, 0],
            y=at[order, 1],
            doing=self._codes[order, 0].astype(np.uint8),
            mode=self._codes[order, 1].astype(np.int8),
        )
        return self._latest

    def _is_current(self, model: CityModel) -> bool:
        """Return whether nothing has happened since the latest reading."""
        is_now = self._latest is not None and self._latest.minute == model.minute
        dues = model.residents.next_due
        return is_now and len(dues) == len(self._citizens) and np.array_equal(dues, self._dues)

    def under_way(self, model: CityModel, finder: TripLines) -> UnderWay:
        """Return the trips that are under way now and whose lines are known (see `crowd`)."""
        if not self._is_current(model):
            self._read(model)
        rows = self._rows_under_way()
        lines, found = self._moving.at(model.minute, self._going(rows), finder)
        known = rows[found]
        return UnderWay(
            person=self._ids[known],
            times=self._times[known],
            mode=self._codes[known, 1],
            lines=lines.take(np.flatnonzero(found)),
        )

    def _rows_under_way(self) -> Int:
        """Return the rows of those under way, by rising id."""
        rows: Int = self._order[self._codes[self._order, 1] != _STILL]
        return rows

    def _going(self, rows: Int) -> Going:
        key = self._ids[rows] * _LONGEST_RUN_MIN + self._times[rows, 0]
        return Going(key, self._ends[rows], self._codes[rows, 1])

    def _read(self, model: CityModel) -> None:
        """Read those again who have acted; who acts meanwhile is read the next time."""
        dues, citizens = model.residents.next_due, [agent.citizen for agent in model.citizens]
        if self._citizens != citizens or len(dues) != len(self._dues):
            self._begin(citizens)
            rows = np.arange(len(self._citizens))
        else:
            rows = np.flatnonzero(dues != self._dues)
            self._dues = dues
        if not len(rows):
            return
        agents = [model.citizens[row] for row in rows.tolist()]
        purposes, modes = row_of(model.parameters.purposes), row_of(model.parameters.modes)
        moves = np.array([_moves(agent.citizen, modes) for agent in agents], dtype=np.int64)
        x, y = model.city.places.x, model.city.places.y
        for column, (axis, end) in enumerate(((x, 0), (y, 0), (x, 1), (y, 1))):
            self._ends[rows, column] = axis[moves[:, end]]
        self._times[rows] = moves[:, 2:4]
        self._codes[rows, 0] = [purposes.get(agent.purpose, len(purposes)) for agent in agents]
        self._codes[rows, 1] = moves[:, 4]

    def _begin(self, citizens: list[Citizen]) -> None:
        """Read everybody again, since somebody has arrived or left."""
        self._citizens, count = citizens, len(citizens)
        self._ids = np.array([one.persona.id for one in citizens], dtype=np.int64)
        self._order = np.argsort(self._ids, kind="stable")
        self._sorted = [self._citizens[row] for row in self._order.tolist()]
        self._dues = np.array([one.now.next_due for one in citizens], dtype=np.int64)
        self._ends = np.zeros((count, 4))
        self._times = np.zeros((count, 2), dtype=np.int64)
        self._codes = np.zeros((count, 2), dtype=np.int64)


def _moves(citizen: Citizen, modes: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    """Return origin, destination, departure, arrival and mode; one who stays goes nowhere."""
    trip = citizen.now.trip
    if trip is None:
        return citizen.place, citizen.place, 0, 0, _STILL
    mode = modes.get(trip.option.mode, len(modes))
    return trip.origin, trip.destination, trip.start_min, trip.end_min, mode
