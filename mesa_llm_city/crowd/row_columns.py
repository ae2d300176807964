"""The columns that most loops over rows of a crowd read and change (see `kernels`)."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.held import held
from mesa_llm_city.core.prefetch import prefetch
from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.state import CrowdState, Doing, Under
from mesa_llm_city.mind.need_row_loops import NeedRows
from mesa_llm_city.parameters import CityParameters

__all__ = [
    "MovingColumns",
    "RowColumns",
    "ask_for_doing",
    "ask_for_trip",
    "moving_columns",
    "next_due",
    "row_columns",
]


class RowColumns(NamedTuple):
    """Columns of `CrowdState` and its people, of n rows.

    Attributes
    ----------
    ids, home, work
        Columns of `PeopleColumns`.
    place, resting, came_min, refuge, doing
        Columns of `CrowdState`.
    needs : NeedRows
        Levels of needs.
    """

    ids: Int
    home: Whole
    work: Whole
    place: Whole
    resting: Bool
    came_min: Float
    refuge: Whole
    doing: Doing
    needs: NeedRows


class MovingColumns(NamedTuple):
    """Columns that change when rows set out or arrive.

    Attributes
    ----------
    due, parked, trip
        Columns of `CrowdState`.
    waiting : ndarray of bool, shape (n,)
        Who has messages to think of.
    unaware : ndarray of bool, shape (p,)
        During which purposes nothing is noticed.
    """

    due: Whole
    parked: Whole
    trip: Under
    waiting: Bool
    unaware: Bool


def row_columns(state: CrowdState) -> RowColumns:
    """Return the columns of a crowd for loops over rows."""
    return state.kept(_row_columns)


def _row_columns(state: CrowdState) -> RowColumns:
    people = state.people
    columns = RowColumns(
        people.ids,
        people.home,
        people.work,
        state.place,
        state.resting,
        state.came_min,
        state.refuge,
        state.doing,
        state.needs.columns,
    )
    return held(columns)


def moving_columns(state: CrowdState, waiting: Bool, parameters: CityParameters) -> MovingColumns:
    """Return the columns of a crowd that change when rows set out or arrive.

    Parameters
    ----------
    state : CrowdState
        The crowd.
    waiting : ndarray of bool, shape (n,)
        Who has messages to think of.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    return state.kept(_moving_columns, waiting, codes_of(parameters).unaware)


def _moving_columns(state: CrowdState, waiting: Bool, unaware: Bool) -> MovingColumns:
    return held(MovingColumns(state.due, state.parked, state.trip, waiting, unaware))


def ask_for_doing(doing: Doing, row: int) -> None:
    """Ask for what a row does, before it is needed (see `prefetch`)."""
    prefetch(doing.purpose, row)
    prefetch(doing.place, row)
    prefetch(doing.start, row)
    prefetch(doing.end, row)
    prefetch(doing.fixed, row)


def ask_for_trip(trip: Under, row: int) -> None:
    """Ask for the trip of a row, likewise."""
    prefetch(trip.destination, row)
    prefetch(trip.purpose, row)
    prefetch(trip.mode, row)
    prefetch(trip.start, row)
    prefetch(trip.end, row)
    prefetch(trip.minutes, row)
    prefetch(trip.distance_m, row)
    prefetch(trip.access_min, row)
    prefetch(trip.cost, row)


def next_due(
    noticed: float,
    minute: int,
    end: int,
    waits: bool,  # noqa: FBT001 - compiled loops take no keywords
) -> int:
    """Return the minute at which a row decides again (see `commit.next_due`).

    Parameters
    ----------
    noticed : float
        Minute in which the next need will press.
    minute, end : int
        Now, and when what is done ends.
    waits : bool
        Whether messages wait to be thought of.
    """
    if waits:
        return minute + 1
    # Rounding must not make a need due again in the same minute.
    soon = max(noticed, minute + 1.0)
    return end if soon >= end else int(soon)
