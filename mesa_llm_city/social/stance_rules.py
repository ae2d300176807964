"""Rules by which messages change stances: pure functions over arrays, by name.

Which signs hold in an experiment is a property of the rule, so several are here. All take
stances from -1 to 1, and messages that are heard together along the last axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.society import StanceParameters

__all__ = [
    "STANCE_RULES",
    "StanceRule",
    "bounded_confidence",
    "changed_stance",
    "friedkin_johnsen",
    "hegselmann_krause",
    "repulsion",
    "soft",
    "stance_rule",
]


class StanceRule(Protocol):
    """A rule by which messages change stances."""

    def __call__(
        self,
        stance: Float,
        heard: Float,
        trust: Float,
        *,
        certainty: Float,
        anchor: Float,
        parameters: StanceParameters,
    ) -> Float:
        """Return stances after messages, without noise; they may leave [-1, 1].

        Parameters
        ----------
        stance : ndarray of float64, shape (...)
            Stances before, in [-1, 1].
        heard : ndarray of float64, shape (..., k)
            Stances of the messages.
        trust : ndarray of float64, shape (..., k)
            Trust in whoever says it, in [0, 1]; 0 where there is no message.
        certainty : ndarray of float64, shape (...)
            How sure people are, in [0, 1].
        anchor : ndarray of float64, shape (...)
            Stances at first.
        parameters : StanceParameters
            Numbers of all rules.
        """
        ...


def soft(
    stance: Float,
    heard: Float,
    trust: Float,
    *,
    certainty: Float,
    anchor: Float,  # noqa: ARG001 - of another rule
    parameters: StanceParameters,
) -> Float:
    """Persuade less with distance, and reinforce by messages of the own side.

    For one message after the other, with distance d = ``|m - x|``:
    ``x += rate (1 - certainty) trust exp(-d / scale) (m - x)``, and if both are on one side
    ``x += reinforcement trust sign(x) (1 - |x|)``. The form is an assumption (see
    `SoftParameters`).
    """
    numbers, now = parameters.soft, stance
    for row in range(heard.shape[-1]):
        said, weight = heard[..., row], trust[..., row]
        gap = said - now
        pull = numbers.rate * (1.0 - certainty) * np.exp(-np.abs(gap) / numbers.scale) * gap
        same = said * now > 0.0
        push = numbers.reinforcement * np.sign(now) * (1.0 - np.abs(now)) * same
        now = np.clip(now + weight * (pull + push), -1.0, 1.0)
    return now


def bounded_confidence(
    stance: Float,
    heard: Float,
    trust: Float,
    *,
    certainty: Float,
    anchor: Float,  # noqa: ARG001 - of another rule
    parameters: StanceParameters,
) -> Float:
    """Persuade by what is near: ``x += rate (1 - certainty) trust (m - x)`` if ``d < reach``.

    One message after the other (Deffuant, Neau, Amblard and Weisbuch 2000).
    """
    numbers, now = parameters.bounded_confidence, stance
    for row in range(heard.shape[-1]):
        gap = heard[..., row] - now
        near = np.abs(gap) < numbers.reach
        now = now + numbers.rate * (1.0 - certainty) * trust[..., row] * gap * near
    return now


def repulsion(
    stance: Float,
    heard: Float,
    trust: Float,
    *,
    certainty: Float,
    anchor: Float,  # noqa: ARG001 - of another rule
    parameters: StanceParameters,
) -> Float:
    """Persuade by what is near, and repel by what is beyond a distance.

    One message after the other (Jager and Amblard 2005).
    """
    numbers, now = parameters.repulsion, stance
    for row in range(heard.shape[-1]):
        gap = heard[..., row] - now
        distance = np.abs(gap)
        sign = (distance < numbers.reach) - 1.0 * (distance > numbers.beyond)
        moved = now + numbers.rate * (1.0 - certainty) * trust[..., row] * gap * sign
        now = np.clip(moved, -1.0, 1.0)
    return now


def friedkin_johnsen(
    stance: Float,
    heard: Float,
    trust: Float,
    *,
    certainty: Float,  # noqa: ARG001 - the anchor stands for it
    anchor: Float,
    parameters: StanceParameters,
) -> Float:
    """Take the mean of what is heard and the own stance, and of the stance at first.

    ``openness (own x + sum(trust m)) / (own + sum(trust)) + (1 - openness) x0`` (Friedkin and
    Johnsen 1990). Who hears nothing does not change.
    """
    numbers = parameters.friedkin_johnsen
    total = numbers.own_weight + trust.sum(axis=-1)
    said = numbers.own_weight * stance + (trust * heard).sum(axis=-1)
    mean = said / np.where(total > 0.0, total, 1.0)
    moved = numbers.openness * mean + (1.0 - numbers.openness) * anchor
    return np.where(trust.sum(axis=-1) > 0.0, moved, stance)


def hegselmann_krause(
    stance: Float,
    heard: Float,
    trust: Float,
    *,
    certainty: Float,  # noqa: ARG001 - of another rule
    anchor: Float,  # noqa: ARG001 - of another rule
    parameters: StanceParameters,
) -> Float:
    """Take the mean of the own stance and of all that is near enough, weighted by trust.

    With a trust of 1 it is the rule of Hegselmann and Krause (2002); give it together what is
    heard in a day.
    """
    near = np.abs(heard - stance[..., np.newaxis]) <= parameters.hegselmann_krause.reach
    weight = trust * near
    mean = (stance + (weight * heard).sum(axis=-1)) / (1.0 + weight.sum(axis=-1))
    return np.asarray(mean, dtype=np.float64)


STANCE_RULES: dict[str, StanceRule] = {
    "soft": soft,
    "bounded_confidence": bounded_confidence,
    "repulsion": repulsion,
    "friedkin_johnsen": friedkin_johnsen,
    "hegselmann_krause": hegselmann_krause,
}
"""Rules by name; add one of your own, and name it in ``social.stance.rule``."""


def stance_rule(name: str, rules: Mapping[str, StanceRule] = STANCE_RULES) -> StanceRule:
    """Return a rule by its name.

    Raises
    ------
    ConfigError
        If there is none of this name.
    """
    if name not in rules:
        near = did_you_mean(name, rules)
        message = f"there is no stance rule {name!r}; the rules are {', '.join(rules)}{near}"
        raise ConfigError(message)
    return rules[name]


def changed_stance(
    stance: ArrayLike,
    heard: ArrayLike,
    trust: ArrayLike,
    *,
    certainty: ArrayLike = 0.0,
    anchor: ArrayLike = 0.0,
    uniform: ArrayLike | None = None,
    parameters: StanceParameters,
) -> Float:
    """Return stances after messages that are heard together, by the rule of the parameters.

    Parameters
    ----------
    stance : array_like, shape (...)
        Stances before, in [-1, 1].
    heard : array_like, shape (..., k)
        Stances of the messages.
    trust : array_like, shape (..., k)
        Trust in whoever says it, in [0, 1]; 0 where there is no message.
    certainty, anchor : array_like, shape (...)
        How sure people are, and their stances at first.
    uniform : array_like, shape (...), optional
        Uniform numbers in [0, 1), from which noise is drawn; None for no noise. Who hears
        nothing has none.
    parameters : StanceParameters
        The rule and its numbers.

    Returns
    -------
    ndarray of float64
        Stances in [-1, 1].

    Examples
    --------
    >>> numbers = StanceParameters(rule="bounded_confidence")
    >>> changed_stance([0.0, 0.0], [[0.4], [0.6]], [[1.0], [1.0]], parameters=numbers)
    array([0.06, 0.  ])
    """
    now, said = np.asarray(stance, dtype=np.float64), np.asarray(heard, dtype=np.float64)
    weight = np.broadcast_to(np.asarray(trust, dtype=np.float64), said.shape)
    moved = stance_rule(parameters.rule)(
        now,
        said,
        weight,
        certainty=np.asarray(certainty, dtype=np.float64),
        anchor=np.asarray(anchor, dtype=np.float64),
        parameters=parameters,
    )
    if uniform is not None and parameters.noise > 0.0:
        moved = moved + parameters.noise * normal_of(uniform) * (weight > 0.0).any(axis=-1)
    return np.clip(moved, -1.0, 1.0)
