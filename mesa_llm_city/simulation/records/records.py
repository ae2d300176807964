"""All tables of a run together, and the hourly counts beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.records.columns import COLUMNS
from mesa_llm_city.simulation.records.hourly_aggregates import HourlyAggregates
from mesa_llm_city.simulation.records.mind_tables import MindTables
from mesa_llm_city.simulation.records.needs_log import NeedsLog
from mesa_llm_city.simulation.records.options import RecordOptions
from mesa_llm_city.simulation.records.person_sample import PersonSample
from mesa_llm_city.simulation.records.stream import INDEX, RecordStream
from mesa_llm_city.simulation.records.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Records"]

_WHOSE = MappingProxyType({"conversations": ("person", "other")})
# Few rows, which the model itself reads again.
_WHOLE = frozenset({"events", "interventions"})


class Records:
    """All tables of a run.

    Parameters
    ----------
    needs : sequence of str
        Names of the needs.
    aggregates : HourlyAggregates, optional
        Counts by the hour, empty; by default of a city without zones.

    Attributes
    ----------
    activities, trips, visits, conversations, insights, decisions, messages : Table
        What people did, how they got there, how places were, who talked with whom,
        what was learnt, who decided what, who made what of messages.
    events : Table
        Who came, left, was born, died, married, moved house or changed work.
    needs : NeedsLog
        Hourly levels.
    interventions : Table
        What has been changed from outside.
    aggregates : HourlyAggregates
        Counts by the hour of all activities and trips that are packed already.
    options : RecordOptions or None
        As given last; None for the default.
    sample : PersonSample or None
        Whose rows are kept; None for everybody.
    stream : RecordStream or None
        Where rows are written to; None if they are in memory.
    minds : MindTables or None
        What goes on in people's minds; None if it is not kept.
    """

    __slots__ = (
        *("activities", "conversations", "decisions", "events", "insights", "interventions"),
        *("aggregates", "messages", "minds", "needs", "options", "sample", "stream", "trips"),
        "visits",
    )

    def __init__(self, needs: Sequence[str], aggregates: HourlyAggregates | None = None) -> None:
        nowhere = HourlyAggregates((), np.empty(0, dtype=np.int64), (), ())
        self.aggregates = nowhere if aggregates is None else aggregates
        noted = {
            "activities": self.aggregates.note_activities,
            "trips": self.aggregates.note_trips,
        }
        for name, columns in COLUMNS.items():
            whose = _WHOSE.get(name, ("person",))
            table = Table(columns, name=name, whose=whose, noted=noted.get(name))
            setattr(self, name, table)
        self.needs = NeedsLog(needs)
        self.options: RecordOptions | None = None
        self.sample: PersonSample | None = None
        self.stream: RecordStream | None = None
        self.minds: MindTables | None = None

    # Set by name, as there is one for each row of COLUMNS.
    activities: Table
    trips: Table
    visits: Table
    conversations: Table
    insights: Table
    decisions: Table
    events: Table
    messages: Table
    interventions: Table

    @property
    def tables(self) -> dict[str, Table]:
        """All tables but that of the needs, by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    @property
    def streamed(self) -> dict[str, Table]:
        """The tables that are written to files, by name; none if all are in memory."""
        if self.stream is None:
            return {}
        return self._grown if self.minds is None else {**self._grown, **self.minds.tables}

    @property
    def _grown(self) -> dict[str, Table]:
        """The tables that grow with people and days, by name."""
        grown = {name: one for name, one in self.tables.items() if name not in _WHOLE}
        return {**grown, self.needs.table.name: self.needs.table}

    def keep(self, options: RecordOptions, *, seed: int, about: Mapping[str, Any]) -> None:
        """Keep rows as options say from now on.

        Parameters
        ----------
        options : RecordOptions
            In memory or in files, of everybody or of a sample.
        seed : int
            Seed of the sample, in [0, 2**64).
        about : mapping
            What the run is, for whoever reads the files; JSON-able.

        Raises
        ------
        ConfigError
            If rows of others than the sample are there already, there is another sample, or the
            folder cannot be used.
        """
        sample = self._sample_of(options, seed)
        self.options = options
        if options.stream is not None:
            told = {**about, "sample": None if sample is None else sample.to_json()}
            stream = RecordStream(options.stream, chunk_rows=options.chunk_rows, about=told)
            stream.open()
            self.stream = stream
        self.sample = sample
        self._pass_on()

    def keep_minds(self, most: int, *, of: int, seed: int) -> None:
        """Keep from now on what goes on in people's minds, unless that is done already.

        Parameters
        ----------
        most : int
            Of about so many persons at most; of none if it is 0.
        of : int
            How many people there are.
        seed : int
            Seed of the sample, in [0, 2**64).
        """
        if not most or self.minds is not None:
            return
        # With the same seed those of a smaller share are among those of a larger one.
        share = min(most / max(of, 1), 1.0 if self.sample is None else self.sample.share)
        self.minds = MindTables(PersonSample(share, seed) if share < 1.0 else None)
        self._pass_on()

    def current_aggregates(self, going_on: pa.Table | None = None) -> HourlyAggregates:
        """Return the counts by the hour until now.

        Parameters
        ----------
        going_on : pyarrow.Table, optional
            Further rows of activities (see `Table.packed`).
        """
        found = self.aggregates.copied()
        found.note_activities(self.activities.late(going_on))
        found.note_trips(self.trips.late())
        return found

    def write_no_more(self) -> None:
        """Keep further rows in memory, as for a trial; those in files stay readable."""
        self.stream = None
        minds = {} if self.minds is None else self.minds.tables
        for table in (*self._grown.values(), *minds.values()):
            table.write_no_more()

    def flush(self) -> None:
        """Write all rows in memory to files, and note there that none is missing until now.

        Rows that follow are written as ever. Nothing happens if rows are kept in memory.

        Raises
        ------
        DataError
            If the disk is full, or refuses.
        """
        if self.stream is None:
            return
        for table in self.streamed.values():
            table.flush()
        self.stream.finish()

    def state(self) -> dict[str, Any]:
        """Return all rows in memory, where the others are, and the counts by the hour."""
        tables = self.tables
        state: dict[str, Any] = {
            "tables": {name: one.to_arrow(in_memory=True) for name, one in tables.items()},
            "needs": self.needs.state(),
            "aggregates": self.current_aggregates().state(),
        }
        if self.sample is not None:
            state["sample"] = self.sample.to_json()
            state["added"] = {one.name: one.added for one in (*tables.values(), self.needs.table)}
        if self.minds is not None:
            state["minds"] = self.minds.state()
        if self.stream is not None:
            state["stream"] = self.stream.state()
        return state

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned, in place of what there is.

        If parts of the tables lie in files, `options` may say where they are now, or to which
        other folder rows are to be written.

        Parameters
        ----------
        state : mapping
            What `state` returned.

        Raises
        ------
        DataError
            If columns are others or parts are missing.
        """
        stream = _stream_of(state, self.options)
        parts = {} if stream is None else {name: stream.parts(name) for name in stream.names}
        added = state.get("added", {})
        for name, rows in state["tables"].items():
            table: Table = getattr(self, name)
            table.restore(rows, parts=parts.get(name, ()), added=added.get(name, 0))
        self.needs.restore(
            state["needs"], parts=parts.get("needs", ()), added=added.get("needs", 0)
        )
        self.stream = stream
        self.minds = MindTables.restored(state["minds"], parts) if "minds" in state else None
        self.sample = PersonSample(**state["sample"]) if "sample" in state else None
        self._restore_aggregates(state)
        self._pass_on()

    def _restore_aggregates(self, state: Mapping[str, Any]) -> None:
        if "aggregates" in state:
            self.aggregates.restore(state["aggregates"])
            return
        # A save of a version that did not keep them, which has all rows.
        self.aggregates.note_activities(state["tables"]["activities"])
        self.aggregates.note_trips(state["tables"]["trips"])

    def _sample_of(self, options: RecordOptions, seed: int) -> PersonSample | None:
        if options.sample == 1.0:
            return self.sample
        sample = PersonSample(options.sample, seed)
        if self.sample == sample:
            return sample
        if self.sample is not None or any(one.added for one in self._grown.values()):
            kept = "everybody" if self.sample is None else f"{self.sample.share:g} of the persons"
            message = (
                f"sample={options.sample:g} cannot be set any more, since rows of {kept} are kept "
                "already; give it when the model is made"
            )
            raise ConfigError(message)
        return sample

    def _pass_on(self) -> None:
        for table in self._grown.values():
            table.keep(sample=self.sample, stream=self.stream)
        if self.minds is not None:
            self.minds.keep(self.stream)


def _stream_of(state: Mapping[str, Any], given: RecordOptions | None) -> RecordStream | None:
    """Return the stream of a save, which goes on in a folder of its own."""
    if "stream" not in state:
        return None
    place = None if given is None or given.stream is None else Path(given.stream).absolute()
    is_moved = place is not None and (place / INDEX).is_file()
    stream = RecordStream.restored(state["stream"], place if is_moved else None)
    if place is not None and not is_moved:
        stream.move_to(place)
    return stream
