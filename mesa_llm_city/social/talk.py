"""What a conversation is made of: two speakers, what each made of it, and the constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.population import Persona
from mesa_llm_city.social.tie import Outcome, Tie

__all__ = [
    "Conversation",
    "ConversationConfig",
    "Side",
    "Speaker",
    "Utterance",
    "conversation_quality",
    "outcome_code",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One of the two in a conversation, with what is hers alone.

    Parameters
    ----------
    persona : Persona
        Who.
    tie : Tie
        What she believes about the other.
    mood : float, default 0.0
        Valence, in [-1, 1].
    needs : mapping of str to float, optional
        Levels of her needs, in [0, 1].
    memories : sequence of str, optional
        What she remembers, the most fitting first; the first five are told.
    thought : str, optional
        What is on her mind.
    """

    persona: Persona
    tie: Tie
    mood: float = 0.0
    needs: Mapping[str, float] = field(default_factory=dict)
    memories: Sequence[str] = ()
    thought: str = ""


class Side(NamedTuple):
    """What a conversation was to one of the two.

    Attributes
    ----------
    person : int
        Id.
    outcome : Outcome
        How it was, for `Ties.meet`.
    mood : float
        Change of valence, in [-1, 1].
    company : float
        How much of the social need it has met, in [0, 1].
    """

    person: int
    outcome: Outcome
    mood: float
    company: float


class Utterance(NamedTuple):
    """What a person has said."""

    person: int
    text: str


class Conversation(NamedTuple):
    """A conversation that has come to its end.

    Attributes
    ----------
    first, second : Side
        Of the one who began, and of the other.
    topic : str
        What they meant to talk about.
    utterances : tuple of Utterance
        What was said; empty under rules, which invent no prose.
    source : DecisionSource
        Who made it.
    reason : str
        The terms that decided; by prompt, the last reason of each.
    """

    first: Side
    second: Side
    topic: str
    utterances: tuple[Utterance, ...]
    source: DecisionSource
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationConfig:
    """Length and effect of conversations; the paper names no constants.

    Parameters
    ----------
    turns : int, default 4
        How many utterances there are at most, by both together; each is one
        question to a language model.
    words_above : float, default 0.45
        A language model is asked only if the scores of both ties, on average,
        reach this; else the rule decides. So acquaintances exchange a word by
        rule, while colleagues, friends and family talk. 0 asks always.
    words_share : float, default 1.0
        Share of these conversations that a language model speaks, drawn by luck;
        the others follow the rule. It bounds what talkative people cost.
    constant, affinity, interests, mood, luck : float
        Weights of the terms of `conversation_quality`. The positive constant
        makes negative encounters rare; assumptions.
    positive_above, negative_below : float
        Quality from which up, and down, an outcome is positive or negative;
        assumptions.
    mood_weight : float, default 0.3
        Greatest change of valence; an assumption.
    company : triple, default (0.3, 0.15, 0.0)
        How much of the social need a positive, a neutral and a negative
        conversation meet. A good one counts like half an hour of an activity
        for company; an assumption.

    Raises
    ------
    ConfigError
        If a number lies outside its range.
    """

    turns: int = 4
    words_above: float = 0.45
    words_share: float = 1.0
    constant: float = 0.15
    affinity: float = 0.4
    interests: float = 0.2
    mood: float = 0.2
    luck: float = 0.3
    positive_above: float = 0.2
    negative_below: float = -0.5
    mood_weight: float = 0.3
    company: tuple[float, float, float] = (0.3, 0.15, 0.0)

    def __post_init__(self) -> None:
        """Check ranges."""
        if self.turns < 2:
            message = f"turns must be at least 2, so that both can speak, got {self.turns}"
            raise ConfigError(message)
        if self.negative_below >= self.positive_above:
            message = (
                f"negative_below must be less than positive_above, got {self.negative_below} "
                f"and {self.positive_above}"
            )
            raise ConfigError(message)
        shares = {name: getattr(self, name) for name in ("words_above", "words_share")}
        shares["mood_weight"] = self.mood_weight
        shares |= {f"company[{row}]": share for row, share in enumerate(self.company)}
        for name, share in shares.items():
            if not 0.0 <= share <= 1.0:
                message = f"{name} must lie in [0, 1], got {share}"
                raise ConfigError(message)


def conversation_quality(
    affinity: ArrayLike,
    interests: ArrayLike,
    mood: ArrayLike,
    luck: ArrayLike,
    *,
    config: ConversationConfig,
) -> Float:
    """Return how good a conversation is for one of the two.

    ``constant + affinity (2 a - 1) + interests (2 i - 1) + mood m + luck z``,
    cut to [-1, 1]. The paper extracts it from the words of a language model
    (appendix A.1.2); the form of the rule is an assumption.

    Parameters
    ----------
    affinity : array_like
        Of the tie to the other, in [0, 1].
    interests : array_like
        What the two have in common, in [0, 1] (see `shared_interests`).
    mood : array_like
        Valence, in [-1, 1].
    luck : array_like
        Standard-normal numbers.
    config : ConversationConfig
        Weights.

    Returns
    -------
    ndarray of float64
        Quality in [-1, 1]; all inputs broadcast.

    Examples
    --------
    >>> conversation_quality([0.8, 0.3], 0.5, 0.0, 0.0, config=ConversationConfig()).round(2)
    array([ 0.39, -0.01])
    """
    quality = (
        config.constant
        + config.affinity * (2.0 * np.asarray(affinity, dtype=np.float64) - 1.0)
        + config.interests * (2.0 * np.asarray(interests, dtype=np.float64) - 1.0)
        + config.mood * np.asarray(mood, dtype=np.float64)
        + config.luck * np.asarray(luck, dtype=np.float64)
    )
    return np.minimum(np.maximum(quality, -1.0), 1.0)


def outcome_code(quality: ArrayLike, *, config: ConversationConfig) -> Int:
    """Return the position in `Outcome` of what a conversation of some quality comes to.

    Parameters
    ----------
    quality : array_like
        In [-1, 1] (see `conversation_quality`).
    config : ConversationConfig
        Where positive begins and negative ends.

    Returns
    -------
    ndarray of int64
        0 for positive, 1 for neutral, 2 for negative.

    Examples
    --------
    >>> outcome_code([0.39, 0.0, -0.61], config=ConversationConfig())
    array([0, 1, 2])
    """
    good = np.asarray(quality, dtype=np.float64)
    return np.where(good >= config.positive_above, 0, np.where(good <= config.negative_below, 2, 1))
