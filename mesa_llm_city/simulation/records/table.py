"""A table of what happened: rows are appended, kept in compact columns, read as a data frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.simulation.records.arrow_columns import (
    ColumnValues,
    arrow_of_arrays,
    arrow_of_rows,
    numbers_of,
    rows_of,
)
from mesa_llm_city.simulation.records.ordered_rows import OrderedRows
from mesa_llm_city.simulation.records.person_sample import PersonSample
from mesa_llm_city.simulation.records.stream import Part, RecordStream

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["OwnRows", "Table"]

_CHUNK_ROWS = 512


class _Kept(NamedTuple):
    """What is packed: parts in files, and after them chunks in memory."""

    parts: tuple[Part, ...]
    chunks: list[pa.Table]


class OwnRows(NamedTuple):
    """The rows of one person (see `Table.own_rows`).

    Attributes
    ----------
    packed : pyarrow.Table
        Those that are in columns.
    late : pyarrow.Table
        Those that were appended since.
    known : int
        How many rows of whomever are in columns: what `after` is at the next reading.
    """

    packed: pa.Table
    late: pa.Table
    known: int


class Table:
    """Rows that are appended one by one or as columns, and packed into columns now and then.

    Parameters
    ----------
    columns : mapping of str to str
        Name and kind of each column: ``i`` whole number, ``n`` whole number or
        nothing, ``f`` number, ``k`` keyword, ``s`` text, ``t`` minute since the
        start of the run.
    name : str, default "rows"
        Name of the table, and of the folder of its parts if it is streamed.
    whose : sequence of str, default ("person",)
        Columns with the persons a row is about: of a sample of persons, the rows are kept that
        are about at least one of them.
    noted : callable, optional
        Is given all rows once as columns (``pyarrow.Table``), those too that are not kept.

    Attributes
    ----------
    sample : PersonSample or None
        Whose rows are kept; None for everybody.

    Examples
    --------
    >>> table = Table({"person": "i", "mode": "k"})
    >>> table.add((3, "walk"))
    >>> len(table)
    1
    """

    __slots__ = (
        *("_added", "_in_memory", "_kept", "_most_late", "_noted", "_rows"),
        *("_stream", "_whose"),
        *("columns", "name", "sample"),
    )

    def __init__(
        self,
        columns: Mapping[str, str],
        *,
        name: str = "rows",
        whose: Sequence[str] = ("person",),
        noted: Callable[[pa.Table], None] | None = None,
    ) -> None:
        self.columns, self.name = dict(columns), name
        self._whose, self._noted = tuple(whose), noted
        self.sample: PersonSample | None = None
        self._stream: RecordStream | None = None
        self._rows: list[tuple[Any, ...]] = []
        self._kept = _Kept((), [])
        self._added = self._in_memory = 0
        self._most_late = _CHUNK_ROWS

    def __len__(self) -> int:
        """Return the number of rows that are kept."""
        kept, rows = self._snapshot()
        late = len(rows) if self.sample is None else self._of_sample(self._pack(rows)).num_rows
        packed = [one.rows for one in kept.parts] + [one.num_rows for one in kept.chunks]
        return late + int(np.sum(packed, dtype=np.int64))

    @property
    def added(self) -> int:
        """How many rows were added, those too that are not kept since their persons are not."""
        return self._added + len(self._rows)

    def keep(
        self, *, sample: PersonSample | None = None, stream: RecordStream | None = None
    ) -> None:
        """Keep only the rows of a sample of persons from now on, or keep rows in files."""
        self.sample = self.sample if sample is None else sample
        self._stream = self._stream if stream is None else stream
        if self._stream is not None:
            self._most_late = min(_CHUNK_ROWS, self._stream.chunk_rows)
        self._write_if_long()

    def write_no_more(self) -> None:
        """Keep further rows in memory; those in files stay readable."""
        self._stream = None

    def add(self, row: tuple[Any, ...]) -> None:
        """Append a row, in the order of `columns`."""
        self._rows.append(row)
        if len(self._rows) >= self._most_late:
            self.pack()

    def append_rows(self, columns: Mapping[str, ColumnValues]) -> None:
        """Append many rows at once; the arrays are copied.

        Parameters
        ----------
        columns : mapping of str to ndarray, Coded, sequence of str or str
            A value for each row, by name of the column. Whole numbers for kinds ``i``, ``n``
            (below 0 for nothing) and ``t``, numbers for ``f`` (NaN for nothing), `Coded` or
            texts for ``k``, texts for ``s``; one text stands for all rows.

        Raises
        ------
        DataError
            If columns are missing or unknown, differ in length, or hold something else; nothing
            is appended then.

        Examples
        --------
        >>> table = Table({"person": "i", "mode": "k"})
        >>> table.append_rows({"person": np.array([3, 4]), "mode": "walk"})
        >>> table.to_frame()["person"].tolist()
        [3, 4]
        """
        rows = arrow_of_arrays(self.columns, columns)
        if len(self._rows) + rows.num_rows < self._most_late:
            self._rows.extend(rows_of(rows))
            return
        self.pack()
        self._take(rows)

    def pack(self) -> None:
        """Turn the rows of late into columns, which take a tenth of the memory."""
        if self._rows:
            self._take(self._pack(self._rows))

    def flush(self) -> None:
        """Write all rows in memory to files, if the table is streamed."""
        self.pack()
        self._write_if_long(least=1)

    def to_frame(self, extra: pa.Table | None = None, *, person: int | None = None) -> pd.DataFrame:
        """Return all rows, and `extra` ones, ordered by person and time.

        Nothing is packed by it, so that it can be read while another thread appends.

        Parameters
        ----------
        extra : pyarrow.Table, optional
            Rows that are not in the table (see `packed`).
        person : int, optional
            Only the rows of this one; categories are the words in them, in order of appearance.
        """
        import pyarrow as pa

        if person is None:
            return self._frame(pa.concat_tables(self._tables(extra)))
        own = self.own_rows(person)
        more = [] if extra is None else [_of_person(self._of_sample(extra), person)]
        return self.own_frame(pa.concat_tables([own.packed, own.late, *more]))

    def own_rows(self, person: int, *, after: int = 0) -> OwnRows:
        """Return the rows of one person, in the order in which they were appended.

        Like `to_frame` it packs nothing.

        Parameters
        ----------
        person : int
            Id of the person.
        after : int, default 0
            Leave out this many packed rows from the beginning, so that a reader who knows them
            gets only the new ones (see `OwnRows.known`).
        """
        import pyarrow as pa

        kept, rows = self._snapshot()
        at, first = list(self.columns).index("person"), 0
        late = self._of_sample(self._pack([one for one in rows if one[at] == person]))
        found = [late.slice(0, 0)]
        for part in (*kept.parts, *kept.chunks):
            count = part.rows if isinstance(part, Part) else part.num_rows
            if first >= after and isinstance(part, Part):
                found.append(part.read(person=person))
            elif first + count > after:
                table = part.read() if isinstance(part, Part) else part
                found.append(_of_person(table.slice(max(after - first, 0)), person))
            first += count
        some = [one for one in found if one.num_rows] or found[:1]
        return OwnRows(pa.concat_tables(some), late, first)

    def own_frame(self, rows: pa.Table) -> pd.DataFrame:
        """Return rows of `own_rows` as `to_frame` does.

        Parameters
        ----------
        rows : pyarrow.Table
            The rows; categories are the words in them, in order of appearance.
        """
        return self._frame(_encoded_anew(rows))

    def part_frames(self, extra: pa.Table | None = None) -> Iterator[pd.DataFrame]:
        """Iterate over the rows of `to_frame` a part at a time, each ordered by person and time.

        The parts follow each other as rows were appended.

        Parameters
        ----------
        extra : pyarrow.Table, optional
            Rows that are not in the table (see `packed`); they come last.
        """
        import pyarrow as pa

        kept, rows = self._snapshot()
        for part in kept.parts:
            yield self._frame(part.read())
        late = [*kept.chunks, self._of_sample(self._with(rows, extra))]
        yield self._frame(pa.concat_tables(late))

    def in_order(self, extra: pa.Table | None = None) -> OrderedRows:
        """Return the rows of `to_frame` to be read column by column, which takes less memory.

        Parameters
        ----------
        extra : pyarrow.Table, optional
            Rows that are not in the table (see `packed`).
        """
        kept, rows = self._snapshot()
        last = [*kept.chunks, self._of_sample(self._with(rows, extra))]
        return OrderedRows(kept.parts, last, self.columns, self._keys)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Iterate over the rows in the order in which they were appended, a part at a time.

        Parameters
        ----------
        columns : sequence of str, optional
            Only these columns.
        """
        kept, rows = self._snapshot()
        names = list(self.columns) if columns is None else list(columns)
        for part in kept.parts:
            yield part.read(names)
        for chunk in (*kept.chunks, self._of_sample(self._pack(rows))):
            yield chunk.select(names)

    def batches_back(self) -> Iterator[pa.Table]:
        """Iterate over the rows from the latest part to the first; within a part they rise.

        Parts in files are read one by one as they are asked for, so that whoever looks for the
        latest rows reads little.
        """
        kept, rows = self._snapshot()
        yield self._of_sample(self._pack(rows))
        yield from kept.chunks[::-1]
        for part in kept.parts[::-1]:
            yield part.read()

    def since(self, row: int) -> pd.DataFrame:
        """Return the rows from number `row` on, in the order in which they were appended.

        A reader that keeps the number of rows it has read gets only the new ones. Like
        `to_frame` it packs nothing.
        """
        import pyarrow as pa

        late: list[pa.Table] = []
        kept, rows = self._snapshot()
        first = 0
        for part in (*kept.parts, *kept.chunks, self._of_sample(self._pack(rows))):
            count = part.rows if isinstance(part, Part) else part.num_rows
            if first + count > row:
                table = part.read() if isinstance(part, Part) else part
                late.append(table.slice(max(row - first, 0)))
            first += count
        table = pa.concat_tables(late) if late else self._pack([])
        frame: pd.DataFrame = table.unify_dictionaries().to_pandas(integer_object_nulls=True)
        return frame

    def to_arrow(self, *, in_memory: bool = False) -> pa.Table:
        """Return all rows in the order in which they were appended; nothing is packed by it.

        Parameters
        ----------
        in_memory : bool, default False
            Whether to leave out those that are in files.
        """
        import pyarrow as pa

        kept, rows = self._snapshot()
        parts = [] if in_memory else [one.read() for one in kept.parts]
        tables = [*parts, *kept.chunks, self._of_sample(self._pack(rows))]
        return pa.concat_tables(tables).unify_dictionaries().combine_chunks()

    def packed(self, columns: Mapping[str, ColumnValues]) -> pa.Table:
        """Return columns as `append_rows` takes them, as rows to be shown or restored."""
        return arrow_of_arrays(self.columns, columns)

    def late(self, extra: pa.Table | None = None) -> pa.Table:
        """Return the rows that were not packed so far, and `extra` ones, of whomever they are."""
        return self._with(self._snapshot()[1], extra)

    def restore(self, table: pa.Table, *, parts: Sequence[Part] = (), added: int = 0) -> None:
        """Take over the rows that `to_arrow` returned, in place of those there are.

        Parameters
        ----------
        table : pyarrow.Table
            The rows in memory.
        parts : sequence of Part, optional
            Those in files, which come before them.
        added : int, optional
            How many rows were added, if not all of them were kept.

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
        self._rows, self._kept = [], _Kept(tuple(parts), [table] if table.num_rows else [])
        self._in_memory = table.num_rows
        written = int(np.sum([one.rows for one in parts], dtype=np.int64))
        self._added = max(added, written + table.num_rows)

    @property
    def _keys(self) -> list[str]:
        return [name for name in ("person", "time", "start") if name in self.columns]

    def _frame(self, table: pa.Table) -> pd.DataFrame:
        """Return rows as a data frame, ordered by person and time."""
        frame: pd.DataFrame = table.unify_dictionaries().to_pandas(integer_object_nulls=True)
        frame = frame.astype({name: "Int32" for name, kind in self.columns.items() if kind == "n"})
        return frame.sort_values(self._keys, kind="stable", ignore_index=True)

    def _take(self, rows: pa.Table) -> None:
        """Keep rows in columns, which stand for those of late if there are any."""
        if self._noted is not None:
            self._noted(rows)
        self._added += rows.num_rows
        kept = self._of_sample(rows)
        if kept.num_rows:
            # Appended before the list of rows is emptied, so that a reader can notice it.
            self._kept.chunks.append(kept)
            self._in_memory += kept.num_rows
        self._rows = []
        self._write_if_long()

    def _of_sample(self, rows: pa.Table) -> pa.Table:
        if self.sample is None or not rows.num_rows:
            return rows
        import pyarrow as pa

        keeps = [self.sample.keeps(numbers_of(rows, name)) for name in self._whose]
        return rows.filter(pa.array(np.logical_or.reduce(keeps)))

    def _write_if_long(self, least: int | None = None) -> None:
        """Write the chunks in memory to a file if they are as long as a part, or `least`."""
        stream = self._stream
        if stream is None or self._in_memory < (stream.chunk_rows if least is None else least):
            return
        import pyarrow as pa

        table = pa.concat_tables(self._kept.chunks).unify_dictionaries().combine_chunks()
        part = stream.write(self.name, table)
        # One assignment, so that a reader sees the rows in memory or in the file.
        self._kept = _Kept((*self._kept.parts, part), [])
        self._in_memory = 0

    def _tables(self, extra: pa.Table | None) -> Sequence[pa.Table]:
        kept, rows = self._snapshot()
        # Those going on are of the table, so that a sample is one of them too.
        late = self._of_sample(self._with(rows, extra))
        return [*(one.read() for one in kept.parts), *kept.chunks, late]

    def _snapshot(self) -> tuple[_Kept, list[tuple[Any, ...]]]:
        """Return what is packed and the rows of late, none of them missing or in both."""
        while True:
            rows, now = self._rows, self._kept
            kept, copied = _Kept(now.parts, list(now.chunks)), list(rows)
            # Packing appends a chunk and then begins anew with other rows.
            same = rows is self._rows and now is self._kept
            if same and len(kept.chunks) == len(now.chunks):
                return kept, copied

    def _with(self, rows: list[tuple[Any, ...]], extra: pa.Table | None) -> pa.Table:
        """Return rows as columns, and further ones after them."""
        import pyarrow as pa

        packed = self._pack(rows)
        return packed if extra is None else pa.concat_tables([packed, extra])

    def _pack(self, rows: list[tuple[Any, ...]]) -> pa.Table:
        return arrow_of_rows(self.columns, rows)


def _of_person(table: pa.Table, person: int) -> pa.Table:
    import pyarrow as pa

    is_own = numbers_of(table, "person") == person
    # Most chunks hold nothing of a person, which is found sooner than by filtering them.
    return table.filter(pa.array(is_own)) if is_own.any() else table.slice(0, 0)


def _encoded_anew(table: pa.Table) -> pa.Table:
    """Return rows whose dictionaries hold the words in them, wherever the rows were kept."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            words = table.column(at).cast(field.type.value_type).combine_chunks()
            table = table.set_column(at, field.name, words.dictionary_encode())
    return table
