"""Interruption: how needs change what rows had planned (see `citizen.interruption`)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.held import held
from mesa_llm_city.core.kernels import compiled
from mesa_llm_city.core.latest import keeps_latest
from mesa_llm_city.core.narrow import positions_of
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.streams import word_of
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.codes import Codes, codes_of
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.interruption_loops import (
    NEVER,
    Interrupting,
    PauseNumbers,
    heed_rows,
    notice_rows,
)
from mesa_llm_city.crowd.row_columns import row_columns
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind.perception_columns import Reactions, need_rules, react_rows
from mesa_llm_city.mind.perception_loops import NeedRules
from mesa_llm_city.parameters import CityParameters

__all__ = ["heed_needs", "interrupting", "notice_needs", "who_goes_home"]

_SNACK = np.uint64(word_of("snack"))


def notice_needs(state: CrowdState, due: Due, parameters: CityParameters) -> Bool:
    """Let rows react in the middle of what they do; return which of them go on to another block.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans change.
    due : Due
        The m rows.
    parameters : CityParameters
        Numbers that shape behaviour.

    Returns
    -------
    ndarray of bool, shape (m,)
        Those who leave what they do for a pause or a rest; the others stay as they are.
    """
    loop = compiled(notice_rows)
    if loop is not None:
        leaves, asks = np.empty((2, len(due)), dtype=np.bool_)
        by = interrupting(state, due.everybody.seeds_at(due.minute), parameters)
        told = loop(row_columns(state), by, due.rows, due.minute, leaves, asks)
        if not told[1]:
            raise state.plans.full()
        if told[0]:
            closed = who_goes_home(state, due, positions_of(asks), parameters)
            state.plans.move_front(due.rows[closed], state.people.home[due.rows[closed]])
        return leaves
    rows, doing = due.rows, state.doing
    current = doing.blocks(rows)
    reactions = _reactions(state, due, current.purpose, current.fixed, parameters)
    rests = reactions.rests & ~_holds_on(state, rows, parameters)
    pauses = (reactions.purpose >= 0) & ~reactions.rests
    state.resting[rows[rests]] = True
    state.plans.put_back(rows[rests], _freed(current.take(rests)), due.minute[rests])
    if pauses.any():
        part = due.take(pauses)
        pause = _pauses(state, part, reactions.purpose[pauses], parameters)
        least = parameters.mind.perception.least_resumed_min
        left = current.take(pauses)
        resumed = left.end - pause.end >= least
        state.plans.put_back(part.rows[resumed], left.take(resumed), pause.end[resumed])
        state.plans.push(part.rows, pause)
    return rests | pauses


def heed_needs(
    state: CrowdState, due: Due, blocks: Blocks, heeded: Bool, parameters: CityParameters
) -> None:
    """Put before blocks that begin now what needs ask for; `blocks` change in place.

    Parameters
    ----------
    state : CrowdState
        The crowd, whose plans change.
    due : Due
        The m rows.
    blocks : Blocks
        What begins now in each.
    heeded : ndarray of bool, shape (m,)
        Whose needs have been heeded already.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    loop = compiled(heed_rows)
    if loop is not None:
        columns = blocks.columns
        asks, by = (
            np.empty(len(due), dtype=np.bool_),
            interrupting(state, due.everybody.seeds_at(due.minute), parameters),
        )
        rows = row_columns(state)
        told = loop(rows, by, due.rows, due.minute, heeded, columns, asks)
        if not told[1]:
            raise state.plans.full()
        if told[0]:
            closed = who_goes_home(state, due, positions_of(asks), parameters)
            blocks.place[closed] = state.people.home[due.rows[closed]]
        return
    attends = positions_of(~heeded)
    if len(attends):
        _heed(state, due.take(attends), blocks, attends, parameters)


def _heed(
    state: CrowdState, due: Due, blocks: Blocks, part: Int, parameters: CityParameters
) -> None:
    own = blocks.take(part)
    reactions = _reactions(state, due, own.purpose, own.fixed, parameters)
    state.resting[due.rows[reactions.rests]] = True
    pauses = (reactions.purpose >= 0) & ~reactions.rests
    if not pauses.any():
        return
    pausing = due.take(pauses)
    pause = _pauses(state, pausing, reactions.purpose[pauses], parameters)
    state.plans.put_back(pausing.rows, own.take(pauses), pause.end)
    blocks.put(part[pauses], pause)


def interrupting(state: CrowdState, seeds: Words, parameters: CityParameters) -> Interrupting:
    """Return what loops read that let needs interrupt rows."""
    rules, numbers = need_rules(parameters), _pause_numbers(parameters)
    return state.kept(_interrupted, rules, numbers, seeds)


def _interrupted(
    state: CrowdState, rules: NeedRules, numbers: PauseNumbers, seeds: Words
) -> Interrupting:
    plans, wished = state.plans.columns, state.wishes.size
    eats_out = state.people.eats_out
    return held(Interrupting(plans, wished, eats_out, rules, numbers, seeds, _SNACK))


@keeps_latest
@lru_cache(maxsize=8)
def _pause_numbers(parameters: CityParameters) -> PauseNumbers:
    codes, numbers = codes_of(parameters), parameters.mind.perception
    return PauseNumbers(
        codes.usual_min,
        codes.at_home,
        codes.meal,
        codes.sleep,
        numbers.patience_min,
        numbers.brought_forward_min,
        numbers.least_resumed_min,
        numbers.snack_min,
        not parameters.mobility.free_time.tired_gives_up,
    )


def who_goes_home(state: CrowdState, due: Due, part: Int, parameters: CityParameters) -> Int:
    """Return which of those who ask have a short meal at home, since it closes where they are.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    due : Due
        The m rows.
    part : ndarray of int64, shape (k,)
        Positions of those who ask.
    parameters : CityParameters
        Reads ``mind.perception.snack_min``.
    """
    place, minute = state.place[due.rows[part]].astype(np.int64), due.minute[part]
    until = minute + parameters.mind.perception.snack_min
    closed: Int = part[~due.world.open_during(place, minute, until)]
    return closed


def _reactions(
    state: CrowdState, due: Due, purpose: Int, fixed: Bool, parameters: CityParameters
) -> Reactions:
    need = state.needs.dominant(state.needs.at(due.rows, due.minute))
    count = len(need)
    night_in, planned_in = (np.full(count, NEVER) for _ in range(2))
    pressed = positions_of(need >= 0)
    if len(pressed):
        rows, minute, codes = due.rows[pressed], due.minute[pressed], codes_of(parameters)
        night_in[pressed] = state.plans.next_start(rows, codes.sleep, NEVER) - minute
        wanted = _wanted(need[pressed], parameters)
        planned_in[pressed] = state.plans.next_start(rows, wanted, NEVER) - minute
    return react_rows(
        need, purpose, fixed, night_in=night_in, planned_in=planned_in, parameters=parameters
    )


def _wanted(need: Int, parameters: CityParameters) -> Int:
    """Return the purpose of what meets each need."""
    names = list(parameters.purposes)
    reactions = [one.reaction for one in parameters.needs.values()]
    found = np.array([names.index(one) if one in names else FREE - 1 for one in reactions])
    return found[need]


def _holds_on(state: CrowdState, rows: Int, parameters: CityParameters) -> Bool:
    """Tell who is out for what a day drawn from a table is meant to hold."""
    if parameters.mobility.free_time.tired_gives_up:
        return np.zeros(len(rows), dtype=np.bool_)
    holds: Bool = (state.wishes.size[rows] >= 0) & (state.place[rows] != state.people.home[rows])
    return holds


def _freed(blocks: Blocks) -> Blocks:
    blocks.purpose[:], blocks.place[:], blocks.fixed[:] = FREE, NOWHERE, False
    return blocks


def _pauses(state: CrowdState, due: Due, purpose: Int, parameters: CityParameters) -> Blocks:
    """Return pauses that begin now and end before the next duty."""
    rows, minute, codes = due.rows, due.minute, codes_of(parameters)
    numbers = parameters.mind.perception
    planned = state.plans.give_up(rows, purpose, minute + numbers.brought_forward_min)
    meal_min = int(codes.usual_min[codes.meal])
    duty = state.plans.next_fixed(rows, minute + DAY_MIN)
    longest = np.maximum(duty - minute, meal_min)
    usual = codes.usual_min[purpose]
    lasts = np.where(planned > 0, planned, np.where(usual > 0, usual, meal_min))
    end = minute + np.minimum(lasts, longest)
    place = _places_of_pauses(state, due, purpose, codes)
    snack = (purpose == codes.meal) & (planned == 0) & (state.wishes.size[rows] >= 0)
    if snack.any():
        end[snack] = minute[snack] + numbers.snack_min
        place[snack] = _snack_places(state, due.take(snack), end[snack])
    count = len(rows)
    return Blocks(minute.copy(), end, purpose.copy(), place, np.zeros(count, dtype=np.bool_))


def _snack_places(state: CrowdState, due: Due, end: Int) -> Int:
    """Return where a short meal is eaten: here, or at home if it closes here."""
    people, rows = state.people, due.rows
    place = state.place[rows].astype(np.int64)
    stays = (place == people.home[rows]) | (place == people.work[rows])
    stays |= due.world.open_during(place, due.minute, end)
    return np.where(stays, place, people.home[rows])


def _places_of_pauses(state: CrowdState, due: Due, purpose: Int, codes: Codes) -> Int:
    """Return where pauses are spent; `NOWHERE` if a place has to be chosen."""
    people, rows = state.people, due.rows
    place, home = state.place[rows].astype(np.int64), people.home[rows]
    out = due.streams.at("snack", step=due.minute, n=1)[:, 0] < people.eats_out[rows]
    stays = (place == home) | ((place == people.work[rows]) & ~out)
    table = np.where(stays & (purpose == codes.meal), place, NOWHERE)
    return np.where(codes.at_home[purpose], home, table)
