"""Reading a page of a feed by rule, for one person of any model."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mesa_llm_city.core.component import State
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.awareness import Awareness
from mesa_llm_city.social.emotion import Emotion
from mesa_llm_city.social.media.feed_page import PageItem, PageRead, PostRead, TopicView
from mesa_llm_city.social.sharing import Reader, Sharing
from mesa_llm_city.social.stance import Considered, Stance, changed_certainty

__all__ = ["FeedReader"]


class FeedReader:
    """What one person feels, thinks and knows, and what they make of pages of posts.

    Parameters
    ----------
    parameters : CityParameters, optional
        Emotion, stance, awareness and sharing.
    activity : float, default 1
        How active the person is in sharing, as a multiple of the mean.

    Attributes
    ----------
    emotion, stance, awareness : Emotion, Stance, Awareness
        The parts of the person that reading changes.
    activity : float
        As given.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> from mesa_llm_city.social.post import Post
    >>> reader = FeedReader()
    >>> page = [PageItem(Post(id=0, author=3, minute=0, topic="bridge", stance=1.0, intensity=1.0))]
    >>> read = run(reader.read(page, at_min=30, rng=np.random.default_rng(1)))
    >>> reader.emotion.level("bridge", at_min=30), round(read.reads[0].emotion, 2)
    (0.0, 0.6)
    >>> reader.take(page, read, at_min=30)
    >>> round(reader.emotion.level("bridge", at_min=30), 2)
    0.6
    """

    __slots__ = ("_sharing", "activity", "awareness", "emotion", "stance")

    def __init__(self, parameters: CityParameters | None = None, *, activity: float = 1.0) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.emotion, self.stance, self.awareness = Emotion(tree), Stance(tree), Awareness(tree)
        self.activity = activity
        self._sharing = Sharing(tree)

    def view(self, topic: str, *, at_min: int) -> TopicView:
        """Return what the person feels, thinks and believes about a topic."""
        return TopicView(
            self.emotion.level(topic, at_min=at_min),
            self.stance.value(topic),
            self.awareness.belief(topic, at_min=at_min),
        )

    async def read(
        self,
        page: Sequence[PageItem],
        *,
        at_min: int,
        persona: Persona | None = None,
        rng: np.random.Generator,
    ) -> PageRead:
        """Return what the person makes of a page by rule (a thought; it changes nothing).

        Parameters
        ----------
        page : sequence of PageItem
            The posts, which are read one after the other.
        at_min : int
            When, in minutes.
        persona : Persona, optional
            The person.
        rng : numpy.random.Generator
            Four numbers for each post: noise of the stance, and whether, how and when it is
            passed on.
        """
        then, reads = copy.deepcopy(self), {}
        for place, item in enumerate(page):
            one = await then.read_post(item, len(page), at_min=at_min, persona=persona, rng=rng)
            then.take_post(item, one, at_min=at_min)
            reads[place] = one
        return PageRead(reads, f"reads {len(page)} posts")

    def take(self, page: Sequence[PageItem], read: PageRead, *, at_min: int) -> None:
        """Let the person be changed by what they have read."""
        for place, one in sorted(read.reads.items()):
            self.take_post(page[place], one, at_min=at_min)

    def state(self) -> State:
        """Return emotions, stances and what is known."""
        return {
            "emotion": self.emotion.state(),
            "stance": self.stance.state(),
            "awareness": self.awareness.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.emotion.restore(state["emotion"])
        self.stance.restore(state["stance"])
        self.awareness.restore(state["awareness"])

    async def read_post(
        self,
        item: PageItem,
        queue: int,
        *,
        at_min: int,
        persona: Persona | None = None,
        rng: np.random.Generator,
    ) -> PostRead:
        """Return what the person makes of one post, one of `queue` read together (a thought)."""
        post = item.post
        about: dict[str, Any] = {"at_min": at_min, "trust": item.trust, "persona": persona}
        felt = await self.emotion.react(post, **about)
        considered = await self.stance.consider(post, rng=rng, **about)
        believed = await self.awareness.believe(post, **about)
        reader = Reader(felt.level, considered.stance, believed.sure, queue, self.activity)
        shared = await self._sharing.decide(post, at_min=at_min, reader=reader, rng=rng)
        return PostRead(
            felt.level, considered.stance, believed.sure, shared.kind, minute=shared.minute
        )

    def take_post(self, item: PageItem, read: PostRead, *, at_min: int) -> None:
        """Let the person be changed by one post."""
        topic = item.post.topic
        self.emotion.feel(topic, read.emotion, at_min=at_min)
        self.stance.adopt(topic, self._considered(item, read))
        self.awareness.hear(
            item.post, trust=item.trust, channel="feed", at_min=at_min, sure=read.belief
        )

    def _considered(self, item: PageItem, read: PostRead) -> Considered:
        """Return the stance after a post, with the certainty that the rule gives it."""
        topic = item.post.topic
        sure = changed_certainty(
            self.stance.certainty(topic),
            self.stance.value(topic),
            [item.post.stance],
            [item.trust],
            parameters=self.stance.parameters,
        )
        return Considered(read.stance, float(sure), "read")
