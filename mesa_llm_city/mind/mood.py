"""Mood: valence and arousal, which experience changes and which return to rest with time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import State
from mesa_llm_city.core.libm import exp
from mesa_llm_city.core.values import Float
from mesa_llm_city.mind.mood_loops import LN_2, feeling_code, feeling_of, relaxed_of_one
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.mind import MoodParameters
from mesa_llm_city.population import BigFive

__all__ = ["Mood", "MoodTrajectory", "baseline", "relaxed", "word_for"]

# The middle of the three levels of a trait.
_MEDIUM = 2
# Longest thought that is kept, in characters.
_LONGEST = 120
# Counterclockwise from pleasure, one for each 45 degrees.
_WORDS = ("happy", "excited", "alert", "tense", "unhappy", "sad", "tired", "calm")


def relaxed(level: ArrayLike, rest: ArrayLike, hours: ArrayLike, half_life_h: float) -> Float:
    """Return a feeling that has returned towards its resting level for some hours.

    ``rest + (level - rest) 2 ** (-hours / half_life)``.

    Parameters
    ----------
    level, rest : array_like
        Feeling at the start, and its resting level, in [-1, 1].
    hours : array_like
        Time passed, in hours.
    half_life_h : float
        Time in which half of the difference is gone, in hours.

    Returns
    -------
    ndarray of float64
        All inputs broadcast.

    Examples
    --------
    >>> float(relaxed(0.8, 0.0, 3.0, half_life_h=3.0))
    0.4
    """
    start, end = np.asarray(level, dtype=np.float64), np.asarray(rest, dtype=np.float64)
    left: Float = exp(LN_2 * (-np.asarray(hours, dtype=np.float64) / half_life_h))
    return end + (start - end) * left


def baseline(traits: BigFive, parameters: MoodParameters) -> tuple[float, float]:
    """Return the resting levels of valence and arousal of a personality.

    Extraverts feel better than others on average, and neurotic persons worse and more
    tense [1]_; the sizes of these differences are assumptions. Both levels are rounded to
    hundredths, and the first is cut to [-1, 1].

    Parameters
    ----------
    traits : BigFive
        The personality.
    parameters : MoodParameters
        The resting levels of a medium personality, and their changes by trait.

    References
    ----------
    .. [1] Costa and McCrae (1980), Influence of extraversion and neuroticism on
       subjective well-being. Journal of Personality and Social Psychology 38(4), 668-678.

    Examples
    --------
    >>> baseline(BigFive(extraversion=3, neuroticism=1), MoodParameters())
    (0.35, -0.1)
    """
    outgoing, nervous = traits.extraversion - _MEDIUM, traits.neuroticism - _MEDIUM
    valence = (
        parameters.rest_valence
        + parameters.extraversion_valence * outgoing
        + parameters.neuroticism_valence * nervous
    )
    return _within(round(valence, 2)), round(parameters.neuroticism_arousal * nervous, 2)


def word_for(valence: float, arousal: float, *, even_below: float) -> str:
    """Return a word for a feeling, by its direction in the circumplex [1]_.

    Parameters
    ----------
    valence, arousal : float
        The feeling, each in [-1, 1].
    even_below : float
        Strength below which a feeling is called even.

    References
    ----------
    .. [1] Russell (1980), A circumplex model of affect. Journal of Personality and
       Social Psychology 39(6), 1161-1178.

    Examples
    --------
    >>> word_for(0.6, 0.1, even_below=0.1), word_for(-0.4, 0.5, even_below=0.1)
    ('happy', 'tense')
    >>> word_for(0.02, 0.03, even_below=0.1)
    'even'
    """
    if np.hypot(valence, arousal) < even_below:
        return "even"
    # Eight sectors of 45 degrees, "happy" lying along the axis of valence.
    sector = round(float(np.degrees(np.arctan2(arousal, valence))) / 45.0) % 8
    return _WORDS[sector]


def _rounded(valence: float, arousal: float) -> tuple[float, float]:
    """Return a feeling with the valence that columns of people keep (see `mood_loops`)."""
    return feeling_of(feeling_code(valence)), arousal


def _within(level: float) -> float:
    """Return a level cut to [-1, 1]."""
    return min(max(level, -1.0), 1.0)


class MoodTrajectory(NamedTuple):
    """What the mood at any later time follows from, by `relaxed`.

    Attributes
    ----------
    level : tuple of (float, float)
        Valence and arousal at `minute`, in [-1, 1].
    rest : tuple of (float, float)
        Their resting levels.
    minute : int
        Time, in minutes.
    """

    level: tuple[float, float]
    rest: tuple[float, float]
    minute: int


class Mood:
    """The mood of one person, and a thought (CitySim, sec. 3.1.3 and A.1.2).

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `mind.mood` is read; the defaults if not given.
    traits : BigFive, optional
        Personality, which sets the resting level; medium traits by default.

    Attributes
    ----------
    parameters : MoodParameters
        How long feelings and thoughts last.

    Examples
    --------
    >>> mood = Mood()
    >>> mood.feel(0.5, at_min=600)
    >>> round(mood.valence(at_min=600), 2), round(mood.valence(at_min=780), 2)
    (0.6, 0.35)
    >>> mood.word(at_min=600)
    'happy'
    >>> mood.think_of("the news from Oslo", at_min=600)
    >>> mood.thought(at_min=900), mood.thought(at_min=2000)
    ('the news from Oslo', '')
    """

    __slots__ = ("_level", "_minute", "_rest", "_thought", "_thought_min", "parameters")

    def __init__(
        self, parameters: CityParameters | None = None, *, traits: BigFive | None = None
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: MoodParameters = tree.mind.mood
        self._rest = _rounded(*baseline(traits or BigFive(), self.parameters))
        self._level = self._rest
        self._minute = 0
        self._thought, self._thought_min = "", 0

    def level(self, *, at_min: int) -> tuple[float, float]:
        """Return valence and arousal at a time in minutes, each in [-1, 1]."""
        hours = max(at_min - self._minute, 0) / 60.0
        half_life_h = self.parameters.half_life_h
        (valence, arousal), (at_rest, calm) = self._level, self._rest
        return (
            float(relaxed_of_one(valence, at_rest, hours, half_life_h)),
            float(relaxed_of_one(arousal, calm, hours, half_life_h)),
        )

    def valence(self, *, at_min: int) -> float:
        """Return how good the person feels, from -1 to 1."""
        hours = max(at_min - self._minute, 0) / 60.0
        valence, at_rest = self._level[0], self._rest[0]
        return relaxed_of_one(valence, at_rest, hours, self.parameters.half_life_h)

    def word(self, *, at_min: int) -> str:
        """Return a word for the feeling (see `word_for`)."""
        return word_for(*self.level(at_min=at_min), even_below=self.parameters.even_below)

    def feel(self, valence: float, *, at_min: int, arousal: float = 0.0) -> None:
        """Change the mood because of an experience.

        Parameters
        ----------
        valence, arousal : float
            Changes, in [-1, 1]; the levels stay within [-1, 1].
        at_min : int
            Time, in minutes.
        """
        was, stirred = self.level(at_min=at_min)
        self._level = _rounded(_within(was + valence), _within(stirred + arousal))
        self._minute = at_min

    def think_of(self, thought: str, *, at_min: int) -> None:
        """Keep a thought from a minute on, at most 120 characters of it."""
        self._thought, self._thought_min = thought[:_LONGEST], at_min

    def thought(self, *, at_min: int) -> str:
        """Return the latest thought, empty if it has passed."""
        passed_h = (at_min - self._thought_min) / 60.0
        return self._thought if passed_h < self.parameters.thought_h else ""

    @property
    def trajectory(self) -> MoodTrajectory:
        """Levels, resting levels, and the minute to which the levels belong."""
        return MoodTrajectory(self._level, self._rest, self._minute)

    def state(self) -> State:
        """Return levels, resting levels, the thought, and the times of both."""
        return {
            "level": list(self._level),
            "rest": list(self._rest),
            "minute": self._minute,
            "thought": self._thought,
            "thought_min": self._thought_min,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._level = (float(state["level"][0]), float(state["level"][1]))
        self._rest = (float(state["rest"][0]), float(state["rest"][1]))
        self._minute = int(state["minute"])
        self._thought, self._thought_min = str(state["thought"]), int(state["thought_min"])
