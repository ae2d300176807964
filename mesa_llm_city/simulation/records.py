"""What happened, as tables: kept in compact columns, read as data frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["COLUMNS", "NeedsLog", "Records", "Table", "digest", "happened_before", "with_dates"]

_CHUNK_ROWS = 512

# Kind of each column: i whole number, n whole number or nothing, f number, k keyword of
# few values, s text, t minute.
COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "activities": {"person": "i", "start": "t", "end": "t", "purpose": "k", "place": "n"},
        "trips": {
            "person": "i",
            "start": "t",
            "end": "t",
            "origin": "i",
            "destination": "i",
            "purpose": "k",
            "mode": "k",
            "distance_m": "f",
            "travel_min": "f",
            "access_min": "f",
            "cost": "f",
        },
        "visits": {
            "person": "i",
            "start": "t",
            "end": "t",
            "place": "i",
            "purpose": "k",
            "price": "f",
            "atmosphere": "f",
            "satisfaction": "f",
            "convenience": "f",
        },
        "conversations": {
            "person": "i",
            "time": "t",
            "other": "i",
            "channel": "k",
            "place": "n",
            "topic": "k",
            "outcome": "k",
            "outcome_other": "k",
            "source": "k",
            "reason": "s",
            "words": "s",
        },
        "insights": {
            "person": "i",
            "time": "t",
            "kind": "k",
            "subject": "k",
            "text": "s",
            "strength": "f",
            "liking": "f",
            "evidence": "s",
        },
        "decisions": {
            "person": "i",
            "time": "t",
            "component": "k",
            "source": "k",
            "choice": "s",
            "reason": "s",
        },
        "events": {
            "person": "i",
            "time": "t",
            "event": "k",
            "household": "n",
            "details": "s",
        },
        "messages": {
            "person": "i",
            "time": "t",
            "message": "i",
            "channel": "k",
            "source": "k",
            "sender": "n",
            "topic": "k",
            "danger": "f",
            "believed": "i",
            "reaction": "k",
            "ready_min": "i",
            "decided_by": "k",
            "reason": "s",
            "text": "k",
        },
        "interventions": {"time": "t", "kind": "k", "target": "s", "text": "s", "people": "i"},
    }
)


class Table:
    """Rows that are appended one by one and packed into columns now and then.

    Parameters
    ----------
    columns : mapping of str to str
        Name and kind of each column: ``i`` whole number, ``n`` whole number or
        nothing, ``f`` number, ``k`` keyword, ``s`` text, ``t`` minute since the
        start of the run.

    Examples
    --------
    >>> table = Table({"person": "i", "mode": "k"})
    >>> table.add((3, "walk"))
    >>> len(table)
    1
    """

    __slots__ = ("_chunks", "_rows", "columns")

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = dict(columns)
        self._rows: list[tuple[Any, ...]] = []
        self._chunks: list[pa.Table] = []

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows) + int(np.sum([chunk.num_rows for chunk in self._chunks], dtype=int))

    def add(self, row: tuple[Any, ...]) -> None:
        """Append a row, in the order of `columns`."""
        self._rows.append(row)
        if len(self._rows) >= _CHUNK_ROWS:
            self.pack()

    def pack(self) -> None:
        """Turn the rows of late into columns, which take a tenth of the memory."""
        if self._rows:
            self._chunks.append(self._pack(self._rows))
            self._rows = []

    def to_frame(
        self, extra: Iterable[tuple[Any, ...]] = (), *, person: int | None = None
    ) -> pd.DataFrame:
        """Return all rows, and `extra` ones, ordered by person and time.

        Nothing is packed by it, so that it can be read while another thread appends.

        Parameters
        ----------
        extra : iterable of tuple, optional
            Rows that are not in the table.
        person : int, optional
            Only the rows of this one.
        """
        import pyarrow as pa

        chunks, rows = self._snapshot()
        last = [*rows, *extra]
        components = [*chunks, self._pack(last)] if last or not chunks else chunks
        if person is not None:
            components = [_of_person(one, person) for one in components]
        table = pa.concat_tables(components)
        frame: pd.DataFrame = table.unify_dictionaries().to_pandas(integer_object_nulls=True)
        frame = frame.astype({name: "Int32" for name, kind in self.columns.items() if kind == "n"})
        keys = [name for name in ("person", "time", "start") if name in self.columns]
        return frame.sort_values(keys, kind="stable", ignore_index=True)

    def since(self, row: int) -> pd.DataFrame:
        """Return the rows from number `row` on, in the order in which they were appended.

        A reader that keeps the number of rows it has read gets only the new ones. Like
        `to_frame` it packs nothing.
        """
        import pyarrow as pa

        chunks, rows = self._snapshot()
        components = [*chunks, self._pack(rows)] if rows or not chunks else chunks
        left = int(np.sum([part.num_rows for part in components], dtype=int)) - row
        late: list[pa.Table] = []
        while left > 0:
            part = components[-1 - len(late)]
            late.append(part.slice(max(part.num_rows - left, 0)))
            left -= part.num_rows
        table = pa.concat_tables(late[::-1]) if late else self._pack([])
        frame: pd.DataFrame = table.unify_dictionaries().to_pandas(integer_object_nulls=True)
        return frame

    def to_arrow(self) -> pa.Table:
        """Return all rows in the order in which they were appended; nothing is packed by it."""
        import pyarrow as pa

        chunks, rows = self._snapshot()
        parts = [*chunks, self._pack(rows)] if rows or not chunks else chunks
        return pa.concat_tables(parts).unify_dictionaries().combine_chunks()

    def restore(self, table: pa.Table) -> None:
        """Take over the rows that `to_arrow` returned, in place of those there are.

        Raises
        ------
        DataError
            If the columns are others.
        """
        expected = self._pack([]).schema
        if not table.schema.equals(expected):
            message = (
                f"the columns are {table.schema.names}, and {expected.names} are expected; load it "
                "with the version of the package that wrote it"
            )
            raise DataError(message)
        self._rows, self._chunks = [], [table] if table.num_rows else []

    def _snapshot(self) -> tuple[list[pa.Table], list[tuple[Any, ...]]]:
        """Return the chunks and the rows of late, none of them missing or in both."""
        while True:
            rows, chunks = self._rows, list(self._chunks)
            copied = list(rows)
            # Packing appends a chunk and then begins anew with other rows.
            if rows is self._rows and len(chunks) == len(self._chunks):
                return chunks, copied

    def _pack(self, rows: list[tuple[Any, ...]]) -> pa.Table:
        import pyarrow as pa

        types = {"i": pa.int32(), "n": pa.int32(), "t": pa.int32(), "f": pa.float32()}
        # Arrow's own pool would claim megabytes ahead, which small models notice.
        pool = pa.system_memory_pool()
        columns = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        arrays = [
            pa.array(values, type=types.get(kind, pa.string()), memory_pool=pool)
            for values, kind in zip(columns, self.columns.values(), strict=True)
        ]
        packed = [
            array.dictionary_encode() if kind == "k" else array
            for array, kind in zip(arrays, self.columns.values(), strict=True)
        ]
        return pa.table(dict(zip(self.columns, packed, strict=True)))


def _of_person(table: pa.Table, person: int) -> pa.Table:
    import pyarrow.compute as pc

    return table.filter(pc.equal(table["person"], person))


class NeedsLog:
    """The needs of everybody, hour by hour.

    Parameters
    ----------
    names : sequence of str
        Names of the needs, in the order of levels.
    """

    __slots__ = ("_levels", "_minutes", "_persons", "names")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._minutes: list[int] = []
        self._persons: list[Int] = []
        self._levels: list[np.ndarray[Any, np.dtype[np.float32]]] = []

    def add(self, minute: int, persons: Int, levels: Float) -> None:
        """Append the levels at `minute`, unless a step that failed has done so.

        Parameters
        ----------
        minute : int
            Minute since midnight of the first day.
        persons : ndarray of int, shape (n,)
            Ids of the persons.
        levels : ndarray, shape (n, k)
            Levels of k needs, in the order of `names`.
        """
        if self._minutes and self._minutes[-1] == minute:
            return
        self._minutes.append(minute)
        self._persons.append(persons)
        self._levels.append(levels.astype(np.float32))

    def __len__(self) -> int:
        """Return the number of times at which levels were written down."""
        return len(self._minutes)

    def since(self, row: int) -> Iterator[tuple[int, Int, Float]]:
        """Iterate over minute, persons (n,) and levels (n, k) from entry number `row` on."""
        late = (self._minutes[row:], self._persons[row:], self._levels[row:])
        for minute, persons, levels in zip(*late, strict=True):
            yield minute, persons, levels.astype(np.float64)

    def state(self) -> dict[str, Any]:
        """Return names, minutes, how many persons there are at each, their ids and levels."""
        count = [len(persons) for persons in self._persons]
        empty = np.empty((0, len(self.names)), dtype=np.float32)
        return {
            "names": list(self.names),
            "minutes": list(self._minutes),
            "counts": count,
            "persons": np.concatenate([np.empty(0, dtype=np.int64), *self._persons]),
            "levels": np.vstack([empty, *self._levels]),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If it is of other needs.
        """
        if tuple(state["names"]) != self.names:
            message = f"the needs are {', '.join(self.names)}, but {', '.join(state['names'])} then"
            raise DataError(message)
        self._minutes = list(state["minutes"])
        ends = np.cumsum(state["counts"], dtype=np.int64)[:-1]
        self._persons = np.split(state["persons"], ends) if self._minutes else []
        self._levels = np.split(state["levels"], ends) if self._minutes else []

    def to_frame(self) -> pd.DataFrame:
        """Return one row per person and hour, ordered by person and time."""
        import pandas as pd

        # Levels are appended last: what has them is whole, even while another thread appends.
        whole = list(self._levels)
        minutes, logged = self._minutes[: len(whole)], self._persons[: len(whole)]
        counts = [len(persons) for persons in logged]
        levels = np.vstack([np.empty((0, len(self.names)), dtype=np.float32), *whole])
        frame = pd.DataFrame(levels, columns=list(self.names))
        empty = np.empty(0, dtype=np.int32)
        frame.insert(0, "person", np.concatenate([empty, *logged]).astype(np.int32))
        frame.insert(1, "time", np.repeat(minutes, counts).astype(np.int32))
        return frame.sort_values(["person", "time"], kind="stable", ignore_index=True)


class Records:
    """All tables of a run.

    Parameters
    ----------
    needs : sequence of str
        Names of the needs.

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
    """

    __slots__ = (
        *("activities", "conversations", "decisions", "events", "insights", "interventions"),
        "messages",
        *("needs", "trips", "visits"),
    )

    def __init__(self, needs: Sequence[str]) -> None:
        self.activities = Table(COLUMNS["activities"])
        self.trips = Table(COLUMNS["trips"])
        self.visits = Table(COLUMNS["visits"])
        self.conversations = Table(COLUMNS["conversations"])
        self.insights = Table(COLUMNS["insights"])
        self.decisions = Table(COLUMNS["decisions"])
        self.events = Table(COLUMNS["events"])
        self.messages = Table(COLUMNS["messages"])
        self.needs = NeedsLog(needs)
        self.interventions = Table(COLUMNS["interventions"])


def with_dates(frame: pd.DataFrame, clock: Clock) -> pd.DataFrame:
    """Return `frame` with its minutes turned into naive local time stamps."""
    stamps = {
        name: clock.stamps(frame[name].to_numpy())
        for name in ("time", "start", "end")
        if name in frame
    }
    return frame.assign(**stamps)


def happened_before(moment: np.datetime64, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table as they were just before a moment.

    Parameters
    ----------
    moment : numpy.datetime64
        The moment.
    name : str
        Name of the table; activities that go on at the moment end then, spells have no end.
    frame : pandas.DataFrame
        With time stamps, as a model gives them.
    """
    if name == "activities":
        begun = frame[frame["start"] < moment]
        return begun.assign(end=begun["end"].where(begun["end"] < moment, moment))
    if name == "spells":
        begun = frame[frame["from"] < moment]
        return begun.assign(until=begun["until"].where(begun["until"] < moment))
    # What ends at the moment is written down after it, since it is an act of that minute.
    return frame[frame["end" if "end" in frame else "time"] < moment]


def digest(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return a fingerprint of tables: equal tables, to a millionth, have equal ones.

    Parameters
    ----------
    frames : mapping of str to pandas.DataFrame
        Tables by name.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    total = blake2b(digest_size=16)
    for name, frame in frames.items():
        total.update(f"{name}:{len(frame)}".encode())
        # Lines between places follow from the other columns.
        for column in frame.columns.drop("geometry", errors="ignore"):
            total.update(str(column).encode())
            total.update(_canonical(frame[column]))
    return total.hexdigest()


def _canonical(column: pd.Series[Any]) -> bytes:
    kind = column.dtype.kind
    if kind == "f":
        # Adding 0.0 turns a negative zero into the positive one.
        return (column.to_numpy(dtype=np.float64).round(6) + 0.0).tobytes()
    if kind in "iub":
        return column.to_numpy(dtype=np.int64, na_value=-1).tobytes()
    if kind == "M":
        return column.to_numpy().astype("datetime64[s]").astype(np.int64).tobytes()
    return "\x1f".join(column.astype(str)).encode()
