"""What goes on in people's minds, as tables: a row for each thing that has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mesa_llm_city.simulation.records.person_sample import PersonSample
from mesa_llm_city.simulation.records.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from mesa_llm_city.simulation.records.stream import Part, RecordStream

__all__ = ["FORGOTTEN", "MIND_COLUMNS", "MindTables"]

FORGOTTEN = ""
"""Kind of an insight, or relation of a tie, that there is no more."""

# Kinds of columns as in `COLUMNS`. A row holds from its time on, until another of the same
# person and number, place or person.
MIND_COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "mind_memories": {
            "person": "i",
            "time": "t",
            "number": "i",
            "start": "t",
            "place": "n",
            "key": "k",
            "minutes": "i",
            "score": "f",
            "price": "f",
            "atmosphere": "f",
            "convenience": "f",
            "weather": "k",
            "company": "s",
            "others": "i",
            "text": "s",
        },
        "mind_insights": {
            "person": "i",
            "time": "t",
            "number": "i",
            "kind": "k",
            "subject": "k",
            "text": "s",
            "strength": "f",
            "liking": "f",
            "evidence": "s",
        },
        "mind_beliefs": {
            "person": "i",
            "time": "t",
            "place": "i",
            "visits": "i",
            **dict.fromkeys(("price", "atmosphere", "satisfaction", "convenience"), "f"),
            "overall": "f",
            "variance": "f",
        },
        "mind_ties": {
            "person": "i",
            "time": "t",
            "other": "i",
            "relation": "k",
            "met_min": "n",
            **dict.fromkeys(("affinity", "trust", "familiarity"), "f"),
        },
        "mind_moods": {
            "person": "i",
            "time": "t",
            **dict.fromkeys(("valence", "arousal", "rest_valence", "rest_arousal"), "f"),
            "mood_min": "n",
            "thought": "s",
            "thought_min": "n",
            "goals": "s",
        },
    }
)
"""Columns of the tables of minds, by name of the table."""


class MindTables:
    """Memories, insights, beliefs, ties, moods and goals of people, as far as they have changed.

    They are no part of the digest: what people do follows from them, not from their being
    written down.

    Parameters
    ----------
    sample : PersonSample, optional
        Whose minds are kept; None for everybody's.

    Attributes
    ----------
    sample : PersonSample or None
        As given.
    tables : dict of str to Table
        The tables by name (see `MIND_COLUMNS`).
    known : dict of int to object
        What was written of each person last, kept by who writes.
    numbers : dict of int to int
        Number of the last memory of each person whose rows come from a save.
    written_min : int
        Minute before which everything is written down; -1 before the first time.
    """

    __slots__ = ("known", "numbers", "sample", "tables", "written_min")

    def __init__(self, sample: PersonSample | None = None) -> None:
        self.sample = sample
        self.tables = {name: Table(columns, name=name) for name, columns in MIND_COLUMNS.items()}
        self.known: dict[int, object] = {}
        self.numbers: dict[int, int] = {}
        self.written_min = -1

    def keep(self, stream: RecordStream | None) -> None:
        """Write rows to files from now on."""
        for table in self.tables.values():
            table.keep(stream=stream)

    def state(self) -> dict[str, Any]:
        """Return the rows in memory, whose they are, and until when."""
        return {
            "tables": {name: one.to_arrow(in_memory=True) for name, one in self.tables.items()},
            "sample": None if self.sample is None else self.sample.to_json(),
            "written_min": self.written_min,
        }

    @classmethod
    def restored(cls, state: Mapping[str, Any], parts: Mapping[str, Sequence[Part]]) -> MindTables:
        """Return what `state` returned.

        What each person believes, and whom they know, is written down once more the next time.

        Parameters
        ----------
        state : mapping
            What `state` returned.
        parts : mapping of str to sequence of Part
            Rows in files, by name of the table.

        Raises
        ------
        DataError
            If columns are others.
        """
        sample = state["sample"]
        minds = cls(None if sample is None else PersonSample(**sample))
        for name, rows in state["tables"].items():
            minds.tables[name].restore(rows, parts=parts.get(name, ()))
        minds.written_min = int(state["written_min"])
        for rows in minds.tables["mind_memories"].batches(("person", "number")):
            pairs = zip(rows["person"].to_pylist(), rows["number"].to_pylist(), strict=True)
            # Numbers of a person rise, so that the last one stays.
            minds.numbers.update(pairs)
        return minds

    def packed(self, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> dict[str, pa.Table]:
        """Return rows that are not in the tables, by name of the table, as `Table.to_frame` has it.

        Parameters
        ----------
        rows : mapping of str to sequence of tuple
            Rows by name of the table, in the order of its columns.
        """
        from mesa_llm_city.simulation.records.arrow_columns import arrow_of_rows

        return {
            name: arrow_of_rows(one.columns, list(rows[name])) for name, one in self.tables.items()
        }
