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
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.crowd.blocks import BlockColumns
from mesa_llm_city.crowd.company_loops import Gatherings, Homes, Spots, fill_spots
from mesa_llm_city.crowd.due_loops import ARRIVES, ENDS, KINDS, STAYS, sort_rows
from mesa_llm_city.crowd.fill_loops import FillRows, FillTable, fill_free
from mesa_llm_city.crowd.going_columns import GoingColumns, NextColumns
from mesa_llm_city.crowd.interruption_loops import Interrupting, heed_rows, notice_rows
from mesa_llm_city.crowd.learning_loops import Ended, Learning, fill_ended
from mesa_llm_city.crowd.life_loops import arrive_rows, begin_rows, set_due
from mesa_llm_city.crowd.plan_row_loops import Columns
from mesa_llm_city.crowd.row_columns import MovingColumns, RowColumns
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
    """What setting out reads besides rows.

    `who`, `plans`, `roads`, `rules`, `kinds` and `until` as `set_out` takes them;
    `travel` is the position of the purpose of travelling.
    """

    who: Travellers
    plans: Columns
    roads: Roads
    rules: ModeRules
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
    count, first = len(due), np.empty(KINDS + 1, dtype=np.int64)
    kind, order = np.empty(count, dtype=np.int8), np.empty(count, dtype=np.int64)
    doing, to, refuge = rows.doing, moving.trip.destination, rows.refuge
    has_refuge = sort_rows(doing, to, moving.waiting, refuge, due, minute, kind, first, order)
    arrive, stay = first[ARRIVES + 1], first[STAYS]
    if has_refuge or first[ENDS] > arrive:
        return -1, 0, 0, True
    for at in range(arrive):
        row = due[order[at]]
        looked.arrived[at], looked.origin[at] = row, rows.place[row]
    some, now = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    for at in range(count):
        some[at], now[at] = due[order[at]], minute[order[at]]
    arrive_rows(rows, moving, vehicle, some[:arrive], now[:arrive])
    staying, leaves, asks = (
        count - stay,
        np.empty(count - stay, dtype=np.bool_),
        np.empty(count - stay, dtype=np.bool_),
    )
    asking, has_room = notice_rows(rows, by, some[stay:], now[stay:], leaves, asks)
    asked = rest = going = 0
    for at in range(staying):
        if asks[at]:
            looked.asks[asked] = order[stay + at]
            asked += 1
        if leaves[at]:
            kind[order[stay + at]] = KINDS
        else:
            some[stay + rest], now[stay + rest] = some[stay + at], now[stay + at]
            rest += 1
    set_due(rows, moving, some[stay : stay + rest], now[stay : stay + rest])
    for at in range(count):
        if kind[at] == ENDS or kind[at] == KINDS:
            looked.going[going], looked.leaves[going] = at, kind[at] == KINDS
            going += 1
    return going, asking, arrive, has_room


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
        way.rules,
        way.kinds,
        way.until,
        draws,
        unsure,
    )
    if count != 0:
        return count, 0, 0
    after = NextColumns(going.purpose, going.place, going.destination)
    stays, visits = fill_ended(rows, learning, after, some, minute, ended)
    begin_rows(rows, moving, going, way.travel, some, minute)
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
