"""The lines along which people travel: streets, and rails from station to station."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from mesa_llm_city.city.polylines import Polylines
from mesa_llm_city.city.street_paths import StreetPaths
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.modes import ModeSpec

__all__ = ["Going", "MovingLines", "TripLines"]

_STEPS = 12_000
"""Junctions that may be visited in one reading to find new ways: some 2 ms of a processor."""

_PLACES_AT_ONCE = 8
_PAUSE_S = 0.01


class TripLines:
    """Finds the lines of trips on a map.

    A trip by a mode that runs between stations leads along the streets to the station nearest to
    its origin, straight to that nearest to its destination, and along the streets again.

    Parameters
    ----------
    streets : ndarray of float64, shape (m, 4)
        Pieces from (x, y) to (x, y) in metres.
    stations : ndarray of float64, shape (s, 2)
        Stations, in metres.
    modes : mapping of str to ModeSpec
        Modes of the parameters; trips have their rows.
    places : ndarray of float64, shape (p, 2), optional
        Places in metres, the ways from which are looked for while nothing else is (`prepare`).
    """

    def __init__(
        self,
        streets: Float,
        stations: Float,
        modes: Mapping[str, ModeSpec],
        places: Float | None = None,
    ) -> None:
        # Several readers may share it, and so may what prepares it.
        self._lock = Lock()
        self._streets = StreetPaths(streets)
        self._unprepared = np.empty((0, 2)) if places is None else places
        self._stations = stations
        self._tree = cKDTree(stations)
        by_rail = [spec.between_stations for spec in modes.values()]
        self._by_rail = np.array([*by_rail, False], dtype=np.bool_)

    def prepare(self) -> None:
        """Look for the ways from some places ahead of the first trips, in bounded time."""
        with self._lock:
            some, self._unprepared = np.split(self._unprepared, [_PLACES_AT_ONCE])
            self._streets.prepare(some, most_steps=_STEPS)

    def prepare_all(self) -> None:
        """Look for the ways from all these places, with pauses in which others get on.

        In large networks nothing is done (see `StreetPaths.prepare`).
        """
        while len(self._unprepared):
            self.prepare()
            time.sleep(_PAUSE_S)

    def of(
        self, ends: Float, mode: Int, *, most_steps: int | None = None
    ) -> tuple[Polylines, Bool]:
        """Return the lines of trips.

        Parameters
        ----------
        ends : ndarray of float64, shape (n, 4)
            From (x, y) to (x, y) in metres.
        mode : ndarray of int64, shape (n,)
            Rows of the modes.
        most_steps : int, optional
            How many junctions may be visited (see `StreetPaths.between`).

        Returns
        -------
        lines : Polylines
            n lines.
        found : ndarray of bool, shape (n,)
            False where a line is straight only because it was not looked for yet.
        """
        with self._lock:
            return self._found(ends, mode, most_steps)

    def _found(self, ends: Float, mode: Int, most_steps: int | None) -> tuple[Polylines, Bool]:
        rail = np.flatnonzero(self._by_rail[np.minimum(mode, len(self._by_rail) - 1)])
        if not len(rail) or not len(self._stations):
            return self._streets.between(ends, most_steps=most_steps)
        nearest = self._tree.query(ends[rail].reshape(-1, 2))[1].reshape(-1, 2)
        ride = self._stations[nearest].reshape(-1, 4)
        rail, ride = rail[(rides := nearest[:, 0] != nearest[:, 1])], ride[rides]
        to_station = np.hstack([ends[rail, :2], ride[:, :2]])
        from_station = np.hstack([ride[:, 2:], ends[rail, 2:]])
        legs = np.vstack([ends, to_station, from_station])
        # A trip by rail needs no way of its own along the streets.
        legs[rail, 2:] = legs[rail, :2]
        lines, found = self._streets.between(legs, most_steps=most_steps)
        count = len(ends)
        access, egress = count + np.arange(len(rail)), count + len(rail) + np.arange(len(rail))
        found[rail] = found[access] & found[egress]
        order = np.arange(count)
        order[rail] = len(lines) + np.arange(len(rail))
        through = _end_to_end(lines.take(access), lines.take(egress))
        return Polylines.joined([lines, through]).take(order), found[:count]


class Going(NamedTuple):
    """Trips that are under way, of n people.

    Parameters
    ----------
    key : ndarray of int64, shape (n,)
        A number for each trip, the same at every reading, rising.
    ends : ndarray of float64, shape (n, 4)
        From (x, y) to (x, y) in metres.
    mode : ndarray of int64, shape (n,)
        Rows of the modes.
    """

    key: Int
    ends: Float
    mode: Int


class MovingLines:
    """The lines of the trips that are under way; only those of new trips are looked for.

    The time that a reading takes is bounded: what is not found within it is straight at first,
    and found at a later minute.

    Parameters
    ----------
    steps : int, default 12,000
        How many junctions are visited in one reading at most.
    """

    __slots__ = ("_found", "_keys", "_lines", "_lock", "_minute", "_steps")

    def __init__(self, steps: int = _STEPS) -> None:
        self._steps = steps
        self._keys: Int = np.empty(0, dtype=np.int64)
        self._found: Bool = np.empty(0, dtype=np.bool_)
        self._lines = Polylines.straight(np.empty((0, 4)))
        self._minute = -1
        self._lock = Lock()  # replays of several readers share a run

    def at(self, minute: int, going: Going, finder: TripLines) -> tuple[Polylines, Bool]:
        """Return the line of each trip, and whether it was looked for.

        Parameters
        ----------
        minute : int
            Present minute; in each, new ways are looked for once.
        going : Going
            The trips under way.
        finder : TripLines
            Finds their lines.
        """
        with self._lock:
            return self._read(minute, going, finder)

    def _read(self, minute: int, going: Going, finder: TripLines) -> tuple[Polylines, Bool]:
        row = np.searchsorted(self._keys, going.key)
        known = row < len(self._keys)
        known[known] = self._keys[row[known]] == going.key[known]
        done = known.copy()
        if minute != self._minute:
            done[known] = self._found[row[known]]
        kept, new = row[done], np.flatnonzero(~done)
        if not len(new) and len(kept) == len(self._keys):
            if minute != self._minute:
                finder.prepare()
            self._minute = minute
            return self._lines, self._found
        lines, found = finder.of(going.ends[new], going.mode[new], most_steps=self._steps)
        order = np.empty(len(going.key), dtype=np.int64)
        order[done], order[new] = kept, len(self._keys) + np.arange(len(new))
        self._lines = Polylines.joined([self._lines, lines]).take(order)
        self._found = np.concatenate([self._found, found])[order]
        self._keys, self._minute = going.key, minute
        return self._lines, self._found


def _end_to_end(one: Polylines, other: Polylines) -> Polylines:
    """Return lines that go on from the last point of one to the first of the other."""
    count = len(one)
    both = Polylines.joined([one, other])
    turns = np.column_stack([np.arange(count), count + np.arange(count)]).ravel()
    inter = both.take(turns)
    return Polylines(inter.points, inter.first[::2])
