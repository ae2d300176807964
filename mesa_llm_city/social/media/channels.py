"""Channels: whom a post reaches besides by feeds: one person, a group, or all followers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.post import NOBODY

__all__ = ["CHANNELS", "Delivery", "Groups", "broadcast", "one_to_one"]

CHANNELS = ("one_to_one", "group", "broadcast", "feed")
"""How posts reach people. All but the feed reach them when they are written."""


class Delivery(NamedTuple):
    """Who hears which post; both have a row for each pair.

    Attributes
    ----------
    viewer : ndarray of int64, shape (m,)
        Rows of people.
    post : ndarray of int64, shape (m,)
        Posts.
    """

    viewer: Int
    post: Int


class Groups:
    """Groups of people, each with a name.

    Parameters
    ----------
    members : mapping of str to iterable of int
        Rows of the members of each group.

    Examples
    --------
    >>> posts = Posts()
    >>> post = posts.extend(author=[3], topic="market")
    >>> Groups({"street": [1, 3, 5], "club": [2]}).deliver(posts, post, "street")
    Delivery(viewer=array([1, 5]), post=array([0, 0]))
    """

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Iterable[int]]) -> None:
        self._members = {
            name: np.unique(list(rows)).astype(np.int64) for name, rows in members.items()
        }

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._members)

    def members(self, group: str) -> Int:
        """Return the rows of the members of a group, in rising order.

        Raises
        ------
        ConfigError
            If there is no such group.
        """
        if group not in self._members:
            near = did_you_mean(group, self._members)
            message = f"there is no group {group!r}; groups are {', '.join(self._members)}{near}"
            raise ConfigError(message)
        return self._members[group]

    def deliver(self, posts: Posts, which: ArrayLike, group: str) -> Delivery:
        """Return who of a group hears posts: all members but the author of each."""
        new, members = np.atleast_1d(np.asarray(which, dtype=np.int64)), self.members(group)
        viewer, post = np.tile(members, len(new)), np.repeat(new, len(members))
        return _to_others(Delivery(viewer, post), posts)


def one_to_one(posts: Posts, which: ArrayLike, to: ArrayLike) -> Delivery:
    """Return who hears posts that each are said to one person; both inputs broadcast."""
    post, viewer = np.broadcast_arrays(
        np.atleast_1d(np.asarray(which, dtype=np.int64)), np.asarray(to, dtype=np.int64)
    )
    return _to_others(Delivery(viewer.copy(), post.copy()), posts)


def broadcast(posts: Posts, which: ArrayLike, graph: FollowerGraph) -> Delivery:
    """Return who hears posts that go to all followers of their authors.

    What nobody has written, such as an announcement of an institution, goes to everybody.
    """
    new = np.atleast_1d(np.asarray(which, dtype=np.int64))
    author = posts.author[new]
    by_person = new[author != NOBODY]
    place, follower = graph.audience_of(author[author != NOBODY])
    public = new[author == NOBODY]
    viewer = np.concatenate([follower, np.tile(np.arange(graph.n), len(public))])
    return Delivery(viewer, np.concatenate([by_person[place], np.repeat(public, graph.n)]))


def _to_others(delivery: Delivery, posts: Posts) -> Delivery:
    others = posts.author[delivery.post] != delivery.viewer
    return Delivery(delivery.viewer[others], delivery.post[others])
