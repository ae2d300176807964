"""Counts by the hour that are kept of everybody: activities by zone, trips by mode, flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN, Clock
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Int, Whole
from mesa_llm_city.simulation.records.arrow_columns import coded_of, numbers_of
from mesa_llm_city.simulation.records.coded import Coded
from mesa_llm_city.simulation.records.counts import HourBlocks, SparseCounts
from mesa_llm_city.simulation.records.numbered_names import NumberedNames
from mesa_llm_city.simulation.records.waiting import Waiting

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["HourlyAggregates"]

# Activities or trips that wait to be counted: many at once cost less than few after one another.
_WAITING = 65_536


class HourlyAggregates:
    """Who did what where in each hour, and how and between which zones people travelled.

    They are kept of all people, also where the tables hold a sample of them, and take memory by
    zones, purposes and hours, whatever the number of people.

    Parameters
    ----------
    zone_names : sequence of str
        Names of the zones, by their rows.
    zone_of_place : ndarray of int, shape (places,)
        Row of the zone of each place.
    purposes, modes : sequence of str
        Names of the purposes and modes; further ones are added when they are met.

    Examples
    --------
    >>> kept = HourlyAggregates(["centre"], np.array([0]), ["sleep"], ["walk"])
    >>> kept.add_activities(np.array([0]), np.array([90]), np.array([0]), Coded.of(["sleep"]))
    >>> kept.activity(Clock())[["zone_name", "purpose", "person_min"]].values.tolist()
    [['centre', 'sleep', 60], ['centre', 'sleep', 30]]
    """

    def __init__(
        self,
        zone_names: Sequence[str],
        zone_of_place: Int,
        purposes: Sequence[str],
        modes: Sequence[str],
    ) -> None:
        self.zone_names = tuple(zone_names)
        self._zone_of_place = np.asarray(zone_of_place, dtype=np.int64)
        # Of the zones, one more than there are: 0 is for whoever is in none, as on the way.
        self._zones = len(self.zone_names) + 1
        self._purposes, self._modes = NumberedNames(purposes), NumberedNames(modes)
        self._minutes, self._trips, self._flows = HourBlocks(), HourBlocks(), SparseCounts()
        self._activities_waiting, self._trips_waiting = Waiting(), Waiting()

    def add_activities(
        self, start_min: Whole, end_min: Whole, place: Whole, purpose: Coded
    ) -> None:
        """Count activities.

        Parameters
        ----------
        start_min, end_min : ndarray of int, shape (n,)
            From (included) and to (excluded), in minutes since midnight of the first day.
        place : ndarray of int, shape (n,)
            Ids of the places; -1 on the way.
        purpose : Coded
            What is done, shape (n,).
        """
        rows = self._purposes.rows(purpose)
        if self._activities_waiting.add(start_min, end_min, place, rows) > _WAITING:
            self._count_activities()

    def _count_activities(self) -> None:
        """Count the activities that wait."""
        if self._activities_waiting.size:
            start, end, place, purpose = self._activities_waiting.taken()
            cell = purpose * self._zones + self._zone(place)
            self._minutes.add_spans(start, end, cell, width=len(self._purposes) * self._zones)

    def add_trips(self, start_min: Whole, origin: Whole, destination: Whole, mode: Coded) -> None:
        """Count trips in the hour and on the day of their start.

        Parameters
        ----------
        start_min : ndarray of int, shape (n,)
            Departures, in minutes since midnight of the first day.
        origin, destination : ndarray of int, shape (n,)
            Ids of the places.
        mode : Coded
            Modes, shape (n,).
        """
        rows = self._modes.rows(mode)
        if self._trips_waiting.add(start_min, origin, destination, rows) > _WAITING:
            self._count_trips()

    def _count_trips(self) -> None:
        """Count the trips that wait."""
        if not self._trips_waiting.size:
            return
        start, origin, destination, mode = self._trips_waiting.taken()
        self._trips.add(start // HOUR_MIN, mode, 1, width=len(self._modes))
        day, zones = start // DAY_MIN, self._zones
        self._flows.add((day * zones + self._zone(origin)) * zones + self._zone(destination))

    def note_activities(self, rows: pa.Table) -> None:
        """Count rows of the table of activities."""
        start, end, place = (numbers_of(rows, name) for name in ("start", "end", "place"))
        self.add_activities(start, end, place, coded_of(rows, "purpose"))

    def note_trips(self, rows: pa.Table) -> None:
        """Count rows of the table of trips."""
        names = ("start", "origin", "destination")
        start, origin, destination = (numbers_of(rows, name) for name in names)
        self.add_trips(start, origin, destination, coded_of(rows, "mode"))

    def activity(self, clock: Clock) -> pd.DataFrame:
        """Return the person-minutes of each hour, zone and purpose that has any.

        Columns: ``time``, the beginning of the hour; ``zone``, the row of the zone, -1 on the
        way or outside; ``zone_name``; ``purpose``; ``person_min``.
        """
        import pandas as pd

        self._count_activities()
        minutes = self._minutes.dense(len(self._purposes) * self._zones).cumsum(axis=0)
        shape = (len(minutes), len(self._purposes), self._zones)
        cube = minutes.reshape(shape).transpose(0, 2, 1)
        hour, zone, purpose = np.nonzero(cube)
        return pd.DataFrame(
            {
                "time": clock.stamps(hour * HOUR_MIN),
                "zone": (zone - 1).astype(np.int32),
                "zone_name": self._names(zone),
                "purpose": _words(purpose, self._purposes),
                "person_min": cube[hour, zone, purpose],
            }
        )

    def modes(self, clock: Clock) -> pd.DataFrame:
        """Return the trips that began in each hour by each mode.

        Columns: ``time``, the beginning of the hour; ``mode``; ``trips``.
        """
        import pandas as pd

        self._count_trips()
        trips = self._trips.dense(len(self._modes))
        hour, mode = np.nonzero(trips)
        return pd.DataFrame(
            {
                "time": clock.stamps(hour * HOUR_MIN),
                "mode": _words(mode, self._modes),
                "trips": trips[hour, mode],
            }
        )

    def flows(self, clock: Clock) -> pd.DataFrame:
        """Return the trips that began on each day from each zone to each other.

        Columns: ``time``, the midnight before; ``origin`` and ``destination``, rows of zones;
        ``origin_name`` and ``destination_name``; ``trips``.
        """
        import pandas as pd

        self._count_trips()
        keys, trips = self._flows.total()
        rest, destination = np.divmod(keys, self._zones)
        day, origin = np.divmod(rest, self._zones)
        return pd.DataFrame(
            {
                "time": clock.stamps(day * DAY_MIN),
                "origin": (origin - 1).astype(np.int32),
                "destination": (destination - 1).astype(np.int32),
                "origin_name": self._names(origin),
                "destination_name": self._names(destination),
                "trips": trips,
            }
        )

    def copied(self) -> Self:
        """Return a copy that can be added to."""
        other = type(self)(self.zone_names, self._zone_of_place, (), ())
        other.restore(self.state())
        return other

    def state(self) -> dict[str, Any]:
        """Return all counts, as plain values and arrays."""
        self._count_activities()
        self._count_trips()
        return {
            "zones": len(self.zone_names),
            "purposes": list(self._purposes),
            "modes": list(self._modes),
            "minutes": self._minutes.state(),
            "trips": self._trips.state(),
            "flows": self._flows.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If it is of another number of zones.
        """
        if state["zones"] != len(self.zone_names):
            message = (
                f"the hourly counts are of {state['zones']} zones, but the city has "
                f"{len(self.zone_names)}; use the city of the save"
            )
            raise DataError(message)
        self._activities_waiting, self._trips_waiting = Waiting(), Waiting()
        self._purposes = NumberedNames(state["purposes"])
        self._modes = NumberedNames(state["modes"])
        self._minutes.restore(state["minutes"])
        self._trips.restore(state["trips"])
        self._flows.restore(state["flows"])

    def _zone(self, place: Whole) -> Int:
        """Return the zones of places, counted from 1; 0 for none."""
        at = np.asarray(place, dtype=np.int64)
        if not len(self._zone_of_place):
            return np.zeros_like(at)
        return np.where(at >= 0, self._zone_of_place[np.maximum(at, 0)] + 1, 0)

    def _names(self, zone: Int) -> pd.Categorical[Any]:
        names = ("", *self.zone_names)
        # Zones may share a name, categories may not.
        unique = list(dict.fromkeys(names))
        code = np.array([unique.index(name) for name in names])
        return _words(code[zone], unique)


def _words(codes: NDArray[Any], names: Iterable[str]) -> pd.Categorical[Any]:
    """Return rows in a list of names as keywords."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, pd.Index(list(names), dtype="str"))
