"""What a conversation consists of: two speakers, what was said, and its effect on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mesa_llm_city.core.values import DecisionSource
from mesa_llm_city.population import Persona
from mesa_llm_city.social.tie import Outcome, Tie

__all__ = ["Conversation", "ConversationEffect", "Speaker", "Utterance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One of the two people in a conversation, with what only that person knows and feels.

    Parameters
    ----------
    persona : Persona
        The person.
    tie : Tie
        What the person believes about the other.
    mood : float, default 0.0
        Valence of the mood, in [-1, 1].
    needs : mapping of str to float, optional
        Levels of the person's needs by name, in [0, 1].
    memories : sequence of str, optional
        What the person remembers, the most relevant first. A prompt contains the first
        few (`ConversationParameters.prompt_memories`).
    thought : str, optional
        What the person is thinking of.
    """

    persona: Persona
    tie: Tie
    mood: float = 0.0
    needs: Mapping[str, float] = field(default_factory=dict)
    memories: Sequence[str] = ()
    thought: str = ""


class ConversationEffect(NamedTuple):
    """The effect of a conversation on one of the two people.

    Attributes
    ----------
    person : int
        Id of the person.
    outcome : Outcome
        How the conversation was for the person (see `Ties.meet`).
    mood : float
        Change of the valence of the mood, in [-1, 1].
    company : float
        How much of the social need the conversation meets, in [0, 1].
    """

    person: int
    outcome: Outcome
    mood: float
    company: float


class Utterance(NamedTuple):
    """What a person said; `person` is an id."""

    person: int
    text: str


class Conversation(NamedTuple):
    """A conversation that has ended.

    Attributes
    ----------
    first, second : ConversationEffect
        Effect on the person who began it, and on the other.
    topic : str
        What the two began to talk about.
    utterances : tuple of Utterance
        What was said; empty by rule.
    source : DecisionSource
        What made the conversation.
    reason : str
        The terms of the rule; by prompt, the last reason of each speaker.
    """

    first: ConversationEffect
    second: ConversationEffect
    topic: str
    utterances: tuple[Utterance, ...]
    source: DecisionSource
    reason: str
