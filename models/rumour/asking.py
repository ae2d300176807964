"""What people make of messages if a language model is asked: the same parts, one by one."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from mesa_llm_city.models.rumour.flow import MessageFlow, Messages

from mesa_llm_city.core.streams import rng as stream
from mesa_llm_city.core.values import Float
from mesa_llm_city.population import Persona
from mesa_llm_city.prompts import Prompted, PromptForm
from mesa_llm_city.social.audience import SharedColumns
from mesa_llm_city.social.awareness import Awareness
from mesa_llm_city.social.awareness_formulas import support_for
from mesa_llm_city.social.awareness_prompt import BelievePrompt
from mesa_llm_city.social.emotion import Emotion
from mesa_llm_city.social.emotion_prompt import EmotionPrompt
from mesa_llm_city.social.post import Post, PostKind
from mesa_llm_city.social.sharing import SHARED_KINDS, Reader, Shared, Sharing
from mesa_llm_city.social.sharing_prompt import SharingPrompt
from mesa_llm_city.social.stance import Stance
from mesa_llm_city.social.stance_prompt import StancePrompt

__all__ = ["CORRECTED", "PROMPTS", "Asker", "ask_reactions", "ask_sharing"]

PROMPTS = ("feel", "consider", "believe", "share")
"""What can be asked about: emotion, stance, belief, and sharing."""

T = TypeVar("T")
C = TypeVar("C")

_CODES = {kind: code for code, kind in enumerate(SHARED_KINDS)}
_CHANNEL = "feed"

CORRECTED = "An official statement says that this is not true."
"""What an official correction says."""


class Asker(Protocol):
    """What asks: a `SocietyModel`."""

    def asks(self, prompt: str) -> bool:
        """Return whether a prompt is asked."""
        ...

    def prompted(self, prompt: str, rule: C, form: PromptForm) -> C | Prompted[C]:
        """Return a component as it decides."""
        ...

    def decide(self, people: Sequence[int], thoughts: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        """Let thoughts come to their values."""
        ...


class _Known:
    """The components of the people who read messages, as they are before it."""

    def __init__(
        self, flow: MessageFlow, messages: Messages, minute: int, personas: Sequence[Persona]
    ) -> None:
        self.flow, self.minute, self.personas = flow, minute, personas
        self.rows = messages.person.tolist()
        self.posts = [flow.posts[int(one)] for one in messages.post.tolist()]
        self.columns = flow.posts.topic[messages.post].tolist()
        self.trust = flow.trust(messages).tolist()

    def emotion(self, number: int) -> Emotion:
        audience, at = self.flow.audience, (self.rows[number], self.columns[number])
        emotion = Emotion(self.flow.parameters)
        since = int(audience.emotion_min[at])
        emotion.feel(self.posts[number].topic, float(audience.emotions[at]), at_min=since)
        return emotion

    def stance(self, number: int) -> Stance:
        audience, at = self.flow.audience, (self.rows[number], self.columns[number])
        stance, sure = Stance(self.flow.parameters), float(audience.certainties[at])
        stance.begin(self.posts[number].topic, float(audience.stances[at]), certainty=sure)
        return stance

    def awareness(self, number: int) -> Awareness:
        audience, at = self.flow.audience, (self.rows[number], self.columns[number])
        awareness = Awareness(self.flow.parameters)
        if audience.since_min[at] < 0:
            return awareness
        known = (
            *(int(audience.since_min[at]), int(audience.tellers[at]), _CHANNEL),
            *(int(audience.times[at]), int(audience.corrections[at])),
            *(float(audience.support[at]), float(audience.doubt[at])),
            int(audience.doubt_min[at]),
        )
        awareness.restore({"known": {self.posts[number].topic: known}, "short": [], "long": []})
        return awareness

    def remembered(self, number: int) -> tuple[str, ...]:
        """Return what a person remembers of the story in words."""
        audience, at = self.flow.audience, (self.rows[number], self.columns[number])
        text = self.flow.items[self.columns[number]].text
        story = (text,) if audience.times[at] and text else ()
        return (*story, CORRECTED) if audience.corrections[at] else story

    def facts(self, number: int) -> dict[str, Any]:
        """Return the facts that all prompts show."""
        return {
            "at_min": self.minute,
            "persona": self.personas[self.rows[number]] if self.personas else None,
            "author": self._author(self.posts[number]),
        }

    def _author(self, post: Post) -> str:
        if post.author < 0:
            return "the authorities"
        many = self.flow.is_broadcaster[post.author]
        return "an account that many follow" if many else "somebody the person follows"


def ask_reactions(
    asker: Asker,
    flow: MessageFlow,
    messages: Messages,
    noise: Float,
    *,
    minute: int,
    personas: Sequence[Persona] = (),
) -> None:
    """Let people hear messages; a language model says what it is asked about, rules the rest.

    Parameters
    ----------
    asker : Asker
        The model.
    flow : MessageFlow
        What people feel, think and believe; it changes.
    messages : Messages
        What they hear; nobody hears of an item twice in it.
    noise : ndarray of float64, shape (m,)
        Uniform numbers for the noise of stances.
    minute : int
        The present minute, counted from midnight of the first day.
    personas : sequence of Persona, optional
        Who the people are.
    """
    known = _Known(flow, messages, minute, personas)
    felt = _felt(asker, known) if asker.asks("feel") else None
    considered = _considered(asker, known) if asker.asks("consider") else None
    sure = _believed(asker, known) if asker.asks("believe") else None
    flow.hear(messages, noise, minute=minute)
    audience, at = flow.audience, (messages.person, flow.posts.topic[messages.post])
    if felt is not None:
        audience.emotions[at] = felt
    if considered is not None:
        audience.stances[at], audience.certainties[at] = considered
    if sure is not None:
        doubts, numbers = audience.doubt[at].tolist(), flow.parameters.social.awareness
        pairs = zip(sure, doubts, strict=True)
        audience.support[at] = [support_for(one, doubt, numbers) for one, doubt in pairs]


def ask_sharing(
    asker: Asker,
    flow: MessageFlow,
    messages: Messages,
    *,
    seed: int,
    purpose: str,
    minute: int,
    personas: Sequence[Persona] = (),
) -> tuple[SharedColumns, list[str]]:
    """Return what people do with messages that they have heard, and in which words.

    Parameters
    ----------
    asker, flow, messages, minute, personas
        As for `ask_reactions`.
    seed : int
        Seed of the run.
    purpose : str
        Purpose of the random numbers; the rule takes the same as over columns.
    """
    known, sharing = _Known(flow, messages, minute, personas), Sharing(flow.parameters)
    decides = asker.prompted("share", sharing, SharingPrompt(flow.parameters))
    cells, eager = flow.cells(messages).tolist(), flow.eagerness(messages).tolist()

    def thought(number: int) -> Coroutine[Any, Any, Shared]:
        post = known.posts[number]
        rng = stream(seed, cells[number], purpose, minute)
        rng.random()  # the first is the noise of the stance
        return decides.decide(
            post,
            **known.facts(number),
            reader=_reader(known, number, eager[number]),
            is_broadcaster=bool(flow.is_broadcaster[post.author]),
            rng=rng,
        )

    found = asker.decide(known.rows, map(thought, range(len(known.rows))))
    columns = SharedColumns(
        np.array([-1 if one.kind is None else _CODES[one.kind] for one in found]),
        np.array([one.stance for one in found]),
        np.array([one.intensity for one in found]),
        np.array([one.minute for one in found]),
        np.array([one.probability for one in found]),
    )
    return columns, [_own_words(one) for one in found]


def _felt(asker: Asker, known: _Known) -> list[float]:
    thoughts = [
        asker.prompted("feel", known.emotion(number), EmotionPrompt()).react(
            post, trust=known.trust[number], **known.facts(number)
        )
        for number, post in enumerate(known.posts)
    ]
    return [one.level for one in asker.decide(known.rows, thoughts)]


def _considered(asker: Asker, known: _Known) -> tuple[list[float], list[float]]:
    thoughts = [
        asker.prompted("consider", known.stance(number), StancePrompt()).consider(
            post,
            trust=known.trust[number],
            emotion=str(known.emotion(number).word(post.topic, at_min=known.minute)),
            known=known.remembered(number),
            **known.facts(number),
        )
        for number, post in enumerate(known.posts)
    ]
    found = asker.decide(known.rows, thoughts)
    return [one.stance for one in found], [one.certainty for one in found]


def _believed(asker: Asker, known: _Known) -> list[float]:
    thoughts = [
        asker.prompted("believe", known.awareness(number), BelievePrompt()).believe(
            post, trust=known.trust[number], channel=_CHANNEL, **known.facts(number)
        )
        for number, post in enumerate(known.posts)
    ]
    return [one.sure for one in asker.decide(known.rows, thoughts)]


def _reader(known: _Known, number: int, activity: float) -> Reader:
    post, minute = known.posts[number], known.minute
    stance = known.stance(number)
    return Reader(
        emotion=known.emotion(number).level(post.topic, at_min=minute),
        stance=stance.value(post.topic),
        belief=known.awareness(number).belief(post.topic, at_min=minute),
        activity=activity,
        known=known.remembered(number),
    )


def _own_words(shared: Shared) -> str:
    """Return words of one's own; a forward shows those that it passes on."""
    return "" if shared.kind in {None, PostKind.FORWARD} else shared.text
