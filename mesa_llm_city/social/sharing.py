"""Sharing: whether a person forwards a message, answers it, posts about it, or does nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import SharingParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.emotion import LEVELS, emotion_code
from mesa_llm_city.social.post import Post, PostKind
from mesa_llm_city.social.sharing_formulas import (
    after_waking,
    base_probability,
    share_delay_min,
    share_probability,
)
from mesa_llm_city.social.stance import stance_word

__all__ = ["ANY_READER", "SHARED_KINDS", "Reader", "Shared", "Sharing", "share_kind"]

SHARED_KINDS = (PostKind.FORWARD, PostKind.REPLY, PostKind.POST)
"""The forms of sharing, in the order of their codes."""


class Reader(NamedTuple):
    """What a person who reads a message brings to it.

    Attributes
    ----------
    emotion : float
        Emotion about the topic, in [0, 1].
    stance : float
        Stance on the topic, in [-1, 1].
    belief : float
        How sure the person is that it is true, in [0, 1].
    queue : int
        Number of messages that are read together.
    activity : float
        How active the person is, as a multiple of the mean (see `activity_of`).
    known : tuple of str
        What the person remembers of the topic.
    """

    emotion: float = 0.0
    stance: float = 0.0
    belief: float = 1.0
    queue: int = 1
    activity: float = 1.0
    known: tuple[str, ...] = ()


ANY_READER = Reader()
"""A reader who is calm and undecided, and believes what is read."""


class Shared(NamedTuple):
    """What a person does with a message.

    Attributes
    ----------
    kind : PostKind or None
        A forward, a reply or a post; None for nothing.
    stance, intensity : float
        What it says.
    text : str
        What it says in words; that of the message if it is forwarded.
    minute : int
        When, in minutes; also told if nothing is shared.
    probability : float
        How likely sharing was by rule.
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    kind: PostKind | None
    stance: float
    intensity: float
    text: str
    minute: int
    probability: float
    reason: str
    source: DecisionSource = DecisionSource.RULE

    def post(self, read: Post, id: int, *, author: int) -> Post:  # noqa: A002 - the name of the field
        """Return the post that the person makes of the one that was read.

        Parameters
        ----------
        read : Post
            What was read.
        id : int
            Number of the new post.
        author : int
            Id of the person.

        Raises
        ------
        ValueError
            If nothing is shared.
        """
        if self.kind is None:
            message = f"nothing is made of post {read.id}; look at the kind first"
            raise ValueError(message)
        return read.shared(
            id,
            author=author,
            minute=self.minute,
            kind=self.kind,
            stance=self.stance,
            intensity=self.intensity,
            text=self.text,
        )


def share_kind(uniform: ArrayLike, parameters: SharingParameters) -> Int:
    """Return the forms in which messages are shared, as codes of `SHARED_KINDS`.

    Examples
    --------
    >>> share_kind([0.0, 0.8, 0.95], SharingParameters())
    array([0, 1, 2])
    """
    drawn = np.asarray(uniform, dtype=np.float64)
    beyond = np.array([parameters.forward, parameters.forward + parameters.reply])
    return np.asarray((drawn[..., np.newaxis] >= beyond).sum(axis=-1), dtype=np.int64)


class Sharing(Stateless):
    """Decides whether a message that a person reads is passed on, in which form and when.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads `social.sharing`, and the words of `social.emotion` and `social.stance`.

    Attributes
    ----------
    parameters : SharingParameters
        Probabilities, weights and delays.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> from mesa_llm_city.core.streams import rng
    >>> news = Post(id=0, author=3, minute=600, topic="bridge", text="The bridge is closed")
    >>> thought = Sharing().decide(news, at_min=600, is_broadcaster=True, rng=rng(1, 5, "s", 0))
    >>> shared = run(thought)
    >>> shared.probability, shared.kind
    (0.3, <PostKind.FORWARD: 'forward'>)
    """

    __slots__ = ("_tree", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        self._tree = default_parameters() if parameters is None else parameters
        self.parameters: SharingParameters = self._tree.social.sharing

    async def decide(
        self,
        post: Post,
        *,
        at_min: int,
        reader: Reader = ANY_READER,
        is_broadcaster: bool = False,
        persona: Persona | None = None,  # noqa: ARG002 - for the prompt form
        author: str = "",  # noqa: ARG002 - for the prompt form
        rng: np.random.Generator,
    ) -> Shared:
        """Return what a person does with a post (a thought; see `share_probability`).

        A reply and a post of one's own say what the person feels and thinks; a forward says
        what was read.

        Parameters
        ----------
        post : Post
            What is read.
        at_min : int
            When, in minutes.
        reader : Reader
            What the person brings to it.
        is_broadcaster : bool, default False
            Whether its author is a broadcaster (see `broadcasters`).
        persona : Persona, optional
            The person.
        author : str
            Who says it, in words.
        rng : numpy.random.Generator
            Random numbers of this thought.
        """
        numbers = self.parameters
        shares, form, wait = rng.random(3).tolist()
        likely = float(self.probability(post, reader, is_broadcaster=is_broadcaster))
        delay = share_delay_min(wait, numbers)
        minute = int(after_waking(at_min, delay, numbers))
        kind = SHARED_KINDS[int(share_kind(form, numbers))] if shares < likely else None
        reason = f"shares at {likely:.3f}, emotion {reader.emotion:.2f}"
        return self.content(Shared(kind, 0.0, 0.0, "", minute, likely, reason), post, reader)

    def probability(self, post: Post, reader: Reader, *, is_broadcaster: bool = False) -> float:
        """Return how likely a person shares a post by rule."""
        numbers = self.parameters
        return float(
            share_probability(
                base_probability(post.depth, is_broadcaster, numbers),
                intensity=post.intensity,
                emotion=reader.emotion,
                distance=abs(reader.stance - post.stance),
                queue=reader.queue,
                activity=reader.activity,
                belief=reader.belief,
                labelled=post.is_labelled,
                parameters=numbers,
            )
        )

    def content(self, shared: Shared, post: Post, reader: Reader) -> Shared:
        """Return what is shared with its content by rule."""
        if shared.kind in {None, PostKind.FORWARD}:
            return shared._replace(stance=post.stance, intensity=post.intensity, text=post.text)
        words = self.words(post.topic, reader)
        return shared._replace(stance=reader.stance, intensity=reader.emotion, text=words)

    def words(self, topic: str, reader: Reader) -> str:
        """Return what a person says about a topic by rule, such as in a reply."""
        stance = stance_word(reader.stance, self._tree.social.stance)
        return f"About {topic}: {stance}, {self.emotion_word(reader)}"

    def emotion_word(self, reader: Reader) -> str:
        """Return what a person feels about a topic in a word."""
        return str(LEVELS[int(emotion_code(reader.emotion, self._tree.social.emotion))])
