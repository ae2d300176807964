"""A platform: what people have written and were shown, who follows whom, and who is banned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.audience import Audience
from mesa_llm_city.social.media.ads import Ad, AdBoard
from mesa_llm_city.social.media.exposures import Exposures
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.moderation import Moderation
from mesa_llm_city.social.media.pending import PendingPosts
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.media.recommender import Chronological, FeedContext, Recommender
from mesa_llm_city.social.media.writing import own_posts
from mesa_llm_city.social.post import NOBODY
from mesa_llm_city.social.sharing_formulas import activity_of, broadcasters

__all__ = ["Platform", "Trust"]

Trust: TypeAlias = Callable[[Int, Int], Float]
"""Takes rows of readers and of authors, both (m,), and returns trust in [0, 1]."""


class Platform:
    """What media keep, and how posts come to be written; see `Media` for the parameters."""

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

    def publish(self, *, texts: Sequence[str] | None = None, **columns: Any) -> Int:  # noqa: ANN401 - columns
        """Write posts now, and return their ids (see `Posts.extend`).

        Raises
        ------
        ConfigError
            If a topic or an author is unknown to the media.
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

    def show(self, viewers: Int, pages: Int, minute: int, *, by: str) -> None:
        """Write down that people were shown posts, and count the views."""
        self.exposures.record(viewers, pages, minute=minute, by=by)
        self.posts.see(pages)

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

    def is_broadcaster(self, author: int) -> bool:
        """Tell whether a person is one of those with most followers."""
        return author != NOBODY and bool(self._hubs[author])

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
        if self.interests is not None:
            # Of newcomers nothing is known: they care for all topics.
            more = np.ones((n - before, self.interests.shape[1]))
            self.interests = np.concatenate([self.interests, more])
        self.activity = self._activity(ids)
        self.board.grow(n)
        self._hubs = self._broadcasters()

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
            "recommender": self._learnt(),
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
        if state["recommender"] is not None:
            self.recommender.restore(state["recommender"])  # type: ignore[attr-defined]

    def _learnt(self) -> Any:  # noqa: ANN401 - JSON-able values
        """Return what a recommender with a method ``state`` has learnt; None for none."""
        state = getattr(self.recommender, "state", None)
        return None if state is None else state()

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

    def _activity(self, persons: Int) -> Float:
        drawn = uniforms(self.seed, persons, "media activity", 0, 1)[:, 0]
        return activity_of(drawn, self.parameters.social.sharing)

    def _broadcasters(self) -> NDArray[np.bool_]:
        return broadcasters(self.graph.follower_counts, self.parameters.social.sharing)

    def _check_people(self, name: str, given: Any, *, least: int = 0) -> None:  # noqa: ANN401 - rows
        rows = np.atleast_1d(np.asarray(given))
        if rows.size and len(wrong := rows[(rows < least) | (rows >= self.graph.n)]):
            message = f"{name} {wrong[0]} does not exist; rows are 0 to {self.graph.n - 1}"
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
