"""What the rows of a crowd have done, as tables like those of citizens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.state import NOT_BEGUN, NOT_TRAVELLING, CrowdState
from mesa_llm_city.population import PopulationColumns
from mesa_llm_city.simulation.crowd.crowd import Crowd
from mesa_llm_city.simulation.records import RecordOptions, Records, with_dates
from mesa_llm_city.simulation.records.coded import Coded

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    # A crowd and its model know each other; only this annotation closes the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["CROWD_TABLES", "CrowdTables"]

CROWD_TABLES = ("activities", "trips", "visits", "messages")
"""Tables of rows, which a crowd keeps if it is asked to."""


class CrowdTables:
    """The tables of a crowd, read from its records; `CrowdAgent` is one.

    Attributes
    ----------
    options : Crowd
        What is written down.
    people : PopulationColumns
        Who the rows are.
    state : CrowdState
        Where they are and what they do.
    records : Records
        What they have done.
    """

    model: CityModel
    options: Crowd
    people: PopulationColumns
    state: CrowdState
    records: Records

    def activities(self) -> pd.DataFrame:
        """Return what rows did, as `CityModel.activities`; what is still going on ends now."""
        return self._table("activities")

    def trips(self) -> pd.DataFrame:
        """Return the trips that have ended, without lines."""
        return self._table("trips")

    def visits(self) -> pd.DataFrame:
        """Return the visits that have ended, with their ratings."""
        return self._table("visits")

    def messages(self) -> pd.DataFrame:
        """Return the messages that rows have heard, and what each made of them."""
        return self._table("messages")

    def needs(self) -> pd.DataFrame:
        """Return the needs of rows hour by hour, if they were written down."""
        return with_dates(self.records.needs.to_frame(), self.model.clock)

    def hourly_activity(self) -> pd.DataFrame:
        """Return person-minutes by hour, zone and purpose until now."""
        return self.records.current_aggregates(self.going_on()).activity(self.model.clock)

    def hourly_modes(self) -> pd.DataFrame:
        """Return the trips that have ended, by the hour of their start and mode."""
        return self.records.current_aggregates().modes(self.model.clock)

    def zone_flows(self) -> pd.DataFrame:
        """Return how many of the trips that have ended led from zone to zone on each day."""
        return self.records.current_aggregates().flows(self.model.clock)

    def keep_records(self, options: RecordOptions) -> None:
        """Keep rows of tables as options say from now on (see `CityModel.keep_records`)."""
        about = {"run_seed": self.model.run_seed, "start": self.model.clock.at(0).isoformat()}
        self.records.keep(options, seed=self.model.first_seed, about=about)

    def part_frames(self, name: str) -> Iterator[pd.DataFrame]:
        """Iterate over a table that is streamed, a part at a time (see `CityModel.part_frames`)."""
        table = self.records.streamed[name]
        for part in table.part_frames(self.going_on() if name == "activities" else None):
            yield with_dates(part, self.model.clock)

    def going_on(self) -> pa.Table:
        """Return what rows are doing, as rows that end now (see `Table.packed`)."""
        state, codes, now = self.state, codes_of(self.model.parameters), self.model.minute
        doing, trip = state.doing, state.trip
        rows = np.flatnonzero(state.present & (doing.purpose != NOT_BEGUN))
        travels = trip.destination[rows] != NOT_TRAVELLING
        start = np.where(travels, trip.start[rows], doing.start[rows]).astype(np.int64)
        lasts = start < now
        rows, travels, start = rows[lasts], travels[lasts], start[lasts]
        purpose = np.where(travels, codes.travel, doing.purpose[rows])
        return self.records.activities.packed(
            {
                "person": self.people.ids[rows],
                "start": start,
                "end": np.full(len(rows), now),
                "purpose": Coded(purpose, codes.names),
                "place": np.where(travels, -1, state.place[rows]).astype(np.int64),
            }
        )

    def _table(self, name: str) -> pd.DataFrame:
        if not self.options.tables:
            message = f"{name} of the crowd are not kept; write crowd=Crowd(..., tables=True)"
            raise ConfigError(message)
        more = self.going_on() if name == "activities" else None
        return with_dates(getattr(self.records, name).to_frame(more), self.model.clock)
