"""A table of what happened: rows are appended, kept in compact columns, read as a data frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["Table"]

_CHUNK_ROWS = 512


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
