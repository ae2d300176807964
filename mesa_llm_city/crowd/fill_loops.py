"""Free blocks of many rows are filled, as a loop over rows that is compiled (see `kernels`).

It does what `fill_blocks` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.draw_loops import fill_uniforms, uniform_at
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import AHEAD, prefetch, prefetch_all
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.blocks import FREE, NOWHERE, BlockColumns
from mesa_llm_city.crowd.plan_row_loops import Columns, push_block
from mesa_llm_city.mind.need_loops import NeedArrays, fill_relief
from mesa_llm_city.mobility.free_time_loops import (
    FreeTimeTable,
    WishArrays,
    ask_for_wishes,
    best_activity,
    end_of,
    fill_due,
    fill_values,
    fulfil_wish,
    kind_of_block,
    only_activity,
)
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = ["FillRows", "FillTable", "fill_free"]


class FillTable(NamedTuple):
    """What is the same for all rows.

    Attributes
    ----------
    free : FreeTimeTable
        The F purposes.
    begins : ndarray of bool, shape (1440, F)
        What can begin at which minute of the day.
    liked : ndarray of int64, shape (F,)
        Columns of the preferences, -1 for none.
    outing_cost : float
        What going out takes off the value now.
    tired_gives_up : bool
        See `mobility.free_time`.
    factors : ndarray of float64, shape (32, F)
        By what each set of goals multiplies how much each purpose is liked.
    rest : int
        Position of rest among all purposes.
    word : uint64
        What is drawn.
    """

    free: FreeTimeTable
    begins: Bool
    liked: Int
    outing_cost: float
    tired_gives_up: bool
    factors: Float
    rest: int
    word: np.uint64


class FillRows(NamedTuple):
    """Columns of n rows.

    Attributes
    ----------
    age, home : ndarray of int, shape (n,)
        As in `PeopleColumns`.
    preferences : ndarray of float, shape (n, p)
        Likewise.
    resting : ndarray of bool, shape (n,)
        As in `CrowdState`.
    unmet : ndarray of uint8, shape (n,)
        Sets of goals, as in `GoalColumns`.
    plans, wishes, needs
        Plans, which get back what is left of blocks; wishes, which are fulfilled; needs.
    """

    age: NDArray[np.signedinteger]
    home: NDArray[np.signedinteger]
    preferences: NDArray[np.floating]
    resting: Bool
    unmet: NDArray[np.uint8]
    plans: Columns
    wishes: WishArrays
    needs: NeedArrays


def fill_free(  # noqa: PLR0917 - compiled loops take no keywords
    table: FillTable,
    columns: FillRows,
    rows: Int,
    minute: Int,
    seed: Words,
    person: Int,
    block: BlockColumns,
) -> bool:
    """Fill those of m blocks that are free.

    Parameters
    ----------
    table : FillTable
        What is the same for all.
    columns : FillRows
        The crowd, which is changed.
    rows, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each; all of the day of `table.begins`.
    seed : ndarray of uint64, shape (1,) or (m,)
        Of all draws, or of each.
    person : ndarray of int64, shape (m,)
        Ids of the rows.
    block : BlockColumns
        What begins now in each; free ones are filled.

    Returns
    -------
    bool
        Whether all plans had room for what is left of blocks.
    """
    count = len(table.free.codes)
    liked, relief = np.empty(count), np.empty(count)
    value, time = np.empty(count), np.empty(count)
    draws, due = np.empty(1 + 2 * count), np.empty(count, dtype=np.int64)
    room = _Room(liked, relief, value, time, draws, due)
    return _fill(table, columns, rows, minute, seed, person, block, room)


class _Room(NamedTuple):
    """Room for what is worked out for one row after another (see `free_time_loops`)."""

    liked: Float
    relief: Float
    value: Float
    time: Float
    draws: Float
    due: Int


def _fill(  # noqa: PLR0917 - compiled loops take no keywords
    table: FillTable,
    columns: FillRows,
    rows: Int,
    minute: Int,
    seed: Words,
    person: Int,
    block: BlockColumns,
    room: _Room,
) -> bool:
    """Fill blocks that are free, as `fill_free` does."""
    codes, _, column_of, at_home, usual_min, _, suits, _, numbers = table.free
    age, home, _, resting, _, plans, wishes, _ = columns
    purpose, minutes, base, from_min, until_min, size = wishes
    start, end, kind, place, fixed = block
    begins, draws, due = table.begins, room.draws, room.due
    has_room = True
    for at in range(len(rows)):
        if at + AHEAD < len(rows) and kind[at + AHEAD] == FREE:
            _ask_for(columns, rows[at + AHEAD])
        if kind[at] != FREE:
            continue
        row, begin, until = unsigned(rows[at]), start[at], end[at]
        if resting[row] and (size[row] <= 0 or table.tired_gives_up):
            kind[at], place[at] = table.rest, home[row]
            continue
        of_run = seed[at if len(seed) > 1 else 0]
        early, now, count_said = numbers.wish_early_min, begin - base[row], size[row]
        until_next = fill_due(
            now, early, row, count_said, purpose, minutes, from_min, until_min, column_of, due
        )
        suited = kind_of_block(
            until - begin, age[row], numbers.outing_min, numbers.decides_from_age
        )
        today = begin % DAY_MIN
        best = only_activity(suits, suited, begins, today, numbers)
        if best >= 0:
            draws[0] = uniform_at(of_run, person[at], minute[at], table.word)
        else:
            fill_uniforms(of_run, person[at], minute[at], table.word, draws)
            best = _choice(table, columns, row, minute[at], suited, today, room)
        ends = end_of(begin, until, due[best], usual_min[best], draws[0], until_next, numbers)
        if until - ends >= BLOCK_MIN:
            left = push_block(plans, row, ends, until, FREE, place[at], fixed[at])
            has_room = has_room and left
        if size[row] > 0:
            fulfil_wish(wishes, row, codes[best])
        kind[at], end[at], fixed[at] = codes[best], ends, False
        place[at] = home[row] if at_home[best] else NOWHERE
    return has_room


def _choice(  # noqa: PLR0917 - compiled functions take no keywords
    table: FillTable,
    columns: FillRows,
    row: int,
    minute: int,
    suited: int,
    today: int,
    room: _Room,
) -> int:
    """Return what a block is spent on for which several purposes are feasible."""
    _, relieves, _, at_home, _, usual_liking, suits, wished, numbers = table.free
    level, kind_since, since, losses, gains = columns.needs
    liked, relief, value, time, draws, due = room
    is_said, goals = columns.wishes.size[row] >= 0, columns.unmet[row]
    _fill_liked(columns.preferences, row, table.liked, usual_liking, table.factors, goals, liked)
    fill_relief(level, kind_since, since, losses, gains, row, minute, relieves, relief)
    fill_values(
        suits,
        suited,
        table.begins,
        today,
        table.outing_cost,
        is_said,
        at_home,
        wished,
        numbers,
        liked,
        relief,
        due,
        value,
    )
    return best_activity(is_said, at_home, numbers, liked, value, draws, due, time)


def _ask_for(columns: FillRows, row: int) -> None:
    """Ask for what is read of a row that fills a block, before it is needed (see `prefetch`)."""
    needs = columns.needs
    prefetch(columns.age, row)
    prefetch(columns.home, row)
    prefetch_all(columns.preferences, row)
    prefetch(columns.resting, row)
    prefetch(columns.unmet, row)
    prefetch_all(needs.level_code, row)
    prefetch(needs.purpose, row)
    prefetch(needs.since, row)
    ask_for_wishes(columns.wishes, row)


def _fill_liked(  # noqa: PLR0917 - compiled loops take no keywords
    preferences: NDArray[np.floating],
    row: int,
    columns: Int,
    usual: Float,
    factors: Float,
    goals: int,
    liked: Float,
) -> None:
    """Fill how much one person likes each purpose (see `likings`)."""
    for purpose in range(len(columns)):
        liked[purpose] = usual[purpose]
        if columns[purpose] >= 0:
            own = preferences[row, columns[purpose]]
            if not np.isnan(own):
                liked[purpose] = own
        liked[purpose] *= factors[goals, purpose]
