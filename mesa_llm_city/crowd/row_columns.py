"""The columns that most loops over rows of a crowd read and change (see `kernels`)."""

from __future__ import annotations

from typing import NamedTuple

from mesa_llm_city.core.values import Bool, Float, Int, Whole
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.state import CrowdState, Doing, Under
from mesa_llm_city.mind.need_row_loops import NeedRows
from mesa_llm_city.parameters import CityParameters

__all__ = ["RowColumns", "next_due", "row_columns"]


class RowColumns(NamedTuple):
    """Columns of `CrowdState` and its people, of n rows.

    Attributes
    ----------
    ids, home, work
        Columns of `PeopleColumns`.
    place, due, resting, came_min, refuge, parked, doing, trip
        Columns of `CrowdState`.
    needs : NeedRows
        Levels of needs.
    unaware : ndarray of bool, shape (p,)
        During which purposes nothing is noticed.
    """

    ids: Int
    home: Whole
    work: Whole
    place: Whole
    due: Whole
    resting: Bool
    came_min: Float
    refuge: Whole
    parked: Whole
    doing: Doing
    trip: Under
    needs: NeedRows
    unaware: Bool


def row_columns(state: CrowdState, parameters: CityParameters) -> RowColumns:
    """Return the columns of a crowd for loops over rows."""
    people = state.people
    return RowColumns(
        people.ids,
        people.home,
        people.work,
        state.place,
        state.due,
        state.resting,
        state.came_min,
        state.refuge,
        state.parked,
        state.doing,
        state.trip,
        state.needs.columns,
        codes_of(parameters).unaware,
    )


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
