"""Stance: how far a person is against or in favour of a topic, and how sure of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.society import StanceParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.post import Post
from mesa_llm_city.social.stance_rules import changed_stance, stance_rule

__all__ = [
    "Considered",
    "Stance",
    "changed_certainty",
    "stance_side",
    "stance_word",
]


def stance_side(stance: ArrayLike, parameters: StanceParameters) -> Int:
    """Return the sides of stances: -1 against, 1 in favour, 0 undecided.

    Examples
    --------
    >>> stance_side([-0.5, 0.05, 0.8], StanceParameters())
    array([-1,  0,  1])
    """
    values = np.asarray(stance, dtype=np.float64)
    decided = np.abs(values) > parameters.undecided_within
    return np.asarray(np.sign(values) * decided, dtype=np.int64)


def stance_word(stance: float, parameters: StanceParameters) -> str:
    """Return a stance in words.

    Examples
    --------
    >>> [stance_word(one, StanceParameters()) for one in (-0.8, 0.0, 0.3)]
    ['strongly against it', 'undecided', 'in favour of it']
    """
    side = int(stance_side(stance, parameters))
    if not side:
        return "undecided"
    word = "in favour of it" if side > 0 else "against it"
    return f"strongly {word}" if abs(stance) >= parameters.strong_above else word


def changed_certainty(
    certainty: ArrayLike,
    stance: ArrayLike,
    heard: ArrayLike,
    trust: ArrayLike,
    *,
    parameters: StanceParameters,
) -> Float:
    """Return how sure people are after messages that are heard together.

    Each message of the own side raises certainty by ``certainty_step`` times trust, each of
    the other side lowers it as much.

    Parameters
    ----------
    certainty, stance : array_like, shape (...)
        Before.
    heard, trust : array_like, shape (..., k)
        As in `changed_stance`.
    parameters : StanceParameters
        The step.

    Returns
    -------
    ndarray of float64
        Certainty in [0, 1].

    Examples
    --------
    >>> numbers = StanceParameters()
    >>> changed_certainty(0.5, 0.4, [0.2, -0.2, 0.9], [1.0, 0.5, 0.0], parameters=numbers).item()
    0.51
    """
    own = np.asarray(stance, dtype=np.float64)[..., np.newaxis]
    agrees = np.sign(own * np.asarray(heard, dtype=np.float64))
    step = (agrees * np.asarray(trust, dtype=np.float64)).sum(axis=-1)
    changed = np.asarray(certainty, dtype=np.float64) + parameters.certainty_step * step
    return np.asarray(np.clip(changed, 0.0, 1.0), dtype=np.float64)


class Considered(NamedTuple):
    """The stance of a person after a message.

    Attributes
    ----------
    stance : float
        From -1 (against) to 1 (in favour).
    certainty : float
        How sure the person is, from 0 to 1.
    reason : str
        The terms that decided, or the reason that the language model gave.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    stance: float
    certainty: float
    reason: str
    source: DecisionSource = DecisionSource.RULE


class _Held(NamedTuple):
    """A stance, how sure the person is of it, and the stance with which it began."""

    stance: float
    certainty: float
    anchor: float


class Stance:
    """The stances of one person on topics.

    Parameters
    ----------
    parameters : CityParameters, optional
        Its branch `social.stance` is read; the defaults if not given.
    first : mapping of str to float, optional
        Stances on some topics at first, in [-1, 1]; ``social.stance.first`` on others.

    Attributes
    ----------
    parameters : StanceParameters
        The rule, and its numbers.

    Raises
    ------
    ConfigError
        If there is no rule of that name.

    Examples
    --------
    >>> stance = Stance(first={"bridge": -0.7})
    >>> stance.value("bridge"), stance.side("bridge"), stance.word("bridge")
    (-0.7, -1, 'strongly against it')
    >>> stance.value("tram")
    0.0
    """

    __slots__ = ("_held", "parameters")

    def __init__(
        self,
        parameters: CityParameters | None = None,
        *,
        first: Mapping[str, float] | None = None,
    ) -> None:
        tree = default_parameters() if parameters is None else parameters
        self.parameters: StanceParameters = tree.social.stance
        stance_rule(self.parameters.rule)
        self._held: dict[str, _Held] = {}
        for topic, value in (first or {}).items():
            self.begin(topic, value)

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics on which the person has a stance, in the order of the first time."""
        return tuple(self._held)

    def value(self, topic: str) -> float:
        """Return the stance on a topic, from -1 (against) to 1 (in favour)."""
        return self._of(topic).stance

    def certainty(self, topic: str) -> float:
        """Return how sure the person is of it, in [0, 1]."""
        return self._of(topic).certainty

    def side(self, topic: str) -> int:
        """Return the side: -1 against, 1 in favour, 0 undecided."""
        return int(stance_side(self.value(topic), self.parameters))

    def word(self, topic: str) -> str:
        """Return the stance in words (see `stance_word`)."""
        return stance_word(self.value(topic), self.parameters)

    def begin(self, topic: str, stance: float, *, certainty: float | None = None) -> None:
        """Set the stance with which a person begins, to which some rules are anchored.

        Parameters
        ----------
        topic : str
            The topic.
        stance : float
            From -1 to 1; what is beyond is clipped.
        certainty : float, optional
            How sure the person is, in [0, 1]; ``social.stance.certainty`` by default.

        Raises
        ------
        ConfigError
            If one of them is no number.
        """
        sure = self.parameters.certainty if certainty is None else certainty
        if math.isnan(stance) or math.isnan(sure):
            message = f"stance and certainty about {topic!r} must be numbers, got {stance}, {sure}"
            raise ConfigError(message)
        value = min(max(float(stance), -1.0), 1.0)
        self._held[topic] = _Held(value, min(max(float(sure), 0.0), 1.0), value)

    async def consider(
        self,
        post: Post,
        *,
        at_min: int,  # noqa: ARG002 - for the prompt form
        trust: float = 1.0,
        persona: Persona | None = None,  # noqa: ARG002 - for the prompt form
        author: str = "",  # noqa: ARG002 - for the prompt form
        emotion: str = "",  # noqa: ARG002 - for the prompt form
        known: tuple[str, ...] = (),  # noqa: ARG002 - for the prompt form
        rng: np.random.Generator | None = None,
    ) -> Considered:
        """Return the stance of the person after a post (a thought).

        Parameters
        ----------
        post : Post
            What is heard or read.
        at_min : int
            When, in minutes.
        trust : float, default 1
            Trust in whoever says it, in [0, 1].
        persona : Persona, optional
            The person.
        author : str
            Who says it, in words.
        emotion : str
            What the person feels about the topic, in a word.
        known : tuple of str
            What the person remembers of the topic.
        rng : numpy.random.Generator, optional
            Random numbers of this thought; without any there is no noise.
        """
        numbers, held = self.parameters, self._of(post.topic)
        stance = changed_stance(
            held.stance,
            [post.stance],
            [trust],
            certainty=held.certainty,
            anchor=held.anchor,
            uniform=None if rng is None else rng.random(),
            parameters=numbers,
        )
        certainty = changed_certainty(
            held.certainty, held.stance, [post.stance], [trust], parameters=numbers
        )
        reason = f"{numbers.rule}: {held.stance:.2f} hears {post.stance:.2f}, trust {trust:.2f}"
        return Considered(float(stance), float(certainty), reason)

    def adopt(self, topic: str, considered: Considered) -> None:
        """Take over a stance after a message."""
        value = min(max(float(considered.stance), -1.0), 1.0)
        sure = min(max(float(considered.certainty), 0.0), 1.0)
        self._held[topic] = _Held(value, sure, self._of(topic).anchor)

    def state(self) -> State:
        """Return stance, certainty and first stance by topic."""
        return {"held": {topic: list(one) for topic, one in self._held.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._held = {str(topic): _Held(*map(float, one)) for topic, one in state["held"].items()}

    def _of(self, topic: str) -> _Held:
        numbers = self.parameters
        return self._held.get(topic, _Held(numbers.first, numbers.certainty, numbers.first))
