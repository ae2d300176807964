"""Messages from person to person over a graph: who is exposed to what, and what people share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from mesa_llm_city.models.rumour.items import Item
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.audience import Audience, SharedColumns
from mesa_llm_city.social.media.follower_graph import FollowerGraph
from mesa_llm_city.social.media.pending import PendingPosts
from mesa_llm_city.social.media.posts import KINDS, Posts
from mesa_llm_city.social.post import NOBODY
from mesa_llm_city.social.sharing import SHARED_KINDS
from mesa_llm_city.social.sharing_formulas import (
    activity_of,
    after_waking,
    broadcasters,
    share_delay_min,
)

__all__ = ["ATTITUDE_SPREAD", "DRAWS", "MessageFlow", "Messages"]

DRAWS = 4
"""Random numbers of an exposure: noise of the stance, whether, how and when it is shared."""

ATTITUDE_SPREAD = 0.4
"""Standard deviation of attitudes at first, unless another is given; an assumption."""

_KIND_CODES = np.array([KINDS.index(str(kind)) for kind in SHARED_KINDS])
_CORRECTION = KINDS.index("correction")


class Messages(NamedTuple):
    """Messages that people are exposed to, a row for each.

    Attributes
    ----------
    person : ndarray of int64, shape (m,)
        Who is exposed.
    post : ndarray of int64, shape (m,)
        To which post.
    """

    person: Int
    post: Int

    def only(self, rows: slice | Int | NDArray[np.bool_]) -> Messages:
        """Return some of the rows."""
        return Messages(self.person[rows], self.post[rows])


class MessageFlow:
    """Posts, who has heard and shared what, and what is still to come.

    A cell is a person and an item as one number, ``item * people + person``.

    Parameters
    ----------
    graph : FollowerGraph
        Who follows whom.
    items : sequence of Item
        The stories.
    seed : int
        Seed of what people are like: attitudes, activity, and who posts an item first.
    attitude_spread : float
        Standard deviation of attitudes to a topic at first.
    parameters : CityParameters
        Sharing, emotion, stance, awareness, and trust in followees.

    Attributes
    ----------
    posts : Posts
        Everything written.
    pending : PendingPosts
        What people have decided to write later.
    audience : Audience
        What people feel, think, know and believe.
    shared : ndarray of bool, shape (items * people,)
        Who has shared an item, or decided to; nobody shares one twice.
    is_broadcaster : ndarray of bool, shape (people,)
        Those with most followers.
    activity : ndarray of float64, shape (people,)
        How active people are in sharing; the mean is about 1.

    Raises
    ------
    ConfigError
        If two items have the same topic, or an author is no row of the graph.
    """

    def __init__(
        self,
        graph: FollowerGraph,
        items: Sequence[Item],
        *,
        seed: int,
        attitude_spread: float,
        parameters: CityParameters,
    ) -> None:
        self.graph, self.items = graph, tuple(items)
        topics = [one.topic for one in items]
        self.posts, self.pending = Posts(topics), PendingPosts()
        self.audience = Audience(graph.n, topics, parameters)
        self.shared = np.zeros(graph.n * len(topics), dtype=bool)
        self._appeal = np.array([one.appeal for one in items])
        self._pace = np.array([one.pace for one in items])
        self._is_true = np.array([one.is_true for one in items])
        self.renew(parameters)
        drawn = uniforms(seed, np.arange(graph.n), "activity", 0, 1)[:, 0]
        self.activity = activity_of(drawn, parameters.social.sharing)
        self._take_attitudes(seed, attitude_spread)
        self._announce(seed)
        self._due_min = self._next_due()

    def renew(self, parameters: CityParameters) -> None:
        """Take over other parameters."""
        state = self.audience.state()
        self.audience = Audience(self.graph.n, self.audience.topics, parameters)
        self.audience.restore(state)
        self.parameters = parameters
        self.is_broadcaster = broadcasters(self.graph.follower_counts, parameters.social.sharing)

    def write(self, minute: int) -> Int:
        """Write the posts that are due at a minute, and return their numbers."""
        if minute < self._due_min:
            return np.empty(0, dtype=np.int64)
        columns, texts = self.pending.take(minute)
        self._due_min = self._next_due()
        new = self.posts.extend(texts=texts, **columns)
        self.posts.is_true[new] = self._is_true[self.posts.topic[new]]
        cells = self.posts.topic[new] * self.graph.n + self.posts.author[new]
        self.shared[cells] = True
        return new

    def exposures(self, new: Int) -> Messages:
        """Return the messages that the followers of the authors of posts are exposed to."""
        place, follower = self.graph.audience_of(self.posts.author[new])
        return Messages(follower, new[place])

    def cells(self, messages: Messages) -> Int:
        """Return the cell of each message."""
        found: Int = self.posts.topic[messages.post].astype(np.int64) * self.graph.n
        return found + messages.person

    def trust(self, messages: Messages) -> Float:
        """Return how far people trust whoever says it."""
        social = self.parameters.social
        official = self.posts.author[messages.post] == NOBODY
        followed = social.media.use.trust_followed
        return np.where(official, social.trust.sources["authorities"], followed)

    def hear(self, messages: Messages, noise: Float, *, minute: int) -> None:
        """Let people hear messages by rule; nobody hears of an item twice in it."""
        post = messages.post
        self.audience.hear(
            messages.person,
            self.posts.topic[post],
            at_min=minute,
            stance=self.posts.stance[post],
            intensity=self.posts.intensity[post],
            trust=self.trust(messages),
            correction=self.posts.kind[post] == _CORRECTION,
            labelled=self.posts.label[post] > 0,
            teller=self.posts.author[post],
            uniforms=noise,
        )

    def decided(self, messages: Messages, draws: Float, *, minute: int) -> SharedColumns:
        """Return what people do with messages that they have heard, by rule.

        Parameters
        ----------
        messages : Messages
            What they have heard.
        draws : ndarray of float64, shape (m, 3)
            Whether, in which form and when.
        minute : int
            The present minute, counted from midnight of the first day.
        """
        post = messages.post
        return self.audience.share(
            messages.person,
            self.posts.topic[post],
            draws,
            at_min=minute,
            stance=self.posts.stance[post],
            intensity=self.posts.intensity[post],
            depth=self.posts.depth[post],
            is_broadcaster=self.is_broadcaster[self.posts.author[post]],
            activity=self.eagerness(messages),
            labelled=self.posts.label[post] > 0,
        )

    def eagerness(self, messages: Messages) -> Float:
        """Return how active people are, times the appeal of the item beyond its source."""
        post = messages.post
        appeal = np.where(self.posts.depth[post] > 0, self._appeal[self.posts.topic[post]], 1.0)
        return self.activity[messages.person] * appeal

    def share(
        self,
        messages: Messages,
        shared: SharedColumns,
        waits: Float,
        *,
        minute: int,
        texts: Sequence[str] = (),
    ) -> None:
        """Let people write what they have decided to share, after the delays of the items.

        Parameters
        ----------
        messages : Messages
            What they have heard.
        shared : SharedColumns
            What they do with it.
        waits : ndarray of float64, shape (m,)
            Uniform numbers for the delays.
        minute : int
            The present minute, counted from midnight of the first day.
        texts : sequence of str, optional
            Words of each message that is shared; by default none of one's own.
        """
        rows = np.flatnonzero(shared.kind >= 0)
        if not len(rows):
            return
        chosen = messages.only(rows)
        post, kind = chosen.post, _KIND_CODES[shared.kind[rows]]
        numbers = self.parameters.social.sharing
        delay = share_delay_min(waits[rows], numbers) * self._pace[self.posts.topic[post]]
        # What follows is written later than what it follows from.
        ends = np.maximum(after_waking(minute, delay, numbers), minute + 1)
        self.pending.add(
            minute=ends,
            author=chosen.person,
            parent=np.where(kind == KINDS.index("post"), NOBODY, post),
            kind=kind,
            topic=self.posts.topic[post],
            stance=shared.stance[rows],
            intensity=shared.intensity[rows],
            texts=[texts[row] for row in rows.tolist()] if texts else None,
        )
        self.shared[self.cells(chosen)] = True
        self._due_min = min(self._due_min, float(ends.min()))

    def correct(self, item: int, persons: Int, *, minute: int, text: str) -> Messages:
        """Write an official correction of an item, and return whom it reaches."""
        new = self.posts.extend(
            author=[NOBODY],
            minute=minute,
            topic=item,
            stance=-self.items[item].stance,
            kind="correction",
            is_true=1,
            texts=[text],
        )
        return Messages(persons, np.repeat(new, len(persons)))

    def state(self) -> dict[str, Any]:
        """Return everything that changes."""
        return {
            "posts": self.posts.to_frame(),
            "pending": self.pending.state(),
            "audience": self.audience.state(),
            "shared": self.shared.copy(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.posts = Posts.from_frame(state["posts"])
        self.pending.restore(state["pending"])
        self.audience.restore(state["audience"])
        self.shared = np.array(state["shared"])
        self._due_min = self._next_due()

    def _next_due(self) -> float:
        """Return the minute of the next post to come; infinity without any."""
        return float(self.pending.state()["minute"].min()) if len(self.pending) else np.inf

    def _take_attitudes(self, seed: int, spread: float) -> None:
        for code, topic in enumerate(self.audience.topics):
            drawn = uniforms(seed, np.arange(self.graph.n), "attitude", code, 1)[:, 0]
            self.audience.begin(topic, spread * normal_of(drawn))

    def _announce(self, seed: int) -> None:
        """Let the items be posted at their time, by their author or one of the broadcasters."""
        hubs = np.flatnonzero(self.is_broadcaster)
        if not len(hubs):
            hubs = np.arange(self.graph.n)
        drawn = uniforms(seed, np.arange(len(self.items)), "author", 0, 1)[:, 0]
        usual = hubs[(drawn * len(hubs)).astype(np.int64)].tolist()
        for code, (item, hub) in enumerate(zip(self.items, usual, strict=True)):
            author = hub if item.author is None else item.author
            if not 0 <= author < self.graph.n:
                message = f"author of {item.topic} must be 0 to {self.graph.n - 1}, got {author}"
                raise ConfigError(message)
            self.pending.add(
                minute=item.minute,
                author=author,
                parent=NOBODY,
                kind=KINDS.index("post"),
                topic=code,
                stance=item.stance,
                intensity=item.intensity,
                texts=[item.text],
            )
