"""Closed places: who leaves them, turns away from them, or does something else (`citizen.closing`).

A row whose home is closed stays there, unless it has a refuge from a danger already; only
citizens look for one because of a closing.
"""

from __future__ import annotations

import numpy as np

from mesa_llm_city.core.values import Bool, Int, Purpose
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, Blocks
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.danger import homes_in_danger
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.state import NO_REFUGE, CrowdState
from mesa_llm_city.mobility import BLOCK_MIN
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Occupation

__all__ = ["adapt_blocks", "elsewhere", "home_of", "is_shut_out", "leave_closed"]


def is_shut_out(state: CrowdState, due: Due, place: Int, minute: Int) -> Bool:
    """Tell for whom a place is closed at a minute; nobody is shut out of the own home."""
    if not due.world.closures.active:
        return np.zeros(len(due), dtype=np.bool_)
    closed: Bool = ~_is_open(due, place, minute)
    shut: Bool = closed & (place != home_of(state, due, minute))
    return shut


def home_of(state: CrowdState, due: Due, minute: Int) -> Int:
    """Return where rows are at home: the refuge of those who have one while the home is closed."""
    home = state.people.home[due.rows].astype(np.int64)
    if not due.world.closures.active:
        return home
    refuge = state.refuge[due.rows]
    away = refuge != NO_REFUGE
    if away.any():
        away &= ~_is_open(due, home, minute)
        home[away] = refuge[away]
    return home


def _are_back(state: CrowdState, due: Due) -> Bool:
    """Tell who is at a refuge whose home is safe and open again (see `closing.is_back`)."""
    refuge = state.refuge[due.rows]
    back: Bool = (refuge != NO_REFUGE) & (state.place[due.rows] == refuge)
    if back.any():
        back &= ~homes_in_danger(state, due)
        back &= home_of(state, due, due.minute) != refuge
    return back


def leave_closed(state: CrowdState, due: Due, parameters: CityParameters) -> Bool:
    """Put back what is done at closed places, to be done elsewhere; return who has to leave.

    Who is at a refuge goes home when that is open and safe again.
    """
    rows, doing, codes = due.rows, state.doing, codes_of(parameters)
    if not due.world.closures.active and (state.refuge[rows] == NO_REFUGE).all():
        return np.zeros(len(rows), dtype=np.bool_)
    leaves = is_shut_out(state, due, state.place[rows].astype(np.int64), due.minute)
    goes_on = leaves & (doing.purpose[rows] != codes.rest)
    if goes_on.any():
        part = due.take(goes_on)
        block = elsewhere(state, part, part.minute, parameters)
        state.plans.put_back(part.rows, block, part.minute)
    back = _are_back(state, due) & ~leaves
    if back.any():
        part = due.take(back)
        block = _going_on(state, part.rows)
        block.place[:] = state.people.home[part.rows]
        state.plans.put_back(part.rows, block, part.minute)
    return leaves | back


def elsewhere(state: CrowdState, due: Due, minute: Int, parameters: CityParameters) -> Blocks:
    """Return what rows do, to be gone on with at another place from a minute on."""
    rows, codes = due.rows, codes_of(parameters)
    block = _going_on(state, rows)
    own = (block.place == state.people.home[rows]) | (block.place == state.people.work[rows])
    sheltered = block.place == state.refuge[rows]
    block.place[sheltered] = state.people.home[rows[sheltered]]
    own |= sheltered
    short = ~own & (block.end - minute < codes.least_min[block.purpose])
    block.purpose[short] = FREE
    block.place[~own], block.fixed[~own] = NOWHERE, False
    return block


def _going_on(state: CrowdState, rows: Int) -> Blocks:
    return state.doing.blocks(rows)


def adapt_blocks(state: CrowdState, due: Due, block: Blocks, parameters: CityParameters) -> None:
    """Change blocks in place that would begin at closed places (see `closing.adapted`)."""
    if not due.world.closures.active:
        return
    people, rows, codes = state.people, due.rows, codes_of(parameters)
    home, work = people.home[rows], people.work[rows]
    has_place = block.place != NOWHERE
    closed = np.zeros(len(block), dtype=np.bool_)
    closed[has_place] = ~_is_open(due, block.place[has_place], due.minute[has_place])
    closed &= block.place != home
    is_duty = np.isin(block.purpose, _duties(codes.names)) & (block.place == work)
    at_home = (block.purpose >= 0) & codes.at_home[block.purpose]
    block.place[closed & ~is_duty] = np.where(at_home, home, NOWHERE)[closed & ~is_duty]
    duty = np.flatnonzero(closed & is_duty)
    if len(duty):
        part = block.take(duty)
        _do_duty_elsewhere(state, due.take(duty), part, parameters)
        block.put(duty, part)


def _duties(names: tuple[str, ...]) -> list[int]:
    return [names.index(one) for one in (Purpose.WORK, Purpose.SCHOOL)]


def _do_duty_elsewhere(
    state: CrowdState, due: Due, block: Blocks, parameters: CityParameters
) -> None:
    """Let work be done at home by those who can; others have free time until it opens."""
    rows, closures, codes = due.rows, due.world.closures, codes_of(parameters)
    opens = np.array([closures.until(place) for place in block.place.tolist()])
    wait = max(parameters.mobility.closing.least_return_min, BLOCK_MIN)
    later = opens + wait <= block.end
    if later.any():
        state.plans.put_back(rows[later], block.take(later), opens[later])
        block.end[later] = opens[later]
    home = state.people.home[rows]
    works = block.purpose == codes.names.index(Purpose.WORK)
    works &= _is_open(due, home, due.minute) & _can_work_at_home(state, due, parameters)
    block.place[works] = home[works]
    block.purpose[~works], block.place[~works], block.fixed[~works] = FREE, NOWHERE, False


def _can_work_at_home(state: CrowdState, due: Due, parameters: CityParameters) -> Bool:
    given = parameters.mobility.closing.works_at_home
    share = np.array([given.get(str(one), 0.0) for one in Occupation])
    drawn = due.streams.trait("works at home", n=1)[:, 0]
    can: Bool = drawn < share[state.people.occupation[due.rows]]
    return can


def _is_open(due: Due, place: Int, minute: Int) -> Bool:
    return due.world.closures.is_open(place, minute)
