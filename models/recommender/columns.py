"""Columns of a round: what visitors do, what a search finds, and who talks to whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media import FeedContext, FollowerGraph, Posts

__all__ = ["Visits", "friends_met", "newest_of_topic", "rank_in_group"]


class Visits(NamedTuple):
    """What visitors do, one row each.

    Attributes
    ----------
    activity : ndarray of int64
        Codes of `ACTIVITIES`.
    choice : ndarray of int64
        Place on the page; -1 for nothing.
    topic : ndarray of int64
        What is searched for or written about.
    texts : list of str
        Words of a post; empty where a rule decides.
    """

    activity: Int
    choice: Int
    topic: Int
    texts: list[str]


def newest_of_topic(rows: Int, topics: Int, posts: Posts, context: FeedContext, most: int) -> Int:
    """Return what a search finds: the newest posts of a topic that somebody has not seen.

    Parameters
    ----------
    rows, topics : ndarray of int64, shape (s,)
        Who searches, and for what.
    posts : Posts
        All posts; those older than the feeds reach are not found.
    context : FeedContext
        Minute, exposures and parameters.
    most : int
        How many are found.

    Returns
    -------
    ndarray of int64, shape (s, most)
        Posts; -1 where there are no more.
    """
    found = np.full((len(rows), most), -1, dtype=np.int64)
    since = posts.since(context.minute - round(context.tree.social.media.feed.window_h * HOUR_MIN))
    shown = np.arange(since, len(posts))[::-1]
    for topic in np.unique(topics).tolist():
        who = np.flatnonzero(topics == topic)
        newest = shown[posts.topic[shown] == topic]
        its = np.broadcast_to(newest, (len(who), len(newest)))
        found[who] = _first_free(its, context.exposures.has_seen(rows[who], its), most)
    return found


def _first_free(
    posts: Int, is_seen: np.ndarray[tuple[int, int], np.dtype[np.bool_]], most: int
) -> Int:
    order = np.argsort(is_seen, axis=1, kind="stable")[:, :most]
    page = np.full((len(posts), most), -1, dtype=np.int64)
    free = np.where(np.take_along_axis(is_seen, order, 1), -1, np.take_along_axis(posts, order, 1))
    page[:, : free.shape[1]] = free
    return page


def friends_met(rows: Int, draws: Float, graph: FollowerGraph, people: int) -> Int:
    """Return whom each of some people talks to: one of those they follow, or -1 for nobody.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Who talks.
    draws : ndarray of float64, shape (m,)
        Uniform numbers.
    graph : FollowerGraph
        Who follows whom.
    people : int
        Rows of the graph from this one on are publishers.
    """
    owner, followee = graph.followed_by(rows)
    is_friend = followee < people
    owner, followee = owner[is_friend], followee[is_friend]
    count = np.bincount(owner, minlength=len(rows))
    first = np.cumsum(count) - count
    place = first + np.floor(draws * count).astype(np.int64)
    met = np.full(len(rows), -1, dtype=np.int64)
    met[count > 0] = followee[place[count > 0]]
    return met


def rank_in_group(groups: Int) -> Int:
    """Return the how-manieth of its group each element is, from 0.

    Examples
    --------
    >>> rank_in_group(np.array([4, 2, 4, 4])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered)
    return rank
