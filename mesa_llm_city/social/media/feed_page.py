"""A page of a feed as one person sees it, and what the person makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.emotion import LEVELS, emotion_code
from mesa_llm_city.social.post import Post, PostKind
from mesa_llm_city.social.stance import stance_word

__all__ = ["PageItem", "PageRead", "PostRead", "TopicView", "gist"]


class PageItem(NamedTuple):
    """A post on a page.

    Attributes
    ----------
    post : Post
        The post.
    author : str
        Who says it, in words; empty for somebody unknown.
    followed : bool
        Whether the reader follows the author.
    trust : float
        Trust in the author, in [0, 1].
    shares : int
        How often it was forwarded, if that is shown.
    gist : str
        What it says in a few words, shown if it has no text of its own.
    """

    post: Post
    author: str = ""
    followed: bool = False
    trust: float = 1.0
    shares: int = 0
    gist: str = ""


class TopicView(NamedTuple):
    """What a person feels, thinks and believes about a topic.

    Attributes
    ----------
    emotion : float
        In [0, 1].
    stance : float
        In [-1, 1].
    belief : float
        How sure the person is of its story, in [0, 1].
    """

    emotion: float = 0.0
    stance: float = 0.0
    belief: float = 0.0


class PostRead(NamedTuple):
    """What a person makes of a post.

    Attributes
    ----------
    emotion, stance, belief : float
        About its topic afterwards, as in `TopicView`.
    kind : PostKind or None
        How the person passes it on; None for not at all.
    text : str
        Words of a reply or a post of one's own; empty for those of the rule.
    minute : int or None
        When it is passed on; None if somebody else decides that.
    """

    emotion: float
    stance: float
    belief: float
    kind: PostKind | None
    text: str = ""
    minute: int | None = None


class PageRead(NamedTuple):
    """What a person makes of a page.

    Attributes
    ----------
    reads : mapping of int to PostRead
        By place on the page, from 0.
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    reads: Mapping[int, PostRead]
    reason: str
    source: DecisionSource = DecisionSource.RULE


def gist(post: Post, parameters: CityParameters) -> str:
    """Return what a post says in a few words, for one without a text of its own.

    Examples
    --------
    >>> post = Post(id=0, author=1, minute=0, topic="bridge", stance=-0.9, intensity=0.7)
    >>> gist(post, CityParameters())
    'strongly against it, intense'
    """
    level = LEVELS[int(emotion_code(post.intensity, parameters.social.emotion))]
    return f"{stance_word(post.stance, parameters.social.stance)}, {level}"
