"""Media of many people: what they write, are shown, make of it and pass on, in columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.candidates import find_candidates
from mesa_llm_city.social.media.feed_page import PageRead
from mesa_llm_city.social.media.hearing import Hearing
from mesa_llm_city.social.media.recommender import LearningRecommender

__all__ = ["Media"]


class Media(Hearing):
    """The media of n people.

    Parameters
    ----------
    graph : FollowerGraph
        Who follows whom; its rows are the people.
    topics : sequence of str
        What can be written about.
    recommender : Recommender, optional
        Chooses what people are shown; `Chronological` by default.
    moderation : Moderation, optional
        What is done about posts against the rules; nothing by default.
    ads : iterable of Ad, optional
        Ads between the posts, as often as ``social.media.ads.every`` says.
    interests : array_like, shape (n, topics), optional
        How much people care for topics, in [0, 1]; by default equally for all.
    trust : callable, optional
        Trust of readers in authors (see `Trust`); by default as ``social.media.use`` says.
    persons : array_like of int, shape (n,), optional
        Ids of the people, at which their random numbers have their address; their rows by
        default.
    seed : int, default 0
        Seed of the run.
    parameters : CityParameters, optional
        ``social.media``, and those of emotion, stance, awareness and sharing.

    Attributes
    ----------
    posts : Posts
        Everything written.
    exposures : Exposures
        Everything shown.
    audience : Audience
        What people feel, think, know and believe.
    graph, recommender, moderation : object
        As given; the graph as it is now.
    banned : ndarray of bool, shape (n,)
        Who may write no more.
    activity : ndarray of float64, shape (n,)
        How active people are in sharing and writing; the mean is 1.

    Examples
    --------
    >>> from mesa_llm_city.social.media import FollowerGraph
    >>> graph = FollowerGraph(3, follower=[1, 2], followee=[0, 1])
    >>> media = Media(graph, topics=["bridge"], seed=7)
    >>> rumour = media.publish(author=[0], topic="bridge", stance=0.8, intensity=1.0, minute=480)
    >>> media.browse([1, 2], minute=540).tolist()
    [[0, -1, -1, -1, -1], [-1, -1, -1, -1, -1]]
    >>> media.audience.aware("bridge").tolist()
    [False, True, False]
    """

    def feed(self, viewers: ArrayLike, minute: int) -> Int:
        """Return what people would be shown now, shape (v, p); nothing is read by it."""
        rows = np.asarray(viewers, dtype=np.int64)
        context = self.context(minute)
        found = find_candidates(rows, self.posts, context)
        with_followed = self.context(minute, followed=found.followed)
        pages = self.recommender.recommend(rows, found.posts, self.posts, with_followed)
        every = self.parameters.social.media.ads.every
        draws = context.draws(rows, "ads", pages.shape[1]) if every else np.empty(pages.shape)
        return self.board.placed(rows, pages, every=every, draws=draws)

    def browse(self, viewers: ArrayLike, minute: int) -> Int:
        """Let people read a page of their feeds, and return what they were shown, (v, p)."""
        rows = np.asarray(viewers, dtype=np.int64)
        self._check_people("viewer", rows)
        self.advance(minute)
        pages = self.feed(rows, minute)
        self.read(rows, pages, minute)
        return pages

    def read(
        self,
        viewers: Int,
        pages: Int,
        minute: int,
        *,
        answers: Mapping[int, PageRead] | None = None,
        listeners: Collection[int] = (),
    ) -> None:
        """Let people read pages: they hear each post, and pass on some of them later.

        Parameters
        ----------
        viewers : ndarray of int64, shape (v,)
            Rows of people, each at most once.
        pages : ndarray of int64, shape (v, p)
            Posts; -1 for none.
        minute : int
            Now.
        answers : mapping of int to PageRead, optional
            What a language model has some of them make of their pages, by row; about all other
            posts the rule decides.
        listeners : collection of int, default ()
            Rows of those who pass nothing on for now, since they think of it themselves (see
            `answer`).
        """
        self.show(viewers, pages, minute, by=self.recommender.name)
        self._take_in(
            viewers, pages, minute, "media read", answers=answers or {}, listeners=listeners
        )

    def live_day(self, day: int) -> None:
        """Let everybody read and write for a day, in rounds of ``social.media.use.round_min``.

        Each reads ``posts_per_day`` posts, a page at a time, in rounds drawn from the waking
        hours; in a city people read when they have free time instead.
        """
        use, page = self.parameters.social.media.use, self.parameters.social.media.feed.page
        begin, end = round(use.wakes_h * HOUR_MIN), round(use.sleeps_h * HOUR_MIN)
        starts = np.arange(begin, end, use.round_min)
        draws = uniforms(
            self.seed, self.persons, "media sessions", day, -(-use.posts_per_day // page)
        )
        rounds = (draws * len(starts)).astype(np.int64)
        for number, start in enumerate((day * DAY_MIN + starts).tolist()):
            self.advance(start)
            self.write_own(start, lasts_min=min(use.round_min, end - begin))
            times = (rounds == number).sum(axis=1)
            for again in range(int(times.max(initial=0))):
                viewers = np.flatnonzero(times > again)
                # Pages of one round come one minute after the other, so that draws differ.
                pages = self.feed(viewers, start + again)
                self.read(viewers, pages, start + again)
        self.end_day((day + 1) * DAY_MIN)

    def end_day(self, minute: int) -> None:
        """Let a recommender learn, and forget who has seen posts that are shown no more."""
        if isinstance(self.recommender, LearningRecommender):
            self.recommender.learn(self.posts, self.context(minute))
        window = round(self.parameters.social.media.feed.window_h * HOUR_MIN)
        self.exposures.forget_before(self.posts.since(minute - window))
