"""What comes to a person about topics, and what the person makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mesa_llm_city.core.message import Message
from mesa_llm_city.parameters.society import EmotionParameters
from mesa_llm_city.social import (
    NOBODY,
    Belief,
    Considered,
    Felt,
    Post,
    PostKind,
    Shared,
)

__all__ = ["UNNUMBERED", "Delivered", "Opinion", "post_of"]

UNNUMBERED = -1
"""Number of what is said in a conversation, which is no post of the media."""


class Delivered(NamedTuple):
    """A post that has come to a person.

    Attributes
    ----------
    post : Post
        The post.
    channel : str
        How it came, such as ``"feed"`` or ``"in_person"``.
    source : str
        Who says it, if no person does: one of ``social.trust.sources`` or another name.
    is_broadcaster : bool
        Whether its author is a broadcaster (see `social.broadcasters`).
    queue : int
        Number of posts that are read together.
    may_share : bool
        Whether the person may pass it on; what is said in a conversation is only talked about.
    """

    post: Post
    channel: str
    source: str = ""
    is_broadcaster: bool = False
    queue: int = 1
    may_share: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return self._asdict() | {"post": self.post.to_json()}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Delivered:
        """Return what `to_json` has written."""
        return cls(**{**state, "post": Post.from_json(state["post"])})


class Opinion(NamedTuple):
    """What a person makes of a post; None for what the person has no component for.

    Attributes
    ----------
    delivered : Delivered
        The post, and how it came.
    trust : float
        Trust in whoever says it, in [0, 1].
    felt : Felt or None
        The emotion about its topic then.
    considered : Considered or None
        The stance on its topic then.
    belief : Belief or None
        How far its story is believed then.
    shared : Shared or None
        What the person does with it.
    """

    delivered: Delivered
    trust: float
    felt: Felt | None = None
    considered: Considered | None = None
    belief: Belief | None = None
    shared: Shared | None = None

    @property
    def post(self) -> Post:
        """The post."""
        return self.delivered.post


def post_of(message: Message, parameters: EmotionParameters) -> Delivered:
    """Return a message as a post that has come to a person.

    What somebody passes on is a forward by that person; the first to say it is a broadcaster.
    Without an intensity of its own a message is as intense as the danger that it tells of, and
    at least ``social.emotion.message_intensity``.

    Parameters
    ----------
    message : Message
        The message.
    parameters : EmotionParameters
        The intensity of messages.

    Examples
    --------
    >>> message = Message(
    ...     id=4, text="The bridge is closed", source="media", channel="radio", minute=600,
    ...     topic="bridge",
    ... )
    >>> delivered = post_of(message, EmotionParameters())
    >>> delivered.post.intensity, delivered.is_broadcaster, delivered.source
    (0.3, True, 'media')
    """
    usual = max(message.danger, parameters.message_intensity)
    kind = PostKind.FORWARD if message.passed else PostKind.POST
    post = Post(
        id=message.id,
        author=NOBODY if message.sender is None else message.sender,
        minute=message.minute,
        topic=message.topic,
        stance=message.stance,
        intensity=usual if message.intensity is None else message.intensity,
        kind=PostKind.CORRECTION if message.corrects else kind,
        depth=message.passed,
        text=message.text,
    )
    return Delivered(post, message.channel, message.source, is_broadcaster=not message.passed)
