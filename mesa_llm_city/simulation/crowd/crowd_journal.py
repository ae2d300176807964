"""What rows of a crowd have done, as counts by the hour and as tables."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import DecisionSource, Float, Int, Whole
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.hearing import Heeded
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.mind.warning import REACTIONS
from mesa_llm_city.mobility.mode_columns import mode_table
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.records import Records
from mesa_llm_city.simulation.records.coded import Coded

__all__ = ["RecordingJournal"]


class RecordingJournal:
    """Writes down what rows do; it fits `crowd.life.CrowdJournal`.

    Parameters
    ----------
    records : Records
        Where it is written.
    ids : ndarray of int64, shape (n,)
        Ids of the persons of the rows.
    parameters : CityParameters
        Names of purposes and modes.
    tables : bool
        Whether rows of tables are kept; counts by the hour always are.
    """

    def __init__(
        self, records: Records, ids: Int, parameters: CityParameters, *, tables: bool
    ) -> None:
        self.records, self.ids, self.has_tables = records, ids, tables
        codes = codes_of(parameters)
        # These very names are those that counts by the hour begin with (see `NumberedNames`).
        self._purposes, self._modes = codes.names, mode_table(parameters).names
        self._travel = codes.travel
        self.trips_ended = 0

    def stays(self, rows: Int, start: Whole, end: Whole, purpose: Whole, place: Whole) -> None:
        """Write down stays that have ended."""
        self._activities(rows, start, end, Coded(purpose, self._purposes), place)

    def trips(self, rows: Int, origin: Whole, state: CrowdState) -> None:
        """Write down trips that have ended."""
        trip, records = state.trip, self.records
        self.trips_ended += len(rows)
        start, end, to = trip.start[rows], trip.end[rows], state.place[rows]
        mode = Coded(trip.mode[rows], self._modes)
        on_the_way = np.full(len(rows), -1)
        travel = Coded(np.full(len(rows), self._travel), self._purposes)
        self._activities(rows, start, end, travel, on_the_way)
        if not self.has_tables:
            records.aggregates.add_trips(start, origin, to, mode)
            return
        records.trips.append_rows(
            {
                "person": self.ids[rows],
                "start": start,
                "end": end,
                "origin": origin,
                "destination": to,
                "purpose": Coded(trip.purpose[rows], self._purposes),
                "mode": mode,
                "distance_m": trip.distance_m[rows],
                "travel_min": trip.minutes[rows],
                "access_min": trip.access_min[rows],
                "cost": trip.cost[rows],
            }
        )

    def visits(  # noqa: PLR0917 - the columns of the table
        self, rows: Int, start: Whole, end: Whole, purpose: Whole, place: Whole, ratings: Float
    ) -> None:
        """Write down visits that have ended."""
        if not self.has_tables:
            return
        rated = {name: ratings[:, column] for column, name in enumerate(ASPECTS)}
        self.records.visits.append_rows(
            {
                "person": self.ids[rows],
                "start": start,
                "end": end,
                "place": place,
                "purpose": Coded(purpose, self._purposes),
                **rated,
            }
        )

    def heard(self, heeded: Heeded, news: CrowdNews) -> None:
        """Count what rows make of a message, and write it down if tables are kept."""
        number = int(heeded.said.message[0])
        news.counts[number, "heard"] += len(heeded.rows)
        news.counts[number, "believed"] += int(np.count_nonzero(heeded.believed))
        for kind, count in enumerate(np.bincount(heeded.kind).tolist()):
            if count:
                news.counts[number, str(REACTIONS[kind])] += count
        if not self.has_tables:
            return
        message, kinds = news.messages[number], tuple(map(str, REACTIONS))
        count = len(heeded.rows)
        self.records.messages.append_rows(
            {
                "person": self.ids[heeded.rows],
                "time": heeded.minute,
                "message": np.full(count, message.id),
                "channel": Coded(heeded.said.channel.astype(np.int64), tuple(news.channels)),
                "source": message.source,
                "sender": heeded.said.sender,
                "topic": message.topic,
                "danger": np.full(count, message.danger),
                "believed": heeded.believed.astype(np.int64),
                "reaction": Coded(heeded.kind, kinds),
                "ready_min": heeded.minutes,
                "decided_by": str(DecisionSource.RULE),
                "reason": "",
                "text": message.text,
            }
        )

    def _activities(
        self, rows: Int, start: Whole, end: Whole, purpose: Coded, place: Whole
    ) -> None:
        if not self.has_tables:
            self.records.aggregates.add_activities(start, end, place, purpose)
            return
        self.records.activities.append_rows(
            {
                "person": self.ids[rows],
                "start": start,
                "end": end,
                "purpose": purpose,
                "place": place,
            }
        )
