"""How needs change what rows do or have planned, as loops that are compiled (see `kernels`).

They do what `interruption` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import uniform_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import AHEAD
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, BlockColumns
from mesa_llm_city.crowd.plan_row_loops import (
    Columns,
    give_up_block,
    next_fixed_of,
    next_start_of,
    push_block,
    put_back_block,
)
from mesa_llm_city.crowd.row_columns import RowColumns, ask_for_doing
from mesa_llm_city.mind.need_row_loops import NO_NEED, ask_for_needs, pressing_need
from mesa_llm_city.mind.perception_loops import NO_REACTION, NeedRules, reaction_to

__all__ = ["NEVER", "Interrupting", "PauseNumbers", "heed_rows", "notice_row", "notice_rows"]

NEVER = np.iinfo(np.int64).max // 2
"""Minute of what is not planned."""


class PauseNumbers(NamedTuple):
    """Numbers and positions that pauses are judged by, p purposes.

    Attributes
    ----------
    usual_min : ndarray of int64, shape (p,)
        Usual length of each purpose, 0 if none is given.
    at_home : ndarray of bool, shape (p,)
        Which are done at home.
    meal, sleep : int
        Positions of purposes.
    patience_min, brought_forward_min, least_resumed_min, snack_min : int
        As in ``mind.perception``.
    holds_on : bool
        Whether somebody tired holds on to what a day is meant to hold.
    """

    usual_min: Int
    at_home: Bool
    meal: int
    sleep: int
    patience_min: int
    brought_forward_min: int
    least_resumed_min: int
    snack_min: int
    holds_on: bool


class Interrupting(NamedTuple):
    """What interrupting reads besides `RowColumns`.

    Attributes
    ----------
    plans : Columns
        Blocks ahead, which are changed.
    wished : ndarray of int, shape (n,)
        Number of wishes of each row, negative where nothing is said about them.
    eats_out : ndarray of float64, shape (n,)
        Share of meals that are eaten out.
    rules : NeedRules
        How needs are reacted to.
    numbers : PauseNumbers
        Numbers of pauses.
    seeds : ndarray of uint64, shape (1,) or (m,)
        Seed of what is drawn.
    word : uint64
        What is drawn.
    """

    plans: Columns
    wished: Whole
    eats_out: Float
    rules: NeedRules
    numbers: PauseNumbers
    seeds: Words
    word: np.uint64


def notice_rows(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns, by: Interrupting, noticing: Int, minute: Int, leaves: Bool, asks: Bool
) -> tuple[int, bool]:
    """Let m rows react in the middle of what they do (see `notice_needs`).

    Parameters
    ----------
    rows : RowColumns
        The crowd, which is changed.
    by : Interrupting
        Their plans, and numbers.
    noticing, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    leaves : ndarray of bool, shape (m,)
        Is filled with who leaves what they do for a pause or a rest.
    asks : ndarray of bool, shape (m,)
        Is filled with who has a short meal here if it stays open, else at home.

    Returns
    -------
    tuple of (int, bool)
        How many ask, and whether a plan has had no room.
    """
    asking, has_room = 0, True
    for at in range(len(noticing)):
        if at + AHEAD < len(noticing):
            later = noticing[at + AHEAD]
            ask_for_doing(rows.doing, later)
            ask_for_needs(rows.needs, later)
        row, now = noticing[at], minute[at]
        leaves[at], asks[at], fits = notice_row(rows, by, at, row, now)
        asking += asks[at]
        has_room &= fits
    return asking, has_room


def notice_row(
    rows: RowColumns, by: Interrupting, at: int, row: int, now: int
) -> tuple[bool, bool, bool]:
    """Let one row react in the middle of what it does, as `notice_rows` does.

    Parameters
    ----------
    rows, by
        As of `notice_rows`.
    at, row, now : int
        Position of the row among those who notice, the row, and the minute.

    Returns
    -------
    tuple of (bool, bool, bool)
        Whether the row leaves, whether it asks, and whether its plan has had room.
    """
    doing, plans, rules, numbers = rows.doing, by.plans, by.rules, by.numbers
    need = pressing_need(rows.needs, row, now)
    if need == NO_NEED:
        return False, False, True
    purpose, is_fixed = int(doing.purpose[row]), doing.fixed[row]
    reaction = reaction_to(rules, need, purpose, is_fixed)
    if reaction == NO_REACTION:
        return False, False, True
    place, ends = int(doing.place[row]), int(doing.end[row])
    if reaction == rules.rest:
        is_out = by.wished[row] >= 0 and rows.place[row] != rows.home[row]
        if numbers.holds_on and is_out:
            return False, False, True
        rows.resting[row] = True
        return True, False, put_back_block(plans, row, now, ends, FREE, NOWHERE, False)  # noqa: FBT003 - no keywords
    if not _has_time(plans, numbers, row, now, reaction):
        return False, False, True
    end, where, asks = _pause(rows, by, row, at, now, reaction)
    has_room = True
    if ends - end >= numbers.least_resumed_min:
        has_room = put_back_block(plans, row, end, ends, purpose, place, is_fixed)
    has_room &= push_block(plans, row, now, end, reaction, where, False)  # noqa: FBT003 - likewise
    return True, asks, has_room


def heed_rows(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    by: Interrupting,
    beginning: Int,
    minute: Int,
    heeded: Bool,
    blocks: BlockColumns,
    asks: Bool,
) -> tuple[int, bool]:
    """Put before blocks that begin now what needs ask for (see `heed_needs`).

    Parameters
    ----------
    rows, by
        As of `notice_rows`.
    beginning, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    heeded : ndarray of bool, shape (m,)
        Whose needs have been heeded.
    blocks : BlockColumns
        What begins in each.
    asks : ndarray of bool, shape (m,)
        As of `notice_rows`.

    Returns
    -------
    tuple of (int, bool)
        As of `notice_rows`.
    """
    needs, plans, rules, numbers = rows.needs, by.plans, by.rules, by.numbers
    asking, has_room = 0, True
    for at in range(len(beginning)):
        if at + AHEAD < len(beginning):
            ask_for_needs(needs, beginning[at + AHEAD])
        row, now = unsigned(beginning[at]), minute[at]
        asks[at] = False
        if heeded[at]:
            continue
        purpose, place, is_fixed = blocks.purpose[at], blocks.place[at], blocks.fixed[at]
        need = pressing_need(needs, row, now)
        if need == NO_NEED:
            continue
        reaction = reaction_to(rules, need, purpose, is_fixed)
        if reaction == rules.rest:
            rows.resting[row] = True
        elif reaction != NO_REACTION and _has_time(plans, numbers, row, now, reaction):
            end, where, asks[at] = _pause(rows, by, row, at, now, reaction)
            has_room &= put_back_block(plans, row, end, blocks.end[at], purpose, place, is_fixed)
            blocks.start[at], blocks.end[at], blocks.purpose[at] = now, end, reaction
            blocks.place[at], blocks.fixed[at] = where, False
            asking += asks[at]
    return asking, has_room


def _has_time(plans: Columns, numbers: PauseNumbers, row: int, now: int, reaction: int) -> bool:
    """Tell whether neither the night nor what meets the need is planned soon."""
    latest = now + numbers.patience_min
    if next_start_of(plans, row, numbers.sleep, NEVER) <= latest:
        return False
    return next_start_of(plans, row, reaction, NEVER) > latest


def _pause(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns, by: Interrupting, row: int, at: int, now: int, purpose: int
) -> tuple[int, int, bool]:
    """Return end and place of a pause, and whether that is left open (see `notice_rows`)."""
    numbers, here = by.numbers, int(rows.place[row])
    is_home, is_work = here == rows.home[row], here == rows.work[row]
    planned = give_up_block(by.plans, row, purpose, now + numbers.brought_forward_min)
    if purpose == numbers.meal and planned == 0 and by.wished[row] >= 0:
        return now + numbers.snack_min, here, not (is_home or is_work)
    meal_min = int(numbers.usual_min[numbers.meal])
    usual_min = int(numbers.usual_min[purpose])
    lasts = planned if planned > 0 else usual_min if usual_min > 0 else meal_min
    duty = next_fixed_of(by.plans, row, now + DAY_MIN)
    end = now + min(lasts, max(duty - now, meal_min))
    if numbers.at_home[purpose]:
        return end, int(rows.home[row]), False
    if purpose != numbers.meal:
        return end, NOWHERE, False
    if is_work and not is_home:
        seed = by.seeds[at if len(by.seeds) > 1 else 0]
        is_home = uniform_at(seed, rows.ids[row], now, by.word) >= by.eats_out[row]
    return end, here if is_home else NOWHERE, False
