"""Mood: how one feels, as a state that experience moves and that time lets fade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Float
from mesa_llm_city.population import BigFive

__all__ = ["Mood", "MoodConfig", "baseline", "relaxed", "word_for"]

_MEDIUM = 2
_LONGEST = 120
# Around the circle from pleasure through arousal, one for each 45 degrees.
_WORDS = ("happy", "excited", "alert", "tense", "unhappy", "sad", "tired", "calm")


def relaxed(level: ArrayLike, rest: ArrayLike, hours: ArrayLike, half_life_h: float) -> Float:
    """Return how a feeling has gone back towards its resting level.

    ``rest + (level - rest) 2 ** (-hours / half_life)``.

    Parameters
    ----------
    level, rest : array_like
        Feeling then, and the level it tends to, in [-1, 1].
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
    return end + (start - end) * np.exp2(-np.asarray(hours, dtype=np.float64) / half_life_h)


def baseline(traits: BigFive) -> tuple[float, float]:
    """Return the valence and arousal at which a personality is at rest.

    Extraverts feel better than others on average, and the neurotic worse and more
    tense [1]_; the size of the shifts is an assumption.

    References
    ----------
    .. [1] Costa and McCrae (1980), Influence of extraversion and neuroticism on
       subjective well-being. Journal of Personality and Social Psychology 38(4), 668-678.

    Examples
    --------
    >>> baseline(BigFive(extraversion=3, neuroticism=1))
    (0.35, -0.1)
    """
    outgoing, nervous = traits.extraversion - _MEDIUM, traits.neuroticism - _MEDIUM
    return round(0.1 + 0.1 * outgoing - 0.15 * nervous, 2), round(0.1 * nervous, 2)


def word_for(valence: float, arousal: float) -> str:
    """Return a word for a feeling, by its direction in the circumplex [1]_.

    References
    ----------
    .. [1] Russell (1980), A circumplex model of affect. Journal of Personality and
       Social Psychology 39(6), 1161-1178.

    Examples
    --------
    >>> word_for(0.6, 0.1), word_for(-0.4, 0.5), word_for(0.02, 0.03)
    ('happy', 'tense', 'even')
    """
    if np.hypot(valence, arousal) < 0.1:
        return "even"
    # Eight sectors of 45 degrees, "happy" lying along the axis of valence.
    sector = round(float(np.degrees(np.arctan2(arousal, valence))) / 45.0) % 8
    return _WORDS[sector]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodConfig:
    """How long feelings and thoughts last.

    Parameters
    ----------
    half_life_h : float, default 3
        Time in which half of a feeling has gone, in hours; an assumption.
    thought_h : float, default 12
        How long something stays on the mind, in hours; an assumption.

    Raises
    ------
    ConfigError
        If one of them is not above 0.
    """

    half_life_h: float = 3.0
    thought_h: float = 12.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in self.__slots__:
            if not getattr(self, name) > 0.0:
                message = f"{name} must be above 0, got {getattr(self, name)}"
                raise ConfigError(message)


class Mood:
    """How one person feels, and what is on her mind (CitySim, sec. 3.1.3 and A.1.2).

    Parameters
    ----------
    traits : BigFive, optional
        Personality, which sets the resting level; an even one by default.
    config : MoodConfig, optional
        How long feelings and thoughts last.

    Examples
    --------
    >>> mood = Mood()
    >>> mood.feel(0.5, at_min=600)
    >>> round(mood.valence(at_min=600), 2), round(mood.valence(at_min=780), 2)
    (0.6, 0.35)
    >>> mood.told(at_min=600)
    'happy'
    >>> mood.think_of("the news from Oslo", at_min=600)
    >>> mood.thought(at_min=900), mood.thought(at_min=2000)
    ('the news from Oslo', '')
    """

    __slots__ = ("_level", "_minute", "_rest", "_thought", "_thought_min", "config")

    def __init__(self, traits: BigFive | None = None, config: MoodConfig | None = None) -> None:
        self.config = config or _DEFAULT
        self._rest = baseline(traits or BigFive())
        self._level = self._rest
        self._minute = 0
        self._thought, self._thought_min = "", 0

    def level(self, *, at_min: int) -> tuple[float, float]:
        """Return valence and arousal at a time in minutes, each in [-1, 1]."""
        hours = max(at_min - self._minute, 0) / 60.0
        valence, arousal = relaxed(self._level, self._rest, hours, self.config.half_life_h)
        return float(valence), float(arousal)

    def valence(self, *, at_min: int) -> float:
        """Return how good the person feels, from -1 to 1."""
        return self.level(at_min=at_min)[0]

    def told(self, *, at_min: int) -> str:
        """Return the feeling in a word (see `word_for`)."""
        return word_for(*self.level(at_min=at_min))

    def feel(self, valence: float, *, at_min: int, arousal: float = 0.0) -> None:
        """Let an experience change how the person feels.

        Parameters
        ----------
        valence, arousal : float
            Changes, in [-1, 1]; the levels stay within [-1, 1].
        at_min : int
            When, in minutes.
        """
        now = self.level(at_min=at_min)
        moved = np.clip(np.add(now, (valence, arousal)), -1.0, 1.0)
        self._level, self._minute = (float(moved[0]), float(moved[1])), at_min

    def think_of(self, thought: str, *, at_min: int) -> None:
        """Keep what is on the person's mind from a minute on, at most 120 characters."""
        self._thought, self._thought_min = thought[:_LONGEST], at_min

    def thought(self, *, at_min: int) -> str:
        """Return what is on the person's mind, empty if it has passed."""
        passed_h = (at_min - self._thought_min) / 60.0
        return self._thought if passed_h < self.config.thought_h else ""

    @property
    def course(self) -> tuple[tuple[float, float], tuple[float, float], int]:
        """Valence and arousal, those it tends to, and the minute to which the first belong."""
        return self._level, self._rest, self._minute

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


_DEFAULT = MoodConfig()
