"""Media of many people: what they write, are shown, make of it and pass on, in columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.audience import Audience
from mesa_llm_city.social.awareness_formulas import doubt_left, support_for
from mesa_llm_city.social.media.ads import Ad, AdBoard
from mesa_llm_city.social.media.candidates import find_candidates
from mesa_llm_city.social.media.channels import Delivery
from mesa_llm_city.social.media.exposures import Exposures
from mesa_llm_city.social.media.feed_page import PageRead, PostRead, TopicView
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.moderation import Moderation
from mesa_llm_city.social.media.pending import PendingPosts
from mesa_llm_city.social.media.posts import KINDS, Posts
from mesa_llm_city.social.media.recommender import (
    Chronological,
    FeedContext,
    LearningRecommender,
    Recommender,
)
from mesa_llm_city.social.media.writing import own_posts
from mesa_llm_city.social.post import NOBODY, PostKind
from mesa_llm_city.social.sharing import SHARED_KINDS
from mesa_llm_city.social.sharing_formulas import (
    activity_of,
    after_waking,
    broadcasters,
    share_delay_min,
)

__all__ = ["Media"]

_CODES = np.array([KINDS.index(str(kind)) for kind in SHARED_KINDS])
_AD, _CORRECTION = KINDS.index("ad"), KINDS.index("correction")
_POST = KINDS.index("post")
_DRAWS = 4  # for each post that is read: noise of the stance, whether, how and when to share

Trust = Callable[[Int, Int], Float]
"""Takes rows of readers and of authors, both (m,), and returns trust in [0, 1]."""


class Media:
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
    >>> graph = FollowerGraph(3, follower=[1, 2], followee=[0, 1])
    >>> media = Media(graph, topics=["bridge"], seed=7)
    >>> rumour = media.publish(author=[0], topic="bridge", stance=0.8, intensity=1.0, minute=480)
    >>> media.browse([1, 2], minute=540).tolist()
    [[0, -1, -1, -1, -1], [-1, -1, -1, -1, -1]]
    >>> media.audience.aware("bridge").tolist()
    [False, True, False]
    """

    def __init__(
        self,
        graph: FollowerGraph,
        *,
        topics: Sequence[str],
        recommender: Recommender | None = None,
        moderation: Moderation | None = None,
        ads: Iterable[Ad] = (),
        interests: ArrayLike | None = None,
        trust: Trust | None = None,
        persons: ArrayLike | None = None,
        seed: int = 0,
        parameters: CityParameters | None = None,
    ) -> None:
        self.parameters = default_parameters() if parameters is None else parameters
        self.graph, self.seed, self.trust = graph, int(seed), trust
        self.persons = np.asarray(range(graph.n) if persons is None else persons, dtype=np.int64)
        self.audience = Audience(graph.n, topics, self.parameters)
        self.posts, self.exposures = Posts(self.audience.topics), Exposures(graph.n)
        self.recommender = Chronological() if recommender is None else recommender
        self.moderation = moderation
        self.pending = PendingPosts()
        self.interests = _interests(interests, graph.n, len(self.audience.topics))
        self.board = AdBoard(tuple(ads), self.posts, n=graph.n)
        self.banned = np.zeros(graph.n, dtype=bool)
        self.activity = self._activity(self.persons)
        self._hubs = self._broadcasters()

    # Writing.

    def publish(self, *, texts: Sequence[str] | None = None, **columns: Any) -> Int:  # noqa: ANN401 - columns
        """Write posts now, and return their ids (see `Posts.extend`).

        Raises
        ------
        ConfigError
            If a topic is none of those of the media, or an author nobody of its graph.
        """
        self._check_topic(columns.get("topic"))
        self._check_people("author", columns.get("author", NOBODY), least=NOBODY)
        return self.posts.extend(texts=texts, **columns)

    def advance(self, minute: int) -> None:
        """Write what was decided on before, and let moderation look at what is due.

        What passes on a removed post, and what banned people would write, is not written.
        """
        self._write_due(minute)
        if self.moderation is None:
            return
        done = self.moderation.review(self.posts, self.exposures, minute=minute, seed=self.seed)
        self.banned[done.banned] = True
        if len(done.follower):
            self.graph = self.graph.without_edges(done.follower, done.followee)
            self._hubs = self._broadcasters()

    def write_own(self, minute: int, *, lasts_min: float, rows: Int | None = None) -> Int:
        """Let people write of their own accord, and return the new posts.

        Parameters
        ----------
        minute : int
            Now.
        lasts_min : float
            For how long they may have something to say, of the waking hours of a day.
        rows : ndarray of int64, optional
            Who; everybody by default.
        """
        who = np.arange(self.graph.n) if rows is None else rows
        who = who[~self.banned[who]]
        use = self.parameters.social.media.use
        share = lasts_min / ((use.sleeps_h - use.wakes_h) * HOUR_MIN)
        draws = uniforms(self.seed, self.persons[who], "media write", minute, 3)
        columns = own_posts(
            who,
            draws,
            audience=self.audience,
            interests=self.interests,
            activity=self.activity,
            share=share,
            minute=minute,
            parameters=self.parameters,
        )
        return self.posts.extend(minute=minute, **columns)

    # Reading.

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

    def views(self, rows: ArrayLike, minute: int) -> list[dict[str, TopicView]]:
        """Return what people feel, think and believe of each topic, by name."""
        who = np.asarray(rows, dtype=np.int64)
        columns = [
            (
                self.audience.emotion(topic, at_min=minute)[who],
                self.audience.stance(topic)[who],
                self.audience.belief(topic, at_min=minute)[who],
            )
            for topic in self.audience.topics
        ]
        return [
            {
                topic: TopicView(*(float(one[place]) for one in column))
                for topic, column in zip(self.audience.topics, columns, strict=True)
            }
            for place in range(len(who))
        ]

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
            Rows of people, nobody twice.
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

    def deliver(self, delivery: Delivery, minute: int, *, by: str) -> None:
        """Let people hear posts that come by a channel, such as of `channels.broadcast`."""
        viewer, post = delivery
        # One person may get several, which are heard one after the other.
        order = np.lexsort((post, viewer))
        viewer, post = viewer[order], post[order]
        first = (
            np.concatenate([[0], np.flatnonzero(np.diff(viewer)) + 1]) if len(viewer) else viewer
        )
        count = np.diff(np.append(first, len(viewer)))
        place = np.arange(len(viewer)) - np.repeat(first, count)
        pages = np.full((len(first), int(count.max(initial=0))), NOBODY, dtype=np.int64)
        pages[np.repeat(np.arange(len(first)), count), place] = post
        self.show(viewer[first], pages, minute, by=by)
        self._take_in(viewer[first], pages, minute, f"media {by}")

    def show(self, viewers: Int, pages: Int, minute: int, *, by: str) -> None:
        """Write down that people were shown posts, and count the views."""
        self.exposures.record(viewers, pages, minute=minute, by=by)
        self.posts.see(pages)

    def _take_in(
        self,
        rows: Int,
        pages: Int,
        minute: int,
        purpose: str,
        *,
        answers: Mapping[int, PageRead] = MappingProxyType({}),
        listeners: Collection[int] = (),
    ) -> None:
        """Let people hear posts one place after the other, and decide what to do with each."""
        queue = (pages >= 0).sum(axis=1)
        draws = uniforms(self.seed, self.persons[rows], purpose, minute, _DRAWS * pages.shape[1])
        drawn = draws.reshape(*pages.shape, _DRAWS)
        silent = np.isin(rows, np.array(list(listeners), dtype=np.int64))
        of = {place: answers[row] for place, row in enumerate(rows.tolist()) if row in answers}
        for column in range(pages.shape[1]):
            there = np.flatnonzero(pages[:, column] >= 0)
            if not len(there):
                continue
            which, numbers = pages[:, column], drawn[:, column]
            self._hear(rows[there], which[there], minute, numbers[there, 0])
            said = {place: read.reads[column] for place, read in of.items() if column in read.reads}
            ruled = there[~silent[there] & ~np.isin(there, np.array(list(said), dtype=np.int64))]
            self._share(rows[ruled], which[ruled], minute, numbers[ruled, 1:], queue[ruled])
            for place, read in said.items():
                wait = float(numbers[place, 3])
                self.answer(int(rows[place]), int(which[place]), minute, read, wait=wait)

    def _hear(self, rows: Int, which: Int, minute: int, noise: Float) -> None:
        """Let each of some people, nobody twice, hear one post."""
        posts, topic = self.posts, self.posts.topic[which]
        self.audience.hear(
            rows,
            topic,
            at_min=minute,
            stance=posts.stance[which],
            intensity=posts.intensity[which],
            trust=self._trusted(rows, which),
            relevance=None if self.interests is None else self.interests[rows, topic],
            correction=posts.kind[which] == _CORRECTION,
            labelled=self._labelled(which),
            teller=posts.author[which],
            uniforms=noise,
        )

    def _share(self, rows: Int, which: Int, minute: int, draws: Float, queue: Int) -> None:
        """Let people decide by rule what to do with the post that each has heard."""
        posts, author = self.posts, self.posts.author[which]
        shared = self.audience.share(
            rows,
            posts.topic[which],
            draws,
            at_min=minute,
            stance=posts.stance[which],
            intensity=posts.intensity[which],
            labelled=self._labelled(which),
            depth=posts.depth[which],
            is_broadcaster=self._hubs[author] & (author != NOBODY),
            queue=queue,
            activity=self.activity[rows],
        )
        done = (shared.kind >= 0) & (posts.kind[which] != _AD) & ~self.banned[rows]
        kind = _CODES[shared.kind[done]]
        self.pending.add(
            minute=shared.minute[done],
            author=rows[done],
            parent=np.where(kind == _POST, NOBODY, which[done]),
            kind=kind,
            topic=posts.topic[which[done]],
            stance=shared.stance[done],
            intensity=shared.intensity[done],
        )

    def answer(
        self, row: int, which: int, minute: int, read: PostRead, *, wait: float = 0.5
    ) -> None:
        """Let a person make of a post, which they have heard, what somebody else has decided.

        Parameters
        ----------
        row, which : int
            The person and the post.
        minute : int
            Now.
        read : PostRead
            What they feel, think and believe then, and whether they pass it on.
        wait : float, default 0.5
            Uniform number in [0, 1) for when they do so, if `read` does not say.
        """
        posts, social = self.posts, self.parameters.social
        topic = int(posts.topic[which])
        self.know(row, topic, TopicView(read.emotion, read.stance, read.belief), minute)
        if read.kind is None or posts.kind[which] == _AD or self.banned[row]:
            return
        passed = read.kind is PostKind.FORWARD
        waits = share_delay_min(wait, social.sharing)
        later = int(after_waking(minute, waits, social.sharing))
        self.pending.add(
            minute=later if read.minute is None else read.minute,
            author=row,
            parent=NOBODY if read.kind is PostKind.POST else which,
            kind=KINDS.index(str(read.kind)),
            topic=topic,
            stance=posts.stance[which] if passed else read.stance,
            intensity=posts.intensity[which] if passed else read.emotion,
            texts=[read.text],
        )

    def know(self, row: int, topic: int, view: TopicView, minute: int) -> None:
        """Set what a person who knows of a topic feels, thinks and believes about it.

        Parameters
        ----------
        row, topic : int
            The person, and the code of the topic.
        view : TopicView
            What the person feels, thinks and believes.
        minute : int
            Now; also when they first heard of it, if they had not before.
        """
        audience, numbers = self.audience, self.parameters.social.awareness
        if audience.since_min[row, topic] < 0:
            audience.since_min[row, topic] = minute
        audience.emotions[row, topic] = view.emotion
        audience.emotion_min[row, topic] = minute
        audience.stances[row, topic] = view.stance
        passed = minute - audience.doubt_min[row, topic]
        doubt = float(doubt_left(audience.doubt[row, topic], passed, numbers))
        audience.support[row, topic] = support_for(view.belief, doubt, numbers)

    def trust_in(self, row: int, which: int) -> float:
        """Return the trust of a person in whoever says a post, in [0, 1]."""
        return float(self._trusted(np.array([row]), np.array([which]))[0])

    def is_broadcaster(self, author: int) -> bool:
        """Tell whether a person is one of those with most followers."""
        return author != NOBODY and bool(self._hubs[author])

    def _labelled(self, which: Int) -> NDArray[np.bool_]:
        labelled = (self.posts.label[which] > 0) & (self.posts.kind[which] != _AD)
        return np.asarray(labelled, dtype=np.bool_)

    # Days.

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

    def context(self, minute: int, *, followed: int | None = None) -> FeedContext:
        """Return what a recommender may know at a minute."""
        return FeedContext(
            minute=minute,
            page=self.parameters.social.media.feed.page,
            graph=self.graph,
            exposures=self.exposures,
            persons=self.persons,
            seed=self.seed,
            followed=followed,
            interests=self.interests,
            stances=self.audience.stances,
            parameters=self.parameters,
        )

    def resize(self, persons: ArrayLike) -> None:
        """Make room for more people, who follow nobody and have heard nothing.

        Parameters
        ----------
        persons : array_like of int, shape (n,)
            Ids of all people by row; those that were there first.
        """
        ids = np.asarray(persons, dtype=np.int64)
        n, before = len(ids), self.graph.n
        known = self.audience.state()
        self.persons = ids
        self.graph = FollowerGraph(n, self.graph.followers, self.graph.followees)
        self.audience = Audience(n, self.audience.topics, self.parameters)
        fresh = self.audience.state()
        for name, column in known.items():
            fresh[name][:before] = column
        self.audience.restore(fresh)
        self.exposures.grow(n)
        self.banned = np.concatenate([self.banned, np.zeros(n - before, dtype=bool)])
        self.activity = self._activity(ids)
        self.board.grow(n)
        self._hubs = self._broadcasters()

    # Saving.

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run: Arrow tables, arrays and plain values."""
        import pyarrow as pa

        return {
            "posts": pa.Table.from_pandas(self.posts.to_frame(), preserve_index=False),
            "exposures": pa.Table.from_pandas(self.exposures.to_frame(), preserve_index=False),
            "seen_from": self.exposures.first_remembered,
            "edges": self.graph.edges,
            "audience": self.audience.state(),
            "pending": self.pending.state(),
            "banned": np.flatnonzero(self.banned),
            "moderation": None if self.moderation is None else self.moderation.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned, in media of the same people and topics."""
        self.posts = Posts.from_frame(state["posts"].to_pandas(), topics=self.audience.topics)
        self.exposures = Exposures.from_frame(state["exposures"].to_pandas(), self.graph.n)
        self.exposures.forget_before(int(state["seen_from"]))
        self.graph = FollowerGraph.from_edges(state["edges"], self.graph.n)
        self.audience.restore(state["audience"])
        self.pending.restore(state["pending"])
        self.banned[:] = False
        self.banned[np.asarray(state["banned"], dtype=np.int64)] = True
        self._hubs = self._broadcasters()
        if self.moderation is not None and state["moderation"] is not None:
            self.moderation.restore(state["moderation"])

    def _write_due(self, minute: int) -> None:
        columns, texts = self.pending.take(minute)
        parent, posts = columns["parent"], self.posts
        gone = np.zeros(len(parent), dtype=bool)
        answers = parent >= 0
        gone[answers] = posts.removed_min[parent[answers]] >= 0
        kept = np.flatnonzero(~gone & ~self.banned[columns["author"]])
        if not len(kept):
            return
        rows: dict[str, Any] = {name: one[kept] for name, one in columns.items()}
        late = int(posts.minute[-1]) if len(posts) else 0
        rows["minute"] = np.maximum(rows["minute"], late)
        posts.extend(texts=[texts[row] for row in kept.tolist()], **rows)

    def _trusted(self, rows: Int, which: Int) -> Float:
        use, author = self.parameters.social.media.use, self.posts.author[which]
        if self.trust is not None:
            trust = np.asarray(self.trust(rows, author), dtype=np.float64)
        else:
            follows = self.graph.follows(rows, author)
            trust = np.where(follows, use.trust_followed, use.trust_unknown)
        return np.where(self.posts.kind[which] == _AD, use.trust_ad, trust)

    def _activity(self, persons: Int) -> Float:
        drawn = uniforms(self.seed, persons, "media activity", 0, 1)[:, 0]
        return activity_of(drawn, self.parameters.social.sharing)

    def _broadcasters(self) -> NDArray[np.bool_]:
        return broadcasters(self.graph.follower_counts, self.parameters.social.sharing)

    def _check_people(self, name: str, given: Any, *, least: int = 0) -> None:  # noqa: ANN401 - rows
        rows = np.atleast_1d(np.asarray(given))
        if rows.size and len(wrong := rows[(rows < least) | (rows >= self.graph.n)]):
            message = f"{name} {wrong[0]} is nobody; there are {self.graph.n} people, from 0"
            raise ConfigError(message)

    def _check_topic(self, topic: Any) -> None:  # noqa: ANN401 - words or codes
        if topic is None:
            return
        for one in np.atleast_1d(np.asarray(topic)).ravel().tolist():
            if isinstance(one, str):
                self.audience.code(one)


def _interests(given: ArrayLike | None, n: int, topics: int) -> Float | None:
    if given is None:
        return None
    interests = np.asarray(given, dtype=np.float64)
    if interests.shape != (n, topics) or not ((interests >= 0) & (interests <= 1)).all():
        message = (
            f"interests must be numbers in [0, 1] of shape {(n, topics)}, got {interests.shape}"
        )
        raise ConfigError(message)
    return interests
