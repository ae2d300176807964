"""Fleeing: what was heard changes what rows do (see `citizen.fleeing`)."""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Bool, Int, Purpose
from mesa_llm_city.crowd.blocks import Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.danger import refuges_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.hearing import NOT_FLEEING, Listened
from mesa_llm_city.crowd.learning import are_visits
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mobility import BLOCK_MIN
from mesa_llm_city.parameters import CityParameters

__all__ = ["GOES_ON", "leave_at"]

GOES_ON = -1
"""When somebody leaves what they do who goes on."""


def leave_at(state: CrowdState, due: Due, listened: Listened, parameters: CityParameters) -> Int:
    """Return when each row leaves what goes on because of what was heard, or `GOES_ON`.

    What is done instead is put at the head of the plans.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans change.
    due : Due
        The m rows that have thought of messages, with the dangers that they know of now.
    listened : Listened
        What they make of the messages.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    leaves = np.full(len(due), GOES_ON, dtype=np.int64)
    flees = np.flatnonzero(listened.flee_min != NOT_FLEEING)
    if len(flees):
        leaves[flees] = _flee(state, due.take(flees), listened.flee_min[flees], parameters)
    others = listened.flee_min == NOT_FLEEING
    out = others & listened.stays_in & are_visits(state, due.rows, parameters)
    if out.any():
        home = state.people.home[due.rows[out]].astype(np.int64)
        stay = parameters.mind.warnings.refuge_min
        rest = codes_of(parameters).rest
        _put_first(state, due.rows[out], rest, home, due.minute[out], stay)
        leaves[out] = due.minute[out]
    back = others & ~out & listened.plans_anew & _rests_away(state, due.rows, parameters)
    leaves[back] = due.minute[back]
    return leaves


def _rests_away(state: CrowdState, rows: Int, parameters: CityParameters) -> Bool:
    doing, people = state.doing, state.people
    away = (doing.place[rows] != people.home[rows]) & (doing.place[rows] != people.work[rows])
    rests: Bool = away & (doing.purpose[rows] == codes_of(parameters).rest)
    return rests


def _flee(state: CrowdState, due: Due, ready_min: Int, parameters: CityParameters) -> Int:
    """Put getting ready and going to a refuge at the head of plans; return when to leave."""
    refuge, here = refuges_of(state, due, parameters), state.place[due.rows].astype(np.int64)
    until = np.full(len(due), GOES_ON, dtype=np.int64)
    goes = np.flatnonzero(refuge != here)
    if not len(goes):
        return until
    rows, minute, codes = due.rows[goes], due.minute[goes], codes_of(parameters)
    here, leave = here[goes], minute + ready_min[goes]
    _put_first(state, rows, codes.rest, refuge[goes], leave, parameters.mind.warnings.refuge_min)
    doing = state.doing
    end = np.minimum(np.maximum(doing.end[rows].astype(np.int64), minute), leave)
    end = np.where(doing.purpose[rows] == codes.sleep, minute, end)
    waits = leave - end >= BLOCK_MIN
    at_home = here == state.people.home[rows]
    purpose = np.where(at_home, codes.names.index(Purpose.HOUSEWORK), codes.rest)
    _put_first(state, rows[waits], purpose[waits], here[waits], end[waits], (leave - end)[waits])
    until[goes] = end
    return until


def _put_first(  # noqa: PLR0917 - the columns of blocks
    state: CrowdState, rows: Int, purpose: Int | int, place: Int, start: Int, minutes: Int | int
) -> None:
    kind = np.broadcast_to(np.asarray(purpose, dtype=np.int64), start.shape)
    fixed = np.ones(len(rows), dtype=np.bool_)
    state.plans.push(rows, Blocks(start, start + minutes, kind, place, fixed))
