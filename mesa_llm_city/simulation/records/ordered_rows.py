"""The rows of a table by person and time, read one column after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.values import Int

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mesa_llm_city.simulation.records.stream import Part

__all__ = ["OrderedRows"]

_PIECE_ROWS = 1_000_000


class OrderedRows:
    """Rows ordered by person and time, of which one column at a time is in memory.

    Parameters
    ----------
    parts : sequence of Part
        Rows in files.
    tables : sequence of pyarrow.Table
        Rows in memory, which come after them.
    columns : mapping of str to str
        Name and kind of each column (see `Table`).
    keys : sequence of str
        Columns by which they are ordered; rows that are equal in them stay in their order.

    Attributes
    ----------
    clock : Clock or None
        If it is set, minutes become time stamps.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        tables: Sequence[pa.Table],
        columns: Mapping[str, str],
        keys: Sequence[str],
    ) -> None:
        self._parts, self._tables = tuple(parts), tuple(tables)
        self._columns = dict(columns)
        self.clock: Clock | None = None
        self._order = self._sorted(keys)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._order)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self._columns)

    def pieces(self, name: str) -> Iterator[pd.Series[Any]]:
        """Iterate over a column in the order of the rows, some at a time.

        Parameters
        ----------
        name : str
            Name of the column.
        """
        import pandas as pd

        column = self._column(name)
        for first in range(0, len(self._order), _PIECE_ROWS):
            part = column.take(self._order[first : first + _PIECE_ROWS])
            values: pd.Series[Any] = part.to_pandas(integer_object_nulls=True)
            if self._columns[name] == "n":
                values = values.astype("Int32")
            if self._columns[name] == "t" and self.clock is not None:
                values = pd.Series(self.clock.stamps(values.to_numpy()))
            yield values

    def _sorted(self, keys: Sequence[str]) -> Int:
        values = [self._column(name).to_numpy() for name in keys]
        # The last one counts first; it is stable.
        return np.lexsort(values[::-1]).astype(np.int64)

    def _column(self, name: str) -> Any:  # noqa: ANN401 - a chunked array
        import pyarrow as pa

        columns = [one.read([name]) for one in self._parts]
        columns += [one.select([name]) for one in self._tables]
        return pa.concat_tables(columns).unify_dictionaries().combine_chunks()[name]
