"""An audience: what many people hear, feel, think and believe about topics, as columns.

The rules are those of `Emotion`, `Stance`, `Awareness` and `Sharing`: a row of it and one
person with the same messages and the same uniform numbers come to the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.social.awareness_formulas import (
    belief_of,
    doubt_added,
    doubt_left,
    support_added,
)
from mesa_llm_city.social.emotion import emotion_code, emotional_density, faded, roused
from mesa_llm_city.social.event_passes import distinct_passes
from mesa_llm_city.social.post import NOBODY, Post
from mesa_llm_city.social.sharing import share_kind
from mesa_llm_city.social.sharing_formulas import (
    after_waking,
    base_probability,
    share_delay_min,
    share_probability,
)
from mesa_llm_city.social.stance import changed_certainty, stance_side
from mesa_llm_city.social.stance_rules import changed_stance, stance_rule

__all__ = ["Audience", "SharedColumns"]

Bool = NDArray[np.bool_]
_NEVER = -1
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


class SharedColumns(NamedTuple):
    """What people do with messages, a row for each.

    Attributes
    ----------
    kind : ndarray of int64
        Codes of `SHARED_KINDS`; -1 for nothing.
    stance, intensity : ndarray of float64
        What is said: by a forward what was read, by others what the person thinks and feels.
    minute : ndarray of int64
        When it is shared, or would be.
    probability : ndarray of float64
        How likely sharing was.
    """

    kind: Int
    stance: Float
    intensity: Float
    minute: Int
    probability: Float


class Audience:
    """Emotion, stance and awareness of `n` people on some topics.

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

    Examples
    --------
    >>> people = Audience(3, ["bridge"])
    >>> people.hear([0, 2], "bridge", intensity=1.0, stance=0.8, at_min=600)
    >>> people.emotion("bridge", at_min=600), people.aware("bridge").tolist()
    (array([0.6, 0. , 0.6]), [True, False, True])
    >>> round(people.density("bridge", at_min=600), 2)
    0.67
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
        self.since_min.fill(_NEVER)
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
        """
        sure = self._parameters.stance.certainty if certainty is None else certainty
        whose = np.arange(self.n) if rows is None else np.asarray(rows)
        for column in range(len(self.topics)) if topic is None else [self.code(topic)]:
            values = np.clip(np.asarray(stance, dtype=np.float64), -1.0, 1.0)
            self.stances[whose, column] = self.anchors[whose, column] = values
            self.certainties[whose, column] = np.clip(sure, 0.0, 1.0)

    # What is heard.

    def hear(
        self,
        rows: ArrayLike,
        topic: str | ArrayLike,
        *,
        at_min: ArrayLike,
        stance: ArrayLike = 0.0,
        intensity: ArrayLike = 0.0,
        trust: ArrayLike = 1.0,
        relevance: ArrayLike | None = None,
        correction: ArrayLike = False,
        labelled: ArrayLike = False,
        teller: ArrayLike = NOBODY,
        uniforms: ArrayLike | None = None,
    ) -> None:
        """Let people hear messages, one after the other in the order of the rows.

        A person may be in it several times. It takes a pass for each further message of one
        topic to one person, so give the messages of a page one place after the other.

        Parameters
        ----------
        rows : array_like of int, shape (m,)
            Who hears.
        topic : str or array_like of int, shape (m,) or ()
            The topic, or codes of topics.
        at_min : array_like of int
            When, in minutes.
        stance, intensity : array_like
            Of the messages, in [-1, 1] and [0, 1].
        trust : array_like
            Trust in whoever says it, in [0, 1].
        relevance : array_like, optional
            How much the topic concerns the people; ``social.emotion.relevance`` by default.
        correction, labelled : array_like of bool
            Whether a message says that the story of its topic is not true, and whether the
            platform has put a label on it.
        teller : array_like of int
            Who says it; -1 for no person.
        uniforms : array_like, shape (m,), optional
            Uniform numbers in [0, 1), from which the noise of stances is drawn; None for no
            noise.
        """
        whose = self._rows(rows)
        given = {
            "at_min": at_min,
            "stance": stance,
            "intensity": intensity,
            "trust": trust,
            "relevance": self._parameters.emotion.relevance if relevance is None else relevance,
            "correction": correction,
            "labelled": labelled,
            "teller": teller,
            **({} if uniforms is None else {"uniforms": uniforms}),
        }
        cells = whose * len(self.topics) + self._codes(topic)
        columns = {name: np.broadcast_to(one, whose.shape) for name, one in given.items()}
        for part in distinct_passes(cells):
            self._hear_once(cells[part], **{name: one[part] for name, one in columns.items()})

    def hear_post(
        self,
        rows: ArrayLike,
        post: Post,
        *,
        at_min: ArrayLike,
        trust: ArrayLike = 1.0,
        relevance: ArrayLike | None = None,
        uniforms: ArrayLike | None = None,
    ) -> None:
        """Let people hear one post (see `hear`)."""
        self.hear(
            rows,
            post.topic,
            at_min=at_min,
            stance=post.stance,
            intensity=post.intensity,
            trust=trust,
            relevance=relevance,
            correction=post.is_correction,
            labelled=post.is_labelled,
            teller=post.author,
            uniforms=uniforms,
        )

    def discuss(
        self,
        rows: ArrayLike,
        topic: str,
        heard: ArrayLike,
        *,
        trust: ArrayLike = 1.0,
        uniforms: ArrayLike | None = None,
    ) -> None:
        """Let stances change by several messages that are heard together, and nothing else.

        Parameters
        ----------
        rows : array_like of int, shape (m,)
            Whose; nobody twice.
        topic : str
            The topic.
        heard : array_like, shape (m, k)
            Stances of the messages.
        trust : array_like, shape (m, k)
            Trust in whoever says it; 0 where there is no message.
        uniforms : array_like, shape (m,), optional
            Uniform numbers for noise.
        """
        whose, said = self._rows(rows), np.asarray(heard, dtype=np.float64)
        cells = whose * len(self.topics) + self.code(topic)
        self._change_stances(cells, said, np.broadcast_to(trust, said.shape), uniforms)

    def _hear_once(
        self,
        cells: Int,
        *,
        at_min: Int,
        stance: Float,
        intensity: Float,
        trust: Float,
        relevance: Float,
        correction: Bool,
        labelled: Bool,
        teller: Int,
        uniforms: Float | None = None,
    ) -> None:
        """Let each of some cells, which differ, hear one message."""
        self._rouse(cells, at_min, intensity, trust, relevance)
        self._change_stances(cells, stance[:, np.newaxis], trust[:, np.newaxis], uniforms)
        self._learn(cells, at_min, trust, correction, labelled)
        since, tellers = self.since_min.reshape(-1), self.tellers.reshape(-1)
        new = since[cells] == _NEVER
        since[cells[new]], tellers[cells[new]] = at_min[new], teller[new]

    def _rouse(
        self, cells: Int, at_min: Int, intensity: Float, trust: Float, relevance: Float
    ) -> None:
        numbers = self._parameters.emotion
        levels, minutes = self.emotions.reshape(-1), self.emotion_min.reshape(-1)
        hours = (at_min - minutes[cells]) / HOUR_MIN
        before = faded(levels[cells], hours, numbers.half_life_h)
        levels[cells] = np.clip(
            roused(before, intensity, trust=trust, relevance=relevance, gain=numbers.gain), 0.0, 1.0
        )
        minutes[cells] = at_min

    def _change_stances(
        self, cells: Int, heard: Float, trust: Float, uniforms: ArrayLike | None
    ) -> None:
        numbers = self._parameters.stance
        stances, certainties = self.stances.reshape(-1), self.certainties.reshape(-1)
        before, sure = stances[cells], certainties[cells]
        stances[cells] = changed_stance(
            before,
            heard,
            trust,
            certainty=sure,
            anchor=self.anchors.reshape(-1)[cells],
            uniform=uniforms,
            parameters=numbers,
        )
        certainties[cells] = changed_certainty(sure, before, heard, trust, parameters=numbers)

    def _learn(
        self, cells: Int, at_min: Int, trust: Float, correction: Bool, labelled: Bool
    ) -> None:
        numbers = self._parameters.awareness
        doubt, minutes = self.doubt.reshape(-1), self.doubt_min.reshape(-1)
        support, times = self.support.reshape(-1), self.times.reshape(-1)
        left = doubt_left(doubt[cells], at_min - minutes[cells], numbers)
        doubt[cells] = left + doubt_added(correction, labelled, trust, numbers)
        minutes[cells] = at_min
        corrects = np.asarray(correction, dtype=bool)
        support[cells] += support_added(times[cells], trust, numbers) * ~corrects
        times[cells] += ~corrects
        self.corrections.reshape(-1)[cells] += corrects

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
        return np.asarray(self.since_min[:, self.code(topic)] != _NEVER)

    def belief(self, topic: str, *, at_min: float) -> Float:
        """Return how sure people are of the story of a topic, shape (n,); 0 if not aware."""
        column, numbers = self.code(topic), self._parameters.awareness
        passed = at_min - self.doubt_min[:, column]
        doubt = doubt_left(self.doubt[:, column], passed, numbers)
        return belief_of(self.support[:, column], doubt, numbers) * self.aware(topic)

    # What people share.

    def share_probabilities(
        self,
        rows: ArrayLike,
        topic: str | ArrayLike,
        *,
        at_min: ArrayLike,
        stance: ArrayLike = 0.0,
        intensity: ArrayLike = 0.0,
        depth: ArrayLike = 0,
        is_broadcaster: ArrayLike = False,
        queue: ArrayLike = 1,
        activity: ArrayLike = 1.0,
        labelled: ArrayLike = False,
    ) -> Float:
        """Return how likely people share messages that they have heard, shape (m,).

        Parameters
        ----------
        rows, topic, at_min, stance, intensity, labelled
            As in `hear`, of which it follows.
        depth, is_broadcaster : array_like
            Depth of the message, and whether its author is a broadcaster (see
            `base_probability`).
        queue : array_like of int
            Number of messages that are read together.
        activity : array_like
            How active people are (see `activity_of`).
        """
        cells = self._rows(rows) * len(self.topics) + self._codes(topic)
        social = self._parameters
        hours = (at_min - self.emotion_min.reshape(-1)[cells]) / HOUR_MIN
        passed = at_min - self.doubt_min.reshape(-1)[cells]
        doubt = doubt_left(self.doubt.reshape(-1)[cells], passed, social.awareness)
        return share_probability(
            base_probability(depth, is_broadcaster, social.sharing),
            intensity=intensity,
            emotion=faded(self.emotions.reshape(-1)[cells], hours, social.emotion.half_life_h),
            distance=np.abs(self.stances.reshape(-1)[cells] - stance),
            queue=queue,
            activity=activity,
            belief=belief_of(self.support.reshape(-1)[cells], doubt, social.awareness),
            labelled=labelled,
            parameters=social.sharing,
        )

    def share(
        self,
        rows: ArrayLike,
        topic: str | ArrayLike,
        uniforms: ArrayLike,
        *,
        at_min: ArrayLike,
        stance: ArrayLike = 0.0,
        intensity: ArrayLike = 0.0,
        **facts: ArrayLike,
    ) -> SharedColumns:
        """Return what people do with messages that they have heard.

        Parameters
        ----------
        rows, topic, at_min, stance, intensity
            As in `hear`, of which it follows.
        uniforms : array_like, shape (m, 3)
            Uniform numbers in [0, 1): whether, in which form, and when.
        **facts
            As in `share_probabilities`.
        """
        whose, drawn = self._rows(rows), np.asarray(uniforms, dtype=np.float64)
        numbers = self._parameters.sharing
        likely = self.share_probabilities(
            whose, topic, at_min=at_min, stance=stance, intensity=intensity, **facts
        )
        kind = np.where(drawn[:, 0] < likely, share_kind(drawn[:, 1], numbers), -1)
        cells = whose * len(self.topics) + self._codes(topic)
        hours = (at_min - self.emotion_min.reshape(-1)[cells]) / HOUR_MIN
        felt = faded(self.emotions.reshape(-1)[cells], hours, self._parameters.emotion.half_life_h)
        own = kind > 0
        return SharedColumns(
            kind,
            np.where(own, self.stances.reshape(-1)[cells], stance),
            np.where(own, felt, intensity),
            after_waking(at_min, share_delay_min(drawn[:, 2], numbers), numbers),
            np.broadcast_to(likely, whose.shape),
        )

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
