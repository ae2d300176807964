"""Hearing: what people make of posts that reach them, by feeds and by other channels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.awareness_formulas import doubt_left, support_for
from mesa_llm_city.social.media.channels import Delivery
from mesa_llm_city.social.media.feed_page import PageRead, PostRead, TopicView
from mesa_llm_city.social.media.platform import Platform
from mesa_llm_city.social.media.post_columns import KIND_CODES
from mesa_llm_city.social.post import NO_POST, NOBODY, PostKind
from mesa_llm_city.social.sharing import SHARED_KINDS
from mesa_llm_city.social.sharing_formulas import after_waking, share_delay_min

__all__ = ["Hearing"]

_CODES = np.array([KIND_CODES[str(kind)] for kind in SHARED_KINDS])
_AD, _CORRECTION = KIND_CODES["ad"], KIND_CODES["correction"]
_POST = KIND_CODES["post"]
_DRAWS = 4  # for each post that is read: noise of the stance, whether, how and when to share


class Hearing(Platform):
    """How people hear posts, and decide what to do with them."""

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
        pages = np.full((len(first), int(count.max(initial=0))), NO_POST, dtype=np.int64)
        pages[np.repeat(np.arange(len(first)), count), place] = post
        self.show(viewer[first], pages, minute, by=by)
        self._take_in(viewer[first], pages, minute, f"media {by}")

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
            parent=NO_POST if read.kind is PostKind.POST else which,
            kind=KIND_CODES[str(read.kind)],
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
        """Let people, each at most once, hear one post each."""
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
            parent=np.where(kind == _POST, NO_POST, which[done]),
            kind=kind,
            topic=posts.topic[which[done]],
            stance=shared.stance[done],
            intensity=shared.intensity[done],
        )

    def _trusted(self, rows: Int, which: Int) -> Float:
        use, author = self.parameters.social.media.use, self.posts.author[which]
        if self.trust is not None:
            trust = np.asarray(self.trust(rows, author), dtype=np.float64)
        else:
            follows = self.graph.follows(rows, author)
            trust = np.where(follows, use.trust_followed, use.trust_unknown)
        return np.where(self.posts.kind[which] == _AD, use.trust_ad, trust)

    def _labelled(self, which: Int) -> NDArray[np.bool_]:
        labelled = (self.posts.label[which] > 0) & (self.posts.kind[which] != _AD)
        return np.asarray(labelled, dtype=np.bool_)
