"""Positions of all people, kept in columns of which a step changes a few rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.ui.views.kinds import row_of
from mesa_llm_city.ui.views.protocols import Crowd, UnderWay
from mesa_llm_city.ui.views.trip_lines import Going, MovingLines, TripLines

if TYPE_CHECKING:
    from mesa_llm_city.citizen.citizen import Citizen
    from mesa_llm_city.parameters import CityParameters
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CrowdColumns"]

_Column = TypeVar("_Column", Float, Int)

_STILL = -1
_LONGEST_RUN_MIN = 2**30
"""Above any minute, so that an id and a minute make one number."""


class CrowdColumns:
    """Positions of the citizens of one model, kept between readings.

    Only those who have acted since the last reading are read again: whoever acts has to
    think again at another minute than before (`Residents.next_due`).
    """

    __slots__ = (
        *("_changes", "_citizens", "_codes", "_dues", "_ends", "_ids", "_latest", "_moving"),
        *("_is_ordered", "_order", "_sorted", "_times"),
    )

    def __init__(self) -> None:
        self._changes = -1
        # Citizens rather than agents, who would keep their model alive.
        self._citizens: list[Citizen] = []
        self._sorted: list[Citizen] = []
        self._dues: Int = np.empty(0, dtype=np.int64)
        self._ids: Int = np.empty(0, dtype=np.int64)
        self._order: Int = np.empty(0, dtype=np.int64)
        self._is_ordered = True
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
        return self._by_id(self._dues)

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
        rows = self._rows_under_way()
        lines, _ = self._moving.at(model.minute, self._going(rows), finder)
        start, end = self._times[rows].T
        gone = np.clip((model.minute - start) / np.maximum(end - start, 1), 0.0, 1.0)
        at = self._ends[:, :2].copy()
        at[rows] = lines.at(gone)
        self._latest = Crowd(
            minute=model.minute,
            person=self._by_id(self._ids),
            x=self._by_id(at[:, 0]),
            y=self._by_id(at[:, 1]),
            doing=self._by_id(self._codes[:, 0]).astype(np.uint8),
            mode=self._by_id(self._codes[:, 1]).astype(np.int8),
        )
        return self._latest

    def _by_id(self, column: _Column) -> _Column:
        """Return a column by rising id, in which people mostly are already."""
        return column if self._is_ordered else column[self._order]

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
            lines=lines if found.all() else lines.take(np.flatnonzero(found)),
        )

    def _rows_under_way(self) -> Int:
        """Return the rows of those under way, by rising id."""
        rows: Int = np.flatnonzero(self._codes[:, 1] != _STILL)
        return rows if self._is_ordered else rows[np.argsort(self._ids[rows], kind="stable")]

    def _going(self, rows: Int) -> Going:
        key = self._ids[rows] * _LONGEST_RUN_MIN + self._times[rows, 0]
        return Going(key, self._ends[rows], self._codes[rows, 1])

    def _read(self, model: CityModel) -> None:
        """Read those again who have acted; who acts meanwhile is read the next time."""
        # Counted last by the residents: whoever comes in between is read the next time.
        changes, dues = model.residents.changes, model.residents.next_due
        if changes != self._changes or len(dues) != len(self._dues):
            self._begin([agent.citizen for agent in model.citizens])
            self._changes, rows = changes, np.arange(len(self._citizens))
        else:
            rows = np.flatnonzero(dues != self._dues)
            self._dues = dues
        if not len(rows):
            return
        agents = model.citizens
        moves = _moves([agents[row] for row in rows.tolist()], model.parameters)
        x, y = model.city.places.x, model.city.places.y
        begin, end = moves[:, 0], moves[:, 1]
        self._ends[rows] = np.column_stack([x[begin], y[begin], x[end], y[end]])
        self._times[rows] = moves[:, 2:4]
        self._codes[rows] = moves[:, 4:]

    def _begin(self, citizens: list[Citizen]) -> None:
        """Read everybody again, since somebody has arrived or left."""
        self._citizens, count = citizens, len(citizens)
        self._ids = np.array([one.persona.id for one in citizens], dtype=np.int64)
        self._order = np.argsort(self._ids, kind="stable")
        self._is_ordered = bool(np.all(np.diff(self._ids) > 0))
        self._sorted = [self._citizens[row] for row in self._order.tolist()]
        self._dues = np.array([one.now.next_due for one in citizens], dtype=np.int64)
        self._ends = np.zeros((count, 4))
        self._times = np.zeros((count, 2), dtype=np.int64)
        self._codes = np.zeros((count, 2), dtype=np.int64)


def _moves(agents: Sequence[CityAgent], parameters: CityParameters) -> Int:
    """Return origin, destination, departure, arrival, purpose and mode of each, shape (n, 6).

    One who stays goes nowhere.
    """
    purposes, modes = row_of(parameters.purposes), row_of(parameters.modes)
    no_purpose, no_mode = len(purposes), len(modes)
    travel = purposes.get(Purpose.TRAVEL, no_purpose)
    numbers: list[int] = []
    for agent in agents:
        now = agent.citizen.now
        if (trip := now.trip) is None:
            place, doing = now.place, purposes.get(agent.purpose, no_purpose)
            numbers += (place, place, 0, 0, doing, _STILL)
        else:
            mode = modes.get(trip.option.mode, no_mode)
            numbers += (trip.origin, trip.destination, trip.start_min, trip.end_min, travel, mode)
    return np.array(numbers, dtype=np.int64).reshape(-1, 6)
