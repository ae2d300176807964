"""Names that get numbers when they are first met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.simulation.records.coded import Coded

__all__ = ["NumberedNames"]

_UNMET = -1


class NumberedNames:
    """Names in the order in which they were met; each has the number of its place.

    Parameters
    ----------
    names : iterable of str
        Names that have numbers from the beginning, none of them twice. Keywords that come with
        this very tuple of names are not looked up.

    Examples
    --------
    >>> names = NumberedNames(["walk"])
    >>> names.rows(Coded(np.array([1, 0, 1]), ("walk", "tram", "car"))).tolist()
    [1, 0, 1]
    >>> list(names)
    ['walk', 'tram']
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._first = tuple(names)
        self._row = {str(name): row for row, name in enumerate(self._first)}
        self._tables: dict[tuple[str, ...], NDArray[np.int32]] = {}

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self._row)

    def __iter__(self) -> Iterator[str]:
        """Go through the names in the order of their numbers."""
        return iter(self._row)

    def rows(self, values: Coded) -> NDArray[np.signedinteger]:
        """Return the number of each keyword, shape (n,); those not met so far get the next ones."""
        if values.names is self._first:
            # Codes of these names are their numbers.
            return values.codes
        names = tuple(values.names)
        table = self._tables.get(names)
        if table is None:
            table = self._tables[names] = np.full(len(names), _UNMET, dtype=np.int32)
        found: NDArray[np.int32] = table[values.codes]
        if int(found.min(initial=0)) == _UNMET:
            for code in np.flatnonzero(np.bincount(values.codes)).tolist():
                table[code] = self._row.setdefault(str(names[code]), len(self._row))
            found = table[values.codes]
        return found
