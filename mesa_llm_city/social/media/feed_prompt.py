"""Reading a page of a feed by prompt: one question about all posts that are on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import BaseModel, Field, create_model

from mesa_llm_city.core.asking import ask
from mesa_llm_city.core.clock import clock_time
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Rating, Reason
from mesa_llm_city.social.media.feed_page import PageItem, PageRead, PostRead, TopicView
from mesa_llm_city.social.post import PostKind
from mesa_llm_city.social.post_facts import person_fact, stance_fact, tenths

__all__ = ["FeedPrompt", "FeedReply", "PostReaction", "ask_page", "feed_reply"]

_TEXT_LENGTH = 200
_FULL = 10.0
_NAMELESS = "somebody"
_NO_TEXT = "(no words)"
_OPTIONS: Mapping[PostKind | None, str] = {
    None: "nothing",
    PostKind.FORWARD: "forward it",
    PostKind.REPLY: "answer it",
    PostKind.POST: "write about it",
}


class PostReaction(BaseModel):
    """What a language model has a person make of one post of a page."""

    number: int = Field(ge=1)
    feeling: Rating
    stance: int = Field(ge=-10, le=10)
    belief: Rating
    choice: int = Field(ge=1)
    text: str = Field(max_length=_TEXT_LENGTH)


class FeedReply(BaseModel):
    """What a language model has a person make of a page."""

    reason: Reason
    reactions: list[PostReaction]


@lru_cache(maxsize=32)
def feed_reply(posts: int) -> type[FeedReply]:
    """Return the form of a reply about a page with so many posts.

    Examples
    --------
    >>> one = {"number": 1, "feeling": 2, "stance": 0, "belief": 5, "choice": 1, "text": ""}
    >>> feed_reply(1)(reason="dull", reactions=[one]).reactions[0].feeling
    2
    """
    reaction: Any = create_model(
        "PostReaction",
        __base__=PostReaction,
        number=(int, Field(ge=1, le=posts)),
        choice=(int, Field(ge=1, le=len(_OPTIONS))),
    )
    several = (list[reaction], Field(min_length=posts, max_length=posts))
    return create_model("FeedReply", __base__=FeedReply, reactions=several)


async def ask_page(
    page: Sequence[PageItem],
    views: Mapping[str, TopicView],
    *,
    at_min: int,
    persona: Persona | None,
    rng: np.random.Generator,
) -> PageRead:
    """Ask a language model what a person makes of a page (a thought).

    Parameters
    ----------
    page : sequence of PageItem
        The posts, in the order in which they are shown; at least one.
    views : mapping of str to TopicView
        What the person feels and thinks about each topic before.
    at_min : int
        When, in minutes.
    persona : Persona or None
        The person.
    rng : numpy.random.Generator
        Puts the options into an order, since language models prefer what comes first.

    Returns
    -------
    PageRead
        A `PostRead` for each post that the reply is about; of two about one post the first counts.
    """
    kinds = list(_OPTIONS)
    kinds = [kinds[row] for row in rng.permutation(len(kinds)).tolist()]
    reply = await ask(
        "feed",
        feed_reply(len(page)),
        person=person_fact(persona),
        time=clock_time(at_min),
        topics=[
            _view_fact(topic, views) for topic in dict.fromkeys(one.post.topic for one in page)
        ],
        page=[_item_fact(number, one, at_min) for number, one in enumerate(page, 1)],
        options=[_OPTIONS[kind] for kind in kinds],
    )
    reads: dict[int, PostRead] = {}
    for one in reply.reactions:
        reads.setdefault(one.number - 1, _read(one, kinds[one.choice - 1]))
    return PageRead(reads, reply.reason, DecisionSource.PROMPT)


class FeedPrompt:
    """Asks what a person makes of a page; the prompt form of `FeedReader.read`."""

    __slots__ = ()

    verb = "read"

    async def ask(
        self,
        rule: Any,  # noqa: ANN401 - a `FeedReader`, or what has its methods
        _: PageRead,
        page: Sequence[PageItem],
        *,
        at_min: int,
        persona: Persona | None = None,
        rng: np.random.Generator,
    ) -> PageRead | None:
        """Ask about a page (see `FeedReader.read`); None for an empty one."""
        if not page:
            return None
        views = {one.post.topic: rule.view(one.post.topic, at_min=at_min) for one in page}
        return await ask_page(page, views, at_min=at_min, persona=persona, rng=rng)


def _view_fact(topic: str, views: Mapping[str, TopicView]) -> dict[str, object]:
    view = views.get(topic, TopicView())
    return {
        "topic": topic,
        "feeling": tenths(view.emotion),
        "stance": stance_fact(view.stance),
        "belief": tenths(view.belief),
    }


def _item_fact(number: int, item: PageItem, at_min: int) -> dict[str, object]:
    post = item.post
    return {
        "number": number,
        "said_by": item.author or _NAMELESS,
        "followed": item.followed,
        "kind": str(post.kind),
        "topic": post.topic,
        "says": post.text or item.gist or _NO_TEXT,
        "label": post.label,
        "minutes_ago": max(at_min - post.minute, 0),
        "shares": item.shares,
    }


def _read(reaction: PostReaction, kind: PostKind | None) -> PostRead:
    return PostRead(
        emotion=reaction.feeling / _FULL,
        stance=reaction.stance / _FULL,
        belief=reaction.belief / _FULL,
        kind=kind,
        text=reaction.text.strip() if kind in {PostKind.REPLY, PostKind.POST} else "",
    )
