"""Awareness: who told a person what, when and by which way, and how far it is believed.

Messages of the day are in short memory; in the evening they are merged into long memory, as in
FPS [1]_. Belief is a logit: tellings support it, corrections cast doubt on it, which fades.

References
----------
.. [1] Liu et al. (2024), From skepticism to acceptance: simulating the attitude dynamics
   toward fake news. arXiv:2403.09498.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mesa_llm_city.core.component import State
from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import AwarenessParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.awareness_formulas import (
    belief_of,
    doubt_added,
    doubt_left,
    support_added,
    support_for,
)
from mesa_llm_city.social.news_memory import (
    HeardItem,
    Remembered,
    by_topic,
    merged_memory,
    summary,
)
from mesa_llm_city.social.post import Post

__all__ = ["Awareness", "Belief", "Consolidated", "Known"]

_NONE: Mapping[str, float] = MappingProxyType({})


class Belief(NamedTuple):
    """How far a person believes the story of a topic after a message.

    Attributes
    ----------
    sure : float
        How sure the person is that it is true, in [0, 1].
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    sure: float
    reason: str
    source: DecisionSource = DecisionSource.RULE


class Known(NamedTuple):
    """What a person knows of the story of a topic.

    Attributes
    ----------
    since_min : int
        When it was first heard of, in minutes.
    teller : int
        Id of whoever told it first; -1 for no person.
    channel : str
        How it came first.
    times : int
        How often it was told.
    corrections : int
        How often it was corrected.
    support : float
        Sum of what tellings have added to the logit of belief.
    doubt : float
        What corrections have taken from it, at `doubt_min`.
    doubt_min : int
        When, in minutes.
    """

    since_min: int
    teller: int
    channel: str
    times: int = 0
    corrections: int = 0
    support: float = 0.0
    doubt: float = 0.0
    doubt_min: int = 0


class Consolidated(NamedTuple):
    """What is left of a day in long memory.

    Attributes
    ----------
    entries : tuple of Remembered
        All of long memory from then on.
    reason : str
        What was done, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    beliefs : mapping of str to float
        How sure the person is of some topics, if thinking it over has changed that.
    """

    entries: tuple[Remembered, ...]
    reason: str
    source: DecisionSource = DecisionSource.RULE
    beliefs: Mapping[str, float] = _NONE


class Awareness:
    """What one person has heard, believes and remembers of any number of topics.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `social.awareness` is read; the defaults if not given.

    Attributes
    ----------
    parameters : AwarenessParameters
        How belief changes, and how much is remembered.

    Examples
    --------
    >>> awareness = Awareness()
    >>> rumour = Post(id=0, author=3, minute=600, topic="bridge", text="The bridge is closed")
    >>> awareness.hear(rumour, trust=1.0, channel="feed", at_min=600)
    >>> round(awareness.belief("bridge", at_min=600), 2), awareness.known("bridge").teller
    (0.62, 3)
    >>> denial = Post(id=1, author=-1, minute=700, topic="bridge", kind="correction")
    >>> awareness.hear(denial, trust=1.0, channel="radio", at_min=700)
    >>> round(awareness.belief("bridge", at_min=700), 2)
    0.38
    """

    __slots__ = ("_known", "_long", "_short", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: AwarenessParameters = tree.social.awareness
        self._known: dict[str, Known] = {}
        self._short: deque[HeardItem] = deque(maxlen=self.parameters.short_items)
        self._long: tuple[Remembered, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics of which the person knows, in the order of the first time."""
        return tuple(self._known)

    @property
    def short_memory(self) -> tuple[HeardItem, ...]:
        """Messages since the last evening, oldest first."""
        return tuple(self._short)

    @property
    def long_memory(self) -> tuple[Remembered, ...]:
        """What is left of earlier days."""
        return self._long

    def known(self, topic: str) -> Known | None:
        """Return what the person knows of a topic; None for nothing."""
        return self._known.get(topic)

    def belief(self, topic: str, *, at_min: int) -> float:
        """Return how sure the person is of the story of a topic; 0 if it is not known."""
        known = self._known.get(topic)
        if known is None:
            return 0.0
        doubt = self._doubt(known, at_min)
        return float(belief_of(known.support, doubt, self.parameters))

    def remembered(self, topic: str) -> tuple[str, ...]:
        """Return what the person remembers of a topic in words, oldest first."""
        long = [one.text for one in self._long if one.topic == topic]
        short = [one.text for one in self._short if one.topic == topic and one.text]
        texts = [*long, *short]
        return tuple(texts[max(len(texts) - self.parameters.told, 0) :])

    async def believe(
        self,
        post: Post,
        *,
        at_min: int,
        trust: float = 1.0,
        channel: str = "",  # noqa: ARG002 - for the prompt form
        persona: Persona | None = None,  # noqa: ARG002 - for the prompt form
        author: str = "",  # noqa: ARG002 - for the prompt form
    ) -> Belief:
        """Return how far a person believes the story of a post after it (a thought).

        Parameters
        ----------
        post : Post
            What is heard or read.
        at_min : int
            When, in minutes.
        trust : float, default 1
            Trust in whoever says it, in [0, 1].
        channel : str
            How it comes.
        persona : Persona, optional
            The person.
        author : str
            Who says it, in words.
        """
        after = self._after(post, trust=trust, channel="", at_min=at_min)
        sure = float(belief_of(after.support, after.doubt, self.parameters))
        heard = f"told {after.times} times, corrected {after.corrections} times"
        return Belief(sure, f"{heard}, trust {trust:.2f}")

    def hear(
        self,
        post: Post,
        *,
        trust: float = 1.0,
        channel: str,
        at_min: int,
        sure: float | None = None,
    ) -> None:
        """Note a post: what it does to belief, and that it was heard.

        Parameters
        ----------
        post : Post
            What is heard or read.
        trust : float, default 1
            Trust in whoever says it, in [0, 1].
        channel : str
            How it comes.
        at_min : int
            When, in minutes.
        sure : float, optional
            How sure the person is after it, in [0, 1], if that has been decided by prompt; the
            rule by default.
        """
        after = self._after(post, trust=trust, channel=channel, at_min=at_min)
        if sure is not None:
            after = after._replace(support=support_for(sure, after.doubt, self.parameters))
        self._known[post.topic] = after
        self._short.append(HeardItem.of(post, at_min=at_min))

    async def consolidate(
        self,
        *,
        at_min: int,
        persona: Persona | None = None,  # noqa: ARG002 - for the prompt form
    ) -> Consolidated:
        """Return long memory with the day in it (a thought of the evening; see `summary`)."""
        new = [summary(items) for items in by_topic(self._short).values()]
        entries = merged_memory(self._long, new, at_min=at_min, parameters=self.parameters)
        return Consolidated(entries, f"{len(self._short)} messages of {len(new)} topics")

    def keep(self, consolidated: Consolidated, *, at_min: int) -> None:
        """Take over long memory, and forget the messages of the day."""
        self._long = tuple(consolidated.entries)
        self._short.clear()
        for topic, sure in consolidated.beliefs.items():
            if (known := self._known.get(topic)) is not None:
                support = support_for(sure, self._doubt(known, at_min), self.parameters)
                self._known[topic] = known._replace(support=support)

    def state(self) -> State:
        """Return what is known and remembered."""
        return {
            "known": {topic: list(one) for topic, one in self._known.items()},
            "short": [list(one) for one in self._short],
            "long": [list(one) for one in self._long],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._known = {str(topic): Known(*one) for topic, one in state["known"].items()}
        self._short.clear()
        self._short.extend(HeardItem(*one) for one in state["short"])
        self._long = tuple(Remembered(*one) for one in state["long"])

    def _doubt(self, known: Known, at_min: int) -> float:
        return float(doubt_left(known.doubt, at_min - known.doubt_min, self.parameters))

    def _after(self, post: Post, *, trust: float, channel: str, at_min: int) -> Known:
        """Return what is known of the topic of a post after it."""
        numbers = self.parameters
        before = self._known.get(post.topic, Known(at_min, post.author, channel))
        doubt = self._doubt(before, at_min) + float(
            doubt_added(post.is_correction, post.is_labelled, trust, numbers)
        )
        after = before._replace(doubt=doubt, doubt_min=at_min)
        if post.is_correction:
            return after._replace(corrections=before.corrections + 1)
        added = float(support_added(before.times, trust, numbers))
        return after._replace(times=before.times + 1, support=before.support + added)
