"""The needs of everybody, written down hour by hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.simulation.records.stream import Part
from mesa_llm_city.simulation.records.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["NeedsLog"]


class NeedsLog:
    """The needs of everybody, hour by hour.

    Parameters
    ----------
    names : sequence of str
        Names of the needs, in the order of levels.

    Attributes
    ----------
    table : Table
        A row for each person and hour.
    """

    __slots__ = ("_ends", "_minutes", "names", "table")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        columns = {"person": "i", "time": "t", **dict.fromkeys(self.names, "f")}
        self.table = Table(columns, name="needs")
        self._minutes: list[int] = []
        # How many rows there are up to each of the minutes.
        self._ends: list[int] = []

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
        columns = dict(zip(self.names, np.asarray(levels, dtype=np.float32).T, strict=True))
        times = np.full(len(persons), minute)
        self.table.append_rows({"person": persons, "time": times, **columns})
        self._minutes.append(minute)
        # Appended last: what has an end is whole, even for another thread that reads.
        self._ends.append(len(self.table))

    def __len__(self) -> int:
        """Return the number of times at which levels were written down."""
        return len(self._ends)

    def since(self, row: int) -> Iterator[tuple[int, Int, Float]]:
        """Iterate over minute, persons (n,) and levels (n, k) from entry number `row` on."""
        ends = self._ends[:]
        first = ends[row - 1] if row else 0
        late = self.table.since(first)
        persons = late["person"].to_numpy(dtype=np.int64)
        levels = late[list(self.names)].to_numpy(dtype=np.float64)
        begin = 0
        for minute, end in zip(self._minutes[row : len(ends)], ends[row:], strict=True):
            rows = slice(begin, end - first)
            yield minute, persons[rows], levels[rows]
            begin = end - first

    def state(self) -> dict[str, Any]:
        """Return names, minutes, how many persons there are at each, their ids and levels.

        Ids and levels are those in memory, if the first ones are in files.
        """
        rows = self.table.to_arrow(in_memory=True)
        return {
            "names": list(self.names),
            "minutes": list(self._minutes),
            "counts": np.diff([0, *self._ends]).tolist(),
            "persons": rows["person"].to_numpy().astype(np.int64),
            "levels": _stacked([rows[name].to_numpy() for name in self.names], rows.num_rows),
        }

    def restore(
        self, state: Mapping[str, Any], *, parts: Sequence[Part] = (), added: int = 0
    ) -> None:
        """Take over what `state` returned.

        Parameters
        ----------
        state : mapping
            What `state` returned.
        parts : sequence of Part, optional
            The rows in files.
        added : int, optional
            How many rows were added, if not all of them were kept.

        Raises
        ------
        DataError
            If it is of other needs.
        """
        if tuple(state["names"]) != self.names:
            message = f"the needs are {', '.join(self.names)}, but {', '.join(state['names'])} then"
            raise DataError(message)
        self._minutes = list(state["minutes"])
        self._ends = np.cumsum(state["counts"], dtype=np.int64).tolist()
        persons, levels = state["persons"], state["levels"]
        times = np.repeat(self._minutes, state["counts"])
        times = times[len(times) - len(persons) :].astype(np.int64)
        columns = dict(zip(self.names, levels.T, strict=True))
        rows = self.table.packed({"person": persons, "time": times, **columns})
        self.table.restore(rows, parts=parts, added=added)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per person and hour, ordered by person and time."""
        return self.table.to_frame()


def _stacked(levels: Sequence[pa.Array], rows: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return columns side by side, shape (n, k)."""
    if not levels:
        return np.empty((rows, 0), dtype=np.float32)
    return np.column_stack(levels).astype(np.float32)
