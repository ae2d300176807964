"""An audience: what many people hear, feel, think and believe about topics, as columns.

The rules are those of `Emotion`, `Stance`, `Awareness` and `Sharing`: a row of it and one
person with the same messages and the same uniform numbers come to the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.social.audience_columns import NEVER, AudienceColumns
from mesa_llm_city.social.awareness_formulas import (
    belief_of,
    doubt_added,
    doubt_left,
    support_added,
)
from mesa_llm_city.social.emotion import faded, roused
from mesa_llm_city.social.event_passes import distinct_passes
from mesa_llm_city.social.post import NOBODY, Post
from mesa_llm_city.social.sharing import share_kind
from mesa_llm_city.social.sharing_formulas import (
    after_waking,
    base_probability,
    share_delay_min,
    share_probability,
)
from mesa_llm_city.social.stance import changed_certainty
from mesa_llm_city.social.stance_rules import changed_stance

__all__ = ["Audience", "SharedColumns"]


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


class Audience(AudienceColumns):
    """People who hear messages about topics, and share them (see `AudienceColumns`).

    Parameters
    ----------
    n : int
        Number of people; their rows are 0 to n - 1.
    topics : sequence of str
        The topics.
    parameters : CityParameters, optional
        `social.emotion`, `social.stance`, `social.awareness` and `social.sharing`.

    Examples
    --------
    >>> people = Audience(3, ["bridge"])
    >>> people.hear([0, 2], "bridge", intensity=1.0, stance=0.8, at_min=600)
    >>> people.emotion("bridge", at_min=600), people.aware("bridge").tolist()
    (array([0.6, 0. , 0.6]), [True, False, True])
    >>> round(people.density("bridge", at_min=600), 2)
    0.67
    """

    __slots__ = ()

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
            Whose stances; each person at most once.
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
        new = since[cells] == NEVER
        since[cells[new]], tellers[cells[new]] = at_min[new], teller[new]

    def _felt(self, cells: Int, at_min: ArrayLike) -> Float:
        """Return the emotions of cells at a minute, faded since they were felt."""
        hours = (np.asarray(at_min) - self.emotion_min.reshape(-1)[cells]) / HOUR_MIN
        return faded(self.emotions.reshape(-1)[cells], hours, self._parameters.emotion.half_life_h)

    def _rouse(
        self, cells: Int, at_min: Int, intensity: Float, trust: Float, relevance: Float
    ) -> None:
        numbers = self._parameters.emotion
        levels, minutes = self.emotions.reshape(-1), self.emotion_min.reshape(-1)
        before = self._felt(cells, at_min)
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
        passed = at_min - self.doubt_min.reshape(-1)[cells]
        doubt = doubt_left(self.doubt.reshape(-1)[cells], passed, social.awareness)
        return share_probability(
            base_probability(depth, is_broadcaster, social.sharing),
            intensity=intensity,
            emotion=self._felt(cells, at_min),
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
        own = kind > 0
        return SharedColumns(
            kind,
            np.where(own, self.stances.reshape(-1)[cells], stance),
            np.where(own, self._felt(cells, at_min), intensity),
            after_waking(at_min, share_delay_min(drawn[:, 2], numbers), numbers),
            np.broadcast_to(likely, whose.shape),
        )
