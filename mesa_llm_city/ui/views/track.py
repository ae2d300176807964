"""Where everybody was at any minute of a run, from its activities and trips."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.ui.views.protocols import DOINGS, MODES, Crowd

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Track"]

_TRAVEL = DOINGS.index(Purpose.TRAVEL)
_STILL = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """What everybody did in a run, row by row, by person and then time.

    Parameters
    ----------
    person : ndarray of int64, shape (n,)
        Ids, rising.
    owner : ndarray of int64, shape (m,)
        Row in `person` of whose each activity is.
    start, end : ndarray of int64, shape (m,)
        From and to, in minutes.
    ends : ndarray of float64, shape (m, 4)
        From (x, y) to (x, y) in metres; the same for those who stay.
    doing : ndarray of uint8, shape (m,)
        Rows in `DOINGS`.
    mode : ndarray of int8, shape (m,)
        Rows in `MODES`; -1 for those who stay, and for ways that did not end in the run.
    """

    person: Int
    owner: Int
    start: Int
    end: Int
    ends: Float
    doing: NDArray[np.uint8]
    mode: NDArray[np.int8]

    @classmethod
    def of(
        cls,
        activities: pd.DataFrame,
        trips: pd.DataFrame,
        *,
        person: Int,
        places: Float,
        clock: Clock,
    ) -> Track:
        """Join the tables of a run.

        Parameters
        ----------
        activities, trips : pandas.DataFrame
            The tables (see ``docs/reference/outputs.md``), by person and time.
        person : ndarray of int64, shape (n,)
            Ids, rising.
        places : ndarray of float64, shape (p, 2)
            Positions in metres.
        clock : Clock
            Calendar of the run.
        """
        owner = np.searchsorted(person, activities["person"].to_numpy(dtype=np.int64))
        start, end = (minutes_of(activities[name], clock) for name in ("start", "end"))
        at = activities["place"].to_numpy(dtype=np.int64, na_value=_STILL)
        origin, there, mode = _ways(owner, start, at, trips, person=person, clock=clock)
        codes = {str(one): code for code, one in enumerate(DOINGS)}
        return cls(
            person=person,
            owner=owner,
            start=start,
            end=end,
            ends=np.hstack([places[origin], places[there]]),
            doing=_codes(activities["purpose"], codes).astype(np.uint8),
            mode=mode.astype(np.int8),
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

    def crowd(self, minute: int) -> Crowd:
        """Return where everybody was at a minute."""
        rows = self.rows_at(minute)
        start, length = self.start[rows], np.maximum(self.end[rows] - self.start[rows], 1)
        gone = np.clip((minute - start) / length, 0.0, 1.0)[:, None]
        ends = self.ends[rows]
        at = ends[:, :2] + gone * (ends[:, 2:] - ends[:, :2])
        return Crowd(
            minute=minute,
            person=self.person,
            x=at[:, 0],
            y=at[:, 1],
            doing=self.doing[rows],
            mode=self.mode[rows],
        )

    @cached_property
    def _span(self) -> int:
        return int(self.end.max(initial=0)) + 2

    @cached_property
    def _keys(self) -> Int:
        """Numbers that rise by person and then time."""
        return self.owner * self._span + self.start


def _ways(
    owner: Int, start: Int, at: Int, trips: pd.DataFrame, *, person: Int, clock: Clock
) -> tuple[Int, Int, Int]:
    """Return origin, destination and mode of each activity; those who stay go nowhere."""
    span = int(start.max(initial=0)) + 1
    keys = owner * span + start
    whose = np.searchsorted(person, trips["person"].to_numpy(dtype=np.int64))
    found = np.searchsorted(keys, whose * span + minutes_of(trips["start"], clock))
    origin, there = _filled(owner, at), _filled(owner, at)
    mode = np.full(len(at), _STILL, dtype=np.int64)
    origin[found] = trips["origin"].to_numpy(dtype=np.int64)
    there[found] = trips["destination"].to_numpy(dtype=np.int64)
    mode[found] = _codes(trips["mode"], {str(one): code for code, one in enumerate(MODES)})
    return origin, there, mode


def _filled(owner: Int, at: Int) -> Int:
    """Return the latest known place of each row: a way without end stays at its origin."""
    known = np.where(at >= 0, np.arange(len(at)), 0)
    return np.maximum(at[np.maximum.accumulate(known)], 0) if len(owner) else at


def _codes(labels: pd.Series[Any], codes: dict[str, int]) -> Int:
    rows, names = labels.factorize()
    found: Int = np.array([codes[str(name)] for name in names], dtype=np.int64)[rows]
    return found
