"""Feeds and the components of citizens about topics: emotion, stance, awareness, sharing."""

from __future__ import annotations

from collections.abc import Iterable

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.citizen.opinion import Opinion
from mesa_llm_city.social.media import PostRead, TopicView
from mesa_llm_city.social.post import Post
from mesa_llm_city.social.stance import Considered, changed_certainty

__all__ = ["FEED", "post_read", "take_over", "views_of"]

FEED = "feed"
"""Channel of what is read in feeds."""


def views_of(citizen: Citizen, topics: Iterable[str], *, at_min: int) -> dict[str, TopicView]:
    """Return what a citizen feels, thinks and believes by their components; empty without any."""
    parts = citizen.components
    if parts.emotion is None and parts.stance is None and parts.awareness is None:
        return {}
    return {topic: _view(citizen, topic, at_min) for topic in topics}


def post_read(opinion: Opinion, citizen: Citizen, *, at_min: int) -> PostRead:
    """Return an opinion on a post as what the media keep of it."""
    view, shared = _view(citizen, opinion.post.topic, at_min), opinion.shared
    kind = None if shared is None else shared.kind
    if shared is None or kind is None:
        return PostRead(view.emotion, view.stance, view.belief, None)
    return PostRead(view.emotion, view.stance, view.belief, kind, shared.text, shared.minute)


def take_over(citizen: Citizen, post: Post, read: PostRead, *, trust: float, at_min: int) -> None:
    """Let the components of a citizen become what a language model says about a post."""
    parts, topic = citizen.components, post.topic
    if parts.emotion is not None:
        parts.emotion.feel(topic, read.emotion, at_min=at_min)
    if parts.stance is not None:
        # A reply says nothing of certainty, so it changes as by rule.
        sure = changed_certainty(
            parts.stance.certainty(topic),
            parts.stance.value(topic),
            [post.stance],
            [trust],
            parameters=parts.stance.parameters,
        )
        parts.stance.adopt(topic, Considered(read.stance, float(sure), "read in a feed"))
    if parts.awareness is not None:
        parts.awareness.hear(post, trust=trust, channel=FEED, at_min=at_min, sure=read.belief)


def _view(citizen: Citizen, topic: str, at_min: int) -> TopicView:
    parts = citizen.components
    return TopicView(
        0.0 if parts.emotion is None else parts.emotion.level(topic, at_min=at_min),
        0.0 if parts.stance is None else parts.stance.value(topic),
        0.0 if parts.awareness is None else parts.awareness.belief(topic, at_min=at_min),
    )
