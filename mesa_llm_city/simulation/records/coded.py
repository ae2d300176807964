"""Keywords as numbers: a column of few different values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Coded"]


class Coded(NamedTuple):
    """Keywords, each given by its row in a list of names.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Rows in `names`.
    names : sequence of str
        The keywords there may be.

    Examples
    --------
    >>> Coded(np.array([0, 0, 1]), ("walk", "bus")).words()
    ['walk', 'walk', 'bus']
    """

    codes: NDArray[np.signedinteger]
    names: Sequence[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Return keywords given as texts."""
        rows: dict[str, int] = {}
        codes = [rows.setdefault(str(word), len(rows)) for word in words]
        return cls(np.array(codes, dtype=np.int64), tuple(rows))

    def words(self) -> list[str]:
        """Return the keywords as texts."""
        names = [str(name) for name in self.names]
        return [names[code] for code in self.codes.tolist()]
