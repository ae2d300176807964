"""What people engaged with: posts that they chose, forwarded, answered or wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.post import NOBODY

__all__ = ["Engagements", "last_of_each"]


class Engagements:
    """Which posts people chose, and when.

    Forwards and replies are posts themselves, so they are read from `Posts`; this log holds
    what leaves no post behind, such as a film that was watched.

    Examples
    --------
    >>> watched = Engagements()
    >>> watched.add([3, 4], [7, 7], minute=60)
    >>> len(watched), watched.counts(9).tolist()
    (2, [0, 0, 0, 0, 0, 0, 0, 2, 0])
    """

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: list[Int] = []

    def __len__(self) -> int:
        """Return the number of choices."""
        return int(np.sum([part.shape[1] for part in self._parts], dtype=np.int64))

    def add(self, people: ArrayLike, posts: ArrayLike, *, minute: ArrayLike) -> None:
        """Add choices.

        Parameters
        ----------
        people, posts : array_like of int, shape (m,)
            Row of each person, and the post that they chose.
        minute : array_like of int, shape () or (m,)
            When; not before that of choices added earlier.
        """
        columns = np.broadcast_arrays(np.asarray(people), np.asarray(posts), np.asarray(minute))
        if columns[0].size:
            self._parts.append(np.stack(columns).astype(np.int64))

    @property
    def rows(self) -> Int:
        """Person, post and minute of each choice, shape (3, m)."""
        if len(self._parts) != 1:
            self._parts = [np.concatenate([np.empty((3, 0), dtype=np.int64), *self._parts], axis=1)]
        return self._parts[0]

    def counts(self, posts: int) -> Int:
        """Return how often each of so many posts was chosen, shape (posts,)."""
        return np.bincount(self.rows[1], minlength=posts).astype(np.int64)

    def with_posts(self, posts: Posts) -> Int:
        """Return all engagements in the order of time, those that are posts included.

        Of forwards and replies, what is passed on or answered counts; whoever writes a post of
        their own engages with it too.

        Returns
        -------
        ndarray of int64, shape (3, m)
            Person, post and minute.
        """
        wrote = np.flatnonzero(posts.author != NOBODY)
        about = np.where(posts.parent[wrote] >= 0, posts.parent[wrote], wrote)
        written = np.stack([posts.author[wrote], posts.source[about], posts.minute[wrote]])
        both = np.concatenate([written.astype(np.int64), self.rows], axis=1)
        return both[:, np.argsort(both[2], kind="stable")]

    def state(self) -> dict[str, Any]:
        """Return the log as JSON-able values."""
        return dict(zip(("person", "post", "minute"), self.rows.tolist(), strict=True))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned."""
        self._parts = []
        self.add(state["person"], state["post"], minute=state["minute"])


def last_of_each(rows: Int, most: int) -> Int:
    """Return the last few engagements of each person.

    Parameters
    ----------
    rows : ndarray of int64, shape (k, m)
        Persons in the first row, in the order of time.
    most : int
        How many of each person.

    Returns
    -------
    ndarray of int64, shape (k, l)
        Those columns that are among the last of their person, by person and then by time.

    Examples
    --------
    >>> last_of_each(np.array([[1, 0, 1, 1], [5, 6, 7, 8]]), 2).tolist()
    [[0, 1, 1], [6, 7, 8]]
    """
    ordered = rows[:, np.argsort(rows[0], kind="stable")]
    counts = np.bincount(ordered[0])
    from_end = np.repeat(np.cumsum(counts), counts) - np.arange(ordered.shape[1])
    return ordered[:, from_end <= most]
