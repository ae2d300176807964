"""What the network is given: rows of numbers, words and trajectories, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Inputs", "Words", "padded"]

Words = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Rows ready for the network.

    Parameters
    ----------
    features : ndarray of float32, shape (n, d)
        The encoded table, for the tabular token.
    words : ndarray of int64, shape (n, m)
        On the fast path the index of each cell; on the text path token ids, -1 where a
        row has none, padded on the left.
    trajectory : ndarray of int64, shape (n, t)
        Codes of the provinces lived in, in order, -1 after the last; t may be 0.

    Examples
    --------
    >>> Inputs.of(np.zeros((3, 2))).take(np.array([0, 2])).features.shape
    (2, 2)
    """

    features: NDArray[np.float32]
    words: Words
    trajectory: Words

    @classmethod
    def of(
        cls,
        features: NDArray[np.floating],
        words: Words | None = None,
        trajectory: Words | None = None,
    ) -> Inputs:
        """Build from `features`; what is not given is empty."""
        none = np.zeros((len(features), 0), dtype=np.int64)
        return cls(
            features=np.asarray(features, dtype=np.float32),
            words=none if words is None else words,
            trajectory=none if trajectory is None else trajectory,
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.features)

    def take(self, rows: NDArray[np.int64]) -> Inputs:
        """Return the given rows, in that order; columns that pad all of them are cut."""
        return Inputs(
            features=self.features[rows],
            words=_without_padding(self.words[rows]),
            trajectory=self.trajectory[rows],
        )

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of words of each row, shape (n,)."""
        lengths: NDArray[np.int64] = (self.words >= 0).sum(axis=1, dtype=np.int64)
        return lengths


def padded(rows: list[list[int]], *, left: bool, multiple: int = 1) -> Words:
    """Return ragged `rows` as one array, filled with -1, of a width divisible by `multiple`.

    Examples
    --------
    >>> padded([[5], [6, 7]], left=True)
    array([[-1,  5],
           [ 6,  7]])
    """
    width = -(-max(map(len, rows), default=0) // multiple) * multiple
    filled = np.full((len(rows), width), -1, dtype=np.int64)
    for into, row in zip(filled, rows, strict=True):
        if row:
            into[slice(width - len(row), width) if left else slice(len(row))] = row
    return filled


def _without_padding(words: Words, multiple: int = 8) -> Words:
    """Cut leading columns that are -1 in every row, keeping the width a multiple of 8.

    The width a row is computed at then depends on its own length class alone, as
    long as rows of one class go together.
    """
    if not words.size:
        return words
    used = int((words >= 0).sum(axis=1).max())
    keep = -(-used // multiple) * multiple
    return words[:, max(words.shape[1] - keep, 0) :]
