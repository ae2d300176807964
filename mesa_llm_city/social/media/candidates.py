"""Candidates: the few hundred posts that each person might be shown, for many people at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.post_columns import KIND_CODES
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import FeedContext
from mesa_llm_city.social.post import NO_POST, NOBODY

__all__ = ["Candidates", "find_candidates"]

_AD = KIND_CODES["ad"]


class Candidates(NamedTuple):
    """Posts that people might be shown.

    Attributes
    ----------
    posts : ndarray of int64, shape (v, c)
        Posts of each viewer, each once; -1 for none.
    followed : int
        How many of the first columns hold posts of followees, the newest first.
    """

    posts: Int
    followed: int


def find_candidates(viewers: Int, posts: Posts, context: FeedContext) -> Candidates:
    """Return posts of followees, recent posts, and posts drawn from all that can be shown.

    Left out are posts that are older than ``social.media.feed.window_h``, removed, ads, written
    by the viewer, or seen by them before.

    Parameters
    ----------
    viewers : ndarray of int64, shape (v,)
        Rows of people.
    posts : Posts
        All posts.
    context : FeedContext
        Minute, graph, earlier exposures, and ``social.media.feed`` of the parameters.

    Notes
    -----
    The work is that of the posts of all followees of the viewers, so it grows in proportion to
    their number.
    """
    feed = context.tree.social.media.feed
    shown = _shown(posts, context.minute - round(feed.window_h * HOUR_MIN))
    theirs = _of_followees(viewers, shown, posts, context)
    newest = np.broadcast_to(
        shown[::-1][: feed.recent], (len(viewers), min(feed.recent, len(shown)))
    )
    drawn = _sampled(viewers, shown, context)
    found = np.concatenate([theirs, newest, drawn], axis=1)
    own = posts.author[found] == viewers[:, np.newaxis] if len(posts) else found < 0
    found = np.where(own | context.exposures.has_seen(viewers, found), NO_POST, found)
    return Candidates(_each_once(found, theirs.shape[1]), theirs.shape[1])


def _shown(posts: Posts, since: int) -> Int:
    """Return the posts that can be shown, in the order of time."""
    first = posts.since(since)
    visible = (posts.removed_min[first:] < 0) & (posts.kind[first:] != _AD)
    return first + np.flatnonzero(visible)


def _of_followees(viewers: Int, shown: Int, posts: Posts, context: FeedContext) -> Int:
    """Return the newest posts of those whom each viewer follows, shape (v, k)."""
    feed = context.tree.social.media.feed
    shown = shown[posts.author[shown] != NOBODY]
    latest, counts = _latest_by_author(posts.author[shown], context.graph.n, feed.per_followee)
    viewer, followee = context.graph.followed_by(viewers)
    owner = np.repeat(viewer, counts[followee])
    first = np.concatenate([[0], np.cumsum(counts)])
    begin = np.repeat(first[followee], counts[followee])
    before = np.cumsum(counts[followee]) - counts[followee]
    place = np.arange(len(owner)) - np.repeat(before, counts[followee])
    return _as_rows(owner, shown[latest[begin + place]], len(viewers), feed.followed)


def _latest_by_author(author: Int, n: int, most: int) -> tuple[Int, Int]:
    """Return the places of the last few posts of each author, by author, and how many they are."""
    order = np.argsort(author, kind="stable")
    total = np.bincount(author, minlength=n)[:n]
    end = np.cumsum(total)
    rank_from_end = np.repeat(end, total) - np.arange(len(author))
    return order[rank_from_end <= most], np.minimum(total, most).astype(np.int64)


def _as_rows(owner: Int, post: Int, rows: int, most: int) -> Int:
    """Return the newest posts of each owner as a row, the newest first; -1 where there are none."""
    # Owners rise; newest first within each is one sort of numbers made of both.
    top = int(post.max(initial=0)) + 1
    keys = owner * np.int64(top) + (top - 1 - post)
    keys.sort(kind="stable")
    owner, post = keys // top, top - 1 - keys % top
    counts = np.bincount(owner, minlength=rows)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = rank < most
    # Always so wide, so that draws for each column do not depend on who else reads.
    table = np.full((rows, most), NO_POST, dtype=np.int64)
    table[owner[kept], rank[kept]] = post[kept]
    return table


def _sampled(viewers: Int, shown: Int, context: FeedContext) -> Int:
    """Return posts drawn from all that can be shown, with replacement, shape (v, s)."""
    number = context.tree.social.media.feed.sampled
    if not len(shown) or not number:
        return np.empty((len(viewers), 0), dtype=np.int64)
    draws = context.draws(viewers, "sample", number)
    return shown[(draws * len(shown)).astype(np.int64)]


def _each_once(found: Int, keep: int) -> Int:
    """Return rows in which a post that is there twice stands at its first place only.

    The first `keep` columns are each once already.
    """
    if found.shape[1] <= keep:
        return found
    width = np.int64(found.shape[1])
    keys = found * width + np.arange(width)
    order = np.argsort(keys, axis=1)
    ordered = np.take_along_axis(found, order, axis=1)
    twice = np.zeros(found.shape, dtype=bool)
    twice[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    again = np.empty_like(twice)
    np.put_along_axis(again, order, twice, axis=1)
    return np.where(again, NO_POST, found)
