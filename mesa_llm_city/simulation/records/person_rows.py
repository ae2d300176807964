"""The rows of one person in a growing table, read again and again."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from mesa_llm_city.simulation.records.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["PersonRows"]


class PersonRows:
    """Reads the rows of one person as a data frame; each reading looks at new rows only.

    Examples
    --------
    >>> table, own = Table({"person": "i", "start": "t"}), PersonRows()
    >>> table.add((3, 60))
    >>> first = own.frame(table, 3)
    >>> table.add((4, 60))
    >>> first["start"].tolist(), own.frame(table, 3) is first
    ([60], True)
    """

    __slots__ = ("_frame", "_known", "_lock", "_packed", "_person")

    def __init__(self) -> None:
        self._lock = Lock()
        self._person = -1
        self._known = 0
        self._packed: pa.Table | None = None
        self._frame: pd.DataFrame | None = None

    def frame(self, table: Table, person: int) -> pd.DataFrame:
        """Return what `Table.to_frame` does; the same object as long as there are no new rows.

        Parameters
        ----------
        table : Table
            The same table at every call.
        person : int
            Id of the person; what is known of another one is forgotten.
        """
        with self._lock:
            if person != self._person:
                self._person, self._known, self._packed, self._frame = person, 0, None, None
            return self._read(table)

    def _read(self, table: Table) -> pd.DataFrame:
        import pyarrow as pa

        own = table.own_rows(self._person, after=self._known)
        self._known = own.known
        if self._packed is None:
            self._packed = own.packed.unify_dictionaries().combine_chunks()
        elif own.packed.num_rows:
            packed = pa.concat_tables([self._packed, own.packed])
            self._packed = packed.unify_dictionaries().combine_chunks()
        rows = pa.concat_tables([self._packed, own.late])
        if self._frame is None or len(self._frame) != rows.num_rows:
            self._frame = table.own_frame(rows)
        return self._frame
