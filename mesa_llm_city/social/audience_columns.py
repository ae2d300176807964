"""The columns of an audience: what many people feel, think, believe and have heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.awareness_formulas import belief_of, doubt_left
from mesa_llm_city.social.emotion import emotion_code, emotional_density, faded
from mesa_llm_city.social.post import NOBODY
from mesa_llm_city.social.stance import stance_side
from mesa_llm_city.social.stance_rules import stance_rule

__all__ = ["NEVER", "AudienceColumns"]

NEVER = -1
"""When somebody first heard of a topic who has not heard of it."""
_COLUMNS = {
    "emotions": np.float64,
    "emotion_min": np.int64,
    "stances": np.float64,
    "certainties": np.float64,
    "anchors": np.float64,
    "support": np.float64,
    "doubt": np.float64,
    "doubt_min": np.int64,
    "since_min": np.int64,
    "tellers": np.int64,
    "times": np.int64,
    "corrections": np.int64,
}


class AudienceColumns:
    """What `n` people feel, think, believe and have heard of some topics, as columns.

    Parameters
    ----------
    n : int
        Number of people; their rows are 0 to n - 1.
    topics : sequence of str
        The topics.
    parameters : CityParameters, optional
        `social.emotion`, `social.stance`, `social.awareness` and `social.sharing`.

    Attributes
    ----------
    topics : tuple of str
        As given.
    stances, certainties, anchors : ndarray of float64, shape (n, topics)
        Stances in [-1, 1], how sure people are in [0, 1], and stances at first.
    since_min : ndarray of int64, shape (n, topics)
        When people first heard of a topic, in minutes; -1 for never.
    tellers : ndarray of int64, shape (n, topics)
        Who told them first, as given to `hear`; -1 for no person.
    times, corrections : ndarray of int64, shape (n, topics)
        How often they were told, and how often corrected.

    Raises
    ------
    ConfigError
        If there are no people, no topics, or two of one name.
    """

    __slots__ = ("_parameters", "n", "topics", *_COLUMNS)

    emotions: Float
    emotion_min: Int
    stances: Float
    certainties: Float
    anchors: Float
    support: Float
    doubt: Float
    doubt_min: Int
    since_min: Int
    tellers: Int
    times: Int
    corrections: Int

    def __init__(
        self, n: int, topics: Sequence[str], parameters: CityParameters | None = None
    ) -> None:
        names = (topics,) if isinstance(topics, str) else tuple(topics)
        if n < 1 or not names or len(set(names)) < len(names):
            message = f"give at least one person and topics that differ, got {n} and {names}"
            raise ConfigError(message)
        tree = default_parameters() if parameters is None else parameters
        stance_rule(tree.social.stance.rule)
        self._parameters = tree.social
        self.n, self.topics = int(n), names
        for name, kind in _COLUMNS.items():
            setattr(self, name, np.zeros((self.n, len(names)), dtype=kind))
        self.since_min.fill(NEVER)
        self.tellers.fill(NOBODY)
        self.begin(None, self._parameters.stance.first)

    def code(self, topic: str) -> int:
        """Return the column of a topic.

        Raises
        ------
        ConfigError
            If there is no such topic.
        """
        if topic not in self.topics:
            near = did_you_mean(topic, self.topics)
            message = f"there is no topic {topic!r}; topics are {', '.join(self.topics)}{near}"
            raise ConfigError(message)
        return self.topics.index(topic)

    def begin(
        self,
        topic: str | None,
        stance: ArrayLike,
        *,
        certainty: ArrayLike | None = None,
        rows: ArrayLike | None = None,
    ) -> None:
        """Set the stances with which people begin, to which some rules are anchored.

        Parameters
        ----------
        topic : str or None
            The topic; None for all.
        stance : array_like, shape (n,), () or (rows,)
            From -1 to 1; what is beyond is clipped.
        certainty : array_like, optional
            How sure people are, in [0, 1]; ``social.stance.certainty`` by default.
        rows : array_like of int, optional
            Whose; everybody's by default.

        Raises
        ------
        ConfigError
            If a stance or certainty is no number.
        """
        sure = self._parameters.stance.certainty if certainty is None else certainty
        for name, given in (("stance", stance), ("certainty", sure)):
            if np.isnan(np.asarray(given, dtype=np.float64)).any():
                message = f"a {name} about {topic or 'a topic'} is no number: {given!r:.80}"
                raise ConfigError(message)
        whose = np.arange(self.n) if rows is None else np.asarray(rows)
        for column in range(len(self.topics)) if topic is None else [self.code(topic)]:
            values = np.clip(np.asarray(stance, dtype=np.float64), -1.0, 1.0)
            self.stances[whose, column] = self.anchors[whose, column] = values
            self.certainties[whose, column] = np.clip(sure, 0.0, 1.0)

    # What people feel, think and believe.

    def emotion(self, topic: str, *, at_min: float) -> Float:
        """Return the emotions about a topic at a minute, shape (n,), in [0, 1]."""
        column = self.code(topic)
        hours = (at_min - self.emotion_min[:, column]) / HOUR_MIN
        return faded(self.emotions[:, column], hours, self._parameters.emotion.half_life_h)

    def emotion_codes(self, topic: str, *, at_min: float) -> Int:
        """Return 0 for calm, 1 for moderate and 2 for intense, shape (n,)."""
        return emotion_code(self.emotion(topic, at_min=at_min), self._parameters.emotion)

    def density(self, topic: str, *, at_min: float) -> float:
        """Return the share of all people who are not calm about a topic."""
        return emotional_density(self.emotion(topic, at_min=at_min), self._parameters.emotion)

    def stance(self, topic: str) -> Float:
        """Return a copy of the stances on a topic, shape (n,), from -1 to 1."""
        return self.stances[:, self.code(topic)].copy()

    def sides(self, topic: str) -> Int:
        """Return -1 against, 1 in favour and 0 undecided, shape (n,)."""
        return stance_side(self.stance(topic), self._parameters.stance)

    def aware(self, topic: str) -> Bool:
        """Return who has heard of a topic, shape (n,)."""
        return np.asarray(self.since_min[:, self.code(topic)] != NEVER)

    def belief(self, topic: str, *, at_min: float) -> Float:
        """Return how sure people are of the story of a topic, shape (n,); 0 if not aware."""
        column, numbers = self.code(topic), self._parameters.awareness
        passed = at_min - self.doubt_min[:, column]
        doubt = doubt_left(self.doubt[:, column], passed, numbers)
        return belief_of(self.support[:, column], doubt, numbers) * self.aware(topic)

    # Saving.

    def state(self) -> dict[str, NDArray[Any]]:
        """Return copies of all columns by name."""
        return {name: getattr(self, name).copy() for name in _COLUMNS}

    def restore(self, state: Mapping[str, ArrayLike]) -> None:
        """Take over what `state` returned, as arrays or lists."""
        for name, kind in _COLUMNS.items():
            getattr(self, name)[...] = np.asarray(state[name], dtype=kind)

    def _rows(self, rows: ArrayLike) -> Int:
        """Return rows of people, which must be there."""
        whose = np.atleast_1d(np.asarray(rows, dtype=np.int64))
        if whose.size and not (int(whose.min()) >= 0 and int(whose.max()) < self.n):
            message = f"rows are 0 to {self.n - 1}, got {int(whose.min())} to {int(whose.max())}"
            raise ConfigError(message)
        return whose

    def _codes(self, topic: str | ArrayLike) -> Int:
        if isinstance(topic, str):
            return np.asarray(self.code(topic))
        codes = np.asarray(topic, dtype=np.int64)
        if codes.size and not (int(codes.min()) >= 0 and int(codes.max()) < len(self.topics)):
            message = f"codes of topics are 0 to {len(self.topics) - 1}, got {codes.max()}"
            raise ConfigError(message)
        return codes
