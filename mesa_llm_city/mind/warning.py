"""Responses to warnings: who believes a message, who acts on it, and when they are ready.

The stages are those of the Protective Action Decision Model [1]_: a message is heard, believed
by trust in its source and by confirmation, and acted on by the risk to oneself.

References
----------
.. [1] Lindell and Perry (2012), The Protective Action Decision Model: theoretical
   modifications and additional evidence. Risk Analysis 32(4), 616-632.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.message import Message, Response
from mesa_llm_city.core.values import Float, ReactionKind
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import WarningParameters
from mesa_llm_city.population import Persona

__all__ = [
    "Risk",
    "action_probability",
    "belief_probability",
    "household_utility",
    "preparation_min",
    "protective_action",
    "respond_by_rule",
    "told_on",
]


class Risk(NamedTuple):
    """How a message concerns a person.

    Attributes
    ----------
    trust : float
        Trust in the source, in [0, 1].
    confirmed : int
        How often the person has heard of the same before.
    here, home, ahead : bool
        Whether the place where the person is, the home, or a place of the plan is in danger.
    seen : bool
        Whether a storm is seen: heavy rain or strong wind.
    asleep : bool
        Whether the person has been woken up.
    at_home : bool
        Whether the person is at home.
    from_household : bool
        Whether somebody of the household says it.
    lifts : bool
        Whether it says that a danger has ended in which the person believed.
    """

    trust: float = 0.5
    confirmed: int = 0
    here: bool = False
    home: bool = False
    ahead: bool = False
    seen: bool = False
    asleep: bool = False
    at_home: bool = True
    from_household: bool = False
    lifts: bool = False


def belief_probability(
    trust: ArrayLike, confirmed: ArrayLike, seen: ArrayLike, parameters: WarningParameters
) -> Float:
    """Return how likely a message is believed: a binary logit.

    Parameters
    ----------
    trust : array_like
        Trust in the source, in [0, 1].
    confirmed : array_like of int
        How often the same was heard before.
    seen : array_like of bool
        Whether a storm is seen.
    parameters : WarningParameters
        Weights.

    Returns
    -------
    ndarray of float64
        Probabilities; all inputs broadcast.

    Examples
    --------
    >>> belief_probability([0.75, 0.3], 0, False, WarningParameters()).round(2)
    array([0.85, 0.38])
    """
    utility = (
        parameters.belief_constant
        + parameters.belief_trust * np.asarray(trust, dtype=np.float64)
        + parameters.belief_confirmed * np.minimum(confirmed, parameters.most_confirmed)
        + parameters.belief_seen * np.asarray(seen, dtype=np.float64)
    )
    return np.asarray(1.0 / (1.0 + np.exp(-utility)), dtype=np.float64)


def action_probability(
    danger: ArrayLike,
    *,
    inside: ArrayLike,
    cue: ArrayLike,
    household: ArrayLike,
    parameters: WarningParameters,
) -> Float:
    """Return how likely somebody who believes a warning acts on it: a binary logit.

    Parameters
    ----------
    danger : array_like
        The danger told, in [0, 1].
    inside : array_like of bool
        Whether the person is in the area, or lives there.
    cue : array_like of float
        What the person sees: utility of a storm and of somebody who leaves.
    household : array_like of float
        Utility by children, age and car (see `household_utility`).
    parameters : WarningParameters
        Weights.

    Returns
    -------
    ndarray of float64
        Probabilities; all inputs broadcast.

    Examples
    --------
    >>> action_probability(
    ...     0.9, inside=[True, False], cue=0.0, household=0.0, parameters=WarningParameters()
    ... ).round(2)
    array([0.86, 0.45])
    """
    utility = (
        parameters.constant
        + parameters.danger * np.asarray(danger, dtype=np.float64)
        + parameters.inside * np.asarray(inside, dtype=np.float64)
        + np.asarray(cue, dtype=np.float64)
        + np.asarray(household, dtype=np.float64)
    )
    return np.asarray(1.0 / (1.0 + np.exp(-utility)), dtype=np.float64)


def preparation_min(
    deviate: ArrayLike, danger: ArrayLike, *, median_min: float, parameters: WarningParameters
) -> Float:
    """Return how long people take to get ready to leave, in minutes: a lognormal.

    ``median (1 - haste danger) exp(spread z)``.

    Parameters
    ----------
    deviate : array_like
        Draws z from the standard normal distribution.
    danger : array_like
        The danger told, in [0, 1].
    median_min : float
        Median at no danger, in minutes.
    parameters : WarningParameters
        Haste and spread.

    Returns
    -------
    ndarray of float64
        Minutes; both inputs broadcast.

    Examples
    --------
    >>> preparation_min([0.0, 1.0], 1.0, median_min=30.0, parameters=WarningParameters()).round(1)
    array([15. , 27.3])
    """
    scale = median_min * (1.0 - parameters.haste * np.asarray(danger, dtype=np.float64))
    return np.asarray(
        scale * np.exp(parameters.ready_spread * np.asarray(deviate, dtype=np.float64)),
        dtype=np.float64,
    )


def household_utility(persona: Persona, tree: CityParameters) -> float:
    """Return the utility of acting by children in the household, age and car."""
    numbers = tree.mind.warnings
    child = persona.household.youngest_child
    grown_up = tree.population.ages.stages.adult_from
    utility = numbers.children if child is not None and child < grown_up else 0.0
    if persona.age >= tree.population.ages.stages.older_from:
        utility += numbers.older
    return utility if persona.has_car else utility + numbers.without_car


def protective_action(message: Message, risk: Risk) -> ReactionKind:
    """Return what a person does who believes a message and acts on it.

    Who is in danger flees; where it is everywhere outdoors, people stay in; who has to go
    into it, or lives there, plans anew; nobody else does anything. When a danger has ended,
    people plan anew.

    Examples
    --------
    >>> storm = Message(
    ...     id=0, text="A storm", source="media", channel="radio", minute=0, topic="storm",
    ...     danger=0.8,
    ... )
    >>> protective_action(storm, Risk())
    <ReactionKind.STAY_IN: 'stay_in'>
    """
    if message.danger <= 0.0:
        return ReactionKind.REPLAN if risk.lifts else ReactionKind.CONTINUE
    if message.is_everywhere:
        return ReactionKind.STAY_IN
    if risk.here:
        return ReactionKind.FLEE
    return ReactionKind.REPLAN if risk.home or risk.ahead else ReactionKind.CONTINUE


def respond_by_rule(
    message: Message,
    risk: Risk,
    persona: Persona | None,
    rng: np.random.Generator,
    tree: CityParameters,
) -> Response:
    """Return what a person makes of a message.

    Each person has one draw for a topic, so that hearing it again changes a mind only by what
    is new: a better source, a confirmation, somebody who leaves.

    Parameters
    ----------
    message : Message
        What is heard.
    risk : Risk
        How it concerns the person.
    persona : Persona or None
        The person; None for an adult of whom nothing is known.
    rng : numpy.random.Generator
        Random numbers of person and topic.
    tree : CityParameters
        `mind.warnings` and `social.messages`.
    """
    numbers = tree.mind.warnings
    believes, acts, informs = rng.random(3).tolist()
    ready = _ready_min(message, risk, float(rng.standard_normal()), numbers)
    if _goes_along(message, risk, persona, numbers):
        kind = protective_action(message, risk)
        reason = "goes along with the household"
        return Response(kind, believed=True, reason=reason, minutes=_shared_min(message))
    sure = float(belief_probability(risk.trust, risk.confirmed, risk.seen, numbers))
    reason = _told(risk, sure)
    if believes >= sure:
        return Response(ReactionKind.CONTINUE, believed=False, reason=reason)
    kind = protective_action(message, risk)
    if message.danger > 0.0 and kind is not ReactionKind.CONTINUE:
        likely = _acts(message, risk, persona, tree)
        kind = kind if acts < likely else ReactionKind.CONTINUE
        reason = f"{reason}; danger {message.danger:.1f}, acts at {likely:.2f}"
    response = Response(kind, believed=True, reason=reason, minutes=ready)
    return told_on(response, informs < _informs(message, tree))


def told_on(response: Response, informs: bool) -> Response:  # noqa: FBT001 - one word says it
    """Return a response of somebody who tells others too, if `informs`; times to leave only."""
    kind = response.kind
    if kind is ReactionKind.CONTINUE and informs:
        kind = ReactionKind.INFORM
    minutes = response.minutes if kind is ReactionKind.FLEE else 0
    return response._replace(kind=kind, informs=informs, minutes=minutes)


def _informs(message: Message, tree: CityParameters) -> float:
    numbers = tree.social.messages
    return numbers.inform_news + numbers.inform_danger * message.danger


def _ready_min(message: Message, risk: Risk, deviate: float, numbers: WarningParameters) -> int:
    median = numbers.ready_min if risk.at_home else numbers.ready_away_min
    ready = preparation_min(deviate, message.danger, median_min=median, parameters=numbers)
    return round(float(ready))


def _shared_min(message: Message) -> int:
    """Return the time until somebody of the household leaves, in minutes."""
    leaves = message.minute if message.leaves_min is None else message.leaves_min
    return max(leaves - message.minute, 0)


def _goes_along(
    message: Message, risk: Risk, persona: Persona | None, numbers: WarningParameters
) -> bool:
    """Tell whether a child is taken along by somebody of the household who leaves."""
    is_child = persona is not None and persona.age < numbers.alone_from
    return is_child and risk.from_household and message.leaves_min is not None


def _acts(message: Message, risk: Risk, persona: Persona | None, tree: CityParameters) -> float:
    numbers = tree.mind.warnings
    if persona is not None and persona.age < numbers.alone_from:
        return 0.0
    cue = numbers.seen * risk.seen + numbers.cue * (message.leaves_min is not None)
    return float(
        action_probability(
            message.danger,
            inside=message.is_everywhere or risk.here or risk.home,
            cue=cue,
            household=0.0 if persona is None else household_utility(persona, tree),
            parameters=numbers,
        )
    )


def _told(risk: Risk, sure: float) -> str:
    again = f", heard {risk.confirmed + 1} times" if risk.confirmed else ""
    return f"trust {risk.trust:.2f}{again}, believes at {sure:.2f}"
