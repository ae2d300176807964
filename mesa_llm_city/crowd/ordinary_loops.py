"""Several steps of a round in one call of a loop each, which is compiled (see `kernels`).

A call takes some microseconds for each dozen columns that it is given, which counts where few
rows are due. These loops do one after another what the loops that they call do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.city.opening_loops import OpenUntil
from mesa_llm_city.city.way_loops import Roads
from mesa_llm_city.core.philox import Words
from mesa_llm_city.core.prefetch import AHEAD, prefetch
from mesa_llm_city.core.unsigned import unsigned
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.blocks import BlockColumns
from mesa_llm_city.crowd.company_loops import Gatherings, Homes, Spots, fill_spots
from mesa_llm_city.crowd.due_loops import (
    ARRIVES,
    BEGINS,
    LISTENS,
    STAYS,
    ask_for_kind,
    kind_of,
)
from mesa_llm_city.crowd.fill_loops import FillRows, FillTable, fill_free
from mesa_llm_city.crowd.going_columns import GoingColumns, NextColumns
from mesa_llm_city.crowd.interruption_loops import Interrupting, heed_rows, notice_row
from mesa_llm_city.crowd.learning_loops import (
    NO_END,
    VISIT_ENDS,
    Ended,
    Learning,
    ask_for_ends,
    end_row,
)
from mesa_llm_city.crowd.life_loops import (
    arrive_row,
    ask_for_arrival,
    ask_for_begins,
    ask_for_life,
    begin_row,
    set_due_here,
)
from mesa_llm_city.crowd.plan_row_loops import Columns
from mesa_llm_city.crowd.row_columns import MovingColumns, RowColumns
from mesa_llm_city.crowd.state import NO_REFUGE
from mesa_llm_city.crowd.travel_loops import Kinds, Travellers, TripDraws, Trips, set_out
from mesa_llm_city.crowd.wish_loops import Minds, Rules, WishRoom, fill_wishes
from mesa_llm_city.mobility.mode_loops import ModeRules

__all__ = ["Looked", "SettingOut", "go_rows", "heed_and_fill", "look_rows", "wish_rows"]


class Looked(NamedTuple):
    """Room for what `look_rows` finds of m rows; filled from the front.

    Attributes
    ----------
    going : ndarray of int64, shape (m,)
        Positions of those who go on to another block, rising.
    leaves : ndarray of bool, shape (m,)
        Which of these leave what they do because of a need.
    asks : ndarray of int64, shape (m,)
        Positions of those who have a short meal here if it stays open, else at home.
    arrived, origin : ndarray of int64, shape (m,)
        Rows whose trips have ended, and where these began.
    """

    going: Int
    leaves: Bool
    asks: Int
    arrived: Int
    origin: Int


class SettingOut(NamedTuple):
    """What setting out reads besides rows, whatever the weather.

    `who`, `plans`, `roads`, `kinds` and `until` as `set_out` takes them;
    `travel` is the position of the purpose of travelling.
    """

    who: Travellers
    plans: Columns
    roads: Roads
    kinds: Kinds
    until: OpenUntil
    travel: int


def look_rows(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    moving: MovingColumns,
    by: Interrupting,
    vehicle: Int,
    due: Int,
    minute: Int,
    looked: Looked,
) -> tuple[int, int, int, bool]:
    """Let trips of m rows end, and those look up who are in the middle of something.

    Nothing is done if one of them begins, has messages to think of, or has a refuge.

    Parameters
    ----------
    rows, moving, by
        The crowd, which is changed, and numbers (see `notice_rows`).
    vehicle : ndarray of int64
        Position of the vehicle that each mode needs, -1 for none.
    due, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    looked : Looked
        Is filled.

    Returns
    -------
    tuple of (int, int, int, bool)
        How many go on (-1 if nothing has been done), how many of all ask, how many have arrived,
        and whether all plans have had room.
    """
    kind = np.empty(len(due), dtype=np.int8)
    if not _fill_kinds(rows, moving, due, minute, kind):
        return -1, 0, 0, True
    going = asking = arrived = 0
    has_room = True
    for at in range(len(due)):
        if at + AHEAD < len(due):
            _ask_for_look(rows, moving, due[at + AHEAD], kind[at + AHEAD])
        row, now, leaves = unsigned(due[at]), minute[at], False
        if kind[at] == ARRIVES:
            looked.arrived[arrived], looked.origin[arrived] = due[at], rows.place[row]
            arrived += 1
            arrive_row(rows, moving, vehicle, row, now)
            continue
        if kind[at] == STAYS:
            leaves, asks, fits = notice_row(rows, by, at, row, now)
            has_room &= fits
            if asks:
                looked.asks[asking] = at
                asking += 1
            if not leaves:
                set_due_here(rows, moving, row, now)
                continue
        looked.going[going], looked.leaves[going] = at, leaves
        going += 1
    return going, asking, arrived, has_room


def _fill_kinds(
    rows: RowColumns, moving: MovingColumns, due: Int, minute: Int, kind: NDArray[np.int8]
) -> bool:
    """Fill what each does that is due; tell whether they all arrive, end something, or stay."""
    doing, to, waiting, refuge = rows.doing, moving.trip.destination, moving.waiting, rows.refuge
    for at in range(len(due)):
        if at + AHEAD < len(due):
            prefetch(refuge, due[at + AHEAD])
            ask_for_kind(doing, to, waiting, due[at + AHEAD])
        row = unsigned(due[at])
        kind[at] = kind_of(doing, to, waiting, row, minute[at])
        if refuge[row] != NO_REFUGE or kind[at] == BEGINS or kind[at] == LISTENS:
            return False
    return True


def _ask_for_look(rows: RowColumns, moving: MovingColumns, row: int, kind: int) -> None:
    """Ask for what is read of a row that arrives or stays (see `prefetch`)."""
    if kind == ARRIVES:
        ask_for_arrival(rows, moving, row)
    elif kind == STAYS:
        ask_for_life(rows, moving, row)


def heed_and_fill(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    by: Interrupting,
    table: FillTable,
    free: FillRows,
    beginning: Int,
    minute: Int,
    person: Int,
    heeded: Bool,
    blocks: BlockColumns,
    asks: Bool,
) -> tuple[int, bool]:
    """Put before blocks that begin now what needs ask for, and fill those that are free.

    Parameters and what is returned are those of `heed_rows`, and the table, columns and ids of
    persons of `fill_free`.
    """
    asking, has_room = heed_rows(rows, by, beginning, minute, heeded, blocks, asks)
    left = fill_free(table, free, beginning, minute, by.seeds, person, blocks)
    return asking, has_room and left


def go_rows(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    moving: MovingColumns,
    learning: Learning,
    way: SettingOut,
    rules: ModeRules,
    some: Int,
    minute: Int,
    draws: TripDraws,
    going: GoingColumns,
    ended: Ended,
    unsure: Int,
) -> tuple[int, int, int]:
    """Let m rows set out, end their stays, and begin what they go on to.

    Parameters
    ----------
    rows, moving
        The crowd, which is changed.
    learning : Learning
        See `fill_ended`.
    way : SettingOut
        See `set_out`.
    rules : ModeRules
        How modes are chosen in the weather there is.
    some, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    draws : TripDraws
        Random numbers of setting out.
    going : GoingColumns
        What they go on to; the trips are filled.
    ended : Ended
        Is filled.
    unsure : ndarray of int64, shape (m,)
        Is filled with those who are to be asked whether they can stay; with any, nobody has ended
        a stay yet.

    Returns
    -------
    tuple of (int, int, int)
        How many are unsure, or `NO_WAY_AT`; numbers of stays and of visits.
    """
    blocks = BlockColumns(going.start, going.end, going.purpose, going.place, going.fixed)
    trips = Trips(
        going.destination,
        going.trip_purpose,
        going.mode,
        going.arrival,
        going.minutes,
        going.distance_m,
        going.access_min,
        going.cost,
    )
    count = set_out(
        some,
        minute,
        blocks,
        trips,
        way.who,
        way.plans,
        way.roads,
        rules,
        way.kinds,
        way.until,
        draws,
        unsure,
    )
    if count != 0:
        return count, 0, 0
    after = NextColumns(going.purpose, going.place, going.destination)
    stays = visits = 0
    for at in range(len(some)):
        ask_for_ends(rows, learning, some, at)
        ask_for_begins(rows, moving, going, some, at)
        row, now = unsigned(some[at]), minute[at]
        ends = end_row(rows, learning, after, at, row, now, ended, stays, visits)
        stays += ends > NO_END
        visits += ends == VISIT_ENDS
        begin_row(rows, moving, going, way.travel, at, row, now)
    return 0, stays, visits


def wish_rows(  # noqa: PLR0917 - compiled loops take no keywords
    spots: Spots,
    homes: Homes,
    minds: Minds,
    rules: Rules,
    ids: Int,
    there: Gatherings,
    rows: Int,
    minute: Int,
    seeds: Words,
    mood: Float,
    room: WishRoom,
    other: Int,
    channel: NDArray[np.int8],
    apart: int,
) -> None:
    """Fill whom rows wish to talk to, and note where they can be met from now on.

    Parameters are those of `fill_wishes`, and the spot of somebody who cannot be met.
    """
    fill_wishes(
        spots, homes, minds, rules, ids, there, rows, minute, seeds, mood, room, other, channel
    )
    fill_spots(spots, ids, homes.order, there, rows, apart)
