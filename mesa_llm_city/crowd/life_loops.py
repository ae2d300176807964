"""Arriving and beginning, as loops over rows that are compiled (see `kernels`).

They do what `CrowdLife` does in NumPy while nothing is closed and no strong wind blows.
"""

from __future__ import annotations

from mesa_llm_city.core.prefetch import AHEAD, prefetch
from mesa_llm_city.core.values import Int
from mesa_llm_city.crowd.going_columns import GoingColumns
from mesa_llm_city.crowd.row_columns import (
    MovingColumns,
    RowColumns,
    ask_for_doing,
    ask_for_trip,
    next_due,
)
from mesa_llm_city.crowd.state import NOT_TRAVELLING
from mesa_llm_city.mind.need_row_loops import ask_for_needs, engage_row, noticed_at, noticed_from
from mesa_llm_city.mobility.mode_columns import NOT_PARKED

__all__ = [
    "arrive_row",
    "arrive_rows",
    "ask_for_arrival",
    "ask_for_begins",
    "ask_for_life",
    "begin_row",
    "begin_rows",
    "set_due",
    "set_due_here",
]


def arrive_rows(
    rows: RowColumns, moving: MovingColumns, vehicle: Int, arriving: Int, minute: Int
) -> None:
    """Let trips of m rows end.

    Parameters
    ----------
    rows, moving
        The crowd, which is changed.
    vehicle : ndarray of int64
        Position of the vehicle that each mode needs, -1 for none.
    arriving, minute : ndarray of int64, shape (m,)
        Who arrives, and when.
    """
    for at in range(len(arriving)):
        if at + AHEAD < len(arriving):
            ask_for_arrival(rows, moving, arriving[at + AHEAD])
        arrive_row(rows, moving, vehicle, arriving[at], minute[at])


def ask_for_arrival(rows: RowColumns, moving: MovingColumns, row: int) -> None:
    """Ask for what `arrive_row` reads and changes, before it is needed (see `prefetch`)."""
    prefetch(rows.place, row)
    prefetch(rows.came_min, row)
    prefetch(moving.parked, row)
    prefetch(moving.trip.destination, row)
    prefetch(moving.trip.mode, row)
    ask_for_life(rows, moving, row)


def ask_for_life(rows: RowColumns, moving: MovingColumns, row: int) -> None:
    """Ask for what tells when a row decides again, likewise."""
    prefetch(rows.doing.purpose, row)
    prefetch(rows.doing.end, row)
    prefetch(moving.due, row)
    prefetch(moving.waiting, row)
    ask_for_needs(rows.needs, row)


def arrive_row(
    rows: RowColumns, moving: MovingColumns, vehicle: Int, row: int, minute: int
) -> None:
    """Let the trip of one row end, as `arrive_rows` does."""
    trip, parked, doing, needs = moving.trip, moving.parked, rows.doing, rows.needs
    to, taken = trip.destination[row], vehicle[trip.mode[row]]
    if taken >= 0 and parked[row, taken] != NOT_PARKED:
        parked[row, taken] = to
    rows.place[row], rows.came_min[row] = to, trip.minutes[row]
    trip.destination[row] = NOT_TRAVELLING
    purpose, end = doing.purpose[row], int(doing.end[row])
    engage_row(needs, row, purpose, minute)
    if moving.unaware[purpose]:
        moving.due[row] = end
    else:
        noticed = noticed_from(needs, row, minute)
        moving.due[row] = next_due(noticed, minute, end, moving.waiting[row])


def begin_rows(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    moving: MovingColumns,
    going: GoingColumns,
    travel: int,
    beginning: Int,
    minute: Int,
) -> None:
    """Let what m rows have decided begin: a trip, an activity, or more of the same.

    Parameters
    ----------
    rows, moving
        The crowd, which is changed.
    going : GoingColumns
        What is done, shape (m,).
    travel : int
        Position of the purpose of travelling.
    beginning, minute : ndarray of int64, shape (m,)
        The rows, and the minute of each.
    """
    for at in range(len(beginning)):
        if at + AHEAD < len(beginning):
            ask_for_doing(rows.doing, beginning[at + AHEAD])
        ask_for_begins(rows, moving, going, beginning, at)
        begin_row(rows, moving, going, travel, at, beginning[at], minute[at])


def ask_for_begins(
    rows: RowColumns, moving: MovingColumns, going: GoingColumns, beginning: Int, at: int
) -> None:
    """Ask for what `begin_row` changes of those who come later, but for what they do."""
    if at + AHEAD >= len(beginning):
        return
    later = beginning[at + AHEAD]
    prefetch(rows.resting, later)
    ask_for_needs(rows.needs, later)
    prefetch(moving.due, later)
    prefetch(moving.waiting, later)
    if going.destination[at + AHEAD] == NOT_TRAVELLING:
        prefetch(rows.place, later)
    else:
        ask_for_trip(moving.trip, later)


def begin_row(  # noqa: PLR0917 - compiled loops take no keywords
    rows: RowColumns,
    moving: MovingColumns,
    going: GoingColumns,
    travel: int,
    at: int,
    row: int,
    now: int,
) -> None:
    """Let what one row has decided begin, as `begin_rows` does.

    Parameters
    ----------
    rows, moving, going, travel
        As of `begin_rows`.
    at, row, now : int
        Position of the row among those who begin, the row, and the minute.
    """
    doing, needs, trip = rows.doing, rows.needs, moving.trip
    purpose, place = going.purpose[at], going.place[at]
    travels = going.destination[at] != NOT_TRAVELLING
    same = doing.purpose[row] == purpose and doing.place[row] == place
    is_unaware = moving.unaware[purpose]
    if not same or travels:
        doing.start[row] = going.start[at]
        engage_row(needs, row, travel if travels else purpose, now)
    doing.purpose[row], doing.place[row] = purpose, place
    doing.end[row], doing.fixed[row] = going.end[at], going.fixed[at]
    if is_unaware:
        rows.resting[row] = False
    if travels:
        trip.destination[row], trip.purpose[row] = going.destination[at], going.trip_purpose[at]
        trip.mode[row], trip.start[row] = going.mode[at], now
        trip.end[row], trip.minutes[row] = going.arrival[at], going.minutes[at]
        trip.distance_m[row], trip.cost[row] = going.distance_m[at], going.cost[at]
        trip.access_min[row] = going.access_min[at]
        moving.due[row] = going.arrival[at]
        return
    rows.place[row] = place
    end = int(going.end[at])
    if is_unaware:
        moving.due[row] = end
        return
    noticed = noticed_at(needs, row, now) if same else noticed_from(needs, row, now)
    moving.due[row] = next_due(noticed, now, end, moving.waiting[row])


def set_due(rows: RowColumns, moving: MovingColumns, some: Int, minute: Int) -> None:
    """Set the minute at which each of m rows decides again, shape (m,)."""
    for at in range(len(some)):
        if at + AHEAD < len(some):
            ask_for_life(rows, moving, some[at + AHEAD])
            prefetch(moving.trip.destination, some[at + AHEAD])
        row, trip = some[at], moving.trip
        if trip.destination[row] != NOT_TRAVELLING:
            moving.due[row] = trip.end[row]
        else:
            set_due_here(rows, moving, row, minute[at])


def set_due_here(rows: RowColumns, moving: MovingColumns, row: int, minute: int) -> None:
    """Set the minute at which a row decides again that is not under way."""
    end = int(rows.doing.end[row])
    if moving.unaware[rows.doing.purpose[row]]:
        moving.due[row] = end
    else:
        noticed = noticed_at(rows.needs, row, minute)
        moving.due[row] = next_due(noticed, minute, end, moving.waiting[row])
