"""The needs of everybody, written down hour by hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NeedsLog"]


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
