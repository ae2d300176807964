"""Emotion about topics: calm, moderate or intense, raised by messages and fading with time.

The three levels, the topics and the fading are those of S3 [1]_; the size of emotion and the
formulas are assumptions, since S3 leaves both to a language model.

References
----------
.. [1] Gao et al. (2023), S3: Social-network Simulation System with Large Language
   Model-Empowered Agents. arXiv:2307.14984.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import EmotionParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.post import Post

__all__ = [
    "LEVELS",
    "Emotion",
    "EmotionLevel",
    "Felt",
    "emotion_code",
    "emotional_density",
    "faded",
    "roused",
]


class EmotionLevel(StrEnum):
    """How strong an emotion is."""

    CALM = "calm"
    MODERATE = "moderate"
    INTENSE = "intense"


LEVELS = tuple(EmotionLevel)
"""The levels in the order of their codes."""


def faded(level: ArrayLike, hours: ArrayLike, half_life_h: float) -> Float:
    """Return an emotion that has faded for some hours: ``level 2 ** (-hours / half_life)``.

    Parameters
    ----------
    level : array_like
        Emotion before, in [0, 1].
    hours : array_like
        Time passed, in hours.
    half_life_h : float
        Time in which half of it goes, in hours.

    Returns
    -------
    ndarray of float64
        All inputs broadcast.

    Examples
    --------
    >>> faded([0.8, 0.8], [0.0, 48.0], half_life_h=24.0)
    array([0.8, 0.2])
    """
    passed = np.maximum(np.asarray(hours, dtype=np.float64), 0.0)
    return np.asarray(level, dtype=np.float64) * np.exp2(-passed / half_life_h)


def roused(
    level: ArrayLike, intensity: ArrayLike, *, trust: ArrayLike, relevance: ArrayLike, gain: float
) -> Float:
    """Return an emotion after a message: ``e + gain intensity relevance trust (1 - e)``.

    Parameters
    ----------
    level : array_like
        Emotion before, in [0, 1].
    intensity : array_like
        How emotional the message is, in [0, 1].
    trust : array_like
        Trust in whoever says it, in [0, 1].
    relevance : array_like
        How much the topic concerns the person, in [0, 1].
    gain : float
        Share of the distance to 1 that is gone when all three are 1.

    Returns
    -------
    ndarray of float64
        Emotion in [0, 1]; all inputs broadcast.

    Examples
    --------
    >>> roused([0.0, 0.5], 1.0, trust=1.0, relevance=1.0, gain=0.6)
    array([0.6, 0.8])
    """
    before = np.asarray(level, dtype=np.float64)
    push = np.asarray(intensity, dtype=np.float64) * np.asarray(relevance, dtype=np.float64)
    return before + gain * push * np.asarray(trust, dtype=np.float64) * (1.0 - before)


def emotion_code(level: ArrayLike, parameters: EmotionParameters) -> Int:
    """Return the codes of emotions: 0 for calm, 1 for moderate, 2 for intense.

    Examples
    --------
    >>> emotion_code([0.0, 0.4, 0.9], EmotionParameters())
    array([0, 1, 2])
    """
    values = np.asarray(level, dtype=np.float64)
    moderate = values >= parameters.moderate_above
    intense = values >= parameters.intense_above
    return np.asarray(moderate, dtype=np.int64) + np.asarray(intense, dtype=np.int64)


def emotional_density(level: ArrayLike, parameters: EmotionParameters) -> float:
    """Return the share of people who are not calm, the emotional density of S3.

    Parameters
    ----------
    level : array_like, shape (n,)
        Emotion of everybody, also of those who have heard nothing, in [0, 1].
    parameters : EmotionParameters
        Where the levels begin.

    Examples
    --------
    >>> emotional_density([0.0, 0.1, 0.5, 0.9], EmotionParameters())
    0.5
    """
    codes = emotion_code(level, parameters)
    return float(np.count_nonzero(codes) / codes.size) if codes.size else 0.0


class Felt(NamedTuple):
    """What a person feels about a topic after a message.

    Attributes
    ----------
    level : float
        The emotion then, in [0, 1].
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    level: float
    reason: str
    source: DecisionSource = DecisionSource.RULE


class Emotion:
    """The emotions of one person about topics.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `social.emotion` is read; the defaults if not given.

    Attributes
    ----------
    parameters : EmotionParameters
        How messages raise emotions, and how they fade.

    Examples
    --------
    >>> emotion = Emotion()
    >>> emotion.feel("bridge", 0.8, at_min=600)
    >>> emotion.word("bridge", at_min=600), emotion.word("bridge", at_min=600 + 2 * 1440)
    (<EmotionLevel.INTENSE: 'intense'>, <EmotionLevel.CALM: 'calm'>)
    """

    __slots__ = ("_levels", "parameters")

    def __init__(self, parameters: CityParameters | None = None) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: EmotionParameters = tree.social.emotion
        self._levels: dict[str, tuple[float, int]] = {}

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics about which something has been felt, in the order of the first time."""
        return tuple(self._levels)

    def level(self, topic: str, *, at_min: int) -> float:
        """Return the emotion about a topic at a minute, in [0, 1]."""
        level, since = self._levels.get(topic, (0.0, at_min))
        hours = (at_min - since) / HOUR_MIN
        return float(faded(level, hours, self.parameters.half_life_h))

    def word(self, topic: str, *, at_min: int) -> EmotionLevel:
        """Return the level of the emotion about a topic in a word."""
        code = emotion_code(self.level(topic, at_min=at_min), self.parameters)
        return LEVELS[int(code)]

    async def react(
        self,
        post: Post,
        *,
        at_min: int,
        trust: float = 1.0,
        relevance: float | None = None,
        persona: Persona | None = None,  # noqa: ARG002 - for the prompt form
        author: str = "",  # noqa: ARG002 - for the prompt form
    ) -> Felt:
        """Return what a person feels after a post (a thought; see `roused`).

        Parameters
        ----------
        post : Post
            What is heard or read.
        at_min : int
            When, in minutes.
        trust : float, default 1
            Trust in whoever says it, in [0, 1].
        relevance : float, optional
            How much the topic concerns the person, in [0, 1]; ``social.emotion.relevance`` by
            default.
        persona : Persona, optional
            The person.
        author : str
            Who says it, in words.
        """
        numbers = self.parameters
        before = self.level(post.topic, at_min=at_min)
        concerns = numbers.relevance if relevance is None else relevance
        level = roused(before, post.intensity, trust=trust, relevance=concerns, gain=numbers.gain)
        reason = f"intensity {post.intensity:.2f}, trust {trust:.2f}, before {before:.2f}"
        return Felt(float(level), reason)

    def feel(self, topic: str, level: float, *, at_min: int) -> None:
        """Set the emotion about a topic from a minute on.

        Parameters
        ----------
        topic : str
            The topic.
        level : float
            The emotion, in [0, 1]; what is beyond is clipped.
        at_min : int
            When, in minutes.

        Raises
        ------
        ConfigError
            If the level is no number.
        """
        if math.isnan(level):
            message = f"the emotion about {topic!r} must be a number from 0 to 1, got {level}"
            raise ConfigError(message)
        self._levels[topic] = (min(max(float(level), 0.0), 1.0), at_min)

    def state(self) -> State:
        """Return the emotions and when they were felt."""
        return {"levels": {topic: list(one) for topic, one in self._levels.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._levels = {
            str(topic): (float(level), int(minute))
            for topic, (level, minute) in state["levels"].items()
        }
