"""Free blocks of many rows are filled, as a loop over rows that is compiled (see `kernels`).

It does what `fill_blocks` does in NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.draw_loops import fill_uniforms
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.blocks import FREE, NOWHERE
from mesa_llm_city.crowd.plan_row_loops import Columns, push_block
from mesa_llm_city.mind.need_loops import NeedArrays, fill_relief
from mesa_llm_city.mobility.free_time_loops import (
    FreeTimeTable,
    WishArrays,
    choose_activity,
    fulfil_wish,
    room_for_choice,
)
from mesa_llm_city.mobility.schedule import BLOCK_MIN

__all__ = ["BlockArrays", "FillRows", "FillTable", "fill_free"]


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
    plans, wishes, needs
        Plans, which get back what is left of blocks; wishes, which are fulfilled; needs.
    """

    age: NDArray[np.signedinteger]
    home: NDArray[np.signedinteger]
    preferences: NDArray[np.floating]
    resting: Bool
    plans: Columns
    wishes: WishArrays
    needs: NeedArrays


class BlockArrays(NamedTuple):
    """The columns of `Blocks`."""

    start: Int
    end: Int
    purpose: Int
    place: Int
    fixed: Bool


def fill_free(  # noqa: PLR0917 - compiled loops take no keywords
    table: FillTable,
    columns: FillRows,
    rows: Int,
    minute: Int,
    seed: Words,
    person: Int,
    block: BlockArrays,
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
    block : BlockArrays
        What begins now in each; free ones are filled.

    Returns
    -------
    bool
        Whether all plans had room for what is left of blocks.
    """
    room, has_room = room_for_choice(len(table.liked)), True
    for at in range(len(rows)):
        if block.purpose[at] != FREE:
            continue
        row = rows[at]
        still = columns.wishes.size[row] > 0 and not table.tired_gives_up
        if columns.resting[row] and not still:
            block.purpose[at], block.place[at] = table.rest, columns.home[row]
            continue
        of_run = seed[at if len(seed) > 1 else 0]
        fill_uniforms(of_run, person[at], minute[at], table.word, room.draws)
        _fill_liked(columns.preferences, row, table.liked, table.free.usual_liking, room.liked)
        fill_relief(columns.needs, row, minute[at], table.free.relieves, room.relief)
        until = block.end[at]
        column, end = choose_activity(
            block.start[at],
            until,
            columns.age[row],
            table.outing_cost,
            table.begins[block.start[at] % len(table.begins)],
            columns.wishes,
            row,
            table.free,
            room,
        )
        if until - end >= BLOCK_MIN:
            is_fixed = block.fixed[at]
            left = push_block(columns.plans, row, end, until, FREE, block.place[at], is_fixed)
            has_room = has_room and left
        purpose = table.free.codes[column]
        fulfil_wish(columns.wishes, row, purpose)
        block.purpose[at], block.end[at], block.fixed[at] = purpose, end, False
        block.place[at] = columns.home[row] if table.free.at_home[column] else NOWHERE
    return has_room


def _fill_liked(
    preferences: NDArray[np.floating], row: int, columns: Int, usual: Float, liked: Float
) -> None:
    """Fill how much one person likes each purpose (see `likings`)."""
    for purpose in range(len(columns)):
        liked[purpose] = usual[purpose]
        if columns[purpose] >= 0:
            own = preferences[row, columns[purpose]]
            if not np.isnan(own):
                liked[purpose] = own
