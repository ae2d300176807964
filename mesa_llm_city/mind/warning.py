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
from mesa_llm_city.core.values import Float, Int, ReactionKind
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import WarningParameters
from mesa_llm_city.population import Persona

__all__ = [
    "NO_CHILD",
    "REACTIONS",
    "Risk",
    "action_probability",
    "belief_probability",
    "household_utilities",
    "household_utility",
    "preparation_min",
    "protective_action",
    "protective_actions",
    "told_on",
]

REACTIONS = tuple(ReactionKind)
"""What people do, by the position that stands for it in columns."""

NO_CHILD = -1
"""Age that stands for no child in a household."""

_CONTINUE, _REPLAN, _FLEE, _STAY_IN = (
    REACTIONS.index(one)
    for one in (
        ReactionKind.CONTINUE,
        ReactionKind.REPLAN,
        ReactionKind.FLEE,
        ReactionKind.STAY_IN,
    )
)


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
    deviate: ArrayLike, danger: ArrayLike, *, median_min: ArrayLike, parameters: WarningParameters
) -> Float:
    """Return how long people take to get ready to leave, in minutes: a lognormal.

    ``median (1 - haste danger) exp(spread z)``.

    Parameters
    ----------
    deviate : array_like
        Draws z from the standard normal distribution.
    danger : array_like
        The danger told, in [0, 1].
    median_min : array_like
        Median at no danger, in minutes.
    parameters : WarningParameters
        Haste and spread.

    Returns
    -------
    ndarray of float64
        Minutes; all inputs broadcast.

    Examples
    --------
    >>> preparation_min([0.0, 1.0], 1.0, median_min=30.0, parameters=WarningParameters()).round(1)
    array([15. , 27.3])
    """
    scale = np.multiply(median_min, 1.0 - parameters.haste * np.asarray(danger, dtype=np.float64))
    return np.asarray(
        scale * np.exp(parameters.ready_spread * np.asarray(deviate, dtype=np.float64)),
        dtype=np.float64,
    )


def household_utility(persona: Persona, tree: CityParameters) -> float:
    """Return the utility of acting by children in the household, age and car."""
    child = persona.household.youngest_child
    youngest = NO_CHILD if child is None else child
    return float(household_utilities(persona.age, youngest, persona.has_car, tree))


def household_utilities(
    age: ArrayLike, youngest_child: ArrayLike, has_car: ArrayLike, tree: CityParameters
) -> Float:
    """Return the utilities of acting by children in the household, age and car.

    Parameters
    ----------
    age : array_like of int
        In years.
    youngest_child : array_like of int
        Age of the youngest child of the household, `NO_CHILD` without any.
    has_car : array_like of bool
        Whether there is a car.
    tree : CityParameters
        `mind.warnings`, and from which age people are adult or older.

    Returns
    -------
    ndarray of float64
        All inputs broadcast.
    """
    numbers, stages = tree.mind.warnings, tree.population.ages.stages
    child = np.asarray(youngest_child)
    with_children = (child > NO_CHILD) & (child < stages.adult_from)
    utility = np.where(with_children, numbers.children, 0.0)
    utility = utility + np.where(np.greater_equal(age, stages.older_from), numbers.older, 0.0)
    return np.asarray(utility + np.where(has_car, 0.0, numbers.without_car), dtype=np.float64)


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
    code = protective_actions(message, risk.here, risk.home or risk.ahead, risk.lifts)
    return REACTIONS[int(code)]


def protective_actions(
    message: Message, here: ArrayLike, concerned: ArrayLike, lifts: ArrayLike
) -> Int:
    """Return what people do who believe a message and act on it (see `protective_action`).

    Parameters
    ----------
    message : Message
        The message.
    here : array_like of bool
        Who is in its area.
    concerned : array_like of bool
        Whose home or plan is in its area.
    lifts : array_like of bool
        Who believed in the danger that it says has ended.

    Returns
    -------
    ndarray of int
        Positions in `REACTIONS`; all inputs broadcast.
    """
    if message.danger <= 0.0:
        return np.where(lifts, _REPLAN, _CONTINUE)
    if message.is_everywhere:
        return np.full(np.broadcast_shapes(np.shape(here), np.shape(concerned)), _STAY_IN)
    return np.where(here, _FLEE, np.where(concerned, _REPLAN, _CONTINUE))


def told_on(response: Response, informs: bool) -> Response:  # noqa: FBT001 - one word says it
    """Return a response of somebody who tells others too, if `informs`; times to leave only."""
    kind = response.kind
    if kind is ReactionKind.CONTINUE and informs:
        kind = ReactionKind.INFORM
    minutes = response.minutes if kind is ReactionKind.FLEE else 0
    return response._replace(kind=kind, informs=informs, minutes=minutes)
