"""Warning columns: what many persons make of a message by rule, each as a citizen would decide."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.message import Message
from mesa_llm_city.core.values import Bool, Float, Int, ReactionKind
from mesa_llm_city.mind.warning import (
    REACTIONS,
    action_probability,
    belief_probability,
    household_utilities,
    preparation_min,
    protective_actions,
)
from mesa_llm_city.parameters import CityParameters

__all__ = ["HEED_DRAWS", "HearerColumns", "ResponseColumns", "RiskColumns", "respond_rows"]

HEED_DRAWS = 4
"""Uniform numbers that a person draws for a topic: believes, acts, informs, and gets ready."""

_CONTINUE, _FLEE, _INFORM = (
    REACTIONS.index(one) for one in (ReactionKind.CONTINUE, ReactionKind.FLEE, ReactionKind.INFORM)
)


class RiskColumns(NamedTuple):
    """How a message concerns m persons (see `Risk`); each column has shape (m,).

    Attributes
    ----------
    trust : ndarray of float64
        Trust in the source, in [0, 1].
    confirmed : ndarray of int
        How often each has heard of the same before.
    here, home, ahead, seen, at_home, from_household, lifts : ndarray of bool
        As in `Risk`.
    leaves_in : ndarray of int
        Minutes until whoever passes it on leaves for safety; -1 if they do not.
    """

    trust: Float
    confirmed: NDArray[np.integer]
    here: Bool
    home: Bool
    ahead: Bool
    seen: Bool
    at_home: Bool
    from_household: Bool
    lifts: Bool
    leaves_in: Int


class HearerColumns(NamedTuple):
    """What the rule reads of m persons; each column has shape (m,).

    Attributes
    ----------
    age : ndarray of int
        In years.
    youngest_child : ndarray of int
        Age of the youngest child of the household, -1 without any.
    has_car : ndarray of bool
        Whether there is a car.
    """

    age: NDArray[np.integer]
    youngest_child: NDArray[np.integer]
    has_car: Bool


class ResponseColumns(NamedTuple):
    """What m persons make of a message (see `Response`); each column has shape (m,).

    Attributes
    ----------
    kind : ndarray of int
        Positions in `warning.REACTIONS`.
    believed, informs : ndarray of bool
        Who believes it, and who tells others.
    minutes : ndarray of int64
        How long each takes to get ready to leave; 0 for those who do not leave.
    sure, likely : ndarray of float64
        Probabilities of believing it, and of acting on it.
    along : ndarray of bool
        Children who are taken along by somebody of the household who leaves.
    """

    kind: Int
    believed: Bool
    informs: Bool
    minutes: Int
    sure: Float
    likely: Float
    along: Bool


def respond_rows(
    message: Message,
    risk: RiskColumns,
    people: HearerColumns,
    draws: Float,
    tree: CityParameters,
) -> ResponseColumns:
    """Return what persons make of a message.

    Each person has the same draws for all messages of a topic, so that hearing it again changes
    a mind only by what is new: a better source, a confirmation, somebody who leaves.

    Parameters
    ----------
    message : Message
        What is heard; read are its danger and whether it is everywhere.
    risk : RiskColumns
        How it concerns each.
    people : HearerColumns
        The persons.
    draws : ndarray of float64, shape (m, HEED_DRAWS)
        Uniform numbers of person and topic.
    tree : CityParameters
        `mind.warnings` and `social.messages`.
    """
    numbers = tree.mind.warnings
    child = np.less(people.age, numbers.alone_from)
    along = child & risk.from_household & (risk.leaves_in >= 0)
    sure = belief_probability(risk.trust, risk.confirmed, risk.seen, numbers)
    believed: Bool = along | (draws[:, 0] < sure)
    likely = _action(message, risk, people, tree)
    likely[child] = 0.0
    kind = protective_actions(message, risk.here, risk.home | risk.ahead, risk.lifts)
    kind = np.where(believed, kind, _CONTINUE)
    if message.danger > 0.0:
        kind = np.where(along | (draws[:, 1] < likely), kind, _CONTINUE)
    informs = believed & ~along & (draws[:, 2] < _informs(message, tree))
    kind[informs & (kind == _CONTINUE)] = _INFORM
    median = np.where(risk.at_home, numbers.ready_min, numbers.ready_away_min)
    ready = preparation_min(
        normal_of(draws[:, 3]), message.danger, median_min=median, parameters=numbers
    )
    minutes = np.where(kind == _FLEE, np.rint(ready).astype(np.int64), 0)
    minutes = np.where(along, risk.leaves_in, minutes)
    return ResponseColumns(kind, believed, informs, minutes, sure, likely, along)


def _action(
    message: Message, risk: RiskColumns, people: HearerColumns, tree: CityParameters
) -> Float:
    numbers = tree.mind.warnings
    return action_probability(
        message.danger,
        inside=message.is_everywhere | risk.here | risk.home,
        cue=numbers.seen * risk.seen + numbers.cue * (risk.leaves_in >= 0),
        household=household_utilities(people.age, people.youngest_child, people.has_car, tree),
        parameters=numbers,
    )


def _informs(message: Message, tree: CityParameters) -> float:
    numbers = tree.social.messages
    return numbers.inform_news + numbers.inform_danger * message.danger
