"""Inputs of the network: numbers, text and trajectories of some rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Inputs", "Words", "padded"]

Words = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Inputs of n rows.

    Parameters
    ----------
    features : ndarray of float32, shape (n, d)
        Encoded table, for the tabular token.
    words : ndarray of int64, shape (n, m)
        On the fast path the number of each cell; on the text path token ids, padded on the
        left with -1.
    trajectory : ndarray of int64, shape (n, t)
        Codes of the provinces in order, padded on the right with -1; t may be 0.

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
        """Return inputs with these features; the others are empty if not given."""
        none = np.zeros((len(features), 0), dtype=np.int64)
        return cls(
            features=np.asarray(features, dtype=np.float32),
            words=none if words is None else words,
            trajectory=none if trajectory is None else trajectory,
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.features)

    def take(self, rows: NDArray[np.int64], *, is_padded: bool = False) -> Inputs:
        """Return some rows in the order given.

        Parameters
        ----------
        rows : ndarray of int64
            Numbers of rows.
        is_padded : bool, default False
            Whether columns that are padding in all of these rows are kept.
        """
        words = self.words[rows]
        return Inputs(
            features=self.features[rows],
            words=words if is_padded else _without_padding(words),
            trajectory=self.trajectory[rows],
        )

    def distinct(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first of all equal rows, in order, and the number of each row among them.

        Examples
        --------
        >>> first, place = Inputs.of(np.array([[2.0], [1.0], [2.0]])).distinct()
        >>> first.tolist(), place.tolist()
        ([0, 1], [0, 1, 0])
        """
        parts = (self.features, self.words, self.trajectory)
        rows = np.concatenate([np.ascontiguousarray(one).view(np.uint8) for one in parts], axis=1)
        seen: dict[bytes, int] = {}
        place = np.array(
            [seen.setdefault(row.tobytes(), len(seen)) for row in rows], dtype=np.int64
        )
        _, first = np.unique(place, return_index=True)
        return first.astype(np.int64), place

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of tokens or cells of each row, shape (n,)."""
        lengths: NDArray[np.int64] = (self.words >= 0).sum(axis=1, dtype=np.int64)
        return lengths


def padded(rows: list[list[int]], *, left: bool, multiple: int = 1) -> Words:
    """Return rows of different lengths as one array, padded with -1.

    Parameters
    ----------
    rows : list of list of int
        The rows.
    left : bool
        Whether to pad on the left.
    multiple : int, default 1
        The width is a multiple of it.

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
    """Remove leading columns that are -1 in all rows, such that the width is a multiple of 8.

    Then the width with which a row is computed depends on the class of its own length only,
    if rows of one class are computed together.
    """
    if not words.size:
        return words
    used = int((words >= 0).sum(axis=1).max())
    keep = -(-used // multiple) * multiple
    return words[:, max(words.shape[1] - keep, 0) :]
